"""The screen on which the stories of the front page are chosen.

What is chosen on it is carried in the form until it is saved: each step (up, down, add …) posts the form and
gets it back one step on, with a script or without.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from stories.actions import front_page as places
from stories.actions.errors import NotReady, Stale
from stories.actions.front_page import Choice
from stories.actions.stories.story_permissions import PUBLISH
from stories.admin.base import row_number, take_back
from stories.admin.form_state import user_of
from stories.admin.widgets import MomentInput
from stories.models import Act, Article
from stories.models.front_page import PLACES, place_name
from stories.text.moments import day, moment

STEP = re.compile(r"(up|down|off|add|lead|move)-(\d{1,18})(?:-(\d{1,2}))?")


@dataclass(slots=True)
class Row:
    """A place as it stands in the form: a story's primary key, and its end as it was typed."""

    story: int | None = None
    date: str = ""
    time: str = ""
    error: str = ""

    @classmethod
    def of(cls, one: Choice | None) -> "Row":
        """Return the row of a choice; an open place for one that has ended."""
        if one is None or (one.until and one.until <= timezone.now()):
            return cls()
        at = timezone.localtime(one.until) if one.until else None
        return cls(one.story, day(at), f"{at:%H:%M}") if at else cls(one.story)

    def choice(self) -> Choice | None:
        """Return what the row says; sets `error` if its end cannot be read."""
        if self.story is None:
            return None
        try:
            return Choice(self.story, UNTIL.clean([self.date, self.time]))
        except ValidationError as error:
            self.error = " ".join(error.messages)
            return Choice(self.story)


UNTIL = forms.SplitDateTimeField(required=False, widget=MomentInput)


@dataclass(slots=True)
class Draft:
    """The front page as the form has it, and the mark of the choices that it began from."""

    seen: str
    rows: list[Row]
    said: str = ""  # what was done with it last, in a sentence
    reasons: tuple[str, ...] = ()  # why it was not saved
    meanwhile: bool = False  # whether somebody else has chosen since

    @classmethod
    def begun(cls) -> "Draft":
        """Return what is chosen now."""
        now = places.chosen()
        return cls(places.mark_of(now), [Row.of(one) for one in now])

    @classmethod
    def posted(cls, data: QueryDict) -> "Draft":
        """Return what the form had."""
        rows = []
        for name in (f"place-{place}" for place in range(1, PLACES + 1)):
            story = row_number(data.get(name))
            rows.append(Row(story, data.get(f"{name}_0", ""), data.get(f"{name}_1", "")) if story else Row())
        return cls(data.get("seen", ""), rows)

    def take(self, step: str) -> None:
        """Take a step: "up-3", "down-3", "off-3" and "move-3-1" by place, "add-71" and "lead-71" by story."""
        match = STEP.fullmatch(step)
        if match is None:
            return
        verb, number, to = match[1], int(match[2]), int(match[3] or 0)
        if verb in ("add", "lead"):
            self._put(number, first=verb == "lead")
            return
        to = {"up": number - 1, "down": number + 1, "off": number}.get(verb, to)
        if not (1 <= number <= PLACES and 1 <= to <= PLACES):
            return
        moved = self.rows.pop(number - 1)
        self.rows.insert(to - 1, Row() if verb == "off" else moved)
        self.said = self._where(moved.story)

    def _where(self, story: int | None) -> str:
        name = Article.objects.filter(pk=story or 0).values_list("headline", flat=True).first()
        place = next((place for place, row in enumerate(self.rows, start=1) if row.story == story), 0)
        where = place_name(place) if place else "removed"
        return f"“{name}” is {where}, not saved yet." if name else ""

    def _put(self, story: int, *, first: bool) -> None:
        rows = [Row() if row.story == story else row for row in self.rows]
        row = next((row for row in self.rows if row.story == story), Row(story))
        opened = next((place for place, one in enumerate(rows) if one.story is None), PLACES)
        if not first and opened == PLACES:
            self.reasons = ("All places are taken: remove a story first.",)
            return
        if first:
            rows.insert(0, row)
            del rows[min(opened + 1, PLACES)]
        else:
            rows[opened] = row
        self.rows = rows
        self.said = self._where(story)

    def save(self, by: User) -> bool:
        """Save the choices; return whether that was done. If not, the draft says why. Raises NotAllowed."""
        choices = [row.choice() for row in self.rows]
        if any(row.error for row in self.rows):
            self.reasons = ("A date or a time cannot be read: see below.",)
            return False
        try:
            places.choose(choices=choices, seen=self.seen, by=by)
        except Stale:
            self.seen, self.meanwhile = places.mark_of(places.chosen()), True
        except NotReady as problem:
            self.reasons = problem.reasons
        else:
            return True
        return False


@dataclass(frozen=True, slots=True)
class Line:
    """A place as the screen shows it: what was chosen, or which story has it of itself."""

    place: int
    row: Row
    story: Article | None
    newest: Article | None
    note: str

    @property
    def name(self) -> str:
        """What the place is called at the head of its line."""
        return "Lead" if self.place == 1 else str(self.place)

    @property
    def until(self) -> SafeString:
        """The fields of its end."""
        name = f"place-{self.place}"
        return MomentInput().render(name, [self.row.date, self.row.time], {"id": f"id_{name}"})


def front_page(request: HttpRequest) -> HttpResponse:
    """Show the front page's places; a POST takes a step with them, or saves them.

    `?lead=` is a story that is to be the lead: it stands there, and is not saved yet.
    """
    if not request.user.has_perm(PUBLISH):
        raise PermissionDenied
    draft = Draft.begun()
    if request.method == "POST":
        draft = Draft.posted(request.POST)
        if request.POST.get("do") != "save":
            draft.take(request.POST.get("do", ""))
        elif draft.save(user_of(request)):
            messages.success(request, "Saved. Readers see the front page so from now on.")
            return HttpResponseRedirect(reverse("desk:front_page"))
    elif (story := row_number(request.GET.get("lead"))) is not None:
        draft.take(f"lead-{story}")
    return TemplateResponse(request, "admin/desk/front_page.html", _context(request, draft))


@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take the last change of the front page back."""
    if not request.user.has_perm(PUBLISH):
        raise PermissionDenied
    act = get_object_or_404(Act, pk=row_number(request.POST.get("act")), verb=Act.Verb.FRONT_PAGE)

    def undone() -> tuple[str, list[str]]:
        stayed = places.take_back(act=act, by=user_of(request))
        return "The front page is as it was before that change.", stayed

    take_back(request, undone)
    return HttpResponseRedirect(reverse("desk:front_page"))


def _context(request: HttpRequest, draft: Draft) -> dict[str, Any]:
    words = request.POST.get("words", "")
    taken = {row.story for row in draft.rows}
    now = places.chosen()
    return {
        **admin.site.each_context(request),
        "title": "Front page",
        "draft": draft,
        "lines": list(_lines([row.choice() for row in draft.rows], draft.rows)),
        "now": list(_lines(now, [Row.of(one) for one in now])) if draft.meanwhile else (),
        "changed": draft.rows != [Row.of(one) for one in now],
        "words": words,
        "found": [story for story in places.may_be_chosen(words) if story.pk not in taken],
        "last": places.last_change(),
        "media": UNTIL.widget.media,
    }


def _lines(choices: list[Choice | None], rows: list[Row]) -> Iterator[Line]:
    """Return the places with their stories, chosen or not, as the front page would have them now."""
    order = places.order_of(choices)
    numbers = {*order, *(one.story for one in choices if one)}
    stories = Article.objects.defer("body", "text").in_bulk(numbers)
    for place, (one, row) in enumerate(zip(choices, rows, strict=True), start=1):
        shown = stories.get(order[0]) if order and (one is None or one.story == order[0]) else None
        order = order[1:] if shown else order
        story = stories.get(one.story) if one else None
        note = _why_not(story) if story and not shown else ""
        yield Line(place, row, story, None if one else shown, note)


def _why_not(story: Article) -> str:
    """Return why readers do not see a story that was chosen."""
    if story.is_scheduled:
        at = moment(timezone.localtime(story.published_at))
        return f"Scheduled for {at}. Until then the story behind it moves up."
    return "Its time here is over." if story.is_public else "Not published: the story behind it moves up."
