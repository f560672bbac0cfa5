"""A story saved and something done with it in one act: asked first, then written, whole or not at all.

"Save and publish …" posts the form as `_then_publish`. Everything the save would refuse is refused then;
what passes is not written but carried in the question's page. Its answer posts the same form once more, as
`_act_publish`, with the question's own fields under the prefix `act`. Save and verb are one transaction.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst

from stories.actions.stories import autosave, publishing, saving
from stories.admin.action_forms import Question
from stories.admin.actions import VERBS, Verb, as_asked, question_of, question_page, told
from stories.admin.story_form import StoryForm
from stories.models import Article

PREFIX = "act"
LEFT = "Nothing was done. Your words stand below; they are not saved yet."
OWN = ("_then_", "_act_", "_leave", f"{PREFIX}-", "csrfmiddlewaretoken")
# What the form's script keeps as typed, and offers again: see keeping.js.
KEPT = (
    *("headline", "standfirst", "body", "lead_image_alt", "lead_image_caption", "lead_image_credit"),
    *("dateline", "source", "source_url", "embargo_note", "slug", "opened"),
)


class Asked(Exception):
    """Raised in the place of the save: the question has to be answered first."""

    def __init__(self, verb: Verb, story: Article, form: StoryForm, question: Question) -> None:
        self.verb, self.story, self.form, self.question = verb, story, form, question
        super().__init__(verb.name)


@dataclass(slots=True)
class Act:
    """What a save is to be one with. `confirmed`: the question is answered, by the form's `act-` fields."""

    verb: Verb
    confirmed: bool
    data: dict[str, Any] = field(default_factory=dict)
    result: object = None

    def ask(self, request: HttpRequest, story: Article, form: StoryForm) -> None:
        """Raise Asked unless the question is answered, and well; `story` is as typed."""
        verb = as_asked(self.verb, [story])
        question = question_of(verb, [story], request.POST if self.confirmed else None, prefix=PREFIX)
        if not self.confirmed or not question.is_valid():
            raise Asked(verb, story, form, question)
        self.verb, self.data = verb, question.cleaned_data

    def carry_out(self, request: HttpRequest, story: Article) -> None:
        """Do it, now that the words are saved, in their transaction. Raises NotAllowed, NotReady."""
        self.result = self.verb.do(story, request.user, self.data)

    def answer(self, request: HttpRequest, story: Article) -> HttpResponse:
        messages.success(request, told(request, self.verb, [(story, self.result)]))
        return HttpResponseRedirect(reverse("admin:stories_article_change", args=[story.pk]))


def act_in(request: HttpRequest) -> Act | None:
    """The act that the form was posted for, if any. Raises PermissionDenied."""
    for name in request.POST:
        for sign, confirmed in (("_then_", False), ("_act_", True)):
            verb = VERBS.get((Article, name.removeprefix(sign))) if name.startswith(sign) else None
            if verb is not None:
                if not request.user.has_perm(verb.permission):
                    raise PermissionDenied
                return Act(verb, confirmed)
    return None


def question(request: HttpRequest, model_admin: admin.ModelAdmin, asked: Asked) -> HttpResponse:
    """The page that asks, with all that was typed in it. The words are kept beside, should it be closed."""
    form, story = asked.form, asked.story
    form.let_the_picture_wait()
    saved = Article.objects.get(pk=story.pk) if story.pk else None
    with suppress(ValueError):  # too long to be kept: the page has them
        autosave.save_copy(
            article=saved, by=request.user, fields=_typed(form), opened=saved.version if saved else 0
        )
    carried = [
        (name, value)
        for name, values in _posted(request, form).lists()
        if not name.startswith(OWN)
        for value in values
    ]
    story.text = saving.text_of(story)
    ready = None
    if asked.verb.name in ("publish", "publish_now", "submit"):
        named, tagged = (bool(form.cleaned_data.get(name)) for name in ("authors", "tags"))
        ready = publishing.readiness(story, named=named, tagged=tagged)
    back = request.path
    page = question_page(request, model_admin, asked.verb, [(story, ready, "")], asked.question, back)
    page |= {"carried": carried, "unsaved": _changed(form), "live": bool(saved and saved.is_public)}
    page["title"] = (
        page["title"] if not page["unsaved"] else f"Save, and {page['title'][0].lower()}{page['title'][1:]}"
    )
    return TemplateResponse(request, "admin/desk/confirm.html", page)


def _posted(request: HttpRequest, form: StoryForm) -> QueryDict:
    """The form as it came, before others' changes were put into it; but a picture is not sent twice."""
    posted: QueryDict = request.posted.copy()
    posted["waiting_picture"] = form.data["waiting_picture"]
    return posted


def _typed(form: StoryForm) -> dict[str, Any]:
    typed: dict[str, Any] = {name: form.data.get(name, "") for name in KEPT if name in form.fields}
    for name, pair in _NAMED.items():
        if name in form.fields:
            typed[name] = [pair(row) for row in form.cleaned_data.get(name) or ()]
    return typed


_NAMED: dict[str, Callable[[Any], list[str]]] = {
    "authors": lambda author: [str(author.pk), author.name],
    "tags": lambda tag: [tag, tag],
}


def _changed(form: StoryForm) -> list[str]:
    """The labels of what is typed and not saved."""
    quiet = ("opened", "waiting_picture")
    return [capfirst(form.fields[name].label or name) for name in form.changed_data if name not in quiet]
