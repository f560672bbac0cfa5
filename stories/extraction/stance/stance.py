"""What a source did with the words: said, denied, asked, hoped or passed them on, by the verb around them.

The verbs stand in ``words/stances.txt``. The one that governs the words is looked for between them and their
source: of "denied that he had said" the first, of "denied it, saying" the last. What is not plain is not
``said``: a wrong "said" publishes the opposite of what somebody meant.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from operator import attrgetter
from typing import NamedTuple

from stories.extraction.text.layout import Layout
from stories.extraction.text.letters import capital
from stories.extraction.text.quotation_marks import Passage
from stories.extraction.text.reporting_verbs import CueWord, forms_of, lexicon
from stories.extraction.types import Kind, Span, Stance
from stories.extraction.words import rows, words

# Verbs of the lexicon that do more than speech in most copy: they never carry words over to somebody else.
WEAK = frozenset(
    "read begin put go find show see hear learn know point continue rule speak talk note".split()
)
ATTITUDES = frozenset("fear expect".split())  # neither said nor denied: left for a person
CLAIMS = words("claim_nouns")
WORDS_OF = words("word_nouns")
NEGATIVES = frozenset("not n't never nor neither cannot without no-one nobody none".split())
BE = frozenset("is are was were been being be 's 're gets got".split())
AUXILIARIES = words("auxiliaries") | {"cannot", "ca", "wo", "'s", "’s", "n’t", "having", "publicly", "simply"}
PRONOUNS = frozenset("he she they it i we you who which that".split())
OPENS_ANEW = frozenset(
    "and but yet while though although instead before after by in as when however whereas then or".split()
)
# Behind one of these a base form or an -s form is a noun.
NOUN_BEFORE = words("determiners") | frozenset(
    "of at over about on amid for with against from despite following after by under and or other 's ’s ’ ' "
    "such these those further previous earlier".split()
)
FINITE = frozenset("that was were had has is are have would will could should did does".split())
PASSED_ON = frozenset("allegedly reportedly supposedly purportedly apparently".split())
OWN = frozenset("apologise apologize regret stand make repeat reiterate withdraw defend".split())
VERBS_ONLY = words("verbs_only")
FUTURE = frozenset("will wo 'll ’ll shall would".split())
ENDS = (",", ";", ":", "“", '"')
MARKS = ("“", "”", '"', "'", "’")
NO_WORD = CueWord("", "", "")
LONGEST_VERB = 70  # characters of a verb as printed


class Sense(NamedTuple):
    """The stance, the verb as printed with its negation, and from whom words that are passed on come."""

    stance: Stance
    verb: str = ""
    quoted_from: str | None = None


class Entry(NamedTuple):
    """One row of the table: what follows the verb's first word, the stance, and the company it takes."""

    rest: tuple[str, ...]
    stance: Stance
    company: str
    form: str


class Governor(NamedTuple):
    """A verb or noun that may govern words: tokens ``first`` (its negation or auxiliary) to ``last``."""

    first: int
    at: int
    last: int
    stance: Stance
    form: str
    lemma: str
    passive: bool
    noun: bool = False


@cache
def table() -> dict[str, tuple[Entry, ...]]:
    """Every form of each verb's first word, with what must follow it; the longest first."""
    out: dict[str, list[Entry]] = {}
    for verb, stance, *more in rows("stances"):
        lemma, *rest = verb.split()
        company = more[0] if more else ""
        for form, word in forms_of(lemma, more[1] if len(more) > 1 else ""):
            out.setdefault(word, []).append(Entry(tuple(rest), stance, company, form))  # type: ignore[arg-type]
    return {word: tuple(sorted(entries, key=lambda e: -len(e.rest))) for word, entries in out.items()}


def sense(
    layout: Layout,
    content: Sequence[Span],
    kind: Kind,
    fragments: Sequence[Span] = (),
    source: Span | None = None,
    cue: Span | None = None,
) -> Sense:
    """What was done with the words at ``content``; ``source`` and ``cue`` are where the text prints them."""
    return _Reading(layout, tuple(content), kind, tuple(fragments), source, cue).sense()


def sense_of(text: str, content: Sequence[tuple[int, int]], kind: Kind, attribution: str = "") -> Sense:
    """The same for words on file: ``attribution`` is their source as printed, the nearest one counts."""
    layout = Layout(text)
    spans = [Span(*span) for span in content]
    low = layout.paragraphs[layout.paragraph_at(spans[0].start)].start if layout.paragraphs else 0
    high = layout.paragraphs[layout.paragraph_at(spans[-1].end - 1)].end if layout.paragraphs else len(text)
    found = []
    if attribution:
        pattern = r"\s+".join(map(re.escape, attribution.split()))
        found = [Span(*m.span()) for m in re.finditer(pattern, text[:high]) if m.start() >= low]
        found = [s for s in found if all(s.end <= c.start or s.start >= c.end for c in spans)]
    near = min(
        found, key=lambda s: min(abs(s.start - spans[0].end), abs(spans[0].start - s.end)), default=None
    )
    marked = [
        p for p in layout.passages if spans[0].start < p.outer_start and p.outer_end <= spans[-1].end + 1
    ]
    return sense(layout, spans, kind, [Span(p.start, p.end) for p in marked], near)


class _Reading:
    """One quotation and the sentence around it."""

    def __init__(
        self,
        layout: Layout,
        content: tuple[Span, ...],
        kind: Kind,
        fragments: tuple[Span, ...],
        source: Span | None,
        cue: Span | None,
    ) -> None:
        self.layout, self.content, self.kind = layout, content, kind
        self.fragments, self.source, self.cue = fragments, source, cue
        start, end = self._outer(content[0])
        self.start, self.end = start, end
        self.low = layout.sentences[layout.sentence_at(start)].start
        self.high = layout.sentences[layout.sentence_at(max(start, end - 1))].end
        self.high = max(self.high, self.end)
        if self.source is not None and not self.low <= self.source.start < self.high:
            self._widen()

    def _outer(self, span: Span) -> tuple[int, int]:
        """A stretch with the marks around it."""
        passage = self.layout.passage_at(span.start)
        if passage is not None and passage.outer_start < span.start <= passage.outer_start + 2:
            return passage.outer_start, max(span.end, passage.outer_end if passage.closed else span.end)
        return span.start, span.end

    def _widen(self) -> None:
        """Take in the sentence before that leads up to the words with a colon."""
        layout = self.layout
        before = layout.text[: self.low].rstrip()
        if before.endswith(":") and not layout.text[self.low : self.start].strip(" \"“'‘-–—*•"):
            self.low = layout.sentences[layout.sentence_at(len(before) - 1)].start

    def sense(self) -> Sense:
        """The stance by what governs the words; ``""`` where nothing does and no marks show them as said."""
        found = self._found()
        if self.kind == "partial" and found.stance in ("said", ""):
            found = self._within(found)
        if found.stance == "denied" and self.kind == "partial" and self._described():
            found = found._replace(stance="said")
        if self.kind != "direct" and found.stance in ("said", ""):
            first = self._word(self.layout.token_from(self.content[0].start))
            if first == "whether" and not self._after("or not"):
                return found._replace(stance="asked", verb=found.verb or "asked")
        if self.kind == "direct" and found.stance == "said" and self._answered():
            return found._replace(stance="asked")
        return found

    def _within(self, found: Sense) -> Sense:
        """A marked part may be another's words: "Lee said Ash had called it “mad”"."""
        if not self.fragments or self.fragments[0].start <= self.content[0].start + 1:
            return found
        start = self._outer(self.fragments[0])[0]
        first = self.layout.token_from(self.content[0].start)
        side = self._sides()[0] if self._source_before() else []
        if self.source is not None:
            side = [i for i in side if self.layout.starts[i] >= self.source.end]
        side = side + [i for i in range(first, len(self.layout.tokens)) if self.layout.ends[i] <= start]
        found_verbs = self._governors(side)
        at = side.index(found_verbs[0].first) if found_verbs else 0
        if found.stance == "" and at and self._word(side[at - 1]) in ("which", "that", "who"):
            return Sense("quoted", self._printed(found_verbs[0], found_verbs[0]), self._subject(side[:at]))
        deep = self._chain(found_verbs, side)
        if deep is None or found.stance == "said" and deep.stance != "quoted":
            return found
        return deep._replace(verb=found.verb)

    def _found(self) -> Sense:
        leads, tails = self._sides()
        passed = self._passed_on(leads, tails)
        for side in (leads, tails) if self._source_before() else (tails, leads):
            sense = self._lead(side) if side is leads else self._tail(side)
            if sense is not None:
                if side is tails and sense.stance == "said" and self.kind != "direct":
                    sense = self._cut(leads) or sense
                return passed if passed is not None and sense.stance == "said" else sense
        if passed is not None:
            return passed
        return self._by_cue()

    def _sides(self) -> tuple[list[int], list[int]]:
        """Tokens of the sentence before and after the words, those between marks left out."""
        layout = self.layout
        first, last = layout.token_from(self.low), layout.token_from(max(self.low, self.high - 1))
        leads, tails = [], []
        for i in range(first, min(last + 1, len(layout.tokens))):
            low, high = layout.starts[i], layout.ends[i]
            passage = layout.passage_at(low)
            if passage is not None and passage.outer_start < low and not self._holds(passage):
                continue
            if high <= self.start:
                leads.append(i)
            elif low >= self.end and not self._is_said(low):
                tails.append(i)
        return leads, tails

    def _is_said(self, at: int) -> bool:
        """Whether one of the parts of the words, which stand in order, has the character at `at`."""
        part = bisect_right(self.content, at, key=attrgetter("start")) - 1
        return part >= 0 and at < self.content[part].end

    def _holds(self, passage: Passage) -> bool:
        """Whether marks hold the sentence and the words alike, so that they part nothing."""
        return passage.outer_start <= self.low and passage.outer_end >= self.end

    def _source_before(self) -> bool:
        return self.source is None or self.source.start < self.start

    # Before the words

    def _lead(self, leads: list[int]) -> Sense | None:
        """By the verbs before the words: behind the source if it stands there, else all of them."""
        layout = self.layout
        behind = leads
        source = self.source
        if source is not None and self.low <= source.start < self.start:
            behind = [i for i in leads if layout.starts[i] >= source.end]
        left = leads[: len(leads) - len(behind)]
        chain = self._chain(self._governors(behind), behind)
        if source is None or not left:
            return self._denied_subject(left, chain)
        before = [i for i in left if layout.ends[i] <= source.start]
        if chain is None:
            chain = self._left_of_source(before)
            return chain
        if chain.stance == "said":
            outer = self._told_by_another(before)
            if outer is not None:
                return outer
        return self._denied_subject([i for i in left if layout.starts[i] >= source.start], chain)

    def _denied_subject(self, subject: Sequence[int], chain: Sense | None) -> Sense | None:
        """ "No minister said" and "Nobody said" deny."""
        opening = self._word(subject[0]) if subject else self._word(self.layout.token_from(self.low))
        if any(self._word(i) == "," for i in subject):
            return chain
        if chain is not None and chain.stance == "said" and opening in ("no", "nobody", "none", "neither"):
            return chain._replace(stance="denied", verb=f"{opening} … {chain.verb}")
        return chain

    def _left_of_source(self, before: list[int]) -> Sense | None:
        """ "Asked by Ann Lee whether", "said Ann Lee:", "according to Ann Lee"."""
        if not before:
            return None
        found = [g for g in self._governors(before) if g.last >= before[-1] - 4]
        if not found:
            return None
        last = found[-1]
        between = {self._word(i) for i in before if i > last.last}
        if between & {",", ";", "that"}:
            return None
        return Sense(last.stance, self._printed(last, last))

    def _told_by_another(self, before: list[int]) -> Sense | None:
        """Somebody before the source who tells what it said: "Lee said Ash called it", "if Ash said"."""
        tail = [i for i in before if self._word(i) not in ("the", "mr", "ms", "mrs", "sir", "lord", "former")]
        if not tail:
            return None
        last = self._word(tail[-1])
        if last in ("if", "whether", "unless"):
            return Sense("", last)
        found = [g for g in self._governors(before) if not g.noun or g.stance != "said"]
        if not found:
            return None
        outer = found[-1]
        since = [self._word(i) for i in tail if i > outer.last]
        if not since and outer.form == "ing":
            return None
        joined = not since or since[-1] in ("that", "how", "when", "why") or since == ["that"]
        if not joined or {",", ";", ":"} & set(since) or outer.lemma in WEAK:
            return None
        if outer.stance != "said":
            return Sense(outer.stance, self._printed(outer, outer))
        return Sense("quoted", self._printed(outer, outer))

    def _cut(self, leads: list[int]) -> Sense | None:
        """What a verb right before the words does with them: "Nobody said it was “safe”, Lee told MPs"."""
        found = self._governors(leads)
        behind = [self._word(i) for i in leads if found and i > found[-1].last]
        if not found or {",", ";", ":"} & set(behind) or found[-1].lemma in WEAK:
            return None
        chain = self._denied_subject(leads, self._chain(found, leads))
        return Sense("quoted", chain.verb) if chain is not None and chain.stance == "said" else chain

    # Behind the words

    def _tail(self, tails: list[int]) -> Sense | None:
        """By the verb behind the words, on either side of its source: "…," said Ann Lee."""
        layout, source = self.layout, self.source
        clause = tails
        inside = source is not None and self.end <= source.start < self.high
        if source is not None and inside:
            between = [i for i in tails if layout.ends[i] <= source.start]
            chain = self._chain(self._governors(between), between, after=True)
            if chain is not None:
                return chain
            clause = [i for i in tails if layout.starts[i] >= source.end]
        found = self._governors(clause)
        if found:
            behind = [i for i in clause if i > found[0].last]
            stop = next((i for i in behind if layout.tokens[i] in ENDS), clause[-1] + 1)
            clause = [i for i in clause if i < stop]
        return self._chain(self._governors(clause), clause, after=True)

    def _answered(self) -> bool:
        """A question before "Mr Lee replied that …" is somebody else's."""
        text = self.layout.text
        if not text[self.content[-1].start : self.content[-1].end].rstrip().endswith("?"):
            return False
        return ANSWERED.match(text, self.end, self.high) is not None

    # Neither

    def _by_cue(self) -> Sense:
        """By the verb the words were found by; marked utterances with none are said."""
        if self.cue is not None:
            found = self._governors(self._tokens(self.cue))
            if found:
                return Sense(found[-1].stance, self._printed(found[-1], found[-1]))
        if self.kind == "direct" or self._colon():
            return Sense("said")
        return Sense("")

    def _colon(self) -> bool:
        """ "Ann Lee: the wall is lost", as headlines have it, and "the wall is lost – Ann Lee"."""
        text = self.layout.text
        before, after = text[self.low : self.start].rstrip(), text[self.end : self.high].lstrip()
        return before.endswith(":") or after.startswith(("– ", "— ", "- ", ", says ", "| "))

    def _passed_on(self, leads: list[int], tails: list[int]) -> Sense | None:
        """ "According to reports", "allegedly", "it is claimed" anywhere around the words."""
        layout, source = self.layout, self.source
        for side in (leads, tails):
            for n, i in enumerate(side):
                if self._word(i) in PASSED_ON:
                    return Sense("quoted", layout.tokens[i].lower())
                if self._word(i) == "according" and n + 1 < len(side) and self._word(side[n + 1]) == "to":
                    low = layout.ends[side[n + 1]] + 1
                    if source is None or source.start <= low <= source.end:
                        continue
                    if low < source.start and "," not in layout.text[low : source.start]:
                        continue
                    stop = next((k for k in side[n + 2 :] if layout.tokens[k] in ",.;:"), side[-1] + 1)
                    whom = layout.text[low : layout.ends[stop - 1]].strip(" ,.")
                    return Sense("quoted", f"according to {whom}"[:LONGEST_VERB], whom or None)
        return None

    # Governors

    def _word(self, i: int) -> str:
        return self.layout.lower[i] if i < len(self.layout.lower) else ""

    def _tokens(self, span: Span) -> list[int]:
        first = self.layout.token_from(span.start)
        return [i for i in range(first, len(self.layout.tokens)) if self.layout.starts[i] < span.end][:40]

    def _after(self, phrase: str) -> bool:
        low = self.content[0].start
        return phrase in self.layout.text[low : low + 40].lower()

    def _governors(self, side: Sequence[int]) -> list[Governor]:
        out: list[Governor] = []
        for n, i in enumerate(side):
            if out and i <= out[-1].last:
                continue
            governor = self._governor(side, n)
            if governor is not None:
                out.append(governor)
        return out

    def _governor(self, side: Sequence[int], n: int) -> Governor | None:
        i = side[n]
        word = self._word(i)
        if capital(self.layout.tokens[i]) and not self._may_be_capital(i):
            return None
        for entry in table().get(word, ()):
            last = i + len(entry.rest)
            if tuple(self._word(k) for k in range(i + 1, last + 1)) != entry.rest:
                continue
            if self._noun(entry.form, i):
                break
            if not self._company(entry.company, side, last):
                continue
            if word in ("plan", "plans") and not self._company("to", side, last):
                continue
            known = lexicon().get(word)
            return self._whole(side, n, last, entry.stance, entry.form, known.lemma if known else word)
        if word in CLAIMS and (word not in lexicon() or self._noun(lexicon()[word].form, i)):
            return Governor(i, i, i, "quoted", "noun", word, False, noun=True)
        known = lexicon().get(word)
        if known is None or self._noun(known.form, i):
            if word == "according" and self._word(i + 1) == "to":
                return Governor(i, i, i + 1, "said", "prep", "according to", False)
            return None
        stance: Stance = "" if known.lemma in ATTITUDES else "said"
        return self._whole(side, n, i, stance, known.form, known.lemma)

    def _may_be_capital(self, i: int) -> bool:
        """Whether a capital is the sentence's or the headline's: the word may be a verb all the same."""
        layout = self.layout
        if layout.starts[i] == self.low or layout.headline and self.low < layout.paragraphs[0].end:
            return True
        return i > 0 and layout.tokens[i - 1] in "“\"‘'.:-–—…¶"

    def _noun(self, form: str, i: int) -> bool:
        """Whether a form such as "claims" or "plan" is a noun by the words before it."""
        if form not in ("base", "s") or not i or self._word(i) in VERBS_ONLY:
            return False
        before = self._word(i - 1)
        if before in NOUN_BEFORE or lexicon().get(before, NO_WORD).form in ("ed", "ing"):
            return True
        named = capital(self.layout.tokens[i - 1]) and i > 1
        return named and self._word(i - 2) in NOUN_BEFORE - words("determiners") | {"to"}

    def _company(self, company: str, side: Sequence[int], last: int) -> bool:
        """Whether the verb has the company that gives it its stance."""
        behind = [self._word(i) for i in side if i > last]
        low = self.layout.token_from(self.content[0].start)
        if not side or side[-1] < low:
            behind += [self._word(i) for i in range(low, low + 5)]
        if company == "claims":
            return bool(CLAIMS.intersection(behind))
        if company == "to":
            return "to" in behind[:3]
        if company == "other":
            return bool(WORDS_OF.intersection(behind)) or any(w in ("'s", "’s", "’") for w in behind)
        return True

    def _whole(
        self, side: Sequence[int], n: int, last: int, stance: Stance, form: str, lemma: str
    ) -> Governor:
        """A verb with its auxiliaries and its negation; these may turn what it says."""
        first = n
        while first and (
            self._word(side[first - 1]) in AUXILIARIES or self._word(side[first - 1]).endswith("ly")
        ):
            first -= 1
        helping = [self._word(side[k]) for k in range(first, n)]
        passive = form == "ed" and any(w in BE for w in helping)
        future = form == "base" and FUTURE.intersection(helping) and "only" not in helping
        earlier = [self._word(side[k]) for k in range(max(0, first - 3), first)]
        negative = any(w in NEGATIVES or w.endswith(("n't", "n’t")) for w in helping)
        if earlier[-1:] == ["to"] or form == "ing":
            negative = negative or any(w in NEGATIVES for w in earlier[-2:])
        seen = passive and lemma in WEAK  # "was not seen" tells of no speech
        if stance == "said" and negative and not seen and "only" not in helping:
            stance = "denied"
        elif stance == "said" and future:
            stance = "hoped"
        elif stance == "said" and passive and lemma not in WEAK:
            stance = self._of_passive(last)
        return Governor(side[first], side[n], last, stance, form, lemma, passive)

    def _of_passive(self, last: int) -> Stance:
        """ "is said to have", "was told", "was called": others' words, unless "by" the source."""
        source = self.source
        if source is not None and source.start > self.layout.starts[last]:
            i = self.layout.token_from(source.start)
            if "by" in self.layout.lower[max(0, i - 3) : i]:
                return "said"
        return "quoted"

    # Chains

    def _chain(self, found: list[Governor], side: Sequence[int], after: bool = False) -> Sense | None:
        """The stance by the governors in their order."""
        if not found:
            return None
        outer = current = found[0]
        whom: str | None = None
        stance = outer.stance
        for governor in found[1:]:
            between = [i for i in side if current.last < i < governor.first]
            if self._anew(current, outer, governor, between, side):
                outer = current = governor
                stance, whom = governor.stance, None
                continue
            if stance == "said":
                stance, whom = self._under(current, governor, between, side)
                if stance != "said":
                    outer = governor if whom is None and governor.stance == stance else outer
            current = governor
        if stance == "denied" and self._closed(current, side, after):
            stance = "said"
        if stance == "denied" and not after and self._own_as(side):
            stance = "said"
        if stance == "quoted" and whom is None:
            whom = self._from_whom(outer, side, after)
        return Sense(stance, self._printed(outer, current, after), whom)

    def _anew(
        self, current: Governor, outer: Governor, new: Governor, between: Sequence[int], side: Sequence[int]
    ) -> bool:
        """Whether a governor begins anew, so that the one before it is over: "denied it, saying"."""
        if new.noun:
            return False
        said = [self._word(i) for i in between]
        if any(w in (";", ":", "—") for w in said):
            return True
        while said and (
            said[-1] in AUXILIARIES or said[-1].endswith("ly") or said[-1] in ("he", "she", "they", "also")
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
            hanging = position == 0 or self._word(side[position - 1]) in (",", "who", "which", "that")
            return hanging or bool(between) and self._word(between[-1]) in ("he", "she", "they")
        if last in OPENS_ANEW:
            if last in ("and", "or", "as", "then"):
                return outer.stance == "said" or not FINITE.intersection(said)
            return True
        return False

    def _under(
        self, outer: Governor, inner: Governor, between: Sequence[int], side: Sequence[int]
    ) -> tuple[Stance, str | None]:
        """The stance of words behind two verbs of which the outer one says that there was the inner one."""
        layout = self.layout
        if inner.noun:
            behind = [self._word(i) for i in self._between(inner.last, self.start)] + [
                self._word(i) for i in side if i > inner.last
            ]
            own = any(
                w in ("his", "her", "their", "my", "our") for w in [self._word(i) for i in between][-2:]
            )
            if own or "were" in behind or "was" in behind or "are" in behind or "is" in behind:
                return "said", None
            if not behind and outer.lemma in lexicon() and lexicon()[outer.lemma].group == "judge":
                return "said", None
            if outer.lemma in OWN or not (behind[:1] == ["that"] or behind[:1] == [] or behind[:1] == ["of"]):
                return "said", None
            return "quoted", None
        last = self._word(between[-1]) if between else ""
        speaks = (
            inner.lemma in lexicon() and lexicon()[inner.lemma].group != "think" and inner.lemma not in WEAK
        )
        if inner.form == "ing":
            if last in ("of", "for", "over", "about") and not speaks:
                return "said", None
            own = outer.lemma in OWN or inner.stance == "denied" and inner.first < inner.at
            if last in ("of", "for", "over", "about", "not") and own:
                return "said", None
            if last in ("of", "for", "over", "about"):
                named = [i for i in between if capital(layout.tokens[i])]
                first, end = (named[0], named[-1]) if named else (0, -1)
                whom = layout.text[layout.starts[first] : layout.ends[end]] if named else None
                return "quoted", whom
            if last and capital(layout.tokens[between[-1]]) and outer.noun:
                return "quoted", self._subject(between)
            return inner.stance, None
        if last == "to" or not between:
            return inner.stance, None
        if last in ("he", "she", "they", "it", "i", "we"):
            return inner.stance, None
        if not speaks:
            return "said", None
        if last in ("who", "which", "that") or capital(layout.tokens[between[-1]]) or inner.first < inner.at:
            return "quoted", self._subject(between)
        if inner.form == "ed":
            return "said", None  # "a plan called", "what was dubbed"
        return ("said", None) if inner.stance == "said" else (inner.stance, None)

    def _between(self, last: int, position: int) -> list[int]:
        high = self.layout.token_from(position)
        return list(range(last + 1, min(high, len(self.layout.tokens))))

    def _subject(self, between: Sequence[int]) -> str | None:
        """The last run of words before a verb that name somebody, without "that"."""
        run: list[int] = []
        for i in reversed(between):
            word = self._word(i)
            if word in ("that", "how", "when", "why", "because", "after", ",", "as") and run:
                break
            if word not in ("who", "which"):
                run.append(i)
        if not run:
            return None
        low, high = self.layout.starts[run[-1]], self.layout.ends[run[0]]
        return self.layout.text[low:high].strip(" ,")[:120] or None

    def _from_whom(self, governor: Governor, side: Sequence[int], after: bool) -> str | None:
        """Whose words they are behind "quoted", "recalled … ’s words", "the guidance states"."""
        layout = self.layout
        behind = [i for i in side if i > governor.last]
        run: list[int] = []
        for i in behind:
            word = self._word(i)
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

    def _closed(self, last: Governor, side: Sequence[int], after: bool) -> bool:
        """Whether the denial has its own object and what follows is the answer: "denied the claim: “No.”"."""
        if self.kind != "direct" or after:
            return False
        behind = [self._word(i) for i in side if i > last.last]
        return bool(behind) and behind[-1] == ":" and (last.noun or len(behind) > 1)

    def _own_as(self, side: Sequence[int]) -> bool:
        """Whether they are the source's own words for what it dismissed: "rejected it as “a farce”"."""
        behind = [self._word(i) for i in side if i >= self.layout.token_from(self.low)]
        near = behind[-6:]
        if "as" not in near or "saying" in near or "having" in near:
            return False
        rest = near[len(near) - near[::-1].index("as") :]
        return not FINITE.intersection(rest) and not any(w in PRONOUNS for w in rest)

    def _described(self) -> bool:
        """The same where the thing dismissed is part of the words: [the plan as “a farce”]."""
        if not self.fragments:
            return False
        low = self.layout.token_from(self.content[0].start)
        inside = [self._word(i) for i in self._between(low - 1, self.fragments[0].start)]
        inside = [w for w in inside if w not in ("“", '"', "'", "‘")]
        if "as" not in inside[-5:] or (FINITE | PRONOUNS).intersection(inside):
            return False
        rest = self.layout.lower[self.layout.token_from(self.fragments[0].end) :]
        rest = rest[
            : self.layout.token_from(self.content[-1].end - 1)
            - self.layout.token_from(self.fragments[0].end)
            + 1
        ]
        return not (CLAIMS | FINITE).intersection(rest)

    def _printed(self, first: Governor, last: Governor, after: bool = False) -> str:
        """The verb as printed: what stands from it to the words if that is short, else the verb alone."""
        layout = self.layout
        low, high = layout.starts[first.first], layout.ends[max(first.last, last.last)]
        if not after and first.stance != "said" and layout.starts[first.first] < self.start:
            high = max(high, self.start) if self.start - low <= LONGEST_VERB else high
        pieces = layout.text[low:high]
        source = self.source
        if source is not None and low < source.start < high:
            kept = layout.text[low : source.start].rstrip()
            pieces = kept.removesuffix(" by") + layout.text[source.end : high]
        printed = " ".join(pieces.split()).strip(" :,“”\"'‘’–—")
        if len(printed) > LONGEST_VERB:
            printed = " ".join(layout.text[low : layout.ends[first.last]].split())[:LONGEST_VERB]
        elif (
            high == self.start
            and self.kind != "direct"
            and self._word(layout.token_from(self.start)) == "that"
        ):
            printed += " that"
        return printed if printed[:2].isupper() else printed[:1].lower() + printed[1:]


ANSWERED = re.compile(
    r"\s*(?:[\w’'.-]+ ){1,5}?(?:replied|answered|responded|retorted|countered)\b(?! [“\"‘'])"
)
