"""The stance by the verbs before the words."""

from __future__ import annotations

from collections.abc import Sequence

from stories.extraction.stance.chains import chain_sense, printed
from stories.extraction.stance.governors import governors
from stories.extraction.stance.stance_verbs import WEAK, Sense
from stories.extraction.stance.surroundings import Surroundings


def by_lead(around: Surroundings, leads: list[int]) -> Sense | None:
    """By the verbs before the words: behind the source if it stands there, else all of them."""
    layout = around.layout
    behind = leads
    source = around.source
    if source is not None and around.low <= source.start < around.start:
        behind = [i for i in leads if layout.starts[i] >= source.end]
    left = leads[: len(leads) - len(behind)]
    chain = chain_sense(around, governors(around, behind), behind)
    if source is None or not left:
        return _of_denied_subject(around, left, chain)
    before = [i for i in left if layout.ends[i] <= source.start]
    if chain is None:
        chain = _left_of_source(around, before)
        return chain
    if chain.stance == "said":
        outer = _told_by_another(around, before)
        if outer is not None:
            return outer
    return _of_denied_subject(around, [i for i in left if layout.starts[i] >= source.start], chain)


def _of_denied_subject(around: Surroundings, subject: Sequence[int], chain: Sense | None) -> Sense | None:
    """ "No minister said" and "Nobody said" deny."""
    opening = around.word(subject[0]) if subject else around.word(around.layout.token_from(around.low))
    if any(around.word(i) == "," for i in subject):
        return chain
    if chain is not None and chain.stance == "said" and opening in ("no", "nobody", "none", "neither"):
        return chain._replace(stance="denied", verb=f"{opening} … {chain.verb}")
    return chain


def _left_of_source(around: Surroundings, before: list[int]) -> Sense | None:
    """ "Asked by Ann Lee whether", "said Ann Lee:", "according to Ann Lee"."""
    if not before:
        return None
    found = [g for g in governors(around, before) if g.last >= before[-1] - 4]
    if not found:
        return None
    last = found[-1]
    between = {around.word(i) for i in before if i > last.last}
    if between & {",", ";", "that"}:
        return None
    return Sense(last.stance, printed(around, last, last))


def _told_by_another(around: Surroundings, before: list[int]) -> Sense | None:
    """Somebody before the source who tells what it said: "Lee said Ash called it", "if Ash said"."""
    tail = [i for i in before if around.word(i) not in ("the", "mr", "ms", "mrs", "sir", "lord", "former")]
    if not tail:
        return None
    last = around.word(tail[-1])
    if last in ("if", "whether", "unless"):
        return Sense("", last)
    found = [g for g in governors(around, before) if not g.noun or g.stance != "said"]
    if not found:
        return None
    outer = found[-1]
    since = [around.word(i) for i in tail if i > outer.last]
    if not since and outer.form == "ing":
        return None
    joined = not since or since[-1] in ("that", "how", "when", "why") or since == ["that"]
    if not joined or {",", ";", ":"} & set(since) or outer.lemma in WEAK:
        return None
    if outer.stance != "said":
        return Sense(outer.stance, printed(around, outer, outer))
    return Sense("quoted", printed(around, outer, outer))


def by_last_verb(around: Surroundings, leads: list[int]) -> Sense | None:
    """What a verb right before the words does with them: "Nobody said it was “safe”, Lee told MPs"."""
    found = governors(around, leads)
    behind = [around.word(i) for i in leads if found and i > found[-1].last]
    if not found or {",", ";", ":"} & set(behind) or found[-1].lemma in WEAK:
        return None
    chain = _of_denied_subject(around, leads, chain_sense(around, found, leads))
    return Sense("quoted", chain.verb) if chain is not None and chain.stance == "said" else chain
