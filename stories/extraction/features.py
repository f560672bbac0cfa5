"""What is seen of a candidate beside a unit, as feature names for the ranker. One family a function."""

from __future__ import annotations

from bisect import bisect_left

from .candidates import Option
from .layout import Layout
from .tagger import Tagged
from .text_evidence import TextEvidence, bucket
from .units import Cues, Unit

BE = frozenset("was were been being is are be".split())
NEVER = "none"  # the candidate "nobody is named"
DISTANCES = (0, 1, 3, 7, 15)
DISTANCE_NAMES = ("0", "1", "3", "7", "15", "far")


def distance(count: int) -> str:
    """A count of words in six steps."""
    return DISTANCE_NAMES[bisect_left(DISTANCES, count)]


class Context:
    """What all candidates of a unit share, worked out once."""

    __slots__ = (
        "layout",
        "tagged",
        "cues",
        "unit",
        "previous",
        "first",
        "last",
        "sentence",
        "last_sentence",
        "paragraph",
        "alone",
        "mark",
        "colon",
        "kind",
        "lead",
        "tail",
        "evidence",
        "options",
        "chances",
        "passive",
    )

    def __init__(
        self,
        layout: Layout,
        tagged: Tagged,
        cues: Cues,
        unit: Unit,
        previous: Unit | None,
        evidence: TextEvidence,
        options: list[Option],
    ) -> None:
        self.evidence, self.options = evidence, options
        for option in options:
            option.chance = tagged.source_probability(*option.span)
        self.chances = sorted([option.chance for option in options], reverse=True)
        self.layout, self.tagged, self.cues, self.unit, self.previous = layout, tagged, cues, unit, previous
        self.first = layout.token_from(unit.start)
        self.last = layout.token_from(unit.end - 1)
        self.sentence = layout.sentence_at(unit.start)
        self.last_sentence = layout.sentence_at(unit.end - 1)
        self.paragraph = layout.paragraph_at(unit.start)
        low, high = layout.paragraphs[self.paragraph]
        self.alone = unit.start - low < 3 and high - unit.end < 4
        self.mark = layout.text[unit.end - 1 : unit.end] if not layout.text[unit.end - 1].isalnum() else "w"
        if self.mark == "w" and layout.text[unit.end : unit.end + 1] in (",", ".", "?"):
            self.mark = "w" + layout.text[unit.end]
        before = layout.paragraphs[self.paragraph - 1] if self.paragraph else None
        self.colon = before is not None and layout.text[before.end - 1] == ":"
        self.kind = unit.kind
        self.passive = _passive(self)
        sentence = layout.sentences[self.sentence]
        lead = layout.text[sentence.start : unit.start].rstrip("\"“‘' ")
        after = self.last + 1
        while after < min(self.last + 5, len(layout.lower)) and not layout.tokens[after][0].isalnum():
            after += 1
        self.tail = (
            layout.lower[after]
            if after < len(layout.lower) and layout.lower[after] in ("by", "from")
            else "-"
        )
        self.lead = lead[-1] if lead and not lead[-1].isalnum() else ("w" if lead else "^")


def names(context: Context, option: Option) -> list[str]:
    """All features of one candidate of ``context.options``."""
    layout, unit = context.layout, context.unit
    side = _side(context, option)
    stops, gap = _between(context, option, side)
    probability = bucket(option.chance)
    before = layout.lower[option.first - 1] if option.first else "^"
    after = layout.lower[option.last + 1] if option.last + 1 < len(layout.lower) else "$"
    picks = ("r" if option.rule else "-") + ("t" if option.tagged else "-") + ("c" if option.carried else "-")
    cue_side, cue_gap, cue_word = _cue(context, option)
    offset = max(-3, min(1, layout.paragraph_at(option.span.start) - context.paragraph))
    kind = option.kind
    return [
        f"kind {kind}",
        f"kind,unit {kind} {context.kind}",
        f"picks {picks}",
        f"picks,unit {picks} {context.kind}",
        f"picks,p {picks} {probability}",
        f"picks,rule {picks} {unit.rule}",
        f"side,stops {side} {stops}",
        f"side,gap {side} {gap}",
        f"side,stops,kind {side} {stops} {kind}",
        f"p {probability}",
        f"p,side,stops {probability} {side} {stops}",
        f"p,unit {probability} {context.kind}",
        f"cue {cue_side} {cue_gap}",
        f"cue,side {cue_side} {cue_gap} {side} {stops}",
        f"cue,word {cue_side} {cue_word}",
        f"passive {context.passive} {side} {stops}",
        f"by {context.tail} {before} {side}",
        f"before {before}",
        f"after {after}",
        f"after,side {after} {side}",
        f"mark,side {context.mark} {side} {stops}",
        f"lead,side {context.lead} {side} {stops}",
        f"paragraph {offset} {int(context.alone)}",
        f"colon {int(context.colon)} {offset} {stops}",
        f"same {_same(context, option)} {context.kind} {int(context.alone)}",
        f"opens {_opens(context, option)} {stops} {side}",
        f"inside {layout.passage_at(option.span.start) is not None}",
        f"long {min(8, option.last - option.first)} {kind == 'phrase'}",
        f"rank {_rank(context, option)} {side}",
        *_way(context, option, side, probability),
        *_edges(context, option),
        *_rivals(context, option, side, stops),
        *_turns(context, option, side, stops),
        *_look(context, option, side),
    ]


def nobody(context: Context, options: list[Option]) -> list[str]:
    """Features of leaving the words without a source."""
    unit = context.unit
    best = max([option.chance for option in options if option.rule or option.tagged], default=0.0)
    tagged = unit.tagged is not None and unit.tagged.source is not None
    return [
        "nobody",
        f"nobody,unit {unit.kind}",
        f"nobody,best {bucket(best)}",
        f"nobody,rule {unit.rule} {int(tagged)}",
        f"nobody,tagged {int(tagged)} {int(unit.tagged is not None)} {int(unit.source is not None)}",
        f"nobody,headline {int(unit.headline)}",
        f"nobody,words {distance(len(unit.content))} {context.mark}",
        f"nobody,cue {_cue_before(context)}",
    ]


def _way(context: Context, option: Option, side: str, probability: str) -> list[str]:
    """The signs of the words between candidate and words, and of those just behind the candidate."""
    evidence = context.evidence
    path = "in"
    out = []
    if side == "before":
        path = evidence.path(option.last + 1, context.first - 1)
    elif side == "after":
        path = evidence.path(context.last + 1, option.first - 1)
        out = [f"then {evidence.path(option.last + 1, min(option.last + 2, evidence.last))} {path}"]
    way = f"{side} {path}"
    return [*out, f"path {way}", f"path,kind {way} {option.kind}", f"path,p {way} {probability}"]


def _edges(context: Context, option: Option) -> list[str]:
    """How likely the candidate's ends name a source, and the tokens outside them."""
    level = context.evidence.level
    first, last, left, right = map(level, (option.first, option.last, option.first - 1, option.last + 1))
    return [
        f"edges {min(first, last)} {left} {right}",
        f"edge,left {first} {left}",
        f"edge,right {last} {right}",
    ]


def _rivals(context: Context, option: Option, side: str, stops: str) -> list[str]:
    """How many candidates the tagger prefers, stand nearer, hold this one or are held by it."""
    first, last = option.first, option.last
    probability = bucket(option.chance)
    higher = min(3, context.chances.index(option.chance))
    nearer = 0
    longer = left = right = shorter = 0
    for other in context.options:
        if other.first <= first and other.last >= last:
            if other is not option:
                longer = 1
                left |= other.last == last
                right |= other.first == first
        elif other.first >= first and other.last <= last:
            shorter = 1
        elif side == "before":
            nearer += last < other.first and other.last < context.first
        elif side == "after":
            nearer += other.last < first and context.last < other.first
    nearer = min(4, nearer)
    return [
        f"order {higher} {probability}",
        f"order,side {higher} {side} {stops}",
        f"top {bucket(context.chances[0])} {probability}",
        f"cut {longer}{int(left)}{int(right)}{shorter} {option.kind if len(option.kind) > 3 else 'p'}",
        f"nearer {nearer} {side} {stops}",
        f"nearer,kind {nearer} {side} {option.kind}",
    ]


def _turns(context: Context, option: Option, side: str, stops: str) -> list[str]:
    """Whether the candidate's last word was chosen before, is often printed, stands by words of saying."""
    evidence, kind = context.evidence, option.kind
    word = context.layout.lower[option.last]
    turn = evidence.turn(word)
    return [
        f"turn {turn} {kind}",
        f"turn,side {turn} {side} {stops}",
        f"turn,alone {turn} {int(context.alone)} {side}",
        f"mentions {distance(evidence.mentions(word))} {kind}",
        f"says {min(3, evidence.says(word))} {kind}",
    ]


def _look(context: Context, option: Option, side: str) -> list[str]:
    """The candidate's own words, unless they are a name, and the signs beside it."""
    evidence, layout = context.evidence, context.layout
    before, after = evidence.sign(option.first - 1), evidence.sign(option.last + 1)
    bare_name = option.first == option.last and layout.tokens[option.last][0].isupper()
    out = [
        f"shape {before} {after} {option.kind}",
        f"shape,side {before} {after} {side}",
        f"first {'N' if bare_name else layout.lower[option.first]}",
    ]
    if option.kind == "phrase":
        out.append(f"last {layout.lower[option.last]}")
    return out


def _cue_before(context: Context) -> str:
    """The tagger's cue and the word before it: a passive has "was" there and no source."""
    unit = context.unit
    if unit.tagged is None or unit.tagged.cue is None:
        return "-"
    i = context.layout.token_from(unit.tagged.cue.start)
    return context.layout.lower[i]


def _side(context: Context, option: Option) -> str:
    if option.span.start >= context.unit.end:
        return "after"
    if option.span.end <= context.unit.start:
        return "before"
    return "between" if not any(s <= option.span.start < e for s, e in context.unit.content) else "in"


def _between(context: Context, option: Option, side: str) -> tuple[str, str]:
    """Sentence ends and words between candidate and words."""
    sentence = context.layout.sentence_at(option.span.start)
    if side == "after":
        return str(min(3, sentence - context.last_sentence)), distance(option.first - context.last - 1)
    if side == "before":
        return str(min(3, context.sentence - sentence)), distance(context.first - option.last - 1)
    return "0", "0"


def _cue(context: Context, option: Option) -> tuple[str, str, str]:
    """Side, distance and word of the cue nearest a candidate."""
    layout, unit = context.layout, context.unit
    best: tuple[int, str, str] | None = None
    tokens: list[int] = []
    if unit.tagged is not None and unit.tagged.cue is not None:
        i = layout.token_from(unit.tagged.cue.start)
        tokens.append(i)
        j = bisect_left(layout.starts, unit.tagged.cue.end) - 1
        if j > i:
            tokens.append(j)
    span = option.span
    tokens += [cue.first for cue in context.cues.between(span.start - 60, span.end + 60) if not cue.noun]
    for i in tokens:
        gap = i - option.last - 1 if i > option.last else option.first - i - 1
        if gap < 0:
            continue
        if best is None or gap < best[0]:
            best = (gap, ">" if i > option.last else "<", layout.lower[i])
    if best is None or best[0] > 12:
        return "-", "-", "-"
    return best[1], distance(best[0]), best[2]


def _same(context: Context, option: Option) -> str:
    """Whether the unit before was said by the same words or name."""
    previous = context.previous
    if previous is None or previous.chosen is None:
        return "-"
    layout = context.layout
    if previous.chosen == (option.first, option.last):
        return "it"
    return "name" if layout.lower[previous.chosen[1]] == layout.lower[option.last] else "no"


def _passive(context: Context) -> str:
    """The helping verb before the cue of the unit, when it is a form of "be"."""
    unit, lower = context.unit, context.layout.lower
    if unit.cue is not None:
        i = unit.cue.first
    elif unit.tagged is not None and unit.tagged.cue is not None:
        i = context.layout.token_from(unit.tagged.cue.start)
    else:
        return "-"
    for j in range(i, max(-1, i - 3), -1):
        if lower[j] in BE:
            return lower[i] if j < i else "be"
    return "no"


def _opens(context: Context, option: Option) -> str:
    layout = context.layout
    start = layout.sentences[layout.sentence_at(option.span.start)].start
    return "yes" if option.span.start - start < 2 else "no"


def _rank(context: Context, option: Option) -> str:
    """Whether a word of saying stands right beside the candidate on the words' side."""
    layout = context.layout
    after = layout.lower[option.last + 1] if option.last + 1 < len(layout.lower) else ""
    if after in (",", "(", "—", "–"):
        return "comma"
    return "s" if after in ("'s", "’s") else "plain"
