"""Which of the waiting claims a reviewer wants: of one story, one speaker, one kind, so or so sure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.http import urlencode

from stories.models import Appearance, Claim, ImportRun

# What cannot speak is no speaker: a pronoun alone, a sum or number, a clause, what begins in mid-sentence.
UNLIKELY = (
    r"^(he|she|it|they|we|i|you|who|this|that|these|those|his|her|their|which)$"
    r"|^[^a-z]?[0-9]|^[,;:.–-]|^(without|because|although|when|if|that|as|after|before|his|her|their|its) "
)
SHOWN = 30  # imports and outlets in a list


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the queue is narrowed to; `low` and `high` are sureness in per cent, `held` claims with no likely
    speaker, which are left out otherwise."""

    story: int | None = None
    speaker: str = ""
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
        found = claims.filter(_unlikely()) if self.held else claims.exclude(_unlikely())
        if self.speaker:
            named = Q(speaker__name__icontains=self.speaker)
            found = found.filter(named | Q(speaker=None, speaker_label__icontains=self.speaker))
        if self.kind:
            found = found.filter(kind=self.kind)
        if self.run is not None:
            found = found.filter(imported_in=self.run)
        places = Appearance.objects.filter(claim=OuterRef("pk")).order_by()
        if self.story is not None:
            found = found.filter(Exists(places.filter(article=self.story)))
        if self.outlet:
            found = found.filter(Exists(places.filter(outlet=self.outlet)))
        if self.low is not None or self.high is not None:
            low, high = self.low or 0, 100 if self.high is None else self.high
            sure = places.filter(confidence__gte=low / 100, confidence__lte=high / 100)
            found = found.filter(Exists(sure))
        return found


def _unlikely() -> Q:
    return Q(speaker=None, speaker_label__iregex=UNLIKELY)


def choices(claims: QuerySet[Claim]) -> dict[str, list[tuple[Any, str, int]]]:
    """What `claims` can be narrowed to: (value, words, how many of them) for kinds, imports and outlets."""
    kinds = claims.order_by().values("kind").annotate(n=Count("pk")).values_list("kind", "n")
    runs = claims.filter(imported_in__isnull=False).order_by("-imported_in").values("imported_in")
    counted = list(runs.annotate(n=Count("pk")).values_list("imported_in", "n")[:SHOWN])
    told = Appearance.objects.filter(claim__in=claims.order_by().values("pk")).exclude(outlet="").order_by()
    outlets = told.values("outlet").annotate(n=Count("claim", distinct=True)).order_by("-n", "outlet")
    days = ImportRun.objects.in_bulk([run for run, _ in counted])
    return {
        "kinds": [(kind, str(Claim.Kind(kind).label), n) for kind, n in kinds],
        "runs": [(run, f"Import {run}, {days[run].started_at:%d %B %Y}", n) for run, n in counted],
        "outlets": [(outlet, outlet, n) for outlet, n in outlets.values_list("outlet", "n")[:SHOWN]],
    }


def _number(data: Mapping[str, Any], name: str) -> int | None:
    text = str(data.get(name, ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
