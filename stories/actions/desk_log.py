"""Who did what at the desk, newest first: one list of all that its histories hold.

The history (django-reversion) has every act on stories, claims and people; Django's admin log what was
deleted, shared, or done to accounts, topics and other things without a history; imports and merges of topics
keep their own records. Here they are read together, page by page, and told in sentences.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from django.contrib.admin.models import ADDITION, DELETION, LogEntry
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Exists, Max, Model, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.text import get_text_list
from reversion.models import Revision, Version
from taggit.models import Tag

from stories import models
from stories.actions.permissions import name_of, require

SEE = "stories.publish_article"
PAGE = 50
IMPORTS = 2  # the number of their stream
FIRST = "As it was before the first edit."  # no act: the state that an edit began from
# What one may ask for, and the models behind it; the first that an act touched is what it is told of.
THINGS: dict[str, tuple[str, tuple[type[Model], ...]]] = {
    "stories": ("Stories", (models.Article,)),
    "front": ("Front page", (models.FrontPlace,)),
    "claims": (
        "Claims",
        (models.Claim, models.Appearance, models.Evidence, models.Contradiction, models.NearWording),
    ),
    "people": ("People", (models.Politician, models.Party)),
    "outlets": ("Outlets", (models.Outlet,)),
    "corrections": ("Corrections", (models.Correction,)),
    "topics": ("Topics", (Tag,)),
    "pages": ("Pages and authors", (models.Page, models.Author)),
    "imports": ("Imports", (models.ImportRun,)),
    "accounts": ("Accounts", (User, Group)),
}
TOLD_OF = tuple(model for _, kinds in THINGS.values() for model in kinds)
SHARING = ("Shared ", "Ended the link ")  # how the admin log's messages about links begin


@dataclass(frozen=True, slots=True)
class Question:
    """Which acts are asked for: somebody's, to one kind of thing or one row of it, on one day."""

    by: int | None = None
    thing: str = ""
    row: int | None = None
    day: date | None = None

    @property
    def models(self) -> tuple[type[Model], ...]:
        """The models of the kind asked for; of all kinds, none is named."""
        kinds = THINGS[self.thing][1] if self.thing in THINGS else ()
        return kinds[:1] if self.row is not None else kinds

    def narrowed(self, rows: QuerySet[Any], *, at: str, by: str | None) -> QuerySet[Any]:
        """Those of a record's rows that this person did on this day; nobody's, where it has no names."""
        if self.by is not None:
            rows = rows.filter(**{by: self.by}) if by else rows.none()
        if self.day is not None:
            start = timezone.make_aware(datetime.combine(self.day, time()))
            end = timezone.make_aware(datetime.combine(self.day + timedelta(days=1), time()))
            rows = rows.filter(**{f"{at}__gte": start, f"{at}__lt": end})
        return rows


@dataclass(frozen=True, slots=True)
class Entry:
    """One act. `words` go on from the name of who did it; `model` and `row` say what it was done to."""

    at: datetime
    stream: int
    pk: int
    by: User | None
    words: str
    model: type[Model] | None = None
    row: str = ""
    gone: bool = False

    @property
    def key(self) -> str:
        """The place of the act in the list, from which the next page begins."""
        return f"{self.at.isoformat()}~{self.stream}~{self.pk}"

    @property
    def who(self) -> str:
        """The name of who did it."""
        if self.by is None:
            return "Somebody at the terminal" if self.stream == IMPORTS else "Somebody no longer on the staff"
        return name_of(self.by)


@dataclass(slots=True)
class Page:
    """A page of the log, and the key of the next one; "" on the last."""

    entries: list[Entry] = field(default_factory=list)
    next_key: str = ""


Stream = Callable[[Question, "Place | None", int], Iterable[Entry]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: behind this act."""

    at: datetime
    stream: int
    pk: int

    @classmethod
    def of(cls, key: str) -> "Place | None":
        """The place that a key names; None for one that is none."""
        try:
            at, stream, pk = key.split("~")
            place = cls(datetime.fromisoformat(at), int(stream), int(pk))
        except ValueError:
            return None
        return place if timezone.is_aware(place.at) else None

    def behind(self, rows: QuerySet[Any], at: str, stream: int) -> QuerySet[Any]:
        """Those of a stream's rows that come after this place, the newest first."""
        same = Q(**{at: self.at})
        if stream == self.stream:
            same &= Q(pk__lt=self.pk)
        elif stream < self.stream:
            return rows.filter(**{f"{at}__lt": self.at})
        return rows.filter(Q(**{f"{at}__lt": self.at}) | same)


def page(*, by: User, question: Question, after: str = "", number: int = PAGE) -> Page:
    """One page of the log, in at most ten queries whatever is in it. Raises NotAllowed."""
    if question.by != by.pk:  # one's own acts are no secret
        require(by, SEE, "see the log")
    place = Place.of(after)
    found = [entry for stream in STREAMS for entry in stream(question, place, number + 1)]
    found.sort(key=lambda entry: (-entry.at.timestamp(), entry.stream, -entry.pk))
    entries = found[:number]
    return Page(entries, entries[-1].key if len(found) > number else "")


def everything(*, by: User, question: Question, most: int) -> Iterator[Entry]:
    """All acts asked for, page by page, at most so many. Raises NotAllowed."""

    def pages() -> Iterator[Entry]:
        key, more = "", True
        while more:
            found = page(by=by, question=question, after=key, number=500)
            yield from found.entries
            key, more = found.next_key, bool(found.next_key)

    return islice(pages(), most)


def _rows(
    rows: QuerySet[Any], question: Question, place: Place | None, *, at: str, by: str | None, stream: int
) -> QuerySet[Any]:
    rows = question.narrowed(rows, at=at, by=by)
    if place is not None:
        rows = place.behind(rows, at, stream)
    return rows.order_by(f"-{at}", "-pk")


# The histories


def _revisions(question: Question, place: Place | None, number: int) -> list[Entry]:
    rows = Revision.objects.exclude(comment=FIRST).select_related("user")
    if question.models:
        kinds = [ContentType.objects.get_for_model(model) for model in question.models]
        if models.Article in question.models:
            kinds.append(ContentType.objects.get_for_model(models.PendingVersion))
        touched = Version.objects.filter(revision=OuterRef("pk"), content_type__in=kinds)
        if question.row is not None:
            touched = touched.filter(object_id=str(question.row))
        rows = rows.filter(Exists(touched))
    acts = list(_rows(rows, question, place, at="date_created", by="user", stream=0)[:number])
    subjects = _subjects(acts, question)
    return [_entry_of(act, subjects.get(act.pk, ())) for act in acts]


@dataclass(slots=True)
class Subject:
    """A row that an act wrote: one of `many` of its kind in that act."""

    model: type[Model]
    row: str
    name: str
    many: int
    story: str = ""


def _subjects(acts: list[Revision], question: Question) -> dict[int, list[Subject]]:
    """What each act touched: of each kind one row, and how many there were."""
    kinds = {ContentType.objects.get_for_model(model).pk: model for model in TOLD_OF}
    # Changes that are not published have the number of their story, and are told of it.
    kinds[ContentType.objects.get_for_model(models.PendingVersion).pk] = models.Article
    versions = Version.objects.filter(revision__in=[act.pk for act in acts], content_type__in=kinds)
    if question.row is not None:
        own = ContentType.objects.get_for_model(question.models[0])
        versions = versions.filter(~Q(content_type=own) | Q(object_id=str(question.row)))
    groups = list(
        versions.order_by()
        .values_list("revision", "content_type")
        .annotate(last=Max("pk"), many=Count("pk"))
        .values_list("revision", "content_type", "last", "many")
    )
    named = Version.objects.filter(pk__in=[last for *_, last, _ in groups]).defer("serialized_data").in_bulk()
    found: dict[int, list[Subject]] = {}
    for revision, kind, last, many in groups:
        version = named[last]
        subject = Subject(kinds[kind], version.object_id, version.object_repr, many)
        found.setdefault(revision, []).append(subject)
    claims = [one for group in found.values() for one in group if one.model is models.Claim]
    printed = models.Appearance.objects.filter(claim__in=[one.row for one in claims]).order_by("-pk")
    stories = {str(pk): name for pk, name in printed.values_list("claim_id", "article__headline")}
    for one in claims:
        one.story = stories.get(one.row, "")
    return found


# An act's comment in the history, and how it is told: {it} is what it was done to, {0} what the comment says.
OF_CLAIMS = (
    (r"Claim accepted unread\.", "accepted {it} unread"),
    (r"Claim accepted\.", "accepted {it}"),
    (r"Claim rejected\. ?(.*)", "rejected {it}"),
    (r"Claim put back to review\.", "sent {it} back to review"),
    (r"^(1 claim|\d+ claims) (?:was|were) given to (.*)\.$", "gave {0} to {1}"),
    (r"^Undid giving: (1 claim|\d+ claims) (?:was|were) given to (.*)\.$", "took back giving {0} to {1}"),
    (r"Speaker changed to (.*?)\.(?= |$)", "gave {it} to {0}"),
    (r"It was said what was done with the words\.", "changed what was done with the words of {it}"),
    (r"Merged with the claim “(.*?)”\. ?.*", "merged {it} with “{0}”"),
    (r"A merge of two claims was undone\.", "undid a merge of {it}"),
    (r"A claim was put on its words\.", "tied {it} to its words"),
    (r"A claim was made\.", "made {it}"),
    (r"A claim was taken out\.", "removed {it} from its story"),
    (r"A claim was put on record\.", "put {it} on record"),
    (r"A claim was changed\.", "changed {it}"),
    (r"Verdict given\.", "gave a verdict on {it}"),
    (r"Verdict withdrawn\.", "withdrew the verdict on {it}"),
)
OF_OTHERS = (
    (r"Submitted(?: for review)?\.", "submitted {it} for review"),
    (r"Returned to draft\.", "returned {it} to draft"),
    (r"Published before the time it was scheduled for\.", "published {it} before its time"),
    (r"Scheduled for (.*?)\.(?= |$)", "scheduled {it} for {0}"),
    (r"Correction published: .*", "published a correction on {it}"),
    (r"Changed verdict published\.", "published a changed verdict on {it}"),
    (r"(Correction|Clarification) published\.", "published a {0} on {it}"),
    (r"Update published\.", "published an update on {it}"),
    (r"A correction was written\.", "drafted {it}"),
    (r"Saved and not published: (.*?)\.(?= |$)", "saved changes to {0} of {it}, not published"),
    (r"Saved and not published\.", "saved changes to {it}, not published"),
    (r"Changes published\.", "published the changes to {it}"),
    (r"Changes discarded\.", "discarded the changes to {it}"),
    (r"Changes handed in\.", "handed in the changes to {it}"),
    (r"Changes returned\.", "returned the changes to {it}"),
    (r"Published\.", "published {it}"),
    (r"Withdrawn: (.*)", "withdrew {it}: {0}"),
    (r"(?:Restored|Put back) as it was on (.*?)\.(?= |$)", "restored {it} as it was on {0}"),
    (
        r"(?:A restored version was undone|What was put back is as before again)\.",
        "undid a restored version of {it}",
    ),
    (r"Brought back after it was deleted\.", "restored {it} after it was deleted"),
    (r"Took off the tags (.*)\.", "removed the topics {0} from {it}"),
    (r"Tagged (.*)\.", "added the topics {0} to {it}"),
    (r"Merge of (.*) into (.*) undone\.", "undid the merge of {0} into {1}"),
    (r"(.*) parted from (.*)\.", "undid the merge of {0} into {1}"),
    (r"(.*) merged into (.*)\.", "merged {0} into {1}"),
    (r"Contradiction confirmed\.", "confirmed {it}"),
    (r"Contradiction noted\.", "noted {it}"),
    (r"Left apart as not the same\.", "left {it} apart as not the same"),
    (r"Left apart, both shown to readers\.", "left {it} apart, both shown to readers"),
    (r"No longer confirmed\.", "unconfirmed {it}"),
    (r"Confirmed\.", "confirmed {it}"),
)
OF_FORMS = (
    (r"Undid (.*)\.", "undid {0}"),
    (r"No fields changed\.", ""),
    (r"Added\.", "added {it}"),
    (r"Changed (.*?)\.(?= |$)", "changed {0} of {it}"),
    (r"Added (.*?)\.(?= |$)", "added {0} to {it}"),
    (r"Deleted (.*?)\.(?= |$)", "removed {0} from {it}"),
)
KINDS = {"Correction": "correction", "Clarification": "clarification"}
FORMER = (("““", "“"), ("””", "”"), ("appearance", "claim"), ("politician", "person"))


def _entry_of(act: Revision, subjects: Iterable[Subject]) -> Entry:
    by_kind = {one.model: one for one in subjects}
    of_claim = any(re.search(pattern, act.comment) for pattern, _ in OF_CLAIMS)
    order = (models.Claim, *TOLD_OF) if of_claim else TOLD_OF
    subject = next((by_kind[model] for model in order if model in by_kind), None)
    it = _named(subject)
    if of_claim and subject is not None and subject.many > 1 and models.Article in by_kind:
        subject = by_kind[models.Article]
        it = f"a claim in {_named(subject)}"
    words = sentence(act.comment, it)
    model, row = (subject.model, subject.row) if subject else (None, "")
    return Entry(act.date_created, 0, act.pk, act.user, words, model, row)


def sentence(comment: str, it: str) -> str:
    """An act's comment as it goes on from a name: "accepted the claim “…” in “…”."."""
    for code, plain in FORMER:
        comment = comment.replace(code, plain)
    told: list[str] = []
    for pattern, template in (*OF_CLAIMS, *OF_OTHERS, *OF_FORMS):
        match = re.search(pattern, comment)
        if match is None:
            continue
        comment = f"{comment[: match.start()]}{comment[match.end() :]}".strip()
        if template:
            names = [
                (name[0].lower() + name[1:] if name in KINDS else name).rstrip(". ")
                for name in match.groups()
            ]
            told.append(template.format(*names, it="it" if told and "{it}" in template else it))
    if not told:
        told = [f"saved {it}"]
    words = get_text_list(told, "and")
    return f"{words}. {comment}".strip() if comment else f"{words.rstrip('.')}."


def _named(subject: Subject | None) -> str:
    if subject is None:
        return "a record that is gone"
    name = subject.name if len(subject.name) <= 120 else f"{subject.name[:118]}…"
    if subject.model is models.Politician:
        return name
    where = f" in “{subject.story}”" if subject.story else ""
    return f"the {_kind(subject.model)} “{name}”{where}"


def _kind(model: type[Model]) -> str:
    return {Tag: "topic", User: "account", Group: "role"}.get(model) or str(model._meta.verbose_name)


# What has no history


def _logged(question: Question, place: Place | None, number: int) -> list[Entry]:
    """What Django's admin log alone has: deletions, links for outsiders, and rows without a history."""
    kept = [ContentType.objects.get_for_model(model) for model in TOLD_OF if _has_history(model)]
    shared = Q()
    for begin in SHARING:
        shared |= Q(change_message__startswith=begin)
    rows = LogEntry.objects.filter(~Q(content_type__in=kept) | Q(action_flag=DELETION) | shared)
    if question.models:
        rows = rows.filter(content_type__in=list(map(ContentType.objects.get_for_model, question.models)))
        if question.row is not None:
            rows = rows.filter(object_id=str(question.row))
    rows = rows.select_related("user", "content_type")
    found = _rows(rows, question, place, at="action_time", by="user", stream=1)[:number]
    return [_of_log(entry) for entry in found]


def _of_log(entry: LogEntry) -> Entry:
    model = entry.content_type.model_class() if entry.content_type else None
    it = _named(Subject(model, str(entry.object_id), entry.object_repr, 1)) if model else entry.object_repr
    message = entry.get_change_message()
    deleted = entry.action_flag == DELETION
    if deleted:
        words = f"deleted {it}."
    elif model is models.FrontPlace:
        words = message
    elif message.startswith(SHARING):
        begin = next(begin for begin in SHARING if message.startswith(begin))
        rest = message.removeprefix(begin)
        words = f"shared {it} {rest}" if begin == SHARING[0] else f"ended the link to {it} {rest}"
    elif entry.action_flag == ADDITION:
        words = f"added {it}."
    else:
        words = sentence(message, it)
    return Entry(entry.action_time, 1, entry.pk, entry.user, words, model, str(entry.object_id), gone=deleted)


def _has_history(model: type[Model]) -> bool:
    import reversion

    return bool(reversion.is_registered(model))


def _imports(question: Question, place: Place | None, number: int) -> list[Entry]:
    rows: Any = models.ImportRun.objects.select_related("by")
    if question.models:
        rows = rows.filter(pk=question.row) if question.row is not None else rows
        rows = rows if question.thing == "imports" else rows.none()
    found = _rows(rows, question, place, at="started_at", by="by", stream=2)[:number]
    return [
        Entry(run.started_at, 2, run.pk, run.by, f"started {_import(run)}.", models.ImportRun, str(run.pk))
        for run in found
    ]


def _import(run: models.ImportRun) -> str:
    names = [str(path).rpartition("/")[2] for path in run.paths]
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return f"import {run.pk}" + (f": {names[0]}{more}" if names else "")


def _topics(question: Question, place: Place | None, number: int) -> list[Entry]:
    rows: Any = models.Act.objects.filter(verb=models.Act.Verb.TOPICS_MERGED).select_related("by")
    if question.models:
        rows = rows.filter(subject=question.row) if question.row is not None else rows
        rows = rows if question.thing == "topics" else rows.none()
    found = _rows(rows.defer("changes"), question, place, at="made_at", by="by", stream=3)[:number]
    return [
        Entry(act.made_at, 3, act.pk, act.by, f"merged the topic {act.what}.", Tag, str(act.into or ""))
        for act in found
    ]


STREAMS: tuple[Stream, ...] = (_revisions, _logged, _imports, _topics)


def note(*, by: User, row: Model, words: str) -> None:
    """Write into Django's admin log what no history holds: an import undone, the front page changed."""
    LogEntry.objects.create(
        user=by,
        content_type=ContentType.objects.get_for_model(row),
        object_id=str(row.pk),
        object_repr=str(row)[:200],
        action_flag=2,
        change_message=words,
    )
