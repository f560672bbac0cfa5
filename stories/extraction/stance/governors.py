"""The verbs and nouns around a quotation that may govern it, with their auxiliaries and their negation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from stories.extraction.stance.stance_verbs import WEAK, helping_words, table
from stories.extraction.stance.surroundings import Surroundings
from stories.extraction.text.letters import capital
from stories.extraction.text.reporting_verbs import CueWord, lexicon
from stories.extraction.types import Stance
from stories.extraction.words import per_lists
from stories.extraction.words.lists import claim_nouns, determiners, verbs_only, word_nouns

ATTITUDES = frozenset("fear expect".split())  # neither said nor denied: left for a person
NEGATIVES = frozenset("not n't never nor neither cannot without no-one nobody none".split())
BE = frozenset("is are was were been being be 's 're gets got".split())
# Behind one of these, or a determiner, a base form or an -s form is a noun.
NOUN_BEHIND = frozenset(
    "of at over about on amid for with against from despite following after by under and or other 's ’s ’ ' "
    "such these those further previous earlier".split()
)
FUTURE = frozenset("will wo 'll ’ll shall would".split())
NO_WORD = CueWord("", "", "")


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


class Verb(NamedTuple):
    """A verb up to token ``last``, as the word lists have it: its stance by itself, its form, its lemma."""

    last: int
    stance: Stance
    form: str
    lemma: str


def governors(around: Surroundings, side: Sequence[int]) -> list[Governor]:
    """The verbs and nouns among the tokens ``side`` that may govern the words, in reading order."""
    out: list[Governor] = []
    governing = _governing_words()
    for n, i in enumerate(side):
        if around.word(i) not in governing or (out and i <= out[-1].last):
            continue
        governor = _governor_at(around, side, n)
        if governor is not None:
            out.append(governor)
    return out


@per_lists
def _governing_words() -> frozenset[str]:
    """Every word that may be, or may begin, what governs others."""
    return frozenset((*table(), *lexicon(), *claim_nouns(), "according"))


def _governor_at(around: Surroundings, side: Sequence[int], n: int) -> Governor | None:
    """The verb or noun that token ``side[n]`` begins, if it may govern the words."""
    i = side[n]
    word = around.word(i)
    if capital(around.layout.tokens[i]) and not _may_be_capital(around, i):
        return None
    for entry in table().get(word, ()):
        last = i + len(entry.rest)
        if tuple(around.word(k) for k in range(i + 1, last + 1)) != entry.rest:
            continue
        if _is_noun(around, entry.form, i):
            break
        if not _has_company(around, entry.company, side, last):
            continue
        if word in ("plan", "plans") and not _has_company(around, "to", side, last):
            continue
        known = lexicon().get(word)
        lemma = known.lemma if known else word
        return _with_auxiliaries(around, side, n, Verb(last, entry.stance, entry.form, lemma))
    if word in claim_nouns() and (word not in lexicon() or _is_noun(around, lexicon()[word].form, i)):
        return Governor(i, i, i, "quoted", "noun", word, False, noun=True)
    known = lexicon().get(word)
    if known is None or _is_noun(around, known.form, i):
        if word == "according" and around.word(i + 1) == "to":
            return Governor(i, i, i + 1, "said", "prep", "according to", False)
        return None
    stance: Stance = "" if known.lemma in ATTITUDES else "said"
    return _with_auxiliaries(around, side, n, Verb(i, stance, known.form, known.lemma))


def _may_be_capital(around: Surroundings, i: int) -> bool:
    """Whether a capital is the sentence's or the headline's: the word may be a verb all the same."""
    layout = around.layout
    if layout.starts[i] == around.low or (layout.headline and around.low < layout.paragraphs[0].end):
        return True
    return i > 0 and layout.tokens[i - 1] in "“\"‘'.:-–—…¶"


def _is_noun(around: Surroundings, form: str, i: int) -> bool:
    """Whether a form such as "claims" or "plan" is a noun by the words before it."""
    if form not in ("base", "s") or not i or around.word(i) in verbs_only():
        return False
    before = around.word(i - 1)
    if before in determiners() or before in NOUN_BEHIND:
        return True
    if lexicon().get(before, NO_WORD).form in ("ed", "ing"):
        return True
    named = capital(around.layout.tokens[i - 1]) and i > 1
    return named and around.word(i - 2) in _noun_behind_name()


@per_lists
def _noun_behind_name() -> frozenset[str]:
    """Behind one of these and a name, such a form is a noun."""
    return NOUN_BEHIND - determiners() | {"to"}


def _has_company(around: Surroundings, company: str, side: Sequence[int], last: int) -> bool:
    """Whether the verb has the company that gives it its stance."""
    behind = [around.word(i) for i in side if i > last]
    low = around.layout.token_from(around.content[0].start)
    if not side or side[-1] < low:
        behind += [around.word(i) for i in range(low, low + 5)]
    if company == "claims":
        return bool(claim_nouns().intersection(behind))
    if company == "to":
        return "to" in behind[:3]
    if company == "other":
        return bool(word_nouns().intersection(behind)) or any(w in ("'s", "’s", "’") for w in behind)
    return True


def _with_auxiliaries(around: Surroundings, side: Sequence[int], n: int, verb: Verb) -> Governor:
    """The verb at token ``side[n]`` with its auxiliaries and its negation; these may turn what it says."""
    last, stance, form, lemma = verb
    first = n
    while first and (
        around.word(side[first - 1]) in helping_words() or around.word(side[first - 1]).endswith("ly")
    ):
        first -= 1
    helping = [around.word(side[k]) for k in range(first, n)]
    passive = form == "ed" and any(w in BE for w in helping)
    future = form == "base" and FUTURE.intersection(helping) and "only" not in helping
    earlier = [around.word(side[k]) for k in range(max(0, first - 3), first)]
    negative = any(w in NEGATIVES or w.endswith(("n't", "n’t")) for w in helping)
    if earlier[-1:] == ["to"] or form == "ing":
        negative = negative or any(w in NEGATIVES for w in earlier[-2:])
    seen = passive and lemma in WEAK  # "was not seen" tells of no speech
    if stance == "said" and negative and not seen and "only" not in helping:
        stance = "denied"
    elif stance == "said" and future:
        stance = "hoped"
    elif stance == "said" and passive and lemma not in WEAK:
        stance = _of_passive(around, last)
    return Governor(side[first], side[n], last, stance, form, lemma, passive)


def _of_passive(around: Surroundings, last: int) -> Stance:
    """ "is said to have", "was told", "was called": others' words, unless "by" the source."""
    source = around.source
    if source is not None and source.start > around.layout.starts[last]:
        i = around.layout.token_from(source.start)
        if "by" in around.layout.lower[max(0, i - 3) : i]:
            return "said"
    return "quoted"
