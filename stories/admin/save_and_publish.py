"""Save a story and run an action on it in one transaction, after a confirmation page ("Save and publish …").

The button posts the story's form with `_confirm_publish`. The form is validated and not saved: the
confirmation page carries its fields as hidden inputs. Confirming posts the same form with
`_confirmed_publish`, and the fields of the confirmation form with the prefix `act`.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst

from stories.actions.stories import autosave, pending_versions, publishing, saving
from stories.admin.action_forms import ConfirmationForm
from stories.admin.actions import (
    ACTIONS,
    CHANGES,
    AdminAction,
    action_for,
    confirmation_context,
    confirmation_form,
    success_message,
)
from stories.admin.differences import difference_on_page
from stories.admin.form_state import state_of, user_of
from stories.admin.generics import ModelAdmin
from stories.admin.story_form import StoryForm
from stories.models import Article

PREFIX = "act"
LEFT = "Nothing was done. Your words are below; they are not saved yet."
# How the names of buttons begin, and whether the button is on the confirmation page.
BUTTONS = {"_confirm_": False, "_confirmed_": True}
OWN = (*BUTTONS, "_leave", f"{PREFIX}-", "csrfmiddlewaretoken")
# The fields that autosave stores as typed. heartbeat.js has the same list; both add authors and tags.
AUTOSAVED = (
    *("headline", "standfirst", "body", "lead_image_alt", "lead_image_caption", "lead_image_credit"),
    *("dateline", "source", "source_url", "embargo_note", "slug", "opened", "related"),
    *("search_title", "search_description"),
)


class ConfirmationNeeded(Exception):
    """Raised instead of saving: the confirmation page has to be shown first."""

    def __init__(
        self, action: AdminAction, story: Article, form: StoryForm, question: ConfirmationForm
    ) -> None:
        self.action, self.story, self.form, self.question = action, story, form, question
        super().__init__(action.name)


@dataclass(slots=True)
class SaveAction:
    """The action to run with a save; `confirmed` if the confirmation form was posted with it."""

    action: AdminAction
    confirmed: bool
    data: dict[str, Any] = field(default_factory=dict)
    result: object = None

    def check_confirmed(self, request: HttpRequest, story: Article, form: StoryForm) -> None:
        """Raise ConfirmationNeeded unless the confirmation form was posted and is valid.

        `story` has the posted values and is not saved.
        """
        action = action_for(self.action, [story])
        question = confirmation_form(action, [story], request.POST if self.confirmed else None, prefix=PREFIX)
        if not self.confirmed or not question.is_valid():
            raise ConfirmationNeeded(action, story, form, question)
        self.action, self.data = action, question.cleaned_data

    def run(self, request: HttpRequest, story: Article) -> None:
        """Run the action after the save, in its transaction. Raises NotAllowed, NotReady."""
        self.result = self.action.run(story, user_of(request), self.data)

    def response(self, request: HttpRequest, story: Article) -> HttpResponse:
        """Redirect to the story's form with the success message."""
        messages.success(request, success_message(request, self.action, [(story, self.result)]))
        return HttpResponseRedirect(reverse("admin:stories_article_change", args=[story.pk]))


def action_of(request: HttpRequest) -> SaveAction | None:
    """Return the action that the form was posted for, or None. Raises PermissionDenied."""
    for name in request.POST:
        for prefix, confirmed in BUTTONS.items():
            action = ACTIONS.get((Article, name.removeprefix(prefix))) if name.startswith(prefix) else None
            if action is not None:
                if not request.user.has_perm(action.permission):
                    raise PermissionDenied
                return SaveAction(action, confirmed)
    return None


def confirmation_page(
    request: HttpRequest, model_admin: ModelAdmin[Article], asked: ConfirmationNeeded
) -> HttpResponse:
    """Show the confirmation page with all that was typed as hidden inputs; it is autosaved as well."""
    form, story = asked.form, asked.story
    form.let_the_picture_wait()
    saved = Article.objects.get(pk=story.pk) if story.pk else None
    with suppress(ValueError):  # too long for autosave; the page still has the fields
        autosave.save_copy(
            article=saved, by=user_of(request), fields=_typed(form), opened=saved.version if saved else 0
        )
    carried = [
        (name, value)
        for name, values in _posted(request, form).lists()
        if not name.startswith(OWN)
        for value in values
    ]
    story.text = saving.text_of(story)
    ready = None
    if asked.action.name in ("publish", "publish_now", "submit"):
        named, tagged = (bool(form.cleaned_data.get(name)) for name in ("authors", "tags"))
        ready = publishing.readiness(story, named=named, tagged=tagged)
    back = request.path
    page = confirmation_context(
        request, model_admin, asked.action, [(story, ready, "")], asked.question, back
    )
    page |= {"carried": carried, "unsaved": _changed(form), "live": bool(saved and saved.is_public)}
    if asked.action.name in CHANGES:
        authors, tags = form.cleaned_data.get("authors"), form.cleaned_data.get("tags")
        page |= difference_on_page(
            pending_versions.difference(
                story, authors=None if authors is None else [author.pk for author in authors], tags=tags
            )
        )
    page["title"] = (
        page["title"] if not page["unsaved"] else f"Save, and {page['title'][0].lower()}{page['title'][1:]}"
    )
    return TemplateResponse(request, "admin/desk/confirm.html", page)


def _posted(request: HttpRequest, form: StoryForm) -> QueryDict:
    """Return the form as posted, before others' changes were merged into it.

    It also has the token of its pending picture.
    """
    posted = (state_of(request).posted or request.POST).copy()
    posted["waiting_picture"] = form.data["waiting_picture"]
    return posted


def _typed(form: StoryForm) -> dict[str, Any]:
    typed: dict[str, Any] = {name: form.data.get(name, "") for name in AUTOSAVED if name in form.fields}
    for name, pair in _NAMED.items():
        if name in form.fields:
            typed[name] = [pair(row) for row in form.cleaned_data.get(name) or ()]
    return typed


_NAMED: dict[str, Callable[[Any], list[str]]] = {
    "authors": lambda author: [str(author.pk), author.name],
    "tags": lambda tag: [tag, tag],
}


def _changed(form: StoryForm) -> list[str]:
    """Return the labels of the fields with unsaved changes."""
    quiet = ("opened", "waiting_picture", "library_picture")
    return [capfirst(str(form.fields[name].label or name)) for name in form.changed_data if name not in quiet]
