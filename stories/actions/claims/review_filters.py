"""Which of the waiting claims a reviewer wants: of one story, one speaker, one kind, so or so sure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.http import urlencode

from stories.models import Appearance, Claim, ImportRun
from stories.text.moments import day

# What cannot speak is no speaker: a pronoun alone, a sum or number, a clause, what begins in mid-sentence.
UNLIKELY = (
    r"^(he|she|it|they|we|i|you|who|this|that|these|those|his|her|their|which)$"
    r"|^[^a-z]?[0-9]|^[,;:.–-]|^(without|because|although|when|if|that|as|after|before|his|her|their|its) "
)
SHOWN = 30  # imports and outlets in a list


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the queue is narrowed to; `low` and `high` are sureness in per cent, `held` claims with no likely
    speaker, which are left out otherwise. `person` is the number of the record that they stand under,
    `label` the very words of one where there is no record; `speaker` is part of either."""

    story: int | None = None
    speaker: str = ""
    person: int | None = None
    label: str = ""
    kind: str = ""
    low: int | None = None
    high: int | None = None
    run: int | None = None
    outlet: str = ""
    held: bool = False

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Wanted":
        """From an address; what cannot be read is not asked for."""
        kind = str(data.get("kind", ""))
        return cls(
            story=_number(data, "story"),
            speaker=" ".join(str(data.get("speaker", "")).replace("\x00", "").split())[:150],
            person=_number(data, "person"),
            label=str(data.get("label", "")).replace("\x00", "")[:200],
            kind=kind if kind in Claim.Kind.values else "",
            low=_number(data, "low"),
            high=_number(data, "high"),
            run=_number(data, "run"),
            outlet=str(data.get("outlet", "")).replace("\x00", "")[:150],
            held=data.get("held") == "1",
        )

    @property
    def asked(self) -> dict[str, Any]:
        """What is asked for, by its name in an address."""
        return {
            name: int(value) if name == "held" else value for name, value in asdict(self).items() if value
        }

    @property
    def query(self) -> str:
        """The same as a query string, without a question mark."""
        return urlencode(self.asked)

    def of(self, claims: QuerySet[Claim]) -> QuerySet[Claim]:
        """Those of `claims` that are wanted."""
        found = self._narrowed(claims)
        if not self._splits:
            return found
        return found.filter(_unlikely()) if self.held else found.exclude(_unlikely())

    def numbers(self, claims: QuerySet[Claim]) -> tuple[int, int]:
        """How many of `claims` are wanted, and how many would be with no likely speaker, in one query."""
        if not self._splits:
            return self._narrowed(claims).count(), 0
        held = Count("pk", filter=_unlikely())
        counted = self._narrowed(claims).order_by().aggregate(all=Count("pk"), held=held)
        return (counted["held"] if self.held else counted["all"] - counted["held"]), counted["held"]

    @property
    def _splits(self) -> bool:
        return self.person is None and not self.label

    def _narrowed(self, claims: QuerySet[Claim]) -> QuerySet[Claim]:
        found = claims
        if self.person is not None:
            found = found.filter(speaker=self.person)
        elif self.label:
            found = found.filter(speaker=None, speaker_label=self.label)
        if self.speaker:
            named = Q(speaker__name__icontains=self.speaker)
            found = found.filter(named | Q(speaker=None, speaker_label__icontains=self.speaker))
        if self.kind:
            found = found.filter(kind=self.kind)
        if self.run is not None:
            found = found.filter(imported_in=self.run)
        places = Appearance.objects.filter(claim=OuterRef("pk")).order_by()
        if self.story is not None:
            found = found.filter(pk__in=Appearance.objects.filter(article=self.story).values("claim"))
        if self.outlet:
            found = found.filter(Exists(places.filter(outlet=self.outlet)))
        if self.low is not None or self.high is not None:
            low, high = self.low or 0, 100 if self.high is None else self.high
            sure = places.filter(confidence__gte=low / 100, confidence__lte=high / 100)
            found = found.filter(Exists(sure))
        return found


def _unlikely() -> Q:
    return Q(speaker=None, speaker_label__iregex=UNLIKELY)


def labels(claims: QuerySet[Claim]) -> list[tuple[str, int]]:
    """The labels under which most of `claims` stand, with how many: those that have no record."""
    under = claims.filter(speaker=None).exclude(speaker_label="").order_by().values("speaker_label")
    counted = under.annotate(n=Count("pk")).order_by("-n", "speaker_label")
    return list(counted.values_list("speaker_label", "n")[:SHOWN])


def choices(claims: QuerySet[Claim]) -> dict[str, Any]:
    """What `claims` can be narrowed to: (value, words, how many of them) for kinds, imports, outlets and
    labels. Four queries, however many there are."""
    groups = claims.order_by().values("kind", "imported_in").annotate(n=Count("pk"))
    kinds: Counter[str] = Counter()
    runs: Counter[int] = Counter()
    for kind, run, number in groups.values_list("kind", "imported_in", "n"):
        kinds[kind] += number
        if run is not None:
            runs[run] += number
    shown = sorted(runs, reverse=True)[:SHOWN]
    days = ImportRun.objects.in_bulk(shown)
    told = Appearance.objects.filter(claim__in=claims.order_by().values("pk")).exclude(outlet="").order_by()
    outlets = told.values("outlet").annotate(n=Count("claim", distinct=True)).order_by("-n", "outlet")
    return {
        "kinds": [(kind, str(Claim.Kind(kind).label), number) for kind, number in sorted(kinds.items())],
        "runs": [(run, f"Import {run}, {day(days[run].started_at)}", runs[run]) for run in shown],
        "outlets": [(outlet, outlet, n) for outlet, n in outlets.values_list("outlet", "n")[:SHOWN]],
        "labels": [(label, label, number) for label, number in labels(claims)],
    }


def _number(data: Mapping[str, Any], name: str) -> int | None:
    text = str(data.get(name, ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
