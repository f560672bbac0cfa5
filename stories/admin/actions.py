"""Admin actions with a confirmation page: publish, withdraw, accept, tag …

The page names the rows and the effect, and has a form for what the action needs. It is for one row or many
("?ids=4,7"). Rows are processed one by one: a refused row is reported with the reason, the others are done.
The success message links to the action that undoes this one.
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
from django.views.generic import RedirectView

from stories.actions import locking
from stories.actions.claims import ratings_and_corrections, review, review_feedback
from stories.actions.errors import NotAllowed, NotReady
from stories.actions.people import confirmation
from stories.actions.stories import pending, pending_versions, publishing, saving, story_permissions
from stories.actions.stories.edit_conflicts import mark_of
from stories.actions.stories.quotation_guard import QuotationsHeld
from stories.actions.stories.saving import Saved
from stories.actions.topics import tagging
from stories.admin.action_forms import (
    ConfirmationForm,
    CorrectionForm,
    EmbargoForm,
    HandInForm,
    NewTimeForm,
    NoteForm,
    PublishChangesForm,
    ReasonForm,
    ReturnForm,
    TagsForm,
    WhenForm,
)
from stories.admin.base import row_number
from stories.admin.differences import changes_on_page
from stories.admin.form_state import user_of
from stories.admin.generics import ModelAdmin
from stories.models import Article, Claim, Correction, PendingVersion, Politician
from stories.text.moments import moment

MOST_AT_ONCE = 200  # rows
# Former names of actions; their URLs redirect.
FORMER_NAMES = {"vouch": "confirm", "withhold": "unconfirm"}

ListAction = Callable[[ModelAdmin[Any], HttpRequest, models.QuerySet[Any]], HttpResponse | None]


@dataclass(frozen=True, slots=True)
class AdminAction:
    """A function of `stories.actions` with the texts of its button, confirmation page and message."""

    name: str
    model: type[models.Model]
    permission: str
    label: str  # "Publish", as in "Publish this story?"
    done: str  # "Published", as in "Published 3 stories."
    run: Callable[..., object]  # (row, by, cleaned form data)
    effect: str  # what will happen, in a sentence
    form: type[ConfirmationForm] = ConfirmationForm
    undo: str = ""  # the name of the action that undoes it
    question: str = ""  # "Return this story to draft?"; by default the label with "this story?"
    log: Callable[[Any, dict[str, Any]], str] | None = None  # (row, cleaned form data); else "Published."

    @property
    def url_name(self) -> str:
        """The URL name of the confirmation page."""
        return f"admin:stories_{self.model._meta.model_name}_{self.name}"

    def logged(self, row: Any, data: dict[str, Any]) -> str:
        """Return the sentence for Django's admin log."""
        return self.log(row, data) if self.log else f"{self.done.rstrip(':')}."

    def address(self, ids: Sequence[int | str]) -> str:
        """Return the address of the confirmation page for the rows with these primary keys."""
        return f"{reverse(self.url_name)}?ids={','.join(map(str, ids))}"


def _published(story: Article, data: dict[str, Any]) -> str:
    return f"Scheduled for {when(story)}." if story.is_scheduled else "Published."


def when(story: Article) -> str:
    """Return the local time of publication, for messages."""
    return moment(timezone.localtime(story.published_at))


def _correct(story: Article, by: User, data: dict[str, Any]) -> Saved:
    words = {name: data[name] for name in ("kind", "text", "on_top")}
    correction = Correction(article_id=story.pk, **words)
    return ratings_and_corrections.publish_with_changes(correction=correction, by=by)


def _publish_changes(story: Article, by: User, data: dict[str, Any]) -> Saved:
    if data["what"] == PublishChangesForm.CORRECTION:
        return _correct(story, by, data)
    minor = data["what"] == PublishChangesForm.MINOR
    return pending.publish(article=story, by=by, minor=minor)


def _changes_published(story: Article, data: dict[str, Any]) -> str:
    return f"Changes published. {PublishChangesForm.LOGGED[data['what']].format(**data)}".strip()


TAGGED = {Article: "stories.change_article", Claim: "stories.change_claim"}
ACTIONS = {
    (action.model, action.name): action
    for action in (
        AdminAction(
            "submit", Article, story_permissions.SUBMIT, "Submit for review", "Submitted",
            lambda row, by, data: publishing.submit(article=row, by=by, note=data.get("note", "")),
            "The story moves from draft to review, where an editor finds it and only editors change it.",
            form=HandInForm, undo="return_to_draft", question="Submit this story for review?",
        ),
        AdminAction(
            "publish", Article, story_permissions.PUBLISH, "Publish", "Published",
            lambda row, by, data: publishing.publish(
                article=row, by=by, at=data.get("at"), embargo_checked=data.get("embargo_checked", False)
            ),
            "Readers can see the story at once, or when its time comes.", form=WhenForm, log=_published,
        ),
        AdminAction(
            "publish_now", Article, story_permissions.PUBLISH, "Publish now", "Published",
            lambda row, by, data: publishing.publish_now(
                article=row, by=by, embargo_checked=data.get("embargo_checked", False)
            ),
            "Readers can see the story at once, before the time it is scheduled for.", form=EmbargoForm,
            question="Publish this story now, before its time?",
            log=lambda row, data: "Published before the time it was scheduled for.",
        ),
        AdminAction(
            "publish_changes", Article, story_permissions.PUBLISH, "Publish the changes",
            "Published the changes to", _publish_changes,
            "Readers see the story with these changes at once.", form=PublishChangesForm,
            question="Publish the changes to this story?", log=_changes_published,
        ),
        AdminAction(
            "hand_in_changes", Article, story_permissions.SUBMIT, "Hand in the changes",
            "Handed in the changes to",
            lambda row, by, data: pending.hand_in(article=row, by=by, note=data.get("note", "")),
            "Those who publish are told that the changes are ready. Readers see the story as it was.",
            form=HandInForm, question="Hand in the changes to this story?",
            log=lambda row, data: f"Changes handed in. {' '.join(data.get('note', '').split())}".strip(),
        ),
        AdminAction(
            "return_changes", Article, story_permissions.PUBLISH, "Return the changes",
            "Returned the changes to",
            lambda row, by, data: pending.send_back(article=row, by=by, reason=data.get("reason", "")),
            "Whoever wrote the changes is told what is still to do. Readers see the story as it was.",
            form=ReturnForm, question="Return the changes to this story?",
            log=lambda row, data: f"Changes returned. {' '.join(data.get('reason', '').split())}".strip(),
        ),
        AdminAction(
            "discard_changes", Article, story_permissions.CHANGE, "Discard the changes",
            "Discarded the changes to", lambda row, by, data: pending.discard(article=row, by=by),
            "The changes shown below are dropped. The story is again as readers see it.",
            question="Discard the changes to this story?", log=lambda row, data: "Changes discarded.",
        ),
        AdminAction(
            "correct", Article, ratings_and_corrections.CORRECT, "Correct", "Corrected", _correct,
            "Readers find the notice on the story, in its feed and on the corrections page. Changes that "
            "are not published yet are published with it.",
            form=CorrectionForm, log=lambda row, data: f"Correction published: {data['text']}",
        ),
        AdminAction(
            "return_to_draft", Article, story_permissions.SUBMIT, "Return to draft", "Returned to draft:",
            lambda row, by, data: publishing.return_to_draft(
                article=row, by=by, reason=data.get("reason", "")
            ),
            "The story is a draft again; readers cannot see it.", question="Return this story to draft?",
            form=ReturnForm,
        ),
        AdminAction(
            "withdraw", Article, story_permissions.WITHDRAW, "Withdraw", "Withdrew",
            lambda row, by, data: publishing.withdraw(article=row, by=by, reason=data["reason"]),
            "Readers no longer see the story; at its address they find the reason. Links to it end.",
            form=ReasonForm, undo="publish", log=lambda row, data: f"Withdrawn: {data['reason']}",
        ),
        AdminAction(
            "accept", Claim, review.REVIEW, "Accept", "Accepted",
            lambda row, by, data: review_feedback.accept(claim=row, by=by),
            "Readers can see the claim where its story is published, and its speaker’s page.", undo="reopen",
        ),
        AdminAction(
            "reject", Claim, review.REVIEW, "Reject", "Rejected",
            lambda row, by, data: review_feedback.reject(claim=row, by=by, reason=data["reason"]),
            "Readers do not see the claim. Staff still do.", form=NoteForm, undo="reopen",
        ),
        AdminAction(
            "reopen", Claim, review.REVIEW, "Back to review", "Sent back to review:",
            lambda row, by, data: review_feedback.reopen(claim=row, by=by),
            "The claim has to be reviewed again; until then readers do not see it.",
        ),
        *(action for model, permission in TAGGED.items() for action in (
            AdminAction(
                "tag", model, permission, "Add topics", "Added topics to",
                lambda row, by, data: tagging.put_on(row=row, names=data["tags"], by=by),
                "The topics are added to those it has.", form=TagsForm, undo="untag",
            ),
            AdminAction(
                "untag", model, permission, "Remove topics", "Removed topics from",
                lambda row, by, data: tagging.take_off(row=row, names=data["tags"], by=by),
                "Only the topics named here are removed.", form=TagsForm, undo="tag",
            ),
        )),
        AdminAction(
            "confirm", Politician, confirmation.CHANGE, "Confirm", "Confirmed",
            lambda row, by, data: confirmation.confirm(person=row, by=by),
            "Readers can see the record, and a page of the person’s own.", undo="unconfirm",
        ),
        AdminAction(
            "unconfirm", Politician, confirmation.CHANGE, "Unconfirm", "Unconfirmed",
            lambda row, by, data: confirmation.unconfirm(person=row, by=by),
            "Readers no longer see the record. Nothing of it is lost.", undo="confirm",
        ),
    )
}  # fmt: skip


# What is done with the changes to a story that readers see: the page shows them.
CHANGES = ("publish_changes", "hand_in_changes", "return_changes", "discard_changes", "correct")
PUBLISHES_CHANGES = ("publish_changes", "correct")
RESCHEDULE = replace(
    ACTIONS[Article, "publish"],
    label="Change the time",
    effect="The story stays scheduled; readers can see it when its new time comes.",
    question="Change the time this story is scheduled for?",
    form=NewTimeForm,
)


def action_for(action: AdminAction, rows: Sequence[Any]) -> AdminAction:
    """Return `action`, or `RESCHEDULE` for "publish" where all rows are scheduled stories."""
    scheduled = action.name == "publish" and all(
        isinstance(row, Article) and row.is_scheduled for row in rows
    )
    return RESCHEDULE if scheduled else action


def confirmation_form(
    action: AdminAction,
    rows: Sequence[Any],
    data: Any = None,
    *,
    tags: Sequence[str] = (),
    prefix: str | None = None,
) -> ConfirmationForm:
    """Return the form of an action; it is filled with `tags` and with the time of a scheduled story."""
    initial: dict[str, Any] = {"tags": tags}
    if action is RESCHEDULE and len(rows) == 1:
        initial["at"] = rows[0].published_at
    return action.form(data, rows=rows, initial=initial, prefix=prefix)


def actions_of(model: type[models.Model]) -> list[AdminAction]:
    """Return the actions on rows of `model`."""
    return [action for action in ACTIONS.values() if action.model is model]


def action_urls(model_admin: ModelAdmin[Any]) -> list[URLPattern]:
    """Return the URL patterns of a model's confirmation pages, and redirects from former URLs."""
    former = {new: old for old, new in FORMER_NAMES.items()}
    patterns = []
    for action in actions_of(model_admin.model):
        view = model_admin.admin_site.admin_view(action_view(model_admin, action))
        patterns.append(path(f"do/{action.name}/", view, name=action.url_name.removeprefix("admin:")))
        if old := former.get(action.name):
            to_new = RedirectView.as_view(pattern_name=action.url_name, query_string=True, permanent=True)
            patterns.append(path(f"do/{old}/", to_new))
    return patterns


def action_view(model_admin: ModelAdmin[Any], action: AdminAction) -> Callable[[HttpRequest], HttpResponse]:
    """Return the view of an action: GET shows the confirmation page, POST runs the action."""

    def view(request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(action.permission):
            raise PermissionDenied
        rows = _selected_rows(request, model_admin, action)
        back = _return_address(request, action)
        asked = action_for(action, rows)
        data = request.POST if request.method == "POST" else None
        form = confirmation_form(asked, rows, data, tags=request.GET.getlist("tags"))
        if request.method == "POST" and form.is_valid():
            _run_all(request, model_admin, asked, rows, form.cleaned_data)
            return HttpResponseRedirect(back)
        rows = _with_changes(asked, rows)
        listed = [(row, _readiness(asked, row, alone=len(rows) == 1), _mark(row)) for row in rows]
        page = confirmation_context(request, model_admin, asked, listed, form, back)
        if asked.name in CHANGES and len(rows) == 1:
            page |= changes_on_page(rows[0])
        elif asked.name in publishing.PUT_IN:
            waiting = [row for row in rows if row.pending]
            for row in waiting:
                row.go_in = changes_on_page(row)
            page["changes_go_in"] = bool(waiting)
        return TemplateResponse(request, "admin/desk/confirm.html", page)

    return view


def confirmed_action(action: AdminAction, description: str) -> ListAction:
    """Return an action for the changelist's menu; it redirects to the page that confirms it."""

    @admin.action(description=description, permissions=[action.name])
    def to_confirmation(
        model_admin: ModelAdmin[Any], request: HttpRequest, rows: models.QuerySet[Any]
    ) -> HttpResponse | None:
        ids = list(rows.values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
        if len(ids) > MOST_AT_ONCE:
            messages.error(request, f"Choose at most {MOST_AT_ONCE} at a time.")
            return None
        next_page = urlencode({"next": request.get_full_path()})
        return HttpResponseRedirect(f"{action.address(ids)}&{next_page}")

    to_confirmation.__name__ = action.name
    return to_confirmation


def _selected_rows(request: HttpRequest, model_admin: ModelAdmin[Any], action: AdminAction) -> list[Any]:
    asked = map(row_number, request.GET.get("ids", "").split(","))
    ids = [pk for pk in asked if pk is not None][:MOST_AT_ONCE]
    rows = list(model_admin.get_queryset(request).filter(pk__in=ids))
    if not rows:
        raise Http404(f"No such {action.model._meta.verbose_name}.")
    return rows


def _return_address(request: HttpRequest, action: AdminAction) -> str:
    asked = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure()):
        return asked
    return reverse(f"admin:stories_{action.model._meta.model_name}_changelist")


def confirmation_context(
    request: HttpRequest,
    model_admin: ModelAdmin[Any],
    action: AdminAction,
    rows: Sequence[tuple[Any, publishing.Readiness | None, str]],
    form: ConfirmationForm,
    back: str,
) -> dict[str, Any]:
    """Return the context of admin/desk/confirm.html; `rows` are (row, readiness, mark)."""
    opts = action.model._meta
    name = opts.verbose_name if len(rows) == 1 else opts.verbose_name_plural
    one = action.question or f"{action.label} this {name}?"
    return {
        **model_admin.admin_site.each_context(request),
        "title": f"{action.label}: {len(rows)} {name}" if len(rows) > 1 else one,
        "opts": opts,
        "action": action,
        "rows": rows,
        "form": form,
        "asks": any(field.required or "autofocus" in field.widget.attrs for field in form.fields.values()),
        "media": form.media,
        "back": back,
    }


def _with_changes(action: AdminAction, rows: list[Any]) -> list[Any]:
    """Return stories with the changes that the action is about or puts in; other rows as they are."""
    if action.model is not Article or action.name not in (*CHANGES, *publishing.PUT_IN):
        return rows
    waiting = set(PendingVersion.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    return [pending_versions.show(row) if row.pk in waiting else row for row in rows]


def _readiness(action: AdminAction, row: Any, *, alone: bool) -> publishing.Readiness | None:
    """Return what a story lacks before publication, None for other actions.

    For one story these are problems and warnings; for one of many only problems, which need no query.
    """
    if action.name not in ("publish", "publish_now", "submit"):
        return None
    if alone:
        return publishing.readiness(row)
    return publishing.Readiness(saving.problems(row), embargo=row.embargo_note.strip())


def _mark(row: Any) -> str:
    """Return the version mark of a story, "" for other rows; a post with an old mark is refused."""
    return f"{row.pk}:{mark_of(row)}" if isinstance(row, Article) else ""


def _run(action: AdminAction, row: Any, by: User, data: dict[str, Any], seen: Sequence[str]) -> object:
    """Run the action on a row, if it is as the page showed it.

    `seen` are the marks that the page posted. Raises NotAllowed, NotReady.
    """
    with transaction.atomic():
        if seen and isinstance(row, Article):
            (now,) = _with_changes(action, [locking.story(row)])
            if _mark(now) not in seen:
                raise NotReady("Somebody saved it since this was asked: read it again first.")
        try:
            return action.run(row, by, data)
        except QuotationsHeld as held:
            raise NotReady(
                "Words inside a quotation would change. Open the story, say why, and save it first."
            ) from held


def _run_all(
    request: HttpRequest,
    model_admin: ModelAdmin[Any],
    action: AdminAction,
    rows: list[Any],
    data: dict[str, Any],
) -> None:
    done = []
    seen = request.POST.getlist("seen")
    for row in rows:
        try:
            result = _run(action, row, user_of(request), data, seen)
        except (NotReady, NotAllowed) as problem:
            reasons = " ".join(problem.reasons) if isinstance(problem, NotReady) else str(problem)
            messages.error(request, f"“{row}” was left as it was. {reasons}")
        else:
            warn_of_lost_words(request, result)
            model_admin.log_change(request, row, action.logged(row, data))
            done.append((row, result))
    if done:
        messages.success(request, success_message(request, action, done))


def warn_of_lost_words(request: HttpRequest, result: object) -> None:
    """Say which claims have lost their words or their sentence; `result` is what a save has returned."""
    found = result.anchors if isinstance(result, Saved) else None
    if found is None:
        return
    others = [appearance for appearance in found.adrift if appearance not in found.turned]
    for happened, adrift in (
        ("The sentence around the words of {} names another source now, or denies them.", found.turned),
        ("The words of {} are no longer in the story, or are there several times.", others),
    ):
        if adrift:
            messages.warning(
                request,
                format_html(
                    happened + " Readers do not see them as claims until somebody "
                    '<a href="{}">chooses their words</a>.<ul>{}</ul>',
                    "one claim" if len(adrift) == 1 else f"{len(adrift)} claims",
                    reverse("desk:review_words"),
                    format_html_join("", "<li>“{}”</li>", ((a.exact[:120],) for a in adrift)),
                ),
            )


def success_message(request: HttpRequest, action: AdminAction, done: list[tuple[Any, object]]) -> SafeString:
    """Return the message about the rows an action was run on, with a link to undo it."""
    opts = action.model._meta
    first = done[0][0]
    what = f"“{first}”" if len(done) == 1 else f"{len(done)} {opts.verbose_name_plural}"
    said = action.done
    if isinstance(first, Article) and first.is_scheduled and action.name == "publish":
        said, what = "Scheduled", f"{what} for {when(first)}"
    parts = [format_html("{} {}.", said, what)]
    if len(done) == 1 and isinstance(first, Article) and first.is_public:
        parts.append(format_html('<a href="{}">See it on the site</a>', first.get_absolute_url()))
    if action.undo and request.user.has_perm(ACTIONS[action.model, action.undo].permission):
        parts += _undo_links(ACTIONS[action.model, action.undo], done)
    return format_html_join(" ", "{}", ((part,) for part in parts))


def _undo_links(undo: AdminAction, done: list[tuple[Any, object]]) -> list[SafeString]:
    """Return links that undo the action; tags are removed only from rows that did not have them before."""
    alike: dict[tuple[str, ...], list[int]] = {}
    for row, result in done:
        alike.setdefault(result if undo.form is TagsForm else (), []).append(row.pk)  # type: ignore[arg-type]
    links = []
    for names, ids in alike.items():
        address = undo.address(ids) + "".join(f"&{urlencode({'tags': name})}" for name in names)
        which = f" ({', '.join(names)}: {len(ids)})" if len(alike) > 1 else ""
        links.append(format_html('<a href="{}">Take it back{}</a>', address, which))
    return links
