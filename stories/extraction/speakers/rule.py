"""What a rule is: a pattern of copy that tells who said a quotation, and everything to know about it.

A rule is one module of ``stories.extraction.speakers.rules`` with a constant ``RULE``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from stories.extraction.quotations.units import Cues, Unit
from stories.extraction.text.layout import Layout
from stories.extraction.text.noun_phrases import before
from stories.extraction.text.reporting_verbs import Cue

Tokens = tuple[int, int]  # first and last, both inclusive


class Found(NamedTuple):
    """The reporting verb and the tokens of the source that a rule found."""

    cue: Cue
    source: Tokens


class Case(NamedTuple):
    """The shortest text of the rule: read alone, it has a quotation of that rule and that speaker."""

    text: str
    speaker: str


@dataclass
class Place:
    """One reporting verb near a quotation, as rules are asked about it.

    ``low`` and ``high`` are the characters between which its subject may stand. ``adjacent`` is whether
    nothing but blanks and commas stands between the words and the verb behind them.
    """

    layout: Layout
    unit: Unit
    cues: Cues
    cue: Cue
    low: int
    high: int
    adjacent: bool = False

    @cached_property
    def subject(self) -> Tokens | None:
        """The noun phrase before the verb."""
        return before(self.layout, self.cue.first, self.low)

    @property
    def form(self) -> str:
        """The verb's form: "base", "s", "ed", "ing", or "prep" of "according to"."""
        return self.cue.word.form


@dataclass(frozen=True)
class Rule:
    """A rule, by the ``name`` kept with every quotation it finds.

    ``label`` is the pattern as an editor reads it, with X for the speaker; ``reason`` says in a line why it
    holds. ``certainty`` (0 to 1) is set for rules whose pick is not put to the ranker.

    A rule that picks the source of words found elsewhere has one or more of ``whole`` (asked of a quotation),
    ``behind`` and ``ahead`` (asked of each reporting verb behind the words, and before them); those with a
    lower ``order`` are asked first. Other rules are applied by the module from which their file takes the
    name: it finds the words as well.
    """

    name: str
    label: str
    reason: str
    case: Case
    certainty: float | None = None
    order: int = 0
    whole: Callable[[Layout, Unit, Cues], Found | None] | None = None
    behind: Callable[[Place], Found | None] | None = None
    ahead: Callable[[Place], Found | None] | None = None
