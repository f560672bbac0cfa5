"""Confidence of an attribution: the ranker's chances added up by person, less what the sentence objects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from stories.extraction.coreference.discourse import Resolution
from stories.extraction.coreference.resolver import Resolver
from stories.extraction.quotations.units import Unit
from stories.extraction.speakers.calibration import calibrated
from stories.extraction.text.layout import Layout
from stories.extraction.text.letters import CAPITALISED
from stories.extraction.text.noun_phrases import FINITE
from stories.extraction.text.reporting_verbs import lexicon
from stories.extraction.words.lists import outlets

DOUBTFUL_SHARE = 0.6  # of the confidence left to a doubtful clause: about half of these are nobody's words
DOUBTFUL_LEAST = 0.25  # least confidence of a doubtful clause: it is shown with its doubt, not left out
MARGIN = 0.2  # how far the best person must be ahead of the next
UNSAID_SHOWN = 0.2  # from this chance on the reasons say that the words may be nobody's
NO_SAYING = "no reporting verb leads to it"
LEAST_CHANCE = 0.02  # candidates less likely are not looked at
DENIED = re.compile(
    r"\b(?:dismiss|reject|den(?:y|i)|refut|brush|rule|derid|mock|ridicul|scorn|rubbish|scoff|laugh|shrug|play)\w*"
    r"\s+(?:\w+\s+){0,4}?"
    r"(?:claims?|accusations?|suggestions?|allegations?|reports?|criticism|charges?|comments?)\b"
)
# After these the words are the denier's own again: "dismissed the claims as “nonsense”".
OWN_AGAIN = re.compile(r"\b(?:as|saying|said|says|calling|called|branding|insisting|adding|and|but)\b")
PASSIVE = re.compile(
    r"\b(?:was|were|been|being|is|are)\s+(?:\w+ly\s+)?(?:accused|criticised|criticized|attacked|condemned|branded|"
    r"described|dubbed|called|labelled|labeled|said|reported|thought|believed|understood|urged|warned|told|asked|dismissed|denounced|praised|hailed)\b"
    r"(?! (?:to have|as having) )"  # "was reported to have said" tells of one who speaks
)

# Whose words others pass on, up to the marks: "the man, who left, had called it “".
ANOTHER_SAID = (
    rf" (?:the|an?|one|some|another|his|her|their|Mr|Mrs|Ms|Sir|Lord|Lady|{CAPITALISED}+) "
    r"(?:(?!(?:that|if|when|he|she|they|it|which|was|were|is|are|be|would|should|could|will|must|and|but|as|to)\b)"
    r"[\w’'-]+,? ){0,8}?"
    r"(?:said|says|claimed|claims|shouted|told|called|described|branded|complained)\b[^.;\"“”]{0,80}[\"“'‘]?"
)
PASSED_ON = re.compile(
    r"(?: has| had)? (?:said|says|claimed|claims|told [^,.;:\"“]{1,40}?|recalled|revealed|added)(?: that)?"
    + ANOTHER_SAID
)
TOLD_HOW = re.compile(r" (?:[\w’'-]+ ){1,5}?how" + ANOTHER_SAID)
SAID_TO_HAVE = re.compile(
    r" (?:is|was|are|were|has been|have been) (?:\w+ly )?"
    r"(?:alleged|said|reported|believed|understood|thought|claimed|rumoured) to have\b"
)
BELIEF = re.compile(  # of several: "ministers privately think"
    r"\b\w+s (?:\w+ly |also |now |still )?"
    r"(?:believe|think|fear|hope|feel|expect|suspect|say|claim|argue|insist)\b"
)
QUESTION = re.compile(r"[^.;:\"“”]*\?\s*[\"“'‘]?")  # from a source in it to the words that answer


class Weighed(NamedTuple):
    """The outcome for a unit and its confidence; ``against`` says what was held against a name.

    ``likely``: how likely these are words said by whoever the source is, known by name or not.
    """

    resolution: Resolution
    confidence: float
    likely: float
    against: tuple[str, ...]


class Objection(NamedTuple):
    """What speaks against a name: why, the share of its strength left, and whether it is left open then."""

    reason: str
    share: float = 1.0
    leaves_open: bool = False


def weigh(layout: Layout, resolver: Resolver, unit: Unit) -> Weighed:
    """Resolve the chosen source, and leave the name open when another person is nearly as likely."""
    if unit.chosen is None:
        likely = calibrated(_kind(unit), unit.sure) * (1 - unit.unsaid)
        return Weighed(
            Resolution("unknown", None, 1.0, "no source is printed for these words"), likely, likely, ()
        )
    resolution = resolver.speaker(*unit.chosen, unit.content)
    named, sure, strength = resolution.person, unit.sure, resolution.strength
    chances = _chances(resolver, unit, resolution)
    against: list[str] = []
    if named is not None:
        sure = max(sure, chances.pop(named, 0.0))
        ahead = sure - max(chances.values(), default=0.0)
        for objection in _objections(layout, unit, ahead, resolver.people.entities[named].journalist):
            strength *= objection.share
            if objection.leaves_open:
                resolution = resolution._replace(status="ambiguous")
            against.append(objection.reason)
    share = min(1.0, sure) if unit.settled else calibrated(_kind(unit), min(1.0, sure))
    likely = share * (1 - unit.unsaid)
    confidence = likely * strength
    if unit.unsaid > UNSAID_SHOWN:
        against.append(f"may be nobody’s words: {unit.unsaid:.0%} likely")
    doubt = _doubt(layout, unit, resolution) if unit.kind == "indirect" else ""
    if doubt == NO_SAYING and named is not None and _told_by_another(layout, unit):
        resolution = resolution._replace(status="ambiguous")
        against.append("who closes the sentence tells it")
    if doubt:
        confidence = max(min(confidence, DOUBTFUL_LEAST), DOUBTFUL_SHARE * confidence)
        against.append(doubt)
    return Weighed(resolution, confidence, likely, tuple(against))


def _chances(resolver: Resolver, unit: Unit, resolution: Resolution) -> dict[int, float]:
    """The chances of a unit's candidates by the person they mean; ``resolution`` is of the chosen one."""
    chances: dict[int, float] = {}
    for option, chance in unit.ranked:
        if chance < LEAST_CHANCE:
            continue
        same = (option.first, option.last) == unit.chosen
        found = resolution if same else resolver.speaker(option.first, option.last, unit.content)
        if found.person is not None:
            chances[found.person] = chances.get(found.person, 0.0) + chance
    return chances


def _objections(layout: Layout, unit: Unit, ahead: float, journalist: bool) -> Iterator[Objection]:
    """What speaks against whoever is named; ``ahead`` is how much likelier they are than anybody else."""
    if ahead < MARGIN:
        yield Objection("another person is nearly as likely", leaves_open=True)
    if unit.headline and unit.kind != "direct" and not _links(layout, unit):
        yield Objection("a headline that does not say who said it", leaves_open=True)
    if journalist and _of_belief(layout, unit):
        yield Objection("a journalist who tells what others believe", leaves_open=True)
    yield from _of_others(layout, unit)


def _of_others(layout: Layout, unit: Unit) -> Iterator[Objection]:
    """What tells that the words are another's than the source's."""
    marks = _up_to_marks(layout, unit) if unit.kind != "indirect" else ""
    if TOLD_HOW.fullmatch(marks):
        yield Objection("tells how somebody else put it", leaves_open=True)
    elif PASSED_ON.fullmatch(marks):
        yield Objection("may be the words of somebody they speak of", 0.8)
    elif unit.kind == "direct" and QUESTION.fullmatch(marks):
        witness = _as_said(layout, unit)
        yield Objection("named in a question that the words answer", 1.0 if witness else 0.85, witness)
    if SAID_TO_HAVE.match(_up_to_marks(layout, unit)):
        yield Objection("is only reported by others to have said it", 0.85)
    if unit.kind != "direct" and _spoken_of(layout, unit):
        yield Objection("is spoken of, not speaking", leaves_open=True)
    elif unit.kind == "partial" and _of_a_claim_denied(layout, unit):
        yield Objection("denies a claim in whose words this is put", leaves_open=True)
    elif unit.kind == "partial" and DENIED.search(_up_to(layout, unit, unit.start)):
        yield Objection("denies words that may be another's", 0.7)


def _of_belief(layout: Layout, unit: Unit) -> bool:
    """Whether marked words stand in what several are told to believe: "Ministers think it is “mad”"."""
    if not unit.fragments:
        return False
    low = layout.sentences[layout.sentence_at(unit.fragments[0].start)].start
    return BELIEF.search(layout.text, low, unit.fragments[0].start) is not None


def _as_said(layout: Layout, unit: Unit) -> bool:
    """Whether a source is only called to witness: "as Ann Lee once said"."""
    return unit.chosen is not None and layout.lower[max(0, unit.chosen[0] - 1)] == "as"


def _spoken_of(layout: Layout, unit: Unit) -> bool:
    """Whether a source is spoken of before the words, and these do not tell that it spoke."""
    low = layout.ends[unit.chosen[1]] if unit.chosen is not None else unit.start
    found = PASSIVE.search(layout.text, low, unit.start + len(" as having ")) if low < unit.start else None
    return found is not None and found.end() <= unit.start


def _up_to_marks(layout: Layout, unit: Unit) -> str:
    """What stands between a source and the first marked words behind it."""
    return _up_to(layout, unit, unit.fragments[0].start if unit.fragments else unit.start)


def _up_to(layout: Layout, unit: Unit, high: int) -> str:
    """What stands between a source and ``high``; nothing when the source is printed behind it."""
    return layout.text[layout.ends[unit.chosen[1]] : high] if unit.chosen is not None else ""


def _of_a_claim_denied(layout: Layout, unit: Unit) -> bool:
    """Whether the first marked words tell what a claim was that the speaker denies: "derided Tory claims the
    town was paying for “gilded ropes”"."""
    if not unit.fragments:
        return False
    lead = _up_to_marks(layout, unit)
    denied = DENIED.search(lead)
    return denied is not None and OWN_AGAIN.search(lead, denied.end()) is None


def _doubt(layout: Layout, unit: Unit, resolution: Resolution) -> str:
    """What makes a reported clause doubtful: no word of saying, or a paper that only passes it on."""
    cue = unit.tagged.cue if unit.tagged is not None else None
    if cue is not None and unit.cue is None:
        words = layout.lower[layout.token_from(cue.start) : layout.token_from(cue.end - 1) + 1]
        if "according" not in words and not any(word in lexicon() for word in words):
            return NO_SAYING
    if resolution.person is None and unit.chosen is not None:
        first, last = unit.chosen
        source = layout.text[layout.starts[first] : layout.ends[last]]
        if source.removeprefix("the ").removeprefix("The ") in outlets():
            return "a newspaper or broadcaster that only passes it on"
    if unit.cue is not None and unit.cue.word.group == "judge" and not _has_verb(layout, unit):
        return "tells of what was judged, not of words"
    return ""


def _has_verb(layout: Layout, unit: Unit) -> bool:
    """Whether the words hold a clause: "criticised the delay" reports no statement, only a thing."""
    first, last = layout.token_from(unit.start), layout.token_from(unit.end - 1)
    words = layout.lower[first : last + 1]
    return any(word in FINITE or word == "to" or word in ("as", "because", "that") for word in words)


def _told_by_another(layout: Layout, unit: Unit) -> bool:
    """Whether the sentence closes with a word of saying: "Ann Lee is pressing the firms, officials say."."""
    sentence = layout.sentences[layout.sentence_at(unit.end - 1)]
    if not layout.text[unit.end : sentence.end].startswith(","):
        return False
    first, last = layout.token_from(unit.end), layout.token_from(sentence.end - 1)
    return any(word in lexicon() for word in layout.lower[first : last + 1])


def _links(layout: Layout, unit: Unit) -> bool:
    """Whether a headline joins words to their source by a word of saying, a colon or a dash."""
    if unit.chosen is None:
        return False
    first, last = unit.chosen
    if layout.ends[last] <= unit.start:
        low, high = layout.ends[last], unit.passages[0].outer_start if unit.passages else unit.start
    else:
        high = layout.starts[first]
        low = max([span.end for span in (*unit.content, *unit.fragments) if span.end <= high], default=high)
    between = layout.text[low:high]
    near = range(layout.token_from(low), layout.token_from(max(low, high - 1)) + 1)
    return bool(JOINT.search(between)) or any(
        layout.lower[i] in lexicon() for i in near if i < len(layout.lower) and layout.starts[i] < high
    )


JOINT = re.compile(r":|\s[–—-]\s")


def _kind(unit: Unit) -> str:
    return "direct" if unit.kind == "direct" else "reported"
