"""Several governors in a row: which of them decides what was done with the words."""

from __future__ import annotations

from collections.abc import Sequence

from stories.extraction.stance.governors import Governor
from stories.extraction.stance.stance_verbs import FINITE, LONGEST_VERB, PRONOUNS, WEAK, Sense, helping_words
from stories.extraction.stance.surroundings import Surroundings
from stories.extraction.text.letters import capital
from stories.extraction.text.reporting_verbs import lexicon
from stories.extraction.types import Stance

OPENS_ANEW = frozenset(
    "and but yet while though although instead before after by in as when however whereas then or".split()
)
OWN = frozenset("apologise apologize regret stand make repeat reiterate withdraw defend".split())
MARKS = ("“", "”", '"', "'", "’")


def chain_sense(
    around: Surroundings, found: list[Governor], side: Sequence[int], after: bool = False
) -> Sense | None:
    """The stance by the governors in their order."""
    if not found:
        return None
    outer = current = found[0]
    whom: str | None = None
    stance = outer.stance
    for governor in found[1:]:
        between = [i for i in side if current.last < i < governor.first]
        if _begins_anew(around, outer, governor, between, side):
            outer = current = governor
            stance, whom = governor.stance, None
            continue
        if stance == "said":
            stance, whom = _under_another(around, current, governor, between, side)
            if stance != "said":
                outer = governor if whom is None and governor.stance == stance else outer
        current = governor
    if stance == "denied" and _is_closed(around, current, side, after):
        stance = "said"
    if stance == "denied" and not after and _is_own_description(around, side):
        stance = "said"
    if stance == "quoted" and whom is None:
        whom = _from_whom(around, outer, side, after)
    return Sense(stance, printed(around, outer, current, after), whom)


def _begins_anew(
    around: Surroundings, outer: Governor, new: Governor, between: Sequence[int], side: Sequence[int]
) -> bool:
    """Whether a governor begins anew, so that the one before it is over: "denied it, saying"."""
    if new.noun:
        return False
    said = [around.word(i) for i in between]
    if any(w in (";", ":", "—") for w in said):
        return True
    while said and (
        said[-1] in helping_words() or said[-1].endswith("ly") or said[-1] in ("he", "she", "they", "also")
    ):
        said.pop()
    last = said[-1] if said else ""
    if last in MARKS and new.form == "ing":
        return True
    if last == "as" and new.form == "ing":
        return False  # "was quoted as saying"
    if last == ",":
        if new.form == "ing":
            return True
        position = side.index(outer.first)
        hanging = position == 0 or around.word(side[position - 1]) in (",", "who", "which", "that")
        return hanging or (bool(between) and around.word(between[-1]) in ("he", "she", "they"))
    if last in OPENS_ANEW:
        if last in ("and", "or", "as", "then"):
            return outer.stance == "said" or not FINITE.intersection(said)
        return True
    return False


def _under_another(
    around: Surroundings, outer: Governor, inner: Governor, between: Sequence[int], side: Sequence[int]
) -> tuple[Stance, str | None]:
    """The stance of words behind two verbs of which the outer one says that there was the inner one.

    With it, from whom the words come if they are passed on; ``None`` when that is not printed.
    """
    if inner.noun:
        return _noun_under(around, outer, inner, between, side), None
    if inner.form == "ing":
        return _participle_under(around, outer, inner, between)
    last = around.word(between[-1]) if between else ""
    if last in ("to", "he", "she", "they", "it", "i", "we") or not between:
        return inner.stance, None
    if not _speaks(inner):
        return "said", None
    named = capital(around.layout.tokens[between[-1]])
    if last in ("who", "which", "that") or named or inner.first < inner.at:
        return "quoted", subject_of(around, between)
    if inner.form == "ed":
        return "said", None  # "a plan called", "what was dubbed"
    return inner.stance, None


def _noun_under(
    around: Surroundings, outer: Governor, inner: Governor, between: Sequence[int], side: Sequence[int]
) -> Stance:
    """The stance of words behind a verb and a noun like "claim": "dismissed the claim that"."""
    behind = [around.word(i) for i in around.tokens_between(inner.last, around.start)]
    behind += [around.word(i) for i in side if i > inner.last]
    own = any(around.word(i) in ("his", "her", "their", "my", "our") for i in between[-2:])
    if own or not {"were", "was", "are", "is"}.isdisjoint(behind):
        return "said"
    if not behind and outer.lemma in lexicon() and lexicon()[outer.lemma].group == "judge":
        return "said"
    if outer.lemma in OWN or (behind and behind[0] not in ("that", "of")):
        return "said"
    return "quoted"


def _participle_under(
    around: Surroundings, outer: Governor, inner: Governor, between: Sequence[int]
) -> tuple[Stance, str | None]:
    """The stance of words behind a verb and a participle: "accused Mr Lee of saying"."""
    layout = around.layout
    last = around.word(between[-1]) if between else ""
    of_something = last in ("of", "for", "over", "about")
    if of_something and not _speaks(inner):
        return "said", None
    own = outer.lemma in OWN or (inner.stance == "denied" and inner.first < inner.at)
    if (of_something or last == "not") and own:
        return "said", None
    if of_something:
        named = [i for i in between if capital(layout.tokens[i])]
        whom = layout.text[layout.starts[named[0]] : layout.ends[named[-1]]] if named else None
        return "quoted", whom
    if last and capital(layout.tokens[between[-1]]) and outer.noun:
        return "quoted", subject_of(around, between)
    return inner.stance, None


def _speaks(governor: Governor) -> bool:
    """Whether a verb tells of speech, and of nothing else."""
    known = lexicon().get(governor.lemma)
    return known is not None and known.group != "think" and governor.lemma not in WEAK


def subject_of(around: Surroundings, between: Sequence[int]) -> str | None:
    """The last run of words before a verb that name somebody, without "that"."""
    run: list[int] = []
    for i in reversed(between):
        word = around.word(i)
        if word in ("that", "how", "when", "why", "because", "after", ",", "as") and run:
            break
        if word not in ("who", "which"):
            run.append(i)
    if not run:
        return None
    low, high = around.layout.starts[run[-1]], around.layout.ends[run[0]]
    return around.layout.text[low:high].strip(" ,")[:120] or None


def _from_whom(around: Surroundings, governor: Governor, side: Sequence[int], after: bool) -> str | None:
    """Whose words they are behind "quoted", "recalled … ’s words", "the guidance states"."""
    layout = around.layout
    behind = [i for i in side if i > governor.last]
    run: list[int] = []
    for i in behind:
        word = around.word(i)
        if word in (
            "as",
            "'s",
            "’s",
            "’",
            ",",
            "who",
            "which",
            "that",
            ":",
            "saying",
            "on",
            "in",
            "from",
            "words",
        ):
            break
        run.append(i)
    if not run or governor.passive or after:
        return None
    return layout.text[layout.starts[run[0]] : layout.ends[run[-1]]].strip()[:120] or None


def _is_closed(around: Surroundings, last: Governor, side: Sequence[int], after: bool) -> bool:
    """Whether the denial has its own object and what follows is the answer: "denied the claim: “No.”"."""
    if around.kind != "direct" or after:
        return False
    behind = [around.word(i) for i in side if i > last.last]
    return bool(behind) and behind[-1] == ":" and (last.noun or len(behind) > 1)


def _is_own_description(around: Surroundings, side: Sequence[int]) -> bool:
    """Whether they are the source's own words for what it dismissed: "rejected it as “a farce”"."""
    behind = [around.word(i) for i in side if i >= around.layout.token_from(around.low)]
    near = behind[-6:]
    if "as" not in near or "saying" in near or "having" in near:
        return False
    rest = near[len(near) - near[::-1].index("as") :]
    return not FINITE.intersection(rest) and not any(w in PRONOUNS for w in rest)


def printed(around: Surroundings, first: Governor, last: Governor, after: bool = False) -> str:
    """The verb as printed: what stands from it to the words if that is short, else the verb alone."""
    layout = around.layout
    low, high = layout.starts[first.first], layout.ends[max(first.last, last.last)]
    if not after and first.stance != "said" and layout.starts[first.first] < around.start:
        high = max(high, around.start) if around.start - low <= LONGEST_VERB else high
    pieces = layout.text[low:high]
    source = around.source
    if source is not None and low < source.start < high:
        kept = layout.text[low : source.start].rstrip()
        pieces = kept.removesuffix(" by") + layout.text[source.end : high]
    printed = " ".join(pieces.split()).strip(" :,“”\"'‘’–—")
    if len(printed) > LONGEST_VERB:
        printed = " ".join(layout.text[low : layout.ends[first.last]].split())[:LONGEST_VERB]
    elif (
        high == around.start
        and around.kind != "direct"
        and around.word(layout.token_from(around.start)) == "that"
    ):
        printed += " that"
    return printed if printed[:2].isupper() else printed[:1].lower() + printed[1:]
