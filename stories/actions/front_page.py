"""Which stories lead the front page, and in which order: chosen, changed and taken back.

A choice holds until it is changed or until its time; what readers may not see is passed over when the page is
made. Readers' lists and feeds stay in the order of publication.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.text import Truncator

from stories import search
from stories.actions import desk_log, locking, undo
from stories.actions.errors import NotReady, Stale
from stories.actions.permissions import require
from stories.actions.stories.story_permissions import PUBLISH
from stories.models import Act, Article, FrontPlace
from stories.models.front_page import ENOUGH, PLACES, arranged, place_name
from stories.text.moments import moment

DOING = "choose the stories of the front page"
FOUND = 8  # stories that a search offers


@dataclass(frozen=True, slots=True)
class Choice:
    """A story chosen for a place, by its primary key; `until` None is until it is changed."""

    story: int
    until: datetime | None = None


Choices = Sequence[Choice | None]  # by place, the lead first


def chosen() -> list[Choice | None]:
    """Return what is chosen for each place, also what has ended since or is not public."""
    return _as_choices(FrontPlace.objects.all())


def mark_of(choices: Choices) -> str:
    """Return a mark that differs when anything is chosen otherwise."""
    return "|".join(f"{one.story} {one.until or ''}" if one else "" for one in choices)


def order_of(choices: Choices) -> list[int]:
    """Return the primary keys of the front page's stories now, the lead first, if these were chosen."""
    lasting = [one for one in choices if one and (one.until is None or one.until > timezone.now())]
    public = Article.objects.published().newest()
    live = set(public.filter(pk__in=[one.story for one in lasting]).values_list("pk", flat=True))
    newest = public.values_list("pk", flat=True)[:ENOUGH]
    return arranged([one.story if one else None for one in choices], live=live, newest=newest)


def may_be_chosen(words: str = "") -> list[Article]:
    """Return published and scheduled stories with these words, the latest first; without words the newest."""
    stories = Article.objects.filter(status=Article.Status.PUBLISHED).newest().defer("body", "text")
    return list(search.narrowed(stories, words, kind="article", begun=True)[:FOUND])


@locking.act
def choose(*, choices: Choices, seen: str, by: User) -> Act | None:
    """Give the places of the front page to stories; None if that is how they are given already.

    `choices` is by place, for all of PLACES; `seen` the mark of those that the screen showed. Raises
    NotAllowed, NotReady (a story is chosen twice or not published, a time is past), Stale (somebody chose
    since).
    """
    require(by, PUBLISH, DOING)
    rows = _held()
    before = _as_choices(rows)
    if mark_of(before) != seen:
        raise Stale
    if mark_of(choices) == seen:
        return None
    _check(choices, kept=before)
    watch = undo.Watch(alone=rows)
    for row, one in zip(rows, choices, strict=True):
        row.article_id, row.until = (one.story, one.until) if one else (None, None)
        row.save(update_fields=["article", "until"])
    words = _in_words(before, choices)
    desk_log.note(by=by, row=rows[0], words=f"changed the front page: {words}.")
    return Act.objects.create(
        verb=Act.Verb.FRONT_PAGE,
        what=Truncator(words).chars(300),
        subject=rows[0].pk,
        changes=watch.record(),
        by=by,
    )


def last_change() -> Act | None:
    """Return the last change of the front page, if it was not taken back."""
    act = Act.objects.filter(verb=Act.Verb.FRONT_PAGE).select_related("by").first()
    return act if act is not None and act.undone_at is None else None


@locking.act
def take_back(*, act: Act, by: User) -> list[str]:
    """Give the places as they were given before the act; return what could not be put back.

    Raises NotAllowed, NotReady (they were given otherwise since).
    """
    require(by, PUBLISH, DOING)
    rows = _held()
    before = _as_choices(rows)
    done = undo.held(act)
    record = undo.check(done.changes)
    if done.undone_at is not None or not undo.stands(record, FrontPlace):
        raise NotReady("The front page was changed since. Choose what is to stand on it.")
    stayed = undo.take_back(record, since=done.made_at)
    done.undone_at = timezone.now()
    done.save(update_fields=["undone_at"])
    words = _in_words(before, chosen())
    desk_log.note(by=by, row=rows[0], words=f"undid a change of the front page: {words}.")
    return stayed


def _held() -> list[FrontPlace]:
    """Return all places in order, locked. Those that nobody has chosen for yet are made."""
    there = {row.place: row for row in FrontPlace.objects.select_for_update(of=("self",), no_key=True)}
    places = range(1, PLACES + 1)
    return [there.get(place) or FrontPlace.objects.create(place=place) for place in places]


def _as_choices(rows: Iterable[FrontPlace]) -> list[Choice | None]:
    found: list[Choice | None] = [None] * PLACES
    for row in rows:
        if row.article_id is not None:
            found[row.place - 1] = Choice(row.article_id, row.until)
    return found


def _check(choices: Choices, *, kept: Choices) -> None:
    """Raise NotReady for a story chosen twice, and for what is new and cannot be."""
    stories = [one.story for one in choices if one]
    if len(set(stories)) < len(stories):
        raise NotReady("A story can have one place only.")
    there = Article.objects.filter(pk__in=stories, status=Article.Status.PUBLISHED)
    names = dict(there.values_list("pk", "headline"))
    reasons = []
    for one in choices:
        if one is None or one in kept:
            continue
        if one.story not in names:
            reasons.append("Only a published or scheduled story can be chosen.")
        elif one.until and one.until <= timezone.now():
            until = moment(timezone.localtime(one.until))
            reasons.append(f"“{names[one.story]}” cannot stand until {until}: that is past.")
    if reasons:
        raise NotReady(dict.fromkeys(reasons))


def _in_words(before: Choices, after: Choices) -> str:
    """Return which places changed, as it reads in the log."""
    stories = {one.story for one in (*before, *after) if one}
    names = dict(Article.objects.filter(pk__in=stories).values_list("pk", "headline"))

    def words(one: Choice | None) -> str:
        if one is None:
            return "the newest"
        until = f" until {moment(timezone.localtime(one.until))}" if one.until else ""
        return f"“{names.get(one.story, 'a deleted story')}”{until}"

    changed = [
        f"{place_name(place)} is {words(new)}, was {words(old)}"
        for place, (old, new) in enumerate(zip(before, after, strict=True), start=1)
        if old != new
    ]
    return "; ".join(changed)
