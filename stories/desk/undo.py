"""Taking an act back: what it changed is recorded column by column, and just that is set back.

    watch = Watch(whole=[claim], alone=[speaker])
    …                                              # the act
    record = watch.record()                        # JSON, to be kept with the act
    …
    stayed = take_back(record, since=made_at)      # sentences: what is not as it was before the act

A record names rows and, for each, the columns that the act changed with what they were and became; rows it
made, and rows it deleted with all of their columns. Columns that are derived from others are in no record.
Taking back compares: a column that has another value by now is somebody's later work and stays. Rows are
written through their models; what is gone stays gone; a person or topic merged since answers for the old one.
A quotation that comes back stands in its own surroundings, or is lost until a person places it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.db.models import F, Field, Model, Q
from taggit.models import Tag, TaggedItem

from stories.desk import anchoring
from stories.desk.errors import NotReady
from stories.models import (
    Act,
    Appearance,
    Article,
    Claim,
    FormerSlug,
    ImportedText,
    PersonMerge,
    Politician,
    Presence,
    ReviewLease,
    ShareLink,
    Shingle,
    UnsavedCopy,
)
from stories.models.claims import ShingledKeyField, WordingKeyField
from stories.models.fields import KeptByDatabaseField, PlainTextField

if TYPE_CHECKING:
    Column = Field[Any, Any]
else:
    Column = Field
Record = dict[str, Any]
Values = dict[str, Any]
State = dict[str, dict[int, Values]]

DECIDED = "An editor has decided since. It stays as they left it."
FORMAT = 2  # release 1.0 kept whole rows, which do not tell what the act changed
DERIVED = (KeptByDatabaseField, WordingKeyField, ShingledKeyField, PlainTextField)
COUNTED = {("stories.article", "version"), ("stories.article", "updated_at")}
# They hang on a row and go with it, or tell of acts and not of the row.
OF_NO_ACCOUNT = {
    *(Act, ImportedText, PersonMerge, Presence, ReviewLease, ShareLink, Shingle, UnsavedCopy),
}
# What others point at comes back before them and goes after them.
PARENTS_FIRST = [
    model._meta.label_lower for model in (Article, Politician, Tag, FormerSlug, Claim, Appearance)
]
# Of what an act made, these go last: what pointed at them points elsewhere by then.
NEEDED = {"stories.politician", "stories.claim"}
WORDS = ("exact", "prefix", "suffix", "start", "end", "further", "state", "places")
DECISION = ("state", "reviewed_by_id", "reviewed_at")
VERDICT = ("rating", "rating_summary", "checked_by_id", "checked_at")
SPEAKER = ("speaker_id", "speaker_label")
# Columns that say one thing together: where one was changed since, all stay.
TOGETHER = {
    "stories.claim": (DECISION, VERDICT, SPEAKER, ("wording", "stance", "verb")),
    "stories.appearance": (WORDS,),
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
        self.add(whole=whole, alone=alone)
        self._joined: dict[int, int] = {}
        self._before = self._look()
        stories = {row["article_id"] for row in self._before.get("stories.appearance", {}).values()}
        texts = Article.objects.filter(pk__in=stories | self._whole[Article])
        self._texts = {pk: anchoring.text_mark(text) for pk, text in texts.values_list("pk", "text")}

    def add(self, *, whole: Iterable[Model | None] = (), alone: Iterable[Model | None] = ()) -> None:
        """Look at these rows too when the act is done; the act has made them."""
        for rows, kept in ((whole, self._whole), (alone, self._alone)):
            for row in rows:
                if row is not None:
                    kept[type(row)].add(row.pk)

    def joined(self, claim: Claim, *, into: Claim) -> None:
        """The act has made the two claims one. A decision about that one later is one about both."""
        self._joined[claim.pk] = into.pk

    def record(self) -> Record:
        """What is other now than it was when the watch began."""
        before, after = self._before, self._look()
        found: Record = {"format": FORMAT, "made": {}, "deleted": {}, "changed": {}}
        for label in {*before, *after}:
            old, new = before.get(label, {}), after.get(label, {})
            parts = {
                "made": {pk: new[pk] for pk in new.keys() - old.keys()},
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

    def _look(self) -> State:
        state: State = defaultdict(dict)
        for label, rows in getattr(self, "_before", {}).items():
            state[label] |= _values(apps.get_model(label), pk__in=list(rows))
        for model, pks in (*self._alone.items(), *self._whole.items()):
            state[model._meta.label_lower] |= _values(model, pk__in=pks)
        for model, pks in self._whole.items():
            for hanging, column in _hanging(model):
                state[hanging._meta.label_lower] |= _values(hanging, **{f"{column}__in": pks})
            if model in (Article, Claim):
                kind = ContentType.objects.get_for_model(model).pk
                state["taggit.taggeditem"] |= _values(TaggedItem, content_type=kind, object_id__in=pks)
            if model is Tag:
                state["stories.formerslug"] |= _values(FormerSlug, kind="tag", object_id__in=pks)
        return state


def check(record: Record | None) -> Record:
    """The record, if it is one. Raises NotReady for what release 1.0 kept, and for nothing."""
    if not record or record.get("format") != FORMAT:
        raise NotReady(
            "This was done under an earlier release and cannot be taken back. Change what is wrong by hand."
        )
    return record


def decided_since(record: Record) -> bool:
    """Whether somebody has decided about one of the act's claims, or changed what the act wrote to it."""
    for pk, then in record["claims"].items():
        if (now := _values(Claim, pk=int(pk)).get(int(pk))) is None:
            return True
        if not all(_same(Claim, name, now[name], value) for name, value in then.items()):
            return True
    return any(
        label in ("stories.claim", "stories.appearance") and not _unchanged(apps.get_model(label), now, group)
        for label, rows in record["changed"].items()
        for pk, columns in rows.items()
        if (now := _values(apps.get_model(label), pk=int(pk)).get(int(pk))) is not None
        for group in _groups(label, columns)
    )


def stands(record: Record, model: type[Model]) -> bool:
    """Whether the model's rows hold what the act wrote into them."""
    label = model._meta.label_lower
    return all(
        (now := _values(model, pk=int(pk)).get(int(pk))) is not None
        and all(_unchanged(model, now, group) for group in _groups(label, columns))
        for pk, columns in record["changed"].get(label, {}).items()
    )


def rows_of(record: Record, model: type[Model]) -> list[int]:
    """The numbers of all of the model's rows that the act wrote, gone or not."""
    label = model._meta.label_lower
    return [int(pk) for part in ("made", "deleted", "changed") for pk in record.get(part, {}).get(label, {})]


def take_back(record: Record, *, since: datetime) -> list[str]:
    """Set back what the act changed. Call it in a transaction, with the rows locked.

    `since` is when the act was done: who was vouched for after that stays so. Returns a sentence for each
    thing that is not as it was before the act: gone, or changed by somebody since.
    """
    return _TakingBack(check(record), since).run()


class _TakingBack:
    def __init__(self, record: Record, since: datetime) -> None:
        self.record, self.since = record, since
        self.stayed: list[str] = []
        self.placed: set[int] = set()

    def run(self) -> list[str]:
        first = ("stories.article", "stories.politician")
        made = list(reversed(_in_order(self.record["made"])))
        for label in made:
            if label not in NEEDED:
                self._unmake(label)
        for label in first:
            self._set_back(label)
        for label in _in_order(self.record["deleted"]):
            for pk, values in self.record["deleted"][label].items():
                self._make_again(label, int(pk), values)
        for label in _in_order(self.record["changed"]):
            if label not in first:
                self._set_back(label)
        for label in made:
            if label in NEEDED:
                self._unmake(label)
        self._withhold_again()
        return list(dict.fromkeys(self.stayed))

    def _unmake(self, label: str) -> None:
        model = apps.get_model(label)
        for pk, values in self.record["made"][label].items():
            row = model._base_manager.filter(pk=int(pk)).first()
            if row is None:
                continue
            now = _values(model, pk=row.pk)[row.pk]
            columns = {name: [None, value] for name, value in values.items() if name != "confirmed"}
            unchanged = all(_unchanged(model, now, group) for group in _groups(label, columns))
            if unchanged and not self._in_use(row):
                row.delete()
            else:
                self.stayed.append(f"{_named(row)} stays: somebody has used or changed it since.")

    def _in_use(self, row: Model) -> bool:
        """Whether anything hangs on the row that the act did not make with it."""
        for model, column in _hanging(type(row)):
            made = self.record["made"].get(model._meta.label_lower, {})
            if (
                model._base_manager.filter(**{column: row.pk})
                .exclude(pk__in=[int(pk) for pk in made])
                .exists()
            ):
                return True
        return False

    def _make_again(self, label: str, pk: int, values: Values) -> None:
        model = apps.get_model(label)
        if model._base_manager.filter(pk=pk).exists():
            return
        kept = {}
        for name, value in values.items():
            if (column := _column(model, name)) is None:
                continue
            kept[name], there = _pointed_at(column, value)
            if not there:
                self.stayed.append(f"What belonged to {_gone(column)} is not put back: it was deleted since.")
                return
        if model is Claim and self._decided_for_both(pk):
            kept |= NO_LONGER
            self.stayed.append(f"“{kept['wording']}” is back to review: {DECIDED.split('.')[0].lower()}.")
        row = model(pk=pk, **kept)
        if isinstance(row, TaggedItem) and row.content_object is None:
            return
        if isinstance(row, Appearance):
            self._find_place(row)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            self.stayed.append(f"{_named(row)} is not put back: the same is on record again.")

    def _decided_for_both(self, pk: int) -> bool:
        into = self.record["joined"].get(str(pk))
        then = self.record["claims"].get(str(into))
        if then is None:
            return False
        now = _values(Claim, pk=into).get(into)
        return now is None or not all(_same(Claim, name, now[name], value) for name, value in then.items())

    def _set_back(self, label: str) -> None:
        model = apps.get_model(label)
        for key, columns in self.record["changed"].get(label, {}).items():
            row = model._base_manager.filter(pk=int(key)).first()
            if row is None:
                continue
            now, names = _values(model, pk=row.pk)[row.pk], []
            for group in _groups(label, columns):
                if "confirmed" in group:
                    continue
                if not _unchanged(model, now, group):
                    self.stayed.append(f"{_named(row)}: {_titles(model, group)} was changed since and stays.")
                    continue
                targets = {
                    name: _pointed_at(column, old)
                    for name, (old, _) in group.items()
                    if (column := _column(model, name)) is not None
                }
                if not all(there for _, there in targets.values()):
                    continue
                for name, (value, _) in targets.items():
                    setattr(row, name, value)
                    names.append(name)
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
        fields = {field.name for field in row._meta.concrete_fields if field.attname in names}
        try:
            with transaction.atomic():
                row.save(update_fields=fields)
        except IntegrityError:
            self.stayed.append(f"{_named(row)} stays as it is: the same is on record again.")
            return
        if old_text is not None:
            anchoring.reanchor(article=Article.objects.get(pk=row.pk), old_text=old_text)

    def _find_place(self, row: Appearance) -> None:
        text = Article.objects.values_list("text", flat=True).get(pk=row.article_id)
        if self.record["texts"].get(str(row.article_id)) != anchoring.text_mark(text):
            # Where its other words stand by now, if it has any: the same sentence.
            standing = Appearance.objects.filter(pk=row.pk, state__in=Appearance.IN_PLACE).first()
            parts = standing.selectors if standing is not None else ()
            anchoring.settle(row, text, near=(parts[0].start, parts[-1].end) if parts else None)
        taken = Appearance.objects.filter(article=row.article_id, claim=row.claim_id, start=row.start)
        if taken.exclude(pk=row.pk).exists():
            row.state, row.places = Appearance.State.LOST, []
            row.start = anchoring.ASIDE + 2 * row.pk
            row.end = row.start + 1

    def _withhold_again(self) -> None:
        for pk, columns in self.record["changed"].get("stories.politician", {}).items():
            if "confirmed" not in columns:
                continue
            old, new = columns["confirmed"]
            since = Q(reviewed_at__gt=self.since) | Q(reviewed_at=None, created_at__gt=self.since)
            person = Politician.objects.filter(pk=int(pk), confirmed=new, merged_into=None).first()
            if person is None:
                continue
            if new and person.claims.accepted().filter(since).exists():
                self.stayed.append(f"{person} stays confirmed: a claim of theirs was accepted since.")
                continue
            person.confirmed = old
            person.save(update_fields=["confirmed"])


# Rows and their columns


def _columns(model: type[Model]) -> list[Column]:
    label = model._meta.label_lower
    return [
        column
        for column in model._meta.concrete_fields
        if not column.primary_key
        and not isinstance(column, DERIVED)
        and (label, column.attname) not in COUNTED
    ]


def _column(model: type[Model], attname: str) -> Column | None:
    return next((column for column in _columns(model) if column.attname == attname), None)


def _values(model: type[Model], **which: Any) -> dict[int, Values]:
    names = [column.attname for column in _columns(model)]
    rows = model._base_manager.filter(**which).values("pk", *names)
    return {row.pop("pk"): {name: _plain(value) for name, value in row.items()} for row in rows}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def _hanging(model: type[Model]) -> Iterator[tuple[type[Model], str]]:
    """The models whose rows point at the model's, each with the column that does."""
    for relation in model._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and (relation.one_to_many or relation.one_to_one)):
            continue
        related: Any = relation.related_model
        if related not in OF_NO_ACCOUNT and related._meta.app_label in ("stories", "taggit"):
            yield related, relation.field.attname  # type: ignore[union-attr]


def _in_order(labels: Iterable[str]) -> list[str]:
    last = len(PARENTS_FIRST)
    return sorted(
        labels, key=lambda label: (PARENTS_FIRST.index(label) if label in PARENTS_FIRST else last, label)
    )


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
        if "exact" in group and now["exact"] != group["exact"][1]:
            return False
        parts = group.get("further", [None, now["further"]])[1]
        return [part["exact"] for part in now["further"]] == [part["exact"] for part in parts]
    return all(_same(model, name, now[name], new) for name, (_, new) in group.items() if name in now)


def _same(model: type[Model], name: str, now: Any, then: Any) -> bool:
    """Whether a column still holds what it held: the row itself, or what answers for that row since."""
    column = _column(model, name)
    if now == then or column is None:
        return True
    related: Any = column.related_model
    if related is None or then is None:
        return False
    if related in (Politician, Tag) and now is not None:
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
    """The number of the row that answers for one: of a person or topic that was merged, the other."""
    seen: set[int] = set()
    while pk not in seen:
        seen.add(pk)
        if model is Politician:
            pk = Politician.objects.filter(pk=pk).values_list("merged_into", flat=True).first() or pk
        elif model is Tag and not Tag.objects.filter(pk=pk).exists():
            merges = Act.objects.filter(verb=Act.Verb.TOPICS_MERGED, subject=pk, undone_at=None)
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
