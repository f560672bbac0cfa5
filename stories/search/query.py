"""What a reader typed, as words and phrases. Pure: no database, no Django, and no input that raises."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice, pairwise, product
from urllib.parse import urlencode

from stories.search.dates import Days, days_in
from stories.search.same_words import SameWords, Words, singular
from stories.search.words import stop_words, words_of

LONGEST = 200  # characters read of what was typed
MOST_TERMS = 12
MOST_READINGS = 40

QUOTED = re.compile('["“”„«»]([^"“”„«»]*)["“”„«»]')
NO_PART_OF_A_NAME = frozenset(("party", "the"))


@dataclass(frozen=True, slots=True)
class Term:
    """What has to be found: all the words by their stems, or one of `others` with its words in a row.

    Of a phrase (`in_a_row`) the words stand next to each other, too, and nothing stands in its place. `spelt`
    is what was typed, with the words in it that say nothing.
    """

    words: Words
    in_a_row: bool = False
    others: tuple[Words, ...] = ()
    spelt: Words = ()


@dataclass(frozen=True)
class Query:
    """`words` are looked for by their stems, each of `phrases` (two words or one) exactly as it is.

    `terms` are all of them, with what means the same, and `loose` all words without marks. `days` is a date
    that stood among them, and `undated` what was typed without it. `is_small_words` when nothing but words
    such as “the” was typed.
    """

    typed: str
    words: Words
    phrases: tuple[Words, ...]
    terms: tuple[Term, ...]
    loose: Words = ()
    days: Days | None = None
    undated: str = ""
    is_small_words: bool = False

    @classmethod
    def parse(cls, typed: str) -> "Query":
        """Read each word as it was typed: at most 200 characters, and 12 words and phrases."""
        typed, phrases, loose = _taken_apart(typed)
        words = tuple(dict.fromkeys(words_of(loose)))[: max(0, MOST_TERMS - len(phrases))]
        terms = (*(Term((word,)) for word in words), *(Term(phrase, True) for phrase in phrases))
        return cls(typed, words, phrases, terms, undated=typed)

    @classmethod
    def understood(cls, typed: str, same: SameWords) -> "Query":
        """Read what was typed as `parse` does, without words that say nothing, with dates, and with other
        words in the place of those that mean the same."""
        typed, phrases, loose = _taken_apart(typed)
        days, undated = None, typed
        if dated := days_in(loose):
            days, (start, end) = dated
            loose = f"{loose[:start]} {loose[end:]}"
            undated = " ".join(f"{typed[:start]} {typed[end:]}".split())
        spelt = words_of(loose)
        terms = list(_terms(spelt, same))[: max(0, MOST_TERMS - len(phrases))]
        words = tuple(dict.fromkeys(word for term in terms for word in term.words))
        said = bool(terms or phrases or days)
        return cls(
            typed,
            words,
            phrases,
            (*terms, *(Term(phrase, True) for phrase in phrases)),
            _between_small_words(spelt),
            days,
            undated,
            is_small_words=not said and bool(spelt),
        )

    def __bool__(self) -> bool:
        return bool(self.terms)

    @property
    def as_address(self) -> str:
        """The query as the query string of its page."""
        return urlencode({"q": self.typed})

    @property
    def without_marks(self) -> str:
        """What was typed, with its phrases as loose words."""
        return " ".join(re.sub('["“”„«»]', " ", self.typed).split())

    @cached_property
    def readings(self) -> list[Words]:
        """The query's words, and those with others in the place of some of them."""
        choices = [(term.spelt or term.words, *term.others) for term in self.terms]
        return [
            tuple(word for part in parts for word in part)
            for parts in islice(product(*choices), MOST_READINGS)
        ]

    @cached_property
    def names(self) -> frozenset[Words]:
        """What a thing is called that is just what was asked for; see `name_of`."""
        return frozenset(filter(None, map(name_of, self.readings)))

    @cached_property
    def any_words(self) -> frozenset[str]:
        """Every word that is looked for, in the singular."""
        return frozenset(
            singular(word) for term in self.terms for part in (term.words, *term.others) for word in part
        )

    @property
    def neighbours(self) -> list[tuple[str, str]]:
        """Words that were typed next to each other."""
        words = [word for term in self.terms if not term.in_a_row for word in term.words]
        return [pair for pair in pairwise(words) if pair[0] != pair[1]]

    def stands_exactly_in(self, texts: Iterable[str]) -> bool:
        """Whether each phrase stands in one of `texts` word for word: an index of stems cannot tell."""
        texts = [text.lower() for text in texts]
        wanted = [phrase for phrase in self.phrases if not _stands_plainly(phrase, texts)]
        if not wanted:
            return True
        said = [f" {' '.join(words_of(text))} " for text in texts]
        return all(any(f" {' '.join(phrase)} " in text for text in said) for phrase in wanted)


def name_of(words: Iterable[str]) -> Words:
    """Return the words by which a name is told from others: without “the” and “party”, in the singular."""
    return tuple(
        singular(word) for word in words if word not in NO_PART_OF_A_NAME and word not in stop_words()
    )


def _taken_apart(typed: str) -> tuple[str, tuple[Words, ...], str]:
    """What was typed, the phrases in it, and itself with blanks in the place of these."""
    typed = " ".join(typed.replace("\0", " ")[:LONGEST].split())
    phrases = tuple(filter(None, (words_of(quoted) for quoted in QUOTED.findall(typed))))
    return typed, phrases[:MOST_TERMS], QUOTED.sub(lambda quoted: " " * len(quoted[0]), typed)


def _between_small_words(words: Words) -> Words:
    """The words from the first to the last that says something."""
    said = [place for place, word in enumerate(words) if word not in stop_words()]
    return words[said[0] : said[-1] + 1] if said else ()


def _terms(words: Words, same: SameWords) -> Iterable[Term]:
    """The words in their order, those that say nothing left out, each of them once."""
    seen: set[Words] = set()
    while words:
        typed, others = same.at_the_start(words)
        words = words[len(typed) :]
        said = tuple(word for word in typed if word not in stop_words())
        if said and said not in seen:
            seen.add(said)
            yield Term(said, others=others, spelt=typed)


def _stands_plainly(phrase: Words, texts: list[str]) -> bool:
    """Whether the phrase stands in a text just as it is: what is nearly always so, and told much sooner than
    by taking the text apart. A no means nothing: an accent may stand beside it, or another sign within."""
    plain = " ".join(phrase)
    return plain.isascii() and any(plain in text and _apart(plain).search(text) for text in texts)


@lru_cache(maxsize=64)
def _apart(plain: str) -> re.Pattern[str]:
    """The words with nothing on either side of them but what surely divides words."""
    divider = r"[\x00-/:-@\[-`{-\x7f“”‘’–—…]"
    return re.compile(rf"(?:^|(?<={divider})){re.escape(plain)}(?=$|{divider})")
