"""Everybody who might have said a unit's words: printed phrases near them, each once."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise

from stories.extraction.people.persons import People
from stories.extraction.quotations.clause_subjects import opening_subject
from stories.extraction.quotations.units import Cues, Option, Unit
from stories.extraction.tagging.tagger import Tagged
from stories.extraction.text.layout import Layout
from stories.extraction.text.letters import capital
from stories.extraction.text.noun_phrases import TIMES, after, before, shaped, token_span
from stories.extraction.text.office_words import heads
from stories.extraction.types import Span
from stories.extraction.words.lists import pronouns

BACK = 3  # sentences looked at before the words
AHEAD = 1  # sentences looked at after them
MOST = 18  # candidates of one unit
LIKELY = (0.05, 0.3)  # stretches of words at least this probable to name a source are candidates
NEAREST_CUES = 4
NEAREST_RUNS = 3
LONGEST_RUN = 300  # characters
DASHES = frozenset("-–—")
JOINING = frozenset("but and or so yet nor perhaps then".split())  # words that by themselves name nobody
SPEAKING_PRONOUNS = frozenset("he she they it who i we".split())
Found = dict[tuple[int, int], Option]  # candidates by their first and last token


class Finder:
    """Lists candidates. What a text has only once, its names and pronouns by place, is kept here."""

    def __init__(
        self, layout: Layout, people: People, tagged: Tagged, cues: Cues, units: Sequence[Unit] = ()
    ) -> None:
        self.layout = layout
        self.tagged = tagged
        # Sentences with words of their own: who is named there speaks those.
        self._busy = {layout.sentence_at(span.start) for unit in units for span in unit.content}
        self.cues = cues
        names = [(start, people.ends[start]) for start in people.at]
        outside = [pair for pair in sorted(names) if layout.passage_at(pair[0]) is None]
        self._names = outside
        self._name_starts = [pair[0] for pair in outside]
        self._pronouns = [
            i
            for i, word in enumerate(layout.lower)
            if word in SPEAKING_PRONOUNS and layout.passage_at(layout.starts[i]) is None
        ]
        self._pronoun_starts = [layout.starts[i] for i in self._pronouns]

    def options(self, unit: Unit, before_unit: Unit | None) -> list[Option]:
        """Candidates of ``unit``, at most ``MOST``; ``before_unit`` is the unit before it in the text.

        The likelier kinds come first: once there are ``MOST`` of them, no more are looked for.
        """
        layout = self.layout
        found: Found = {}
        self._pointed_at(found, unit, before_unit)
        here, end = layout.sentence_at(unit.start), layout.sentence_at(unit.end)
        own = Span(layout.sentences[here].start, layout.sentences[end].end)
        around = Span(self._low(unit, here), self._high(end))
        for span in self._likely(unit, around.start, around.end):
            pair = self._tokens(span)
            for part in self._phrases(*pair) if pair is not None else ():
                self._add_some(found, shaped(layout, *part))
        for cue in self._cues(unit, own.start, own.end):
            self._add_some(found, before(layout, cue, own.start))
            self._add_some(found, after(layout, cue, own.end))
        self._near(found, *own)
        self._near(found, around.start, own.start)
        self._near(found, own.end, around.end)
        if here:
            self._add_some(found, self._subject_of(layout.sentences[here - 1]))
        return sorted(found.values(), key=lambda option: option.first)

    def _pointed_at(self, found: Found, unit: Unit, before_unit: Unit | None) -> None:
        """Add the sources that the rules and the tagger name, and that of the unit before."""
        if unit.source is not None:
            self._add(found, *unit.source).rule = True
        tagged = unit.tagged
        pair = self._tagged_source(unit)
        if pair is not None and tagged is not None and tagged.source is not None:
            behind = tagged.cue is not None and tagged.cue.start < tagged.source.start
            for part in self._phrases(*pair)[:: 1 if behind else -1][:1]:
                self._add(found, *shaped(self.layout, *part)).tagged = True
        if before_unit is not None and before_unit.chosen is not None:
            self._add(found, *before_unit.chosen).carried = True

    def _tagged_source(self, unit: Unit) -> tuple[int, int] | None:
        """The tokens that the tagger takes for the source of a unit."""
        if unit.tagged is None or unit.tagged.source is None:
            return None
        pair = self._tokens(unit.tagged.source)
        if pair is not None and unit.tagged.cue is not None:
            pair = self._whole_office(pair, unit.tagged.cue)
        rule = unit.source
        if pair and rule and rule[1] == pair[1] and "," in self.layout.lower[pair[0] : pair[1]]:
            return rule  # "to Ann Lee, the conductor Bo Raye wrote" is no phrase of one person
        return pair

    def _low(self, unit: Unit, sentence: int) -> int:
        """Where the text looked at begins: ``BACK`` sentences before the words, or the paragraph before."""
        layout = self.layout
        paragraph = layout.paragraphs[max(0, layout.paragraph_at(unit.start) - 1)].start
        return max(paragraph, layout.sentences[max(0, sentence - BACK)].start)

    def _high(self, sentence: int) -> int:
        """Where it ends: ``AHEAD`` sentences behind the words, unless these have words of their own."""
        sentences = self.layout.sentences
        ahead = min(sentence + AHEAD, len(sentences) - 1)
        return sentences[sentence if ahead in self._busy else ahead].end

    def _subject_of(self, sentence: Span) -> tuple[int, int] | None:
        """The subject that opens a sentence not begun between marks."""
        subject = opening_subject(self.layout, *sentence)
        return subject if self.layout.passage_at(sentence.start) is None else None

    def _whole_office(self, pair: tuple[int, int], cue: Span) -> tuple[int, int]:
        """A source with the head of its office when the tagger took that for the word of saying."""
        layout = self.layout
        k = pair[1] + 1
        begins = k + 1 < len(layout.tokens) and layout.starts[k] == cue.start < layout.ends[k] < cue.end
        return (pair[0], k) if begins and layout.lower[k] in heads() else pair

    def _likely(self, unit: Unit, low: int, high: int) -> list[Span]:
        """Stretches around a unit that the tagger half takes for a source, the nearest on either side."""
        runs: list[Span] = []
        for least in LIKELY:
            here = self.tagged.source_runs(unit.start, least)
            k = bisect_left(here, (unit.start,))
            runs += here[max(0, k - NEAREST_RUNS) : k + NEAREST_RUNS]
        if low < self.layout.paragraphs[self.layout.paragraph_at(unit.start)].start:
            runs += self.tagged.source_runs(low, LIKELY[-1])[-NEAREST_RUNS:]
        out = []
        for first, last in runs:
            if low <= first < high and last - first <= LONGEST_RUN:
                comma = self.layout.text.find(",", first, last)
                out.append(Span(first, comma if comma > first else last))
        return out

    def _phrases(self, first: int, last: int) -> list[tuple[int, int]]:
        """Tokens ``first`` to ``last`` as phrases, parted by dashes.

        Nothing when they stand in several sentences or on both sides of a quotation mark, and no phrase
        without a word that may name somebody.
        """
        layout = self.layout
        start, end = layout.starts[first], layout.starts[last]
        if layout.sentence_at(start) != layout.sentence_at(end):
            return []
        if layout.passage_at(start) is not layout.passage_at(end):
            return []
        dashes = [i for i in range(first, last + 1) if layout.lower[i] in DASHES and self._parting(i)]
        edges = [first - 1, *dashes, last + 1]
        parts = [(low + 1, high - 1) for low, high in pairwise(edges) if high - low > 1]
        return [part for part in parts if self._may_name(*part)]

    def _parting(self, dash: int) -> bool:
        """Whether a dash stands by itself, with room on either side."""
        starts, ends = self.layout.starts, self.layout.ends
        inside = 0 < dash < len(starts) - 1
        return inside and ends[dash - 1] < starts[dash] and ends[dash] < starts[dash + 1]

    def _may_name(self, first: int, last: int) -> bool:
        lower = self.layout.lower
        return any(word[0].isalnum() and word not in JOINING for word in lower[first : last + 1])

    def _cues(self, unit: Unit, low: int, high: int) -> list[int]:
        out = [cue.first for cue in self.cues.between(low, high)]
        if unit.tagged is not None and unit.tagged.cue is not None:
            pair = self._tokens(unit.tagged.cue)
            if pair is not None:
                out.insert(0, pair[0])
                if pair[1] != pair[0]:
                    out.insert(1, pair[1])
        return list(dict.fromkeys(out))[:NEAREST_CUES]

    def _near(self, found: Found, low: int, high: int) -> None:
        """Add the last names and pronouns printed in ``low:high``."""
        names = self._names[bisect_left(self._name_starts, low) : bisect_left(self._name_starts, high)]
        pronouns = self._pronouns[
            bisect_left(self._pronoun_starts, low) : bisect_left(self._pronoun_starts, high)
        ]
        for start, end in names[-6:]:
            self._add_some(found, self._tokens(Span(start, end)))
        for i in pronouns[-4:]:
            self._add_some(found, (i, i))

    def _tokens(self, span: Span) -> tuple[int, int] | None:
        layout = self.layout
        first = layout.token_from(span.start)
        last = bisect_right(layout.starts, span.end - 1) - 1
        while last > first and layout.lower[last] in TIMES:
            last -= 1  # "Reeves late Thursday"
        return (first, last) if first <= last else None

    def _add_some(self, found: Found, pair: tuple[int, int] | None) -> None:
        """Add the tokens first to last as a candidate while there are fewer than ``MOST``."""
        if pair is not None and len(found) < MOST:
            self._add(found, *pair)

    def _add(self, found: Found, first: int, last: int) -> Option:
        """Keep a candidate once."""
        option = found.get((first, last))
        if option is None:
            span = token_span(self.layout, first, last)
            option = Option(first, last, span, self._kind(first, last))
            found[first, last] = option
        return option

    def _kind(self, first: int, last: int) -> str:
        lower = self.layout.lower
        if (first == last and lower[first] in pronouns()) or lower[first] in ("who", "which", "that"):
            return "who" if lower[first] in ("who", "which", "that") else lower[first]
        return "name" if capital(self.layout.tokens[last]) else "phrase"
