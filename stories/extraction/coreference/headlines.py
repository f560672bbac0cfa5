"""Gives the marked words of a headline to the speaker who says the same words in the story below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from stories.extraction.coreference.same_words import LETTERS, given_to, words_of
from stories.extraction.people.offices import head_of, party_of
from stories.extraction.text.layout import Layout
from stories.extraction.types import Quotation, Span

SHARE = 0.5  # of the words of weight: more must stand in what is said below
STEM = 5  # letters by which forms of one word are known
SMALL = frozenset(
    "a an and are as at be been by can could did do does for from had has have he her his if in into is it "
    "its may might more no not of off on or our out over she should so t than that the their they this to "
    "too up was we were will with won would you your".split()
)


def headlines(layout: Layout, found: Sequence[Quotation], doubtful: Sequence[Quotation]) -> list[Quotation]:
    """Give what a headline quotes to the one person who says it below.

    ``found`` are the quotations of the text in reading order, ``doubtful`` marked words of the headline that
    are left out when nobody does.
    """
    end = layout.paragraphs[0].end if layout.headline else 0
    open_ones = [q for q in (*found, *doubtful) if q.content[0].start < end and q.status != "accepted"]
    if not open_ones:
        return list(found)
    below = [(q, _stems(layout, q.content)) for q in found if q.content[0].start >= end]
    named = [q for q in (_named_below(layout, quotation, below) for quotation in open_ones) if q is not None]
    taken = {q.content for q in named}
    kept = [q for q in found if q.content not in taken]
    return sorted((*named, *kept), key=lambda q: q.content)


def _named_below(
    layout: Layout, quotation: Quotation, below: Sequence[tuple[Quotation, set[str]]]
) -> Quotation | None:
    """The quotation with the speaker of the first below that has most of its words, if only one has them."""
    wanted = _stems(layout, quotation.fragments)
    if not wanted or _name(layout, quotation):
        return None
    same = [q for q, stems in below if len(wanted & stems) > SHARE * len(wanted)]
    while same and same[0].person is None and same[0].source_text and party_of(same[0].source_text):
        same.pop(0)  # a party's words are one of its members', named further on
    if not same or len({q.person for q in same if q.person is not None}) != 1:
        return None
    first = same[0]
    if first.status != "accepted":
        return None  # somebody without a name said it first
    named = given_to(quotation, first, 0.8 * first.confidence, f"{first.speaker} says the same below")
    return named if _means(quotation, first) else replace(named, source=None, source_text=None)


def _means(quotation: Quotation, named: Quotation) -> bool:
    """Whether what the headline seems to name as the source is the speaker: an office or the surname."""
    source = quotation.source_text or ""
    return head_of(source) is not None or source.split()[-1:] == (named.speaker or "").split()[-1:]


def _name(layout: Layout, quotation: Quotation) -> bool:
    """Whether only words with a capital are marked: the name of something."""
    words = [word for start, end in quotation.fragments for word in LETTERS.findall(layout.text[start:end])]
    return all(word[0].isupper() for word in words)


def _stems(layout: Layout, spans: Sequence[Span]) -> set[str]:
    return {word.rstrip("s")[:STEM] for word in words_of(layout, spans) if word not in SMALL}
