"""What the ranker sees of a candidate beside a unit. ``feature_names`` spells it as features."""

from __future__ import annotations

from bisect import bisect_left

from stories.extraction.quotations.units import Option, Unit, word_count
from stories.extraction.speakers import feature_names
from stories.extraction.speakers.feature_names import Key
from stories.extraction.speakers.text_evidence import TextEvidence, bucket
from stories.extraction.tagging.items import letters_of
from stories.extraction.text.layout import Layout
from stories.extraction.text.letters import capital

FIRST = frozenset("i my me i'm i’m i've i’ve i'd i’d i'll i’ll myself".split())
WE = frozenset("we our us we're we’re we've we’ve we'll we’ll".split())
BE = frozenset("was were been being is are be".split())
FARTHEST_CUE = 12  # words between a candidate and a cue that still counts as near
# By what stands right behind a candidate.
RANKS = {**dict.fromkeys((",", "(", "—", "–"), "comma"), **dict.fromkeys(("'s", "’s"), "s")}
DISTANCES = (0, 1, 3, 7, 15)
DISTANCE_NAMES = ("0", "1", "3", "7", "15", "far")


def distance(count: int) -> str:
    """A count of words in six steps."""
    return DISTANCE_NAMES[bisect_left(DISTANCES, count)]


class Context:
    """What all candidates of a unit share, worked out once; ``previous`` is the unit before it."""

    __slots__ = (
        "alone",
        "chances",
        "colon",
        "cues",
        "ends",
        "evidence",
        "first",
        "kind",
        "last",
        "last_sentence",
        "layout",
        "lead",
        "mark",
        "options",
        "paragraph",
        "passive",
        "person",
        "previous",
        "sentence",
        "tagged",
        "tagged_cues",
        "tail",
        "top",
        "unit",
        "words",
    )

    def __init__(
        self, evidence: TextEvidence, unit: Unit, previous: Unit | None, options: list[Option]
    ) -> None:
        layout, tagged, cues = evidence.layout, evidence.tagged, evidence.cues
        self.evidence, self.options = evidence, options
        for option in options:
            option.chance = tagged.source_probability(*option.span)
        self.chances = sorted([option.chance for option in options], reverse=True)
        self.top = bucket(self.chances[0]) if options else "0"
        self.ends = [(option.first, option.last) for option in options]
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
        self.words = frozenset(layout.lower[self.first : self.last + 1])
        self.person = "i" if FIRST & self.words else "we" if WE & self.words else "-"
        self.passive = _passive(self)
        self.tagged_cues = _tagged_cues(self)
        sentence = layout.sentences[self.sentence]
        lead = layout.text[sentence.start : unit.start].rstrip("\"“‘' ")
        after = _next_word(layout, self.last, 5)
        self.tail = (
            layout.lower[after]
            if after < len(layout.lower) and layout.lower[after] in ("by", "from")
            else "-"
        )
        self.lead = lead[-1] if lead and not lead[-1].isalnum() else ("w" if lead else "^")


def seen(context: Context, option: Option) -> tuple[Key, ...]:
    """What is seen of one candidate of ``context.options``: a key for each of ``FAMILIES``, in their order.

    The same keys come again and again: the ranker adds up once what each is worth, where to spell fifty
    names for every candidate took a fifth of the time of reading.
    """
    layout, unit, evidence = context.layout, context.unit, context.evidence
    lower, first, last, kind = layout.lower, option.first, option.last, option.kind
    start = option.span.start
    side = _side(context, option)
    sentence = layout.sentence_at(start)
    stops, gap = _between(context, option, side, sentence)
    probability = bucket(option.chance)
    before = lower[first - 1] if first else "^"
    after = lower[last + 1] if last + 1 < len(lower) else "$"
    picks = ("r" if option.rule else "-") + ("t" if option.tagged else "-") + ("c" if option.carried else "-")
    offset = max(-3, min(1, layout.paragraph_at(start) - context.paragraph))
    opens = "yes" if start - layout.sentences[sentence].start < 2 else "no"
    inside = layout.passage_at(start) is not None
    higher = min(3, context.chances.index(option.chance))
    level, sign, word, alone = evidence.level, evidence.sign, lower[last], context.alone
    return (
        (kind, unit.kind, picks, probability, unit.rule),
        (side, stops, gap, kind, probability),
        (*_cue(context, option), side, stops),
        (before, context.tail, side),
        (after, side),
        (context.mark, context.lead, context.passive, side, stops),
        (offset, alone, context.colon, stops),
        (_same(context, option), unit.kind, alone),
        ((opens, inside, min(8, last - first), RANKS.get(after, "plain")), stops, side, kind),
        (side, *_way(context, option, side), kind, probability),
        (level(first), level(last), level(first - 1), level(last + 1)),
        (higher, probability, context.top, side, stops),
        (_rivals(context, option, side), side, stops, kind),
        (evidence.turn(word), kind, side, stops, alone),
        (distance(evidence.mentions(word)), min(3, evidence.says(word)), kind),
        (sign(first - 1), sign(last + 1), kind, side),
        (_opening(context, option), word if kind == "phrase" else None),
        (evidence.path(first, last), side, kind, probability),
        (evidence.weakest(first, last), probability, kind),
        (evidence.saying(first - 1), evidence.saying(last + 1), evidence.saying(last + 2), side),
        (word in context.words, context.person, kind, side, unit.kind),
        (evidence.claimed(last, unit.start), picks, side, stops, kind),
    )


def names(context: Context, option: Option) -> list[str]:
    """All features of one candidate of ``context.options``."""
    return feature_names.names(seen(context, option))


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


def unsaid(context: Context) -> list[str]:
    """Features of the words being nobody's: a title, a coined term, or no reported speech at all."""
    layout, unit = context.layout, context.unit
    kind, mark = unit.kind, context.mark
    score = bucket(unit.tagged.score) if unit.tagged is not None else "-"
    passage = unit.passages[0] if unit.passages else None
    letters = letters_of(layout.text[passage.start : passage.end]) if passage is not None else "-"
    at = layout.token_from(passage.outer_start if passage is not None else unit.start)
    before = layout.lower[at - 1] if at else "^"
    after = _next_word(layout, context.last, 3)
    behind = layout.lower[after] if after < len(layout.lower) else "$"
    length = distance(word_count(layout.text, unit.start, unit.end))
    marks = "-" if passage is None else "single" if passage.single else "double"
    return [
        "unsaid",
        f"unsaid,unit {kind}",
        f"unsaid,rule {unit.rule} {kind}",
        f"unsaid,score {kind} {score}",
        f"unsaid,score,top {score} {context.top}",
        f"unsaid,top {kind} {context.top}",
        f"unsaid,letters {kind} {letters} {mark}",
        f"unsaid,letters,lead {letters} {context.lead}",
        f"unsaid,letters,words {letters} {length} {kind}",
        f"unsaid,before {before}",
        f"unsaid,before,letters {before} {letters}",
        f"unsaid,behind {behind} {letters}",
        f"unsaid,words {kind} {length}",
        f"unsaid,cue {_cue_before(context)}",
        f"unsaid,first {layout.lower[context.first]} {kind}",
        f"unsaid,alone {int(context.alone)} {marks} {kind} {length}",
        f"unsaid,headline {int(unit.headline)} {kind}",
        f"unsaid,passive {context.passive} {kind}",
    ]


def _next_word(layout: Layout, last: int, reach: int) -> int:
    """The first token behind ``last`` that is no mark, at most ``reach`` on; it may be past the end."""
    after = last + 1
    while after < min(last + reach, len(layout.tokens)) and not layout.tokens[after][0].isalnum():
        after += 1
    return after


def _way(context: Context, option: Option, side: str) -> tuple[str, str | None]:
    """The signs of the words between candidate and words, and of those behind one that comes after."""
    path = context.evidence.path
    if side == "before":
        return path(option.last + 1, context.first - 1), None
    if side != "after":
        return "in", None
    then = path(option.last + 1, min(option.last + 2, context.evidence.last))
    return path(context.last + 1, option.first - 1), then


def _rivals(context: Context, option: Option, side: str) -> tuple[int, bool, bool, bool, bool]:
    """How many candidates stand nearer, to four; whether a longer one holds this, ending or beginning alike;
    whether this holds a shorter one."""
    first, last = option.first, option.last
    nearer = 0
    longer = left = right = shorter = False
    low = context.first if side == "before" else context.last
    for other_first, other_last in context.ends:
        if other_last < first:
            nearer += side == "after" and low < other_first
        elif other_first > last:
            nearer += side == "before" and other_last < low
        elif other_first <= first and other_last >= last:
            if other_first != first or other_last != last:
                longer = True
                left |= other_last == last
                right |= other_first == first
        elif other_first >= first and other_last <= last:
            shorter = True
    return min(4, nearer), longer, left, right, shorter


def _opening(context: Context, option: Option) -> str:
    """The candidate's first word, ``N`` for a name of one word."""
    layout = context.layout
    if option.first == option.last and capital(layout.tokens[option.last]):
        return "N"
    return layout.lower[option.first]


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


def _between(context: Context, option: Option, side: str, sentence: int) -> tuple[str, str]:
    """Sentence ends and words between candidate and words; ``sentence`` is the candidate's."""
    if side == "after":
        return str(min(3, sentence - context.last_sentence)), distance(option.first - context.last - 1)
    if side == "before":
        return str(min(3, context.sentence - sentence)), distance(context.first - option.last - 1)
    return "0", "0"


def _cue(context: Context, option: Option) -> tuple[str, str, str]:
    """Side, distance and word of the cue nearest a candidate."""
    first, last = option.first, option.last
    start, end = option.span
    nearest, found = FARTHEST_CUE + 1, -1
    tokens = [cue.first for cue in context.cues.between(start - 60, end + 60) if not cue.noun]
    for i in (*context.tagged_cues, *tokens):
        gap = i - last - 1 if i > last else first - i - 1
        if 0 <= gap < nearest:
            nearest, found = gap, i
    if found < 0:
        return "-", "-", "-"
    return ">" if found > last else "<", distance(nearest), context.layout.lower[found]


def _same(context: Context, option: Option) -> str:
    """Whether the unit before was said by the same words or name."""
    previous = context.previous
    if previous is None or previous.chosen is None:
        return "-"
    layout = context.layout
    if previous.chosen == (option.first, option.last):
        return "it"
    return "name" if layout.lower[previous.chosen[1]] == layout.lower[option.last] else "no"


def _tagged_cues(context: Context) -> list[int]:
    """The first token of the tagger's cue, and the last when there is more than one."""
    cue = context.unit.tagged.cue if context.unit.tagged is not None else None
    if cue is None:
        return []
    i = context.layout.token_from(cue.start)
    j = bisect_left(context.layout.starts, cue.end) - 1
    return [i, j] if j > i else [i]


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
