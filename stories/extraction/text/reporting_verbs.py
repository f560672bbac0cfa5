"""Words of saying: the lexicon with its inflected forms, and where they stand in a text."""

from __future__ import annotations

from typing import NamedTuple

from stories.extraction.text.layout import Layout
from stories.extraction.words import per_lists, rows
from stories.extraction.words.lists import determiners

VOWELS = "aeiou"


class CueWord(NamedTuple):
    """A form of the lexicon: its lemma, class (say, tell, judge, think) and form (s, ed, ing, base)."""

    lemma: str
    group: str
    form: str


class Cue(NamedTuple):
    """A word of saying outside quotation marks: tokens ``first`` to ``last`` inclusive."""

    first: int
    last: int
    word: CueWord
    noun: bool


def _inflect(lemma: str) -> dict[str, str]:
    """The regular forms of a verb, form to word."""
    if lemma.endswith("e"):
        return {"base": lemma, "s": lemma + "s", "ed": lemma + "d", "ing": lemma[:-1] + "ing"}
    if lemma.endswith("y") and lemma[-2] not in VOWELS:
        return {"base": lemma, "s": lemma[:-1] + "ies", "ed": lemma[:-1] + "ied", "ing": lemma + "ing"}
    s = lemma + ("es" if lemma.endswith(("s", "sh", "ch", "x")) else "s")
    return {"base": lemma, "s": s, "ed": lemma + "ed", "ing": lemma + "ing"}


def forms_of(lemma: str, irregular: str = "") -> list[tuple[str, str]]:
    """Every form of a verb with its word; ``irregular`` holds third person, past, participle and -ing form.

    The participle stands first: of a word that is two forms ("put", "read") the past is meant.
    """
    if not irregular:
        return list(_inflect(lemma).items())
    third, past, participle, present = irregular.split()
    return [("ed", participle), ("base", lemma), ("s", third), ("ed", past), ("ing", present)]


@per_lists
def lexicon() -> dict[str, CueWord]:
    """Every form of every verb of saying."""
    out: dict[str, CueWord] = {}
    for lemma, group, *rest in rows("cues"):
        for form, word in forms_of(lemma, rest[0] if rest else ""):
            out.setdefault(word, CueWord(lemma, group, form))
    return out


def find(layout: Layout) -> list[Cue]:
    """Every word of saying outside quotation marks, in reading order."""
    known = lexicon()
    lower, starts = layout.lower, layout.starts
    out = []
    for i in [i for i, word in enumerate(lower) if word in known or word == "according"]:
        word = lower[i]
        if word == "according" and i + 1 < len(lower) and lower[i + 1] == "to":
            out.append(Cue(i, i + 1, CueWord("according to", "say", "prep"), False))
            continue
        entry = known.get(word)
        if entry is None or layout.passage_at(starts[i]) is not None:
            continue
        if i + 1 < len(lower) and lower[i + 1] in ("-", "–") and layout.ends[i] == starts[i + 1]:
            continue
        before = lower[i - 1] if i else ""
        noun = entry.form in ("base", "s") and (before in determiners() or before in ("'s", "’s"))
        out.append(Cue(i, i, entry, noun))
    return out
