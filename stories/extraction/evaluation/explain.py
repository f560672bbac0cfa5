"""A readable trace of one text: the cues, the candidates considered, and why the winner won."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from stories.extraction.evaluation import feature_labels
from stories.extraction.pipeline import read
from stories.extraction.quotations.units import Option, Unit
from stories.extraction.speakers.features import Context, names, nobody
from stories.extraction.speakers.ranker import probabilities, shipped
from stories.extraction.speakers.rules import label_of
from stories.extraction.types import Extraction, KnownPerson, Quotation, Span

WIDTH = 72
LEAST = 0.01  # candidates less likely are left out
MOST = 8  # candidates printed
TELLING = 0.25  # least weight of a group of features that is printed, in the ranker's points
FOR, AGAINST = 3, 2  # groups printed for one candidate


@dataclass(frozen=True, slots=True)
class Considered:
    """One candidate of a quotation. ``span`` is ``None`` for "nobody is named"; ``chance`` is from 0 to 1.

    ``favour`` and ``against`` are the signs that set it apart from the others, the heaviest first.
    """

    printed: str
    name: str
    span: Span | None
    chance: float
    chosen: bool
    favour: tuple[str, ...] = ()
    against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trace:
    """One quotation with everybody who was considered for it, the likeliest first."""

    quotation: Quotation
    considered: tuple[Considered, ...]
    settled: bool  # the source was certain without weighing the others


@dataclass(frozen=True, slots=True)
class _Vote:
    """What stood for the choice of one unit: candidates, and the features of each and of nobody, last."""

    unit: Unit
    options: tuple[Option, ...]
    features: tuple[list[str], ...]


def trace(
    text: str, roster: Sequence[KnownPerson] = (), written: date | None = None
) -> tuple[Extraction, list[Trace]]:
    """What ``extract`` finds, and a trace for each of its quotations in the same order."""
    votes: list[_Vote] = []

    def watch(context: Context) -> None:
        options = context.options
        features = [*(names(context, option) for option in options), nobody(context, options)]
        votes.append(_Vote(context.unit, tuple(options), tuple(features)))

    found = read(text, roster, written, watch)
    by_words = {tuple(vote.unit.content): vote for vote in votes}
    return found, [_trace(text, quotation, by_words.get(quotation.content)) for quotation in found.quotations]


def _trace(text: str, quotation: Quotation, vote: _Vote | None) -> Trace:
    if vote is None:
        return Trace(quotation, (), False)
    weights = shipped()
    points = [sum(weights.get(name, 0.0) for name in features) for features in vote.features]
    chances = probabilities(points)
    resolved = {candidate.span: candidate.name for candidate in quotation.candidates}
    rows = []
    for i, option in enumerate(vote.options):
        printed = text[option.span.start : option.span.end]
        name = resolved.get(option.span, "")
        chosen = vote.unit.chosen == (option.first, option.last)
        if chosen and quotation.speaker is not None:
            name = quotation.speaker
        favour, against = _signs(i, vote.features[:-1], weights)
        name = "" if name == printed else name
        rows.append(Considered(printed, name, option.span, chances[i], chosen, favour, against))
    rows.append(Considered("", "", None, chances[-1], vote.unit.chosen is None))
    rows.sort(key=lambda row: (not row.chosen, -row.chance))
    shown = [row for row in rows if row.chosen or row.chance >= LEAST][:MOST]
    return Trace(quotation, tuple(shown), vote.unit.settled)


def _signs(
    i: int, features: Sequence[Sequence[str]], weights: dict[str, float]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What sets candidate ``i`` apart from the average of the others, for and against it."""
    grouped = [_grouped(names, weights) for names in features]
    others = [groups for k, groups in enumerate(grouped) if k != i]
    apart = {
        group: points - sum(other.get(group, 0.0) for other in others) / max(1, len(others))
        for group, points in grouped[i].items()
    }
    favour: list[str] = []
    against: list[str] = []
    for group, points in sorted(apart.items(), key=lambda pair: -abs(pair[1])):
        words = feature_labels.describe(group, features[i], favour=points > 0)
        if words and abs(points) >= TELLING:
            (favour if points > 0 else against).append(words)
    return tuple(favour[:FOR]), tuple(against[:AGAINST])


def _grouped(names: Sequence[str], weights: dict[str, float]) -> dict[str, float]:
    out: dict[str, float] = {}
    for name in names:
        group = feature_labels.group_of(name)
        out[group] = out.get(group, 0.0) + weights.get(name, 0.0)
    return out


def explain(text: str, roster: Sequence[KnownPerson] = ()) -> str:
    """Lines for a terminal: every person, then every quotation with its evidence."""
    found, traces = trace(text, roster)
    return "\n".join([*_people(found), *(line for one in traces for line in _lines(text, found, one))])


def _people(found: Extraction) -> Iterator[str]:
    for person in found.people:
        kind = {
            True: "politician",
            False: person.kind if person.kind != "politician" else "other",
            None: "not known",
        }[person.politician]
        office = f", {person.role}" if person.role else ""
        party = f" ({person.party})" if person.party else ""
        yield f"{person.name}{office}{party}: {kind}, {person.why}; printed as {', '.join(person.names)}"


def _lines(text: str, found: Extraction, one: Trace) -> Iterator[str]:
    q = one.quotation
    words = " … ".join(" ".join(text[start:end].split()) for start, end in q.content)
    yield ""
    yield f"{q.kind} · “{words if len(words) <= WIDTH else words[: WIDTH - 1] + '…'}”"
    outcome = {
        "accepted": q.speaker,
        "unnamed": f"{q.source_text} (not named)",
        "ambiguous": f"{q.source_text} (left open)",
        "unknown": "nobody found",
    }[q.status]
    yield f"  speaker: {outcome}, confidence {q.confidence:.2f}"
    yield f"  rule: {q.rule} ({label_of(q.rule)})"
    if q.cue is not None:
        yield f"  cue: “{text[slice(*q.cue)]}”"
    if q.addressee is not None:
        yield f"  told: {q.addressee}"
    if q.about:
        yield f"  about: {', '.join(found.people[i].name for i in q.about)}"
    for reason in q.reasons:
        yield f"  because {reason}"
    if one.settled:
        yield "  certain before the others were weighed"
    for row in one.considered:
        printed = f"“{row.printed}”" + (f" ({row.name})" if row.name else "") if row.span else "nobody"
        yield f"  {'chose' if row.chosen else 'considered'} {printed} {row.chance:.2f}"
        yield from (f"      + {sign}" for sign in row.favour)
        yield from (f"      − {sign}" for sign in row.against)
