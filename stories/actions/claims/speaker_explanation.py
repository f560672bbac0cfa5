"""Why a claim was given to its speaker: its story read again, as it stands now, and everything told."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.contrib.auth.models import User

from stories.actions.permissions import require
from stories.extraction import Quotation, Span
from stories.extraction.evaluation import figures
from stories.extraction.evaluation.evaluate import Tally, band_of
from stories.extraction.evaluation.explain import Considered, Trace, trace
from stories.extraction.evaluation.gold import shared
from stories.extraction.speakers.rules import label_of
from stories.importing.roster import known_people
from stories.models import Appearance

LONGEST = 60_000  # characters of a story that are read; of a longer one those around the words
SEPARATOR = "\n\n"  # between headline and text, as the import reads them


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the machine makes of an appearance's words now.

    `problem` says why there is nothing to tell; the rest is empty then. `passage` is the text around the
    words in pieces, each (what it is: "words", "cue", "speaker" or "", its text).
    """

    problem: str = ""
    shortened: bool = False
    passage: tuple[tuple[str, str], ...] = ()
    quotation: Quotation | None = None
    considered: tuple[Considered, ...] = ()
    settled: bool = False
    cue: str = ""
    about: tuple[str, ...] = ()
    measured: Tally | None = None  # of the claims given as much confidence, in the evaluation

    @property
    def speaker(self) -> str:
        """Whom the machine names, or how it leaves the question."""
        q = self.quotation
        if q is None:
            return ""
        return {
            "accepted": q.speaker or "",
            "unnamed": f"{q.source_text}, who is not named",
            "ambiguous": f"left open: {q.source_text}",
            "unknown": "nobody",
        }[q.status]

    def differs_from(self, appearance: Appearance) -> bool:
        """Whether the importer found the appearance by another rule or with another confidence.

        Confidences are compared in hundredths.
        """
        q = self.quotation
        if q is None or appearance.confidence is None:
            return False
        return appearance.rule != q.rule or f"{appearance.confidence:.2f}" != f"{q.confidence:.2f}"

    @property
    def rule_in_words(self) -> str:
        """What the rule looks for, in a few words; "" when the words are not read as a quotation."""
        return label_of(self.quotation.rule) if self.quotation else ""

    @property
    def band(self) -> str:
        """The band of confidence, such as "90–95 %"."""
        return figures.band_in_per_cent(band_of(self.quotation.confidence)) if self.quotation else ""


def explain(*, appearance: Appearance, by: User | None) -> Explanation:
    """Read the story of `appearance` as it stands now and tell how its words get their speaker.

    Takes as long as reading the story does. Raises NotAllowed.
    """
    require(by, "stories.view_claim", "see why a claim has its speaker")
    if appearance.state not in Appearance.IN_PLACE:
        return Explanation(problem="The words are not to be found in the story any more.")
    text, offset, shortened = _text(appearance)
    spans = [Span(part.start + offset, part.end + offset) for part in appearance.selectors]
    if any(
        text[span.start : span.end] != part.exact
        for span, part in zip(spans, appearance.selectors, strict=True)
    ):
        return Explanation(problem="The words are not to be found in the story any more.")
    found, traces = trace(text, known_people(), appearance.article.dateline)
    one = _nearest(spans, traces)
    if one is None:
        return Explanation(
            problem="The machine takes these words for nobody’s any more, as the story reads now.",
            shortened=shortened,
            passage=_passage(text, [("words", span) for span in spans]),
        )
    q = one.quotation
    marks = [("words", span) for span in q.content]
    marks += [("cue", q.cue)] if q.cue else []
    marks += [("speaker", q.source)] if q.source else []
    return Explanation(
        shortened=shortened,
        passage=_passage(text, marks),
        quotation=q,
        considered=one.considered,
        settled=one.settled,
        cue=text[slice(*q.cue)] if q.cue else "",
        about=tuple(found.people[i].name for i in q.about),
        measured=figures.shipped().by_band().get(band_of(q.confidence)),
    )


def _text(appearance: Appearance) -> tuple[str, int, bool]:
    """What is read, by how much a place in the story's text is moved in it, and whether it was shortened."""
    article = appearance.article
    head, text = article.headline + SEPARATOR, article.text
    if len(text) <= LONGEST:
        return head + text, len(head), False
    begin = text.find(SEPARATOR, max(0, appearance.start - LONGEST // 2), appearance.start)
    begin = 0 if begin < 0 else begin + len(SEPARATOR)
    return head + text[begin : begin + LONGEST], len(head) - begin, True


def _nearest(spans: Sequence[Span], traces: Sequence[Trace]) -> Trace | None:
    """The quotation that holds most of the words, when half of either is in the other."""
    size = sum(end - start for start, end in spans)
    best: tuple[float, Trace] | None = None
    for one in traces:
        both, either = shared(spans, one.quotation.content)
        least = min(size, sum(end - start for start, end in one.quotation.content))
        if both and 2 * both >= least and (best is None or both / either > best[0]):
            best = both / either, one
    return best[1] if best is not None else None


def _passage(text: str, marks: Sequence[tuple[str, Span]]) -> tuple[tuple[str, str], ...]:
    """The paragraphs that hold the marks, cut where a mark begins or ends; the last mark given wins."""
    first, last = min(span.start for _, span in marks), max(span.end for _, span in marks)
    low = text.rfind("\n", 0, first) + 1
    high = text.find("\n", last)
    high = len(text) if high < 0 else high
    cuts = sorted({low, high, *(edge for _, span in marks for edge in span)})
    return tuple((_mark_at(start, marks), text[start:end]) for start, end in pairwise(cuts))


def _mark_at(place: int, marks: Sequence[tuple[str, Span]]) -> str:
    return next((kind for kind, span in reversed(marks) if span.start <= place < span.end), "")
