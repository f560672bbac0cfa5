"""The desk's verbs as pages: what will change is named, asked once, done, told, and undone again if need be.

A page serves one row or many ("?ids=4,7"). Every row is tried on its own: one that is not ready is named
with its reason and the others go on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString

from stories.actions import locking
from stories.actions.claims import ratings_and_corrections, review, review_feedback
from stories.actions.errors import NotAllowed, NotReady
from stories.actions.people import confirmation
from stories.actions.stories import publishing
from stories.actions.stories.edit_conflicts import mark_of
from stories.actions.topics import tagging
from stories.admin.action_forms import (
    CorrectionForm,
    EmbargoQuestion,
    NewTimeForm,
    NoteForm,
    Question,
    ReasonForm,
    TagsForm,
    WhenForm,
)
from stories.admin.base import row_number
from stories.models import Article, Claim, Correction, Politician

MOST_AT_ONCE = 200


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
    form: type[Question] = Question
    undo: str = ""  # the verb that takes it back
    question: str = ""  # "Return this story to draft?", where "Publish this story?" is no pattern for it
    log: Callable[[Any, dict[str, Any]], str] | None = None  # (row, cleaned form data); else "Published."

    @property
    def url_name(self) -> str:
        return f"admin:stories_{self.model._meta.model_name}_{self.name}"

    def logged(self, row: Any, data: dict[str, Any]) -> str:
        """What the log says of it: a sentence."""
        return self.log(row, data) if self.log else f"{self.done.rstrip(':')}."

    def address(self, ids: Sequence[int | str]) -> str:
        return f"{reverse(self.url_name)}?ids={','.join(map(str, ids))}"


def _published(story: Article, data: dict[str, Any]) -> str:
    return f"Scheduled for {when(story)}." if story.is_scheduled else "Published."


def when(story: Article) -> str:
    return f"{timezone.localtime(story.published_at):%d %B %Y, %H:%M}"


def _correct(story: Article, by: User, data: dict[str, Any]) -> Correction:
    words = {name: data[name] for name in ("kind", "text", "on_top")}
    return ratings_and_corrections.publish(correction=Correction(article=story, **words), by=by)


TAGGED = {Article: "stories.change_article", Claim: "stories.change_claim"}
VERBS = {
    (verb.model, verb.name): verb
    for verb in (
        Verb(
            "submit", Article, publishing.SUBMIT, "Submit for review", "Submitted",
            lambda row, by, data: publishing.submit(article=row, by=by),
            "The story moves from draft to review, where an editor finds it and only editors change it.",
            undo="return_to_draft", question="Submit this story for review?",
        ),
        Verb(
            "publish", Article, publishing.PUBLISH, "Publish", "Published",
            lambda row, by, data: publishing.publish(
                article=row, by=by, at=data.get("at"), embargo_checked=data.get("embargo_checked", False)
            ),
            "Readers can see the story at once, or when its time comes.", form=WhenForm, log=_published,
        ),
        Verb(
            "publish_now", Article, publishing.PUBLISH, "Publish now", "Published",
            lambda row, by, data: publishing.publish_now(
                article=row, by=by, embargo_checked=data.get("embargo_checked", False)
            ),
            "Readers can see the story at once, before the time it is scheduled for.", form=EmbargoQuestion,
            question="Publish this story now, before its time?",
            log=lambda row, data: "Published before the time it was scheduled for.",
        ),
        Verb(
            "correct", Article, ratings_and_corrections.CORRECT, "Correct", "Corrected", _correct,
            "Readers find the notice on the story, in its feed and on the corrections page.",
            form=CorrectionForm, log=lambda row, data: f"Correction published: {data['text']}",
        ),
        Verb(
            "return_to_draft", Article, publishing.SUBMIT, "Return to draft", "Returned to draft:",
            lambda row, by, data: publishing.return_to_draft(article=row, by=by),
            "The story is a draft again; readers cannot see it.", question="Return this story to draft?",
        ),
        Verb(
            "withdraw", Article, publishing.WITHDRAW, "Withdraw", "Withdrew",
            lambda row, by, data: publishing.withdraw(article=row, by=by, reason=data["reason"]),
            "Readers no longer see the story; at its address they find the reason. Links to it end.",
            form=ReasonForm, undo="publish", log=lambda row, data: f"Withdrawn: {data['reason']}",
        ),
        Verb(
            "accept", Claim, review.REVIEW, "Accept", "Accepted",
            lambda row, by, data: review_feedback.accept(claim=row, by=by),
            "Readers can see the claim where its story is published, and its speaker’s page.", undo="reopen",
        ),
        Verb(
            "reject", Claim, review.REVIEW, "Reject", "Rejected",
            lambda row, by, data: review_feedback.reject(claim=row, by=by, reason=data["reason"]),
            "Readers do not see the claim. It stays on the desk’s record.", form=NoteForm, undo="reopen",
        ),
        Verb(
            "reopen", Claim, review.REVIEW, "Put back to review", "Put back to review:",
            lambda row, by, data: review_feedback.reopen(claim=row, by=by),
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
            "vouch", Politician, confirmation.CHANGE, "Vouch for", "Vouched for",
            lambda row, by, data: confirmation.confirm(person=row, by=by),
            "Readers can see the record, and a page of the person’s own.", undo="withhold",
        ),
        Verb(
            "withhold", Politician, confirmation.CHANGE, "Withhold", "Withheld",
            lambda row, by, data: confirmation.unconfirm(person=row, by=by),
            "Readers no longer see the record. Nothing of it is lost.", undo="vouch",
        ),
    )
}  # fmt: skip


RESCHEDULE = replace(
    VERBS[Article, "publish"],
    ask="Change the time",
    effect="The story stays scheduled; readers can see it when its new time comes.",
    question="Change the time this story is scheduled for?",
    form=NewTimeForm,
)


def as_asked(verb: Verb, rows: Sequence[Any]) -> Verb:
    """The verb as it is told of these rows: stories that are all scheduled are given another time."""
    scheduled = verb.name == "publish" and all(isinstance(row, Article) and row.is_scheduled for row in rows)
    return RESCHEDULE if scheduled else verb


def question_of(
    verb: Verb, rows: Sequence[Any], data: Any = None, *, tags: Sequence[str] = (), prefix: str | None = None
) -> Question:
    """The form of what `verb` asks of `rows`; the time of a scheduled story stands in it."""
    initial: dict[str, Any] = {"tags": tags}
    if verb is RESCHEDULE and len(rows) == 1:
        initial["at"] = rows[0].published_at
    return verb.form(data, rows=rows, initial=initial, prefix=prefix)


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
        asked = as_asked(verb, rows)
        data = request.POST if request.method == "POST" else None
        form = question_of(asked, rows, data, tags=request.GET.getlist("tags"))
        if request.method == "POST" and form.is_valid():
            _carry_out(request, model_admin, asked, rows, form.cleaned_data)
            return HttpResponseRedirect(back)
        told = [(row, _readiness(asked, row, alone=len(rows) == 1), _mark(row)) for row in rows]
        page = question_page(request, model_admin, asked, told, form, back)
        return TemplateResponse(request, "admin/desk/confirm.html", page)

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


def question_page(
    request: HttpRequest,
    model_admin: admin.ModelAdmin,
    verb: Verb,
    rows: list[tuple[Any, publishing.Readiness | None, str]],
    form: Question,
    back: str,
) -> dict[str, Any]:
    """The context of admin/desk/confirm.html. `rows` are told each with its readiness and its mark."""
    opts = verb.model._meta
    name = opts.verbose_name if len(rows) == 1 else opts.verbose_name_plural
    one = verb.question or f"{verb.ask} this {name}?"
    return {
        **model_admin.admin_site.each_context(request),
        "title": f"{verb.ask}: {len(rows)} {name}" if len(rows) > 1 else one,
        "opts": opts,
        "verb": verb,
        "rows": rows,
        "form": form,
        "asks": any(field.required for field in form.fields.values()),
        "media": form.media,
        "back": back,
    }


def _readiness(verb: Verb, row: Any, *, alone: bool) -> publishing.Readiness | None:
    """Everything about a single story; of many only what blocks them, which asks the database nothing."""
    if verb.name not in ("publish", "publish_now", "submit"):
        return None
    if alone:
        return publishing.readiness(row)
    return publishing.Readiness(publishing.problems(row), embargo=row.embargo_note.strip())


def _mark(row: Any) -> str:
    """What tells the words that somebody is asked about from those there may be when they answer."""
    return f"{row.pk}:{mark_of(row)}" if isinstance(row, Article) else ""


def _do(verb: Verb, row: Any, by: User, data: dict[str, Any], seen: Sequence[str]) -> object:
    """Carry it out on the words that were asked about. Raises NotAllowed, NotReady."""
    with transaction.atomic():
        if seen and isinstance(row, Article):
            now = _mark(locking.story(row))
            if now not in seen:
                raise NotReady("Somebody saved it since this was asked: read it again first.")
        return verb.do(row, by, data)


def _carry_out(
    request: HttpRequest, model_admin: admin.ModelAdmin, verb: Verb, rows: list[Any], data: dict[str, Any]
) -> None:
    done = []
    seen = request.POST.getlist("seen")
    for row in rows:
        try:
            result = _do(verb, row, request.user, data, seen)
        except (NotReady, NotAllowed) as problem:
            reasons = " ".join(problem.reasons) if isinstance(problem, NotReady) else str(problem)
            messages.error(request, f"“{row}” was left as it was. {reasons}")
        else:
            model_admin.log_change(request, row, verb.logged(row, data))
            done.append((row, result))
    if done:
        messages.success(request, told(request, verb, done))


def told(request: HttpRequest, verb: Verb, done: list[tuple[Any, object]]) -> SafeString:
    """What the message says of rows the verb was done to, with the way back."""
    opts = verb.model._meta
    first = done[0][0]
    what = f"“{first}”" if len(done) == 1 else f"{len(done)} {opts.verbose_name_plural}"
    said = verb.done
    if isinstance(first, Article) and first.is_scheduled and verb.name == "publish":
        said, what = "Scheduled", f"{what} for {when(first)}"
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
