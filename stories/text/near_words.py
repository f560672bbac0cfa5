"""When the words of two claims are nearly the same, and what stands against their being one claim.

Pure: no Django. Words are compared in lower case, without marks, with contractions written out ("won’t" is
"will not"), tenses of reported speech made one ("would" is "will") and numbers in figures ("twelve" is "12").
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from stories.text.normalise import bare_word

RUN = 3  # words in a run
FEWEST = 5  # words of the shorter wording: fewer are said by everybody
MOST = 400  # words of a wording that are compared
TRIMMED = 8  # words, from which on a wording may be the smaller part of the other
PART, SMALLER_PART = 0.5, 0.3  # of the longer wording, that a shorter one has to be
SHARED = 0.7  # of the shorter wording's runs, that both have to have
LONG = 9  # words, from which on two may differ, and the share of runs tells something

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|%|[^\W\d_]+")
_WRITTEN_OUT = {
    **{
        f"{verb}nt": (verb, "not")
        for verb in "do does did is are was were have has had would could should must need".split()
    },
    **{"wont": ("will", "not"), "cant": ("can", "not"), "cannot": ("can", "not"), "shant": ("shall", "not")},
    **{"ive": ("i", "have"), "weve": ("we", "have"), "theyve": ("they", "have"), "youve": ("you", "have")},
    **{"im": ("i", "am"), "thats": ("that", "is"), "theres": ("there", "is"), "theyre": ("they", "are")},
    **{"%": ("per", "cent"), "percent": ("per", "cent"), "nobody": ("no", "1")},
}
_TENSES = {
    **{"was": "is", "were": "are", "had": "have", "did": "do", "does": "do"},
    **{"would": "will", "could": "can", "might": "may", "said": "says"},
}
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_FIGURES = {word: str(number) for number, word in enumerate(_SMALL)} | {
    word: str(10 * number) for number, word in enumerate(_TENS, start=2)
}
_SCALES = {"m": "million", "mn": "million", "bn": "billion", "tn": "trillion", "k": "thousand"}
_SIZES = {
    *_SCALES.values(),
    "hundred",
    "dozen",
    "half",
    "third",
    "quarter",
    "double",
    "twice",
    "first",
    "last",
}
_DENIES = frozenset(
    "not no never none nothing neither nor without hardly barely scarcely unlikely impossible refuse refuses "
    "refused deny denies denied reject rejects rejected fail fails failed".split()
)
# What may stand before a claim's words in one story and not in another.
_OPENING = frozenset("and but so well yes now because that".split())

NUMBERS = "The numbers are not the same."
DENIAL = "One denies what the other does not."


@dataclass(frozen=True, slots=True)
class Nearness:
    """How nearly two wordings are the same (0–100), and in sentences what keeps them two claims."""

    score: float
    differs: tuple[str, ...]


def compared_words(wording: str) -> list[str]:
    """Return the words of a wording as they are compared."""
    found: list[str] = []
    for token in _TOKEN.findall(bare_word(wording)):
        for word in _WRITTEN_OUT.get(token, (token,)):
            if word in _SCALES and found and found[-1][0].isdigit():
                word = _SCALES[word]
            word = _FIGURES.get(_TENSES.get(word, word), _TENSES.get(word, word))
            found.append(word.replace(",", "") if word[0].isdigit() else word)
    while len(found) > FEWEST and found[0] in _OPENING:
        del found[0]
    return found[:MOST]


def runs_of(words: Sequence[str]) -> Iterator[str]:
    """Yield each run of RUN neighbouring words."""
    for run in zip(*(words[n:] for n in range(RUN)), strict=False):
        yield " ".join(run)


def nearness(one: str, other: str) -> Nearness | None:
    """Compare two wordings; None where their words are not nearly the same.

    They are where one stands whole in the other, where a word or two differ, or where most runs of words of
    the shorter one are in the other, too.
    """
    short, long = sorted((compared_words(one), compared_words(other)), key=len)
    if len(short) < FEWEST or not _is_near(short, long):
        return None
    return Nearness(round(fuzz.ratio(" ".join(short), " ".join(long)), 1), tuple(_differences(short, long)))


def _is_near(short: Sequence[str], long: Sequence[str]) -> bool:
    if _stands_in(short, long):
        return len(short) >= (SMALLER_PART if len(short) >= TRIMMED else PART) * len(long)
    most = 2 if len(short) >= LONG else 1
    if Levenshtein.distance(short, long, score_cutoff=most) <= most:
        return True
    if len(short) < LONG or len(short) < PART * len(long):
        return False
    runs = set(runs_of(short))
    return len(runs & set(runs_of(long))) >= SHARED * len(runs)


def _stands_in(short: Sequence[str], long: Sequence[str]) -> bool:
    return f" {' '.join(short)} " in f" {' '.join(long)} "


def _differences(short: Sequence[str], long: Sequence[str]) -> Iterator[str]:
    """Yield what keeps the two apart: numbers or denials among the words that only one of them has."""
    changed: list[str] = []
    for change in Levenshtein.opcodes(short, long):
        if change.tag != "equal":
            changed += short[change.src_start : change.src_end]
            changed += long[change.dest_start : change.dest_end]
    if any(word[0].isdigit() or word in _SIZES for word in changed):
        yield NUMBERS
    if _DENIES & set(changed):
        yield DENIAL
