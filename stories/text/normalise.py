"""When two texts are the same words: one function for each thing that may be typed differently.

=====================  =============================================  ====================================
function               what makes no difference                       who asks
=====================  =============================================  ====================================
:func:`plain_marks`    kinds of quotation mark, dash and space        the desk, where words are looked for
:func:`folded`         as plain_marks; double or single marks; runs   ``text.anchors``
                       of white space; composed letters; unseen
                       characters
:func:`loosened`       as folded; case, brackets, commas and stops    ``text.anchors``, for words that went
:func:`words_alone`    case, apostrophes, all marks, all spacing      ``models.claims.wording_key``
:func:`bare_word`      case and apostrophes of one word               ``actions.claims.similar_claims``
:func:`same_words`     case and all marks, within words too           ``text.diff.word_changes``, the guard
:func:`search_key`     case and accents                               ``search``, as the indexes see words
:func:`topic_key`      case, accents, hyphens, kinds of apostrophe    ``models.topics``
:func:`name_key`       case, accents, stops, courtesies, letters      ``importing.roster``
                       after a name
:func:`outlet_key`     case, accents, all marks, "the" before it     ``models.outlets``
:func:`likeness_key`   case, accents, strokes, all marks              ``actions.people.duplicates``
=====================  =============================================  ====================================

Pure: no Django. ``stories.extraction`` compares words in ways of its own. The editor imports the marks as a
JavaScript module: ``python -m stories.text.normalise > stories/static/stories/admin/plain-marks.js``.
"""

import json
import re
import sys
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

DOUBLE_MARKS = "“”„‟«»″"
SINGLE_MARKS = "‘’‚‛‹›′´`"
DASHES = "‐‑‒–—―−"
SPACES = "\xa0\u2007\u202f"
# Each mark with the one on every keyboard that it may be typed as: one character for one.
PLAIN_MARKS = {
    **dict.fromkeys(DOUBLE_MARKS, '"'),
    **dict.fromkeys(SINGLE_MARKS, "'"),
    **dict.fromkeys(DASHES, "-"),
    **dict.fromkeys(SPACES, " "),
}
QUOTATION_MARKS = f"\"'{DOUBLE_MARKS}{SINGLE_MARKS}"
UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"

_PLAIN_MARKS = str.maketrans(PLAIN_MARKS)
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHE = re.compile("['’‘ʼ]")
_ANY_APOSTROPHE = re.compile("[’‘ʼ´`]")
_NO_LETTER = re.compile(r"\W+")
_ACCENT = re.compile("[\u0300-\u036f]")
_BETWEEN = re.compile(r"[\s_\u2010-\u2015-]+")
_COURTESIES = frozenset("mr mrs ms miss mx dr sir dame rev revd reverend prof professor hon the".split())
_LETTERS_AFTER = frozenset({"mp", "msp", "ms", "mla", "mep", "td", "qc", "kc", "cbe", "obe", "mbe"})
# Letters with a stroke or a ligature, which Unicode does not take apart, as copy without them has them.
_STROKES = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}
)


def plain_marks(text: str) -> str:
    """Replace typographic marks by plain ones; a place in the result is the same place in `text`."""
    return text.translate(_PLAIN_MARKS)


def words_alone(text: str) -> str:
    """Return the words in lower case with one space between; letters and digits make words, nothing else.

    Keys in the database are made of it (`wording_key`): another result needs a migration.
    """
    return " ".join(_WORD.findall(bare_word(text)))


def bare_word(word: str) -> str:
    """Return a word in lower case, without apostrophes: "Won’t" is "wont"."""
    return _APOSTROPHE.sub("", word).casefold()


def letters_alone(word: str) -> str:
    """Return the letters and digits of a word in lower case: "half-hour" is "halfhour", a dash ""."""
    return _NO_LETTER.sub("", word.casefold())


def same_words(one: str, other: str) -> bool:
    """Tell whether two texts have the same words in the same order, as :func:`letters_alone` sees each."""
    first, second = (filter(None, map(letters_alone, text.split())) for text in (one, other))
    return list(first) == list(second)


def search_key(text: str) -> str:
    """Return `text` in lower case, without accents, as both databases' indexes see it: "Café" is "cafe"."""
    if text.isascii():
        return text.lower()
    return _without_accents(text, "NFD").lower()


def topic_key(name: str) -> str:
    """Return what the names of one topic share; "" when there is nothing but marks."""
    bare = _without_accents(name, "NFKD").casefold()
    return _BETWEEN.sub(" ", _ANY_APOSTROPHE.sub("'", bare)).strip()


def name_key(name: str) -> str:
    """Return what two printings of a person's name share: "Rt. Hon. Zoë Orde, MP" is "rt hon zoe orde"."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    words = _ANY_APOSTROPHE.sub("'", bare).replace(".", " ").casefold().split()
    while len(words) > 1 and words[0] in _COURTESIES:
        words.pop(0)
    while len(words) > 1 and words[-1].strip(",") in _LETTERS_AFTER:
        words.pop()
    return " ".join(word.strip(",") for word in words)


def outlet_key(name: str) -> str:
    """Return what the printings of one outlet's name share: "the BBC’s Today" is "bbcs today".

    Keys in the database are made of it: another result needs a migration.
    """
    words = words_alone(_without_accents(name, "NFKD")).split()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def likeness_key(name: str) -> str:
    """Return a name as one compares it with others that are nearly the same, whatever the script."""
    marked = unicodedata.normalize("NFKD", name)
    bare = "".join(char for char in marked if unicodedata.category(char)[0] != "M")
    plain = bare.casefold().translate(_STROKES)
    return " ".join("".join(char if char.isalnum() else " " for char in plain).split())


def _without_accents(text: str, form: str) -> str:
    """The text without the accents of Latin, Greek and Cyrillic letters, composed again (NFC)."""
    return unicodedata.normalize("NFC", _ACCENT.sub("", unicodedata.normalize(form, text)))  # type: ignore[arg-type]


# With places: each character of the result tells where it stood


class Folded(NamedTuple):
    """A text with its marks made alike; `starts[i]`–`ends[i]` is where character i stood in the raw text."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return a raw range as a range of the folded text."""
        return bisect_left(self.starts, start), bisect_left(self.starts, end)

    def raw(self, at: int, length: int) -> tuple[int, int]:
        """Return a range of the folded text as a raw one."""
        return self.starts[at], self.ends[at + length - 1]

    def is_whole(self, start: int, end: int) -> bool:
        """Tell whether a range begins and ends between raw characters, and not inside a composed one."""
        return (start == 0 or self.starts[start - 1] < self.starts[start]) and (
            end == len(self.text) or self.starts[end - 1] < self.starts[end]
        )


# Copy changes double marks to single ones: here all quotation marks are one.
_FOLDED = {
    **{mark: plain.replace('"', "'") for mark, plain in PLAIN_MARKS.items()},
    '"': "'",
    **dict.fromkeys(UNSEEN, ""),
    "…": "...",
}
_TO_FOLD = re.compile(r"\s+|-{2,3}|[\"`]|[^\x00-\x7f]")


@lru_cache(maxsize=4)
def folded(text: str) -> Folded:
    """Make alike what may be typed differently, but neither case nor commas; two hyphens are a dash."""
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for match in _TO_FOLD.finditer(text):
        at, end = match.span()
        parts.append(text[done:at])
        starts.extend(range(done, at))
        ends.extend(range(done + 1, at + 1))
        one = _fold_one(match.group())
        parts.append(one)
        starts.extend([at] * len(one))
        ends.extend([end] * len(one))
        done = end
    parts.append(text[done:])
    starts.extend(range(done, len(text)))
    ends.extend(range(done + 1, len(text) + 1))
    return Folded("".join(parts), starts, ends)


@lru_cache(maxsize=4)
def loosened(text: str) -> Folded:
    """As :func:`folded`, without case, brackets, and the commas and stops between or after words."""
    whole = folded(text)
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for at, character in enumerate(whole.text):
        beside = whole.text[at - 1 : at] or " ", whole.text[at + 1 : at + 2] or " "
        if character in "[]()" or (character in ",;:." and not all(map(str.isalnum, beside))):
            continue
        if character == " " and characters and characters[-1] == " ":
            continue
        for one in character.casefold():
            characters.append(one)
            starts.append(whole.starts[at])
            ends.append(whole.ends[at])
    return Folded("".join(characters), starts, ends)


@lru_cache(maxsize=4096)
def _fold_one(characters: str) -> str:
    if characters.isspace():
        return " "
    if characters[0] == "-":
        return "-"
    # A composed letter and the same one typed as letter and accent are one.
    return _FOLDED.get(characters, unicodedata.normalize("NFD", characters))


def as_javascript() -> str:
    """Return the table of marks as a JavaScript module: ``static/stories/admin/plain-marks.js``."""
    table = json.dumps(PLAIN_MARKS, indent=2)
    return (
        "/* Generated from stories/text/normalise.py: python -m stories.text.normalise */\n\n"
        f"const PLAIN = {table};\n"
        f"const ANY = /[{''.join(_escaped(mark) for mark in PLAIN_MARKS)}]/g;\n\n"
        "/** Typographic marks as plain ones, one character for one. */\n"
        "export const plainMarks = (text) => text.replace(ANY, (mark) => PLAIN[mark]);\n\n"
        "/** Quotation marks and spaces, and commas at the end, around words. */\n"
        f"export const OUTER = /^[{''.join(map(_escaped, QUOTATION_MARKS))}\\s]+"
        f"|[{''.join(map(_escaped, QUOTATION_MARKS))}\\s,]+$/g;\n"
    )


def _escaped(mark: str) -> str:
    return f"\\u{ord(mark):04x}"


if __name__ == "__main__":
    sys.stdout.write(as_javascript())
