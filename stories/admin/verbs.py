"""The desk's verbs as pages: what will change is named, asked once, done, told, and undone again if need be.

A page serves one row or many ("?ids=4,7"). Every row is tried on its own: one that is not ready is named
with its reason and the others go on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString

from stories.admin.base import row_number
from stories.admin.widgets import TagsField
from stories.desk import judging, publishing, reviewing, tagging, vouching
from stories.desk.errors import NotAllowed, NotReady
from stories.models import Article, Claim, Politician

MOST_AT_ONCE = 200


class WhenForm(forms.Form):
    at = forms.SplitDateTimeField(
        label="Publish at",
        required=False,
        widget=AdminSplitDateTime,
        help_text="Leave empty to publish now. A time to come schedules the story.",
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Reason",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Readers see this at the story’s address.",
    )


class NoteForm(forms.Form):
    reason = forms.CharField(
        label="Why", required=False, widget=forms.TextInput, help_text="For the desk; kept in the history."
    )


class TagsForm(forms.Form):
    tags = TagsField(label="Tags")


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb of stories/desk, and the words that its page, its button and its message need."""

    name: str
    model: type[models.Model]
    permission: str
    ask: str  # "Publish", as in "Publish this story?"
    done: str  # "Published", as in "Published 3 stories."
    do: Callable[..., object]  # (row, by, cleaned form data)
    effect: str  # what will happen, in a sentence
    form: type[forms.Form] = forms.Form
    undo: str = ""  # the verb that takes it back

    @property
    def url_name(self) -> str:
        return f"admin:stories_{self.model._meta.model_name}_{self.name}"

    def address(self, ids: Sequence[int | str]) -> str:
        return f"{reverse(self.url_name)}?ids={','.join(map(str, ids))}"


TAGGED = {Article: "stories.change_article", Claim: "stories.change_claim"}
VERBS = {
    (verb.model, verb.name): verb
    for verb in (
        Verb(
            "submit", Article, publishing.SUBMIT, "Submit for review", "Submitted",
            lambda row, by, data: publishing.submit(article=row, by=by),
            "The story moves from draft to review, where an editor finds it.", undo="return_to_draft",
        ),
        Verb(
            "publish", Article, publishing.PUBLISH, "Publish", "Published",
            lambda row, by, data: publishing.publish(article=row, by=by, at=data.get("at")),
            "Readers can see the story at once, or when its time comes.", form=WhenForm,
        ),
        Verb(
            "return_to_draft", Article, publishing.SUBMIT, "Return to draft", "Returned to draft:",
            lambda row, by, data: publishing.return_to_draft(article=row, by=by),
            "The story is a draft again; readers cannot see it.",
        ),
        Verb(
            "withdraw", Article, publishing.WITHDRAW, "Withdraw", "Withdrew",
            lambda row, by, data: publishing.withdraw(article=row, by=by, reason=data["reason"]),
            "Readers no longer see the story; at its address they find the reason.",
            form=ReasonForm, undo="publish",
        ),
        Verb(
            "accept", Claim, reviewing.REVIEW, "Accept", "Accepted",
            lambda row, by, data: judging.accept(claim=row, by=by),
            "Readers can see the claim where its story is published, and its speaker’s page.", undo="reopen",
        ),
        Verb(
            "reject", Claim, reviewing.REVIEW, "Reject", "Rejected",
            lambda row, by, data: judging.reject(claim=row, by=by, reason=data["reason"]),
            "Readers do not see the claim. It stays on the desk’s record.", form=NoteForm, undo="reopen",
        ),
        Verb(
            "reopen", Claim, reviewing.REVIEW, "Put back to review", "Put back to review:",
            lambda row, by, data: judging.reopen(claim=row, by=by),
            "The claim waits for review again; readers do not see it.",
        ),
        *(verb for model, permission in TAGGED.items() for verb in (
            Verb(
                "tag", model, permission, "Tag", "Tagged",
                lambda row, by, data: tagging.put_on(row=row, names=data["tags"], by=by),
                "The tags are added to those there are.", form=TagsForm, undo="untag",
            ),
            Verb(
                "untag", model, permission, "Take tags off", "Took the tags off",
                lambda row, by, data: tagging.take_off(row=row, names=data["tags"], by=by),
                "Only the tags named here are taken off.", form=TagsForm, undo="tag",
            ),
        )),
        Verb(
            "vouch", Politician, vouching.CHANGE, "Vouch for", "Vouched for",
            lambda row, by, data: vouching.vouch(person=row, by=by),
            "Readers can see the record, and a page of the person’s own.", undo="withhold",
        ),
        Verb(
            "withhold", Politician, vouching.CHANGE, "Withhold", "Withheld",
            lambda row, by, data: vouching.withhold(person=row, by=by),
            "Readers no longer see the record. Nothing of it is lost.", undo="vouch",
        ),
    )
}  # fmt: skip


def verbs_of(model: type[models.Model]) -> list[Verb]:
    return [verb for verb in VERBS.values() if verb.model is model]


def verb_pages(model_admin: admin.ModelAdmin) -> list[URLPattern]:
    """The addresses of the pages of the model's verbs, before the admin's own."""
    return [
        path(
            f"do/{verb.name}/",
            model_admin.admin_site.admin_view(verb_page(model_admin, verb)),
            name=verb.url_name.removeprefix("admin:"),
        )
        for verb in verbs_of(model_admin.model)
    ]


def verb_page(model_admin: admin.ModelAdmin, verb: Verb) -> Callable[[HttpRequest], HttpResponse]:
    """The view of `verb`: GET asks, POST does."""

    def view(request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(verb.permission):
            raise PermissionDenied
        rows = _chosen(request, model_admin, verb)
        back = _back(request, verb)
        form = verb.form(
            request.POST if request.method == "POST" else None, initial={"tags": request.GET.getlist("tags")}
        )
        if request.method == "POST" and form.is_valid():
            _carry_out(request, model_admin, verb, rows, form.cleaned_data)
            return HttpResponseRedirect(back)
        return TemplateResponse(
            request, "admin/desk/confirm.html", _page(request, model_admin, verb, rows, form, back)
        )

    return view


def ask_first(
    model_admin: admin.ModelAdmin, verb: Verb, description: str
) -> Callable[..., HttpResponse | None]:
    """A list action that leads to the page of `verb` for the rows that were ticked."""

    @admin.action(description=description, permissions=[verb.name])
    def action(
        model_admin: admin.ModelAdmin, request: HttpRequest, rows: models.QuerySet[Any]
    ) -> HttpResponse | None:
        ids = list(rows.values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
        if len(ids) > MOST_AT_ONCE:
            messages.error(request, f"Choose at most {MOST_AT_ONCE} at a time.")
            return None
        back = request.get_full_path()
        return HttpResponseRedirect(f"{verb.address(ids)}&{urlencode({'next': back})}")

    action.__name__ = verb.name
    return action


def _chosen(request: HttpRequest, model_admin: admin.ModelAdmin, verb: Verb) -> list[Any]:
    asked = map(row_number, request.GET.get("ids", "").split(","))
    ids = [pk for pk in asked if pk is not None][:MOST_AT_ONCE]
    rows = list(model_admin.get_queryset(request).filter(pk__in=ids))
    if not rows:
        raise Http404(f"No such {verb.model._meta.verbose_name}.")
    return rows


def _back(request: HttpRequest, verb: Verb) -> str:
    asked = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure()):
        return asked
    return reverse(f"admin:stories_{verb.model._meta.model_name}_changelist")


def _page(
    request: HttpRequest,
    model_admin: admin.ModelAdmin,
    verb: Verb,
    rows: list[Any],
    form: forms.Form,
    back: str,
) -> dict[str, Any]:
    opts = verb.model._meta
    name = opts.verbose_name if len(rows) == 1 else opts.verbose_name_plural
    return {
        **model_admin.admin_site.each_context(request),
        "title": f"{verb.ask}: {len(rows)} {name}" if len(rows) > 1 else f"{verb.ask} this {name}?",
        "opts": opts,
        "verb": verb,
        "rows": [(row, _readiness(verb, row, alone=len(rows) == 1)) for row in rows],
        "form": form,
        "media": form.media,
        "back": back,
    }


def _readiness(verb: Verb, row: Any, *, alone: bool) -> publishing.Readiness | None:
    """Everything about a single story; of many only what blocks them, which asks the database nothing."""
    if verb.name not in ("publish", "submit"):
        return None
    return publishing.readiness(row) if alone else publishing.Readiness(publishing.problems(row))


def _carry_out(
    request: HttpRequest, model_admin: admin.ModelAdmin, verb: Verb, rows: list[Any], data: dict[str, Any]
) -> None:
    done = []
    for row in rows:
        try:
            result = verb.do(row, request.user, data)
        except (NotReady, NotAllowed) as problem:
            reasons = " ".join(problem.reasons) if isinstance(problem, NotReady) else str(problem)
            messages.error(request, f"“{row}” was left as it was. {reasons}")
        else:
            model_admin.log_change(request, row, f"{verb.done.rstrip(':')}.")
            done.append((row, result))
    if done:
        messages.success(request, _told(request, verb, done, data))


def _told(
    request: HttpRequest, verb: Verb, done: list[tuple[Any, object]], data: dict[str, Any]
) -> SafeString:
    opts = verb.model._meta
    first = done[0][0]
    what = f"“{first}”" if len(done) == 1 else f"{len(done)} {opts.verbose_name_plural}"
    said = verb.done
    if verb.name == "publish" and data.get("at") and data["at"] > timezone.now():
        said, what = "Scheduled", f"{what} for {timezone.localtime(data['at']):%d %B %Y, %H:%M}"
    parts = [format_html("{} {}.", said, what)]
    if len(done) == 1 and isinstance(first, Article) and first.is_public:
        parts.append(format_html('<a href="{}">See it on the site</a>', first.get_absolute_url()))
    if verb.undo and request.user.has_perm(VERBS[verb.model, verb.undo].permission):
        parts += _ways_back(VERBS[verb.model, verb.undo], done)
    return format_html_join(" ", "{}", ((part,) for part in parts))


def _ways_back(undo: Verb, done: list[tuple[Any, object]]) -> list[SafeString]:
    """Links that take it back. Tags are taken off where they were put, and not where they had been before."""
    alike: dict[tuple[str, ...], list[int]] = {}
    for row, result in done:
        alike.setdefault(result if undo.form is TagsForm else (), []).append(row.pk)  # type: ignore[arg-type]
    links = []
    for names, ids in alike.items():
        address = undo.address(ids) + "".join(f"&{urlencode({'tags': name})}" for name in names)
        which = f" ({', '.join(names)}: {len(ids)})" if len(alike) > 1 else ""
        links.append(format_html('<a href="{}">Take it back{}</a>', address, which))
    return links
