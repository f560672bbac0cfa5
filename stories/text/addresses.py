"""Words as the last part of an address."""

import re
import unicodedata

from anyascii import anyascii

# Where each sign is a word or nearly: they are kept apart.
SIGNS = (("\u2e80", "\u9fff"), ("\uf900", "\ufaff"), ("\U00020000", "\U0003ffff"))


def address_of(words: str) -> str:
    """Return words in small Latin letters with hyphens between them; those of other scripts as they sound.

    “Жданов: нет” is "zhdanov-net", “Łódź” is "lodz". Nothing is left of words without a letter or number.
    """
    latin = unicodedata.normalize("NFKD", "".join(map(_latin, words)))
    letters = re.sub(r"[^\w\s-]", "", latin.encode("ascii", "ignore").decode().lower())
    return re.sub(r"[-\s]+", "-", letters).strip("-_")


def _latin(letter: str) -> str:
    if letter.isascii() or not letter.isalpha():
        return letter
    latin = anyascii(letter)
    return f" {latin} " if any(first <= letter <= last for first, last in SIGNS) else latin
