"""Taking an act back: what it changed is recorded column by column, and just that is set back.

    watch = Watch(whole=[claim], alone=[speaker])
    …                                              # the act
    record = watch.record()                        # JSON, to be kept with the act
    …
    stayed = take_back(record, since=made_at)      # sentences: what is not as it was before the act

A record names rows and, for each, the columns that the act changed with what they were and became; rows it
made, and rows it deleted with all of their columns. Columns that are derived from others are in no record.
They go by their names in the database, which stay when a field of a model is renamed.
What a row was made with is only ever compared: of long values a digest is kept, of empty ones nothing.
Taking back compares: a column that has another value by now is somebody's later work and stays. Rows are
written through their models; what is gone stays gone; a person or topic merged since answers for the old one.
A row that the act made goes when it is as the act left it and nothing hangs on it that does not go too.
A quotation that comes back stands in its own surroundings, or is lost until a person places it.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.db.models import F, Field, Model, Q
from django.utils import timezone
from taggit.models import Tag, TaggedItem

from stories.actions import reanchoring
from stories.actions.errors import NotReady
from stories.models import (
    Act,
    Appearance,
    Article,
    Author,
    Claim,
    Dismissal,
    FormerSlug,
    FrontPlace,
    ImportedText,
    Outlet,
    Party,
    PersonMerge,
    Politician,
    Presence,
    ReviewLease,
    SavedView,
    ShareLink,
    Shingle,
    StoryVersion,
    UnsavedCopy,
    WordRun,
)
from stories.models.claims import ShingledKeyField, WordingKeyField, wording_key
from stories.models.fields import KeptByDatabaseField, ListedOnField, PlainTextField
from stories.models.outlets import OutletKeyField

if TYPE_CHECKING:
    Column = Field[Any, Any]
else:
    Column = Field
Record = dict[str, Any]
Values = dict[str, Any]
State = dict[str, dict[int, Values]]
Rows = dict[str, set[int]]

DECIDED = "An editor has decided since. It stays as they left it."
FORMAT = 2  # release 1.0 kept whole rows, which do not tell what the act changed
PARTS = ("made", "deleted", "changed", "claims", "joined", "texts")
DERIVED = (
    *(KeptByDatabaseField, ListedOnField, WordingKeyField, ShingledKeyField, PlainTextField),
    OutletKeyField,
)
COUNTED = {("stories.article", name) for name in ("version", "updated_at", "changed_at")}
# They hang on a row and go with it, or tell of acts and not of the row.
OF_NO_ACCOUNT = {
    *(Act, Dismissal, ImportedText, PersonMerge, Presence, ReviewLease, SavedView, ShareLink, Shingle),
    *(FrontPlace, StoryVersion, UnsavedCopy, WordRun),
}
# What others point at comes back before them and goes after them.
PARENTS_FIRST = [
    model._meta.label_lower
    for model in (Article, Author, Party, Politician, Outlet, Tag, FormerSlug, Claim, Appearance)
]
# Of what is deleted when it is merged into another, the act that says into which.
MERGED: dict[Any, Act.Verb] = {Tag: Act.Verb.TOPICS_MERGED, Outlet: Act.Verb.OUTLETS_MERGED}
LONG = 40  # characters of a value, from which on a digest tells whether it is still the same
EMPTY: tuple[Any, ...] = (None, "", False, [], {})
WORDS = ("exact", "prefix", "suffix", "start", "end", "further", "state", "places")
DECISION = ("state", "reviewed_by_id", "reviewed_at")
VERDICT = ("rating", "rating_summary", "checked_by_id", "checked_at")
SPEAKER = ("speaker_id", "speaker_label")
# Columns that say one thing together: where one was changed since, all stay.
TOGETHER = {
    "stories.claim": (DECISION, VERDICT, SPEAKER, ("wording", "stance", "verb")),
    "stories.appearance": (WORDS,),
    "stories.frontplace": (("article_id", "until"),),
    "stories.politician": (("portrait", "portrait_alt", "portrait_credit"),),
}
NO_LONGER = {"state": Claim.State.PROPOSED, "rating": "", "rating_summary": ""} | dict.fromkeys(
    ("reviewed_by_id", "reviewed_at", "checked_by_id", "checked_at")
)


class Watch:
    """Rows as they were before an act: `whole` ones with all that hangs on them, `alone` without."""

    def __init__(self, *, whole: Iterable[Model | None] = (), alone: Iterable[Model | None] = ()) -> None:
        self._whole: dict[type[Model], set[int]] = defaultdict(set)
        self._alone: dict[type[Model], set[int]] = defaultdict(set)
        self._joined: dict[int, int] = {}
        self._before: State = {}
        self._texts: dict[int, str] = {}
        self.also(whole=whole, alone=alone)

    def also(self, *, whole: Iterable[Model | None] = (), alone: Iterable[Model | None] = ()) -> None:
        """Watch these rows too, which the act has come upon and may change: as they are now."""
        of_whole, of_alone = _by_model(whole), _by_model(alone)
        seen = _look(of_whole, of_alone, {})
        stories = {row["article_id"] for row in seen.get("stories.appearance", {}).values()}
        if stories := stories | of_whole.get(Article, set()):
            texts = Article.objects.filter(pk__in=stories).values_list("pk", "text")
            self._texts = {pk: reanchoring.text_mark(text) for pk, text in texts} | self._texts
        for label, rows in seen.items():
            self._before[label] = rows | self._before.get(label, {})
        self._after(of_whole, of_alone)

    def add(self, *, whole: Iterable[Model | None] = (), alone: Iterable[Model | None] = ()) -> None:
        """Look at these rows too when the act is done; the act has made them."""
        self._after(_by_model(whole), _by_model(alone))

    def joined(self, claim: Claim, *, into: Claim) -> None:
        """The act has made the two claims one. A decision about that one later is one about both."""
        self._joined[claim.pk] = into.pk

    def record(self) -> Record:
        """What is other now than it was when the watch began."""
        before, after = self._before, _look(self._whole, self._alone, self._before)
        found: Record = {"format": FORMAT, "made": {}, "deleted": {}, "changed": {}}
        for label in {*before, *after}:
            old, new = before.get(label, {}), after.get(label, {})
            parts = {
                "made": {pk: _shortened(new[pk]) for pk in new.keys() - old.keys()},
                "deleted": {pk: old[pk] for pk in old.keys() - new.keys()},
                "changed": {
                    pk: columns
                    for pk in old.keys() & new.keys()
                    if (columns := {c: [v, new[pk][c]] for c, v in old[pk].items() if v != new[pk][c]})
                },
            }
            for part, rows in parts.items():
                if rows:
                    found[part][label] = {str(pk): values for pk, values in rows.items()}
        claims = after.get("stories.claim", {})
        watched = {pk: claims[pk] for pk in self._whole[Claim] & claims.keys()}
        return found | {
            "claims": {
                str(pk): {name: row[name] for name in DECISION + VERDICT + SPEAKER}
                for pk, row in watched.items()
            },
            "joined": {str(pk): into for pk, into in self._joined.items()},
            "texts": {str(pk): mark for pk, mark in self._texts.items()},
        }

    def _after(self, whole: dict[type[Model], set[int]], alone: dict[type[Model], set[int]]) -> None:
        for rows, kept in ((whole, self._whole), (alone, self._alone)):
            for model, pks in rows.items():
                kept[model] |= pks


def _by_model(rows: Iterable[Model | None]) -> dict[type[Model], set[int]]:
    found: dict[type[Model], set[int]] = defaultdict(set)
    for row in rows:
        if row is not None:
            found[type(row)].add(row.pk)
    return found


def _look(whole: dict[type[Model], set[int]], alone: dict[type[Model], set[int]], known: State) -> State:
    """The rows as they are now, with what hangs on the `whole` ones; and those `known` of before."""
    state: State = defaultdict(dict)
    wanted = {apps.get_model(label): set(rows) for label, rows in known.items()}
    for rows in (alone, whole):
        for model, pks in rows.items():
            wanted[model] = wanted.get(model, set()) | pks
    for model, pks in wanted.items():
        state[model._meta.label_lower] |= values_of(model, pk__in=pks)
    for model, pks in whole.items():
        for hanging, _, which in hanging_on(model, pks):
            state[hanging._meta.label_lower] |= values_of(hanging, **which)
    return state


def check(record: Record | None) -> Record:
    """The record, if it is one. Raises NotReady for what release 1.0 kept, and for nothing."""
    if not record or record.get("format") != FORMAT:
        raise NotReady(
            "This was done under an earlier release and cannot be taken back. Change what is wrong by hand."
        )
    return record


def held(act: Act) -> Act:
    """Return the act's row, locked until the transaction ends."""
    return Act.objects.select_for_update(of=("self",), no_key=True).get(pk=act.pk)


def close(done: Act, *, stayed: list[str], act: Act | None = None) -> None:
    """Say of an act (its row, `held`) that it is taken back and what stayed; of the caller's `act`, too."""
    done.undone_at, done.changes = timezone.now(), {"stayed": stayed}
    done.save(update_fields=["undone_at", "changes"])
    if act is not None:
        act.undone_at, act.changes = done.undone_at, done.changes


def decided_since(record: Record) -> bool:
    """Whether somebody has decided about one of the act's claims, or changed what the act wrote to it."""
    for pk, then in record["claims"].items():
        if (now := values_of(Claim, pk=int(pk)).get(int(pk))) is None:
            return True
        if not all(_same(Claim, name, now[name], value) for name, value in then.items()):
            return True
    return any(
        label in ("stories.claim", "stories.appearance") and not _unchanged(apps.get_model(label), now, group)
        for label, rows in record["changed"].items()
        for pk, columns in rows.items()
        if (now := values_of(apps.get_model(label), pk=int(pk)).get(int(pk))) is not None
        for group in _groups(label, columns)
    )


def stands(record: Record, model: type[Model]) -> bool:
    """Whether the model's rows hold what the act wrote into them."""
    label = model._meta.label_lower
    return all(
        (now := values_of(model, pk=int(pk)).get(int(pk))) is not None
        and all(_unchanged(model, now, group) for group in _groups(label, columns))
        for pk, columns in record["changed"].get(label, {}).items()
    )


def rows_of(record: Record, model: type[Model]) -> list[int]:
    """The numbers of all of the model's rows that the act wrote, gone or not."""
    label = model._meta.label_lower
    return [int(pk) for part in ("made", "deleted", "changed") for pk in record.get(part, {}).get(label, {})]


def left_by(records: Iterable[Record]) -> State:
    """The rows that acts made, one after another, as they left them. Of long values it has the digest."""
    rows: State = defaultdict(dict)
    for record in records:
        for label, made in record["made"].items():
            rows[label] |= {int(pk): dict(values) for pk, values in made.items()}
        for label, changed in record["changed"].items():
            for pk in rows[label].keys() & {int(pk) for pk in changed}:
                new = {name: value for name, (_, value) in changed[str(pk)].items()}
                rows[label][pk] = _shortened(rows[label][pk] | new)
        for label, deleted in record["deleted"].items():
            for pk in deleted:
                rows[label].pop(int(pk), None)
    return rows


@dataclass(slots=True)
class Fates:
    """Of the rows that acts made and that are there: those that go with the acts; and of the others those on
    which something hangs that stays, and those that somebody has changed."""

    going: Rows = field(default_factory=lambda: defaultdict(set))
    used: Rows = field(default_factory=lambda: defaultdict(set))
    changed: Rows = field(default_factory=lambda: defaultdict(set))

    def staying(self, model: type[Model]) -> set[int]:
        """Primary keys of the rows of a model that the act made and that stay."""
        label = model._meta.label_lower
        return self.used[label] | self.changed[label]


def fates(records: Iterable[Record]) -> Fates:
    """What would become of the rows that acts, one after another, made, if all of them were taken back.

    It only reads.
    """
    records = list(records)
    now: State = {}
    found = Fates()
    for label, made in _all_made(records).items():
        model = apps.get_model(label)
        now[label] = {}
        for pks in _in_parts(made):
            now[label] |= values_of(model, pk__in=pks)
        for pk, row in now[label].items():
            as_left = any(_as_left(model, row, values) for values in made[pk])
            (found.going if as_left else found.changed)[label].add(pk)
    let_go = set(_let_go(records))
    points = [point for point in _points_at(now) if (point[0], point[1], point[3]) not in let_go]
    while True:
        held = _held(now, points, found.going)
        found.used = defaultdict(set, {label: held[label] & rows.keys() for label, rows in now.items()})
        staying = {label: found.going[label] & found.used[label] for label in now}
        if not any(staying.values()):
            return found
        for label, stay in staying.items():
            found.going[label] -= stay


def _held(now: State, points: list[tuple[str, int, str, int]], going: Rows) -> Rows:
    """The rows that one which stays points at, or is the owner of."""
    held: Rows = defaultdict(set)
    for label, pk, target, at in points:
        if pk not in going[label]:
            held[target].add(at)
    for label, rows in now.items():
        # A part of a row stays with it.
        if (column := _owner(apps.get_model(label))) is not None:
            owner, name = column
            there = now.get(owner, {})
            held[label] |= {pk for pk, row in rows.items() if row[name] in there.keys() - going[owner]}
    return held


def with_its_parts(record: Record, model: type[Model], pk: int) -> Iterator[tuple[str, str, Values]]:
    """A row that the act made, and the parts of it that it made: label, number and columns of each."""
    whose = model._meta.label_lower
    for label, rows in record["made"].items():
        owner, column = _owner(apps.get_model(label)) or ("", "")
        for key, values in rows.items():
            if (label == whose and int(key) == pk) or (owner == whose and values[column] == pk):
                yield label, key, values


def take_back(record: Record, *, since: datetime) -> list[str]:
    """Set back what the act changed. Call it in a transaction, with the rows locked.

    `since` is when the act was done: who was confirmed after that stays so. Returns a sentence for each
    thing that is not as it was before the act: gone, or changed by somebody since.
    """
    done = take_back_so_far(record, since=since)
    stayed = list(done.stayed)
    for label, rows in done.left["made"].items():
        if apps.get_model(label)._meta.auto_created:
            continue
        for row in apps.get_model(label)._base_manager.filter(pk__in=rows).order_by("pk"):
            stayed.append(f"{_named(row)} stays: somebody has used or changed it since.")
    return stayed


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What came of taking an act back.

    Sentences for what was changed since or is not there any more; the rows it had made that are gone now; and
    the record of those that are still there, for another time.
    """

    stayed: list[str]
    gone: Rows
    left: Record


def take_back_so_far(record: Record, *, since: datetime) -> TakenBack:
    """As :func:`take_back`; of what the act made and is in use it says no word."""
    return _TakingBack(check(record), since).run()


def together(records: Iterable[Record]) -> Record:
    """What several acts made and changed, the newest first, as one. What they deleted is not in it."""
    found: Record = {"format": FORMAT} | {part: {} for part in PARTS}
    for record in records:
        for part in ("made", "changed"):
            for label, rows in record[part].items():
                found[part].setdefault(label, {}).update(rows)
    return found


class _TakingBack:
    def __init__(self, record: Record, since: datetime) -> None:
        self.record, self.since = record, since
        self.stayed: list[str] = []
        self.gone: Rows = defaultdict(set)
        self.left: Record = {}
        self.instead: dict[int, int] = {}  # of a claim that was not made again: the one that is the same

    def run(self) -> TakenBack:
        first = ("stories.article", "stories.politician")
        # What goes must not be in the way of what comes back. What pointed at the rest points elsewhere
        # at the end.
        self._unmake(self.record["made"])
        for label in first:
            self._set_back(label)
        for label in _in_order(self.record["deleted"]):
            for pk, values in self.record["deleted"][label].items():
                self._make_again(label, int(pk), values)
        for label in _in_order(self.record["changed"]):
            if label not in first:
                self._set_back(label)
        self._unmake(self.left)
        self._withhold_again()
        left = together([{"made": self.left, "changed": {}}])
        return TakenBack(list(dict.fromkeys(self.stayed)), self.gone, left)

    def _unmake(self, made: Record) -> None:
        """Delete what goes of these, and keep in mind what stays."""
        found = fates([together([{"made": made, "changed": {}}])])
        self.left = {}
        for label in reversed(_in_order(made)):
            apps.get_model(label)._base_manager.filter(pk__in=found.going[label]).delete()
            self.gone[label] |= found.going[label]
            for pk in found.used[label] | found.changed[label]:
                self.left.setdefault(label, {})[str(pk)] = made[label][str(pk)]

    def _make_again(self, label: str, pk: int, values: Values) -> None:
        model = apps.get_model(label)
        if model._base_manager.filter(pk=pk).exists():
            return
        if (kept := self._columns_again(model, values)) is None:
            return
        if model is Claim and self._decided_for_both(pk):
            kept |= NO_LONGER
            self.stayed.append(f"“{kept['wording']}” is back to review: {DECIDED.split('.')[0].lower()}.")
        row = model(pk=pk, **kept)
        if isinstance(row, Claim) and (same := _same_claim(row)) is not None:
            self.instead[pk] = same.pk
            return
        if isinstance(row, TaggedItem) and row.content_object is None:
            return
        if isinstance(row, Appearance):
            self._find_place(row)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            self.stayed.append(f"{_named(row)} is not put back: the same is on record again.")

    def _columns_again(self, model: type[Model], values: Values) -> Values | None:
        """The columns of a row that was deleted; None when it points at something that is gone."""
        kept = {}
        for name, value in values.items():
            if (column := _column(model, name)) is None:
                continue
            if column.related_model is Claim:
                value = self.instead.get(value, value)
            kept[column.attname], there = _pointed_at(column, value)
            if not there:
                self.stayed.append(f"What belonged to {_gone(column)} is not put back: it was deleted since.")
                return None
        return kept

    def _decided_for_both(self, pk: int) -> bool:
        into = self.record["joined"].get(str(pk))
        then = self.record["claims"].get(str(into))
        if then is None:
            return False
        now = values_of(Claim, pk=into).get(into)
        return now is None or not all(_same(Claim, name, now[name], value) for name, value in then.items())

    def _set_back(self, label: str) -> None:
        model = apps.get_model(label)
        for key, columns in self.record["changed"].get(label, {}).items():
            row = model._base_manager.filter(pk=int(key)).first()
            if row is None:
                continue
            now, names = values_of(model, pk=row.pk)[row.pk], []
            for group in _groups(label, columns):
                if "confirmed" in group:
                    continue
                if not _unchanged(model, now, group):
                    self.stayed.append(f"{_named(row)}: {_titles(model, group)} was changed since and stays.")
                    continue
                targets = [
                    (column, *_pointed_at(column, old))
                    for name, (old, _) in group.items()
                    if (column := _column(model, name)) is not None
                ]
                if not all(there for _, _, there in targets):
                    continue
                for column, value, _ in targets:
                    setattr(row, column.attname, value)
                    names.append(_name(column))
            if names:
                self._save(row, names)

    def _save(self, row: Model, names: list[str]) -> None:
        if isinstance(row, Appearance) and "exact" in names:
            self._find_place(row)
            names = [*names, *WORDS]
        old_text = None
        if isinstance(row, Article) and "body" in names:
            old_text = Article.objects.values_list("text", flat=True).get(pk=row.pk)
        if isinstance(row, Article):
            row.version, names = F("version") + 1, [*names, "version"]  # type: ignore[assignment]
        fields = {field.name for field in row._meta.concrete_fields if field.column in names}
        try:
            with transaction.atomic():
                row.save(update_fields=fields)
        except IntegrityError:
            self.stayed.append(f"{_named(row)} stays as it is: the same is on record again.")
            return
        if old_text is not None:
            reanchoring.reanchor(article=Article.objects.get(pk=row.pk), old_text=old_text)

    def _find_place(self, row: Appearance) -> None:
        text = Article.objects.values_list("text", flat=True).get(pk=row.article_id)
        if self.record["texts"].get(str(row.article_id)) != reanchoring.text_mark(text):
            # Where its other words stand by now, if it has any: the same sentence.
            standing = Appearance.objects.filter(pk=row.pk, state__in=Appearance.IN_PLACE).first()
            parts = standing.selectors if standing is not None else ()
            reanchoring.settle(row, text, near=(parts[0].start, parts[-1].end) if parts else None)
        taken = Appearance.objects.filter(article=row.article_id, claim=row.claim_id, start=row.start)
        if taken.exclude(pk=row.pk).exists():
            row.state, row.places = Appearance.State.LOST, []
            row.start = reanchoring.ASIDE + 2 * row.pk
            row.end = row.start + 1

    def _withhold_again(self) -> None:
        withheld, stayed = _withheld(self.record, self.since)
        for person, old in withheld:
            person.confirmed = old
            person.save(update_fields=["confirmed"])
        self.stayed += stayed


def stay_confirmed(record: Record, *, since: datetime, going: Fates) -> list[str]:
    """What taking the act back would say of people who were confirmed since, when those rows are gone."""
    return _withheld(record, since, without=going.going["stories.claim"])[1]


def _withheld(
    record: Record, since: datetime, *, without: Collection[int] = ()
) -> tuple[list[tuple[Politician, bool]], list[str]]:
    """Whom the act confirmed, with what they were before it; and sentences for those who stay confirmed."""
    withheld, stayed = [], []
    for pk, columns in record["changed"].get("stories.politician", {}).items():
        if "confirmed" not in columns:
            continue
        old, new = columns["confirmed"]
        accepted = Q(reviewed_at__gt=since) | Q(reviewed_at=None, created_at__gt=since)
        person = Politician.objects.filter(pk=int(pk), confirmed=new, merged_into=None).first()
        if person is None:
            continue
        claims = person.claims.accepted().filter(accepted).values_list("pk", flat=True)
        if new and not set(claims) <= set(without):
            stayed.append(f"{person} stays confirmed: a claim of theirs was accepted since.")
        else:
            withheld.append((person, old))
    return withheld, stayed


# What an act made


def _all_made(records: list[Record]) -> dict[str, dict[int, list[Values]]]:
    """The rows that the acts made, each as it was made and as the last act left it."""
    found: dict[str, dict[int, list[Values]]] = defaultdict(lambda: defaultdict(list))
    for record in records:
        for label, rows in record["made"].items():
            for pk, values in rows.items():
                found[label][int(pk)].append(values)
    for label, left in left_by(records).items():
        for pk, values in left.items():
            found[label][pk].append(values)
    return found


def _let_go(records: Iterable[Record]) -> Iterator[tuple[str, int, int]]:
    """What the acts made rows point at: label and number of a row, and the number of the other."""
    for record in records:
        for label, rows in record["changed"].items():
            for pk, columns in rows.items():
                for name, (old, new) in columns.items():
                    if name.endswith("_id") and new is not None and new != old:
                        yield label, int(pk), new


def _points_at(rows: State) -> Iterator[tuple[str, int, str, int]]:
    """What points at the rows: its label and number, and theirs."""
    for label, there in rows.items():
        for pks in _in_parts(there):
            for hanging, column, which in hanging_on(apps.get_model(label), pks):
                if hanging is not FormerSlug:
                    found = hanging._base_manager.filter(**which).order_by().values_list("pk", column)
                    yield from ((hanging._meta.label_lower, pk, label, at) for pk, at in found)


def _owner(model: type[Model]) -> tuple[str, str] | None:
    """Of what is part of another row, the model of that and the column that points there: a place in a story,
    and a line of the list that one model keeps of another."""
    if model is Appearance:
        return "stories.article", "article_id"
    owner: Any = model._meta.auto_created
    return (owner._meta.label_lower, f"{owner._meta.model_name}_id") if owner else None


def _as_left(model: type[Model], now: Values, values: Values) -> bool:
    """Whether a row that an act made is as the act left it."""
    columns = {name: [None, values.get(name)] for name in now}
    return all(_unchanged(model, now, group) for group in _groups(model._meta.label_lower, columns))


# Rows and their columns


def _columns(model: type[Model]) -> list[Column]:
    label = model._meta.label_lower
    return [
        column
        for column in model._meta.concrete_fields
        if not column.primary_key
        and not isinstance(column, DERIVED)
        and (label, _name(column)) not in COUNTED
    ]


def _name(column: Column) -> str:
    return str(column.column)


def _column(model: type[Model], name: str) -> Column | None:
    return next((column for column in _columns(model) if _name(column) == name), None)


def values_of(model: type[Model], **which: Any) -> dict[int, Values]:
    """The rows' own columns by their numbers, as JSON has them; without those that follow from others."""
    names = {column.attname: _name(column) for column in _columns(model)}
    rows = model._base_manager.filter(**which).order_by().values("pk", *names)
    return {row.pop("pk"): {names[name]: _plain(value) for name, value in row.items()} for row in rows}


def _in_parts(pks: Iterable[int]) -> Iterator[tuple[int, ...]]:
    """As many at once as a database takes in one question."""
    left = iter(list(pks))
    return iter(lambda: tuple(islice(left, 500)), ())


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def _shortened(values: Values) -> Values:
    """What a row was made with, to be compared: digests of long values, and none that are empty."""
    return {
        name: value if name == "further" or isinstance(value, dict) else _digest(value)
        for name, value in values.items()
        if value not in EMPTY
    }


def _digest(value: Any) -> Any:
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    if len(text) <= LONG:
        return value
    return {"sha256": hashlib.sha256(text.encode()).hexdigest()[:16]}


def same_value(now: Any, then: Any) -> bool:
    """Whether a column has the value, or the one with the digest, that stands in a record."""
    return bool(now == then) or (isinstance(then, dict) and _digest(now) == then)


def differing(model: type[Model], now: Values, then: Values) -> set[str]:
    """The columns that are other now than they were when an act had made the row."""
    return {
        name
        for name, value in now.items()
        if not (same_value(value, then[name]) if name in then else value in (*EMPTY, _default(model, name)))
    }


def _default(model: type[Model], name: str) -> Any:
    """What a row has in a column that came to the model after the row was made."""
    column = _column(model, name)
    return _plain(column.get_default()) if column is not None else None


def _hanging(
    model: type[Model], but: Collection[type[Model]] = OF_NO_ACCOUNT
) -> Iterator[tuple[type[Model], str]]:
    """The models whose rows point at the model's, each with the column that does."""
    for relation in model._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and (relation.one_to_many or relation.one_to_one)):
            continue
        related: Any = relation.related_model
        if related not in but and related._meta.app_label in ("stories", "taggit"):
            yield related, relation.field.attname  # type: ignore[union-attr]


def hanging_on(
    model: type[Model], pks: Collection[int], *, but: Collection[type[Model]] = OF_NO_ACCOUNT
) -> Iterator[tuple[type[Model], str, Values]]:
    """What hangs on the rows, topics too: a model, its column that points at them, and which of its rows."""
    for hanging, column in _hanging(model, but):
        yield hanging, column, {f"{column}__in": pks}
    if model in (Article, Claim):
        kind = ContentType.objects.get_for_model(model).pk
        yield TaggedItem, "object_id", {"content_type": kind, "object_id__in": pks}
    if model in MERGED:
        yield FormerSlug, "object_id", {"kind": model._meta.model_name, "object_id__in": pks}


def _in_order(labels: Iterable[str]) -> list[str]:
    last = len(PARENTS_FIRST)
    return sorted(
        labels, key=lambda label: (PARENTS_FIRST.index(label) if label in PARENTS_FIRST else last, label)
    )


def _same_claim(row: Claim) -> Claim | None:
    """The claim on record in the same words by the same speaker."""
    if row.speaker_id is None:
        return None
    key = wording_key(row.wording, row.stance)
    return Claim.objects.filter(speaker=row.speaker_id, wording_key=key).first()


def _groups(label: str, columns: dict[str, list[Any]]) -> list[dict[str, list[Any]]]:
    """The changed columns, those together that say one thing together."""
    left, groups = dict(columns), []
    for names in TOGETHER.get(label, ()):
        if group := {name: left.pop(name) for name in names if name in left}:
            groups.append(group)
    return [*groups, *({name: pair} for name, pair in left.items())]


def _unchanged(model: type[Model], now: Values, group: dict[str, list[Any]]) -> bool:
    """Whether the columns hold what the act wrote. A quotation's do as long as its words are those."""
    if model is Appearance and group.keys() <= set(WORDS):
        if "exact" in group and not same_value(now["exact"], group["exact"][1]):
            return False
        parts = group.get("further", [None, now["further"]])[1] or []
        return [part["exact"] for part in now["further"]] == [part["exact"] for part in parts]
    return all(_same(model, name, now[name], new) for name, (_, new) in group.items() if name in now)


def _same(model: type[Model], name: str, now: Any, then: Any) -> bool:
    """Whether a column still holds what it held: the row itself, or what answers for that row since."""
    column = _column(model, name)
    if column is None or same_value(now, then):
        return True
    if then is None and now in (*EMPTY, _default(model, name)):
        return True
    related: Any = column.related_model
    if related is None or then is None:
        return False
    if related in (Politician, *MERGED) and now is not None:
        return _answering(related, now) == _answering(related, then)
    # A claim that has gone was joined to another, and what hung on it was carried on.
    gone = not related._base_manager.filter(pk=then).exists()
    return gone and (now is None or related is Claim)


def _pointed_at(column: Column, value: Any) -> tuple[Any, bool]:
    """What to write into a column that held `value`, and whether that can be."""
    related: Any = column.related_model
    if related is None or value is None:
        return column.to_python(value), True
    value = _answering(related, value)
    if related._base_manager.filter(pk=value).exists():
        return value, True
    return None, bool(column.null)


def _answering(model: Any, pk: int) -> int:
    """The number of the row that answers for one: of what was merged into another, the other."""
    seen: set[int] = set()
    while pk not in seen:
        seen.add(pk)
        if model is Politician:
            pk = Politician.objects.filter(pk=pk).values_list("merged_into", flat=True).first() or pk
        elif model in MERGED and not model.objects.filter(pk=pk).exists():
            merges = Act.objects.filter(verb=MERGED[model], subject=pk, undone_at=None)
            pk = merges.values_list("into", flat=True).first() or pk
    return pk


def _named(row: Model) -> str:
    return f"The {row._meta.verbose_name} “{row}”"


def _titles(model: type[Model], group: Iterable[str]) -> str:
    columns = (_column(model, name) for name in group)
    return ", ".join(str(column.verbose_name) for column in columns if column is not None)


def _gone(column: Column) -> str:
    related: Any = column.related_model
    return f"a {related._meta.verbose_name}"
