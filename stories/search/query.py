"""What a reader typed, as words and phrases. Pure: no database, no Django, and no input that raises."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from stories.text.normalise import search_key

LONGEST = 200  # characters read of what was typed
MOST_TERMS = 12

QUOTED = re.compile('["“”„«»]([^"“”„«»]*)["“”„«»]')
WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> tuple[str, ...]:
    """The folded words of `text`, in order: runs of letters and digits, everything else divides them."""
    return tuple(WORD.findall(search_key(text)))


@dataclass(frozen=True, slots=True)
class Query:
    """`words` are looked for by their stems, each of `phrases` (two words or one) exactly as it is."""

    typed: str
    words: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...]

    @classmethod
    def parse(cls, typed: str) -> "Query":
        """Read what was typed: at most 200 characters, and 12 words and phrases."""
        typed = " ".join(typed.replace("\0", " ")[:LONGEST].split())
        phrases = tuple(filter(None, (words_of(quoted) for quoted in QUOTED.findall(typed))))
        loose = words_of(QUOTED.sub(" ", typed))
        room = max(0, MOST_TERMS - len(phrases))
        return cls(typed, tuple(dict.fromkeys(loose))[:room], phrases[:MOST_TERMS])

    def __bool__(self) -> bool:
        return bool(self.words or self.phrases)

    @property
    def terms(self) -> tuple[tuple[str, ...], ...]:
        """Words and phrases alike, each as its words."""
        return (*((word,) for word in self.words), *self.phrases)

    @property
    def as_address(self) -> str:
        """The query as the query string of its page."""
        return urlencode({"q": self.typed})

    @property
    def without_marks(self) -> str:
        """What was typed, with its phrases as loose words."""
        return " ".join(re.sub('["“”„«»]', " ", self.typed).split())

    def stands_exactly_in(self, texts: Iterable[str]) -> bool:
        """Whether each phrase stands in one of `texts` word for word: an index of stems cannot tell."""
        texts = [text.lower() for text in texts]
        wanted = [phrase for phrase in self.phrases if not _stands_plainly(phrase, texts)]
        if not wanted:
            return True
        said = [f" {' '.join(words_of(text))} " for text in texts]
        return all(any(f" {' '.join(phrase)} " in text for text in said) for phrase in wanted)


def _stands_plainly(phrase: tuple[str, ...], texts: list[str]) -> bool:
    """Whether the phrase stands in a text just as it is: what is nearly always so, and told much sooner than
    by taking the text apart. A no means nothing: an accent may stand beside it, or another sign within."""
    plain = " ".join(phrase)
    return plain.isascii() and any(plain in text and _apart(plain).search(text) for text in texts)


@lru_cache(maxsize=64)
def _apart(plain: str) -> re.Pattern[str]:
    """The words with nothing on either side of them but what surely divides words."""
    divider = r"[\x00-/:-@\[-`{-\x7f“”‘’–—…]"
    return re.compile(rf"(?:^|(?<={divider})){re.escape(plain)}(?=$|{divider})")
