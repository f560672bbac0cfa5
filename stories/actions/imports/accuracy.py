"""What the desk made of the machine's claims: each decision that stands, by rule and by confidence.

A decision counts against the rule by which the machine had found the claim. Words that a person has put
right, split or given to another speaker are no longer the machine's: what is decided after that is not
counted again. Joining a claim to another says nothing about the machine, and is not counted either.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.core.cache import cache
from django.db.models import Count, Q, QuerySet

from stories.actions.claims import review
from stories.actions.claims.review_feedback import MENDED
from stories.actions.permissions import require
from stories.extraction.evaluation import figures
from stories.extraction.evaluation.evaluate import BANDS, Tally
from stories.extraction.speakers.rules import label_of
from stories.models import Appearance, ReviewDecision

Verb = ReviewDecision.Verb
KEPT = 300  # seconds, for which the number of found claims is cached


@dataclass(slots=True)
class Line:
    """A rule, a band of confidence, or a rule within a band. `measured` is what the evaluation found."""

    rule: str = ""
    band: float | None = None
    found: int = 0
    accepted: int = 0
    rejected: int = 0
    reassigned: int = 0
    changed: int = 0
    measured: Tally = field(default_factory=Tally)

    @property
    def name(self) -> str:
        """The rule, or the band of confidence that the line is about."""
        return self.rule if self.band is None else figures.band_in_per_cent(self.band)

    @property
    def in_words(self) -> str:
        """What the rule looks for, in a few words; "" for a band."""
        return label_of(self.rule) if self.rule else ""

    @property
    def decided(self) -> int:
        """How many claims reviewers have decided."""
        return self.accepted + self.rejected + self.reassigned + self.changed

    @property
    def share(self) -> float | None:
        """Of what was decided, how much was right as the machine had found it."""
        return self.accepted / self.decided if self.decided else None

    @property
    def interval(self) -> tuple[float, float]:
        """Between which shares the true one lies, 95 times in 100."""
        return figures.wilson(self.accepted, self.decided)

    @property
    def measured_share(self) -> float | None:
        """Of what the evaluation found, how much was somebody's words with the right speaker."""
        return self.measured.right_speaker / self.measured.found if self.measured.found else None

    @property
    def surprising(self) -> str:
        """Is it "better" or "worse" when the desk's interval does not hold the evaluation's share."""
        share, (low, high) = self.measured_share, self.interval
        if share is None or low <= share <= high:
            return ""
        return "better" if share < low else "worse"

    def add(self, other: "Line") -> None:
        """Add the numbers of another line to this one."""
        self.found += other.found
        self.accepted += other.accepted
        self.rejected += other.rejected
        self.reassigned += other.reassigned
        self.changed += other.changed
        self.measured.add(other.measured)


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Every rule within every band, what the evaluation was made on, and whether its weights are today's."""

    cells: tuple[Line, ...]
    stories: int
    current: bool

    def rules(self, band: float | None = None) -> list[Line]:
        """One line a rule, within a band or over all, those that found most first."""
        lines: dict[str, Line] = {}
        for cell in self.cells:
            if band is None or cell.band == band:
                lines.setdefault(cell.rule, Line(rule=cell.rule)).add(cell)
        return sorted(lines.values(), key=lambda line: (-line.found - line.measured.found, line.rule))

    def bands(self, rule: str = "") -> list[Line]:
        """One line a band, of a rule or of all, the surest first."""
        lines = {band: Line(band=band) for band in reversed(BANDS)}
        for cell in self.cells:
            if cell.band is not None and (not rule or cell.rule == rule):
                lines[cell.band].add(cell)
        return list(lines.values())

    def whole(self) -> Line:
        """All lines as one."""
        return total(self.cells)


def total(lines: Iterable[Line]) -> Line:
    """Return the sum of lines."""
    every = Line()
    for line in lines:
        every.add(line)
    return every


def so_far(*, by: User | None) -> Verdicts:
    """All decisions that stand, beside the evaluation's figures. Two queries. Raises NotAllowed.

    How much the machine has found is counted now and then; the decisions are always today's.
    """
    require(by, review.REVIEW, "see how often the importer is right")
    lines: dict[tuple[str, float], Line] = {}

    def line(rule: str, band: float) -> Line:
        return lines.setdefault((rule, band), Line(rule, band))

    standing = ReviewDecision.objects.filter(undone_at=None)
    for rule, band, verb, number in _by_rule_and_band(standing, "verb"):
        cell = line(rule, band)
        if verb == Verb.ACCEPTED:
            cell.accepted += number
        elif verb == Verb.REJECTED:
            cell.rejected += number
        elif verb == Verb.REASSIGNED:
            cell.reassigned += number
        elif verb in MENDED:
            cell.changed += number
    # Not by the version of the site, as counts for readers are: these are of drafts, too.
    for rule, band, number in cache.get_or_set("importer accuracy: found", _found, KEPT) or ():
        line(rule, band).found += number
    measured = figures.shipped()
    for (rule, band), tally in measured.cells.items():
        line(rule, band).measured.add(tally)
    cells = tuple(lines[key] for key in sorted(lines))
    return Verdicts(cells, measured.stories, measured.weights == figures.weights_now())


def _found() -> list[tuple[Any, ...]]:
    return _by_rule_and_band(Appearance.objects.all())


def _by_rule_and_band(rows: QuerySet[Any], *also: str) -> list[tuple[Any, ...]]:
    """(rule, band, …, number), counted by the database in one walk, in the order of the rules."""
    from_on = {f"from_{n}": Count("rule", filter=Q(confidence__gte=low)) for n, low in enumerate(BANDS) if n}
    columns = ("rule", *also)
    found = []
    for row in rows.filter(rule__gt="").order_by().values(*columns).annotate(from_0=Count("*"), **from_on):
        rule, *others = (row[name] for name in columns)
        above = 0
        for n in reversed(range(len(BANDS))):
            if number := row[f"from_{n}"] - above:
                found.append((rule, BANDS[n], *others, number))
            above = row[f"from_{n}"]
    return found
