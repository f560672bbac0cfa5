"""How sure a name is: the ranker's chances gathered by person, and what in the sentence speaks against it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from stories.extraction.coreference.discourse import Resolution
from stories.extraction.coreference.resolver import Resolver
from stories.extraction.people.mentions import outlets
from stories.extraction.quotations.units import Unit
from stories.extraction.speakers.calibration import calibrated
from stories.extraction.text.layout import Layout
from stories.extraction.text.letters import CAPITALISED
from stories.extraction.text.reporting_verbs import lexicon

HALF_RIGHT = 0.6  # about half of such clauses are nobody's words
KEPT = 0.25  # what is in doubt is told so, not left out
MARGIN = 0.2  # how far the best person must be ahead of the next
LEFT_OPEN = 1.0  # nothing is taken from the strength of a name that is not given
TOLD = 0.2  # how likely words must be nobody's for it to be told
NO_SAYING = "no word of saying leads to it"
LEAST = 0.02  # candidates less likely are not looked at
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


def weigh(layout: Layout, resolver: Resolver, unit: Unit) -> Weighed:
    """Resolve the chosen source, and leave the name open when another person is nearly as likely."""
    if unit.chosen is None:
        likely = calibrated(_kind(unit), unit.sure) * (1 - unit.unsaid)
        return Weighed(
            Resolution("unknown", None, 1.0, "no source is printed for these words"), likely, likely, ()
        )
    resolution = resolver.speaker(*unit.chosen, unit.content)
    chances: dict[int, float] = {}
    for option, chance in unit.ranked:
        if chance < LEAST:
            continue
        same = (option.first, option.last) == unit.chosen
        other = resolution if same else resolver.speaker(option.first, option.last, unit.content)
        if other.person is not None:
            chances[other.person] = chances.get(other.person, 0.0) + chance
    against: list[str] = []
    sure = unit.sure
    strength = resolution.strength
    named = resolution.person
    if named is not None:
        sure = max(sure, chances.get(named, 0.0))
        rival = max((chance for person, chance in chances.items() if person != named), default=0.0)
        if sure - rival < MARGIN:
            resolution = resolution._replace(status="ambiguous")
            against.append("another person is nearly as likely")
        if unit.headline and unit.kind != "direct" and not _links(layout, unit):
            resolution = resolution._replace(status="ambiguous")
            against.append("a headline that does not say who said it")
        if resolver.people.beings[named].journalist and _of_belief(layout, unit):
            resolution = resolution._replace(status="ambiguous")
            against.append("a journalist who tells what others believe")
        for share_left, reason in _of_others(layout, unit):
            strength *= share_left
            if share_left == LEFT_OPEN:
                resolution = resolution._replace(status="ambiguous")
            against.append(reason)
    share = min(1.0, sure) if unit.settled else calibrated(_kind(unit), min(1.0, sure))
    likely = share * (1 - unit.unsaid)
    confidence = likely * strength
    if unit.unsaid > TOLD:
        against.append(f"may be nobody’s words: {unit.unsaid:.0%} likely")
    doubt = _doubt(layout, unit, resolution) if unit.kind == "indirect" else ""
    if doubt == NO_SAYING and named is not None and _told_by_another(layout, unit):
        resolution = resolution._replace(status="ambiguous")
        against.append("who closes the sentence tells it")
    if doubt:
        confidence = max(min(confidence, KEPT), HALF_RIGHT * confidence)
        against.append(doubt)
    return Weighed(resolution, confidence, likely, tuple(against))


def _of_others(layout: Layout, unit: Unit) -> Iterator[tuple[float, str]]:
    """What tells that the words are another's than the source's: the share of its strength left, and why."""
    marks = _up_to_marks(layout, unit) if unit.kind != "indirect" else ""
    if TOLD_HOW.fullmatch(marks):
        yield LEFT_OPEN, "tells how somebody else put it"
    elif PASSED_ON.fullmatch(marks):
        yield 0.8, "may be the words of somebody they speak of"
    elif unit.kind == "direct" and QUESTION.fullmatch(marks):
        yield (LEFT_OPEN if _as_said(layout, unit) else 0.85), "named in a question that the words answer"
    if SAID_TO_HAVE.match(_up_to_marks(layout, unit)):
        yield 0.85, "is only reported by others to have said it"
    if unit.kind != "direct" and _spoken_of(layout, unit):
        yield LEFT_OPEN, "is spoken of, not speaking"
    elif unit.kind == "partial" and _of_a_claim_denied(layout, unit):
        yield LEFT_OPEN, "denies a claim in whose words this is put"
    elif unit.kind == "partial" and DENIED.search(_up_to(layout, unit, unit.start)):
        yield 0.7, "denies words that may be another's"


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
    return ""


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
