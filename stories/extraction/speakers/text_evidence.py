"""What features need of the whole text: signs of tokens, the tagger's probabilities, earlier speakers."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Sequence

from stories.extraction.quotations.units import Cues, Unit
from stories.extraction.tagging.tagger import Tagged
from stories.extraction.text.layout import Layout
from stories.extraction.text.letters import capital
from stories.extraction.words.lists import auxiliaries, pronouns

PLAIN = frozenset(", : ; ( ) — – - that who which whom to of by in for as and but".split())
PROBABILITIES = (0.03, 0.15, 0.4, 0.7, 0.92)
FARTHEST = 14  # words between candidate and unit that are still written down
MOST = 7  # signs of a path


def bucket(value: float) -> str:
    """A probability in six steps."""
    return "012345"[bisect_right(PROBABILITIES, value)]


class TextEvidence:
    """The evidence of one text; each figure is computed when first asked for, and kept."""

    __slots__ = (
        "_auxiliaries",
        "_claims",
        "_cues",
        "_levels",
        "_mentions",
        "_pronouns",
        "_saying",
        "_sayings",
        "_signs",
        "cues",
        "last",
        "last_spoke",
        "layout",
        "spoken",
        "tagged",
    )

    def __init__(self, layout: Layout, tagged: Tagged, cues: Cues, units: Sequence[Unit]) -> None:
        self._claims: dict[int, list[int]] = {}
        for unit in units:
            for last in _sources(layout, unit):
                self._claims.setdefault(last, []).append(unit.start)
        self.layout, self.tagged, self.cues = layout, tagged, cues
        self.last = len(layout.tokens) - 1
        self._pronouns, self._auxiliaries = pronouns(), auxiliaries()
        self._cues = {i: cue for cue in cues.found for i in range(cue.first, cue.last + 1)}
        self._signs: dict[int, str] = {}
        self._levels: dict[int, str] = {}
        self._sayings: dict[int, str] = {}
        self._mentions: Counter[str] | None = None
        self._saying: Counter[str] | None = None
        self.spoken: Counter[str] = Counter()  # last word of a chosen source to the units it was chosen for
        self.last_spoke: list[str] = []

    def note_speaker(self, last: int) -> None:
        """Note that the phrase ending with token ``last`` was chosen for a unit."""
        word = self.layout.lower[last]
        self.spoken[word] += 1
        self.last_spoke.append(word)

    def turn(self, word: str) -> str:
        """How many units ago a phrase ending with a word was chosen: 1, 2, 3 or longer, never."""
        for ago, earlier in enumerate(self.last_spoke[:-4:-1], 1):
            if earlier == word:
                return str(ago)
        return "long" if self.spoken[word] else "never"

    def claimed(self, last: int, start: int) -> str:
        """Which units rules or tagger take the phrase ending with token ``last`` for the source of: the one
        beginning at ``start`` (=), one before it (<), one after it (>)."""
        claims = self._claims.get(last)
        if claims is None:
            return "-"
        earlier, later = min(claims) < start, max(claims) > start
        return ("<" if earlier else "") + ("=" if start in claims else "") + (">" if later else "")

    def level(self, token: int) -> str:
        """How likely a token names a source, in the steps of ``bucket``; the lowest outside the text."""
        found = self._levels.get(token)
        if found is None:
            found = self._levels[token] = self._step(self.tagged.source_probability, token)
        return found

    def weakest(self, first: int, last: int) -> str:
        """The lowest ``level`` of tokens ``first`` to ``last``."""
        return min([self.level(i) for i in range(first, last + 1)])

    def saying(self, token: int) -> str:
        """How likely a token is a word of saying, in the steps of ``bucket``; the lowest outside the text."""
        found = self._sayings.get(token)
        if found is None:
            found = self._sayings[token] = self._step(self.tagged.cue_probability, token)
        return found

    def _step(self, probability: Callable[[int, int], float], token: int) -> str:
        inside = 0 <= token <= self.last
        return bucket(probability(self.layout.starts[token], self.layout.ends[token])) if inside else "0"

    def mentions(self, word: str) -> int:
        """How often a lower-case word stands in the text."""
        if self._mentions is None:
            self._mentions = Counter(self.layout.lower)
        return self._mentions[word]

    def says(self, word: str) -> int:
        """How often a lower-case word stands right beside a word of saying."""
        if self._saying is None:
            lower = self.layout.lower
            beside = [cue.first - 1 for cue in self._cues.values()] + [
                cue.last + 1 for cue in self._cues.values()
            ]
            self._saying = Counter(lower[i] for i in beside if 0 <= i < len(lower))
        return self._saying[word]

    def sign(self, token: int) -> str:
        """One sign for a token: a word of saying, a helping verb, a name, a joining word itself, else w."""
        found = self._signs.get(token)
        if found is None:
            inside = 0 <= token <= self.last
            found = self._signs[token] = self._sign(token) if inside else "^"
        return found

    def _sign(self, token: int) -> str:
        word = self.layout.lower[token]
        cue = self._cues.get(token)
        if cue is not None:
            return "n" if cue.noun else f"V{cue.word.form}"
        if word in PLAIN:
            return word
        if word in self._pronouns:
            return "p"
        if word in self._auxiliaries:
            return "x"
        if capital(self.layout.tokens[token]):
            return "N"
        if not word[0].isalnum():
            return "“" if word in "\"“”‘’''" else "."
        return "d" if word.endswith("ed") else "g" if word.endswith("ing") else "w"

    def path(self, first: int, last: int) -> str:
        """The signs of tokens ``first`` to ``last``, repeated ones once."""
        if last - first >= FARTHEST:
            return "far"
        out: list[str] = []
        for i in range(first, last + 1):
            sign = self.sign(i)
            if not out or out[-1] != sign:
                out.append(sign)
        return " ".join(out) if len(out) <= MOST else "long"


def _sources(layout: Layout, unit: Unit) -> set[int]:
    """The last tokens of what rules and tagger take for the source of a unit."""
    out = set()
    if unit.source is not None:
        out.add(unit.source[1])
    if unit.tagged is not None and unit.tagged.source is not None:
        out.add(bisect_left(layout.starts, unit.tagged.source.end) - 1)
    return out
