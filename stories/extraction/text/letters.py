"""Letters of every script as regular expressions see them: what begins a name, and what goes on in one.

``re`` knows no Unicode categories, so the classes are built here once, from ``unicodedata``.
"""

from __future__ import annotations

from itertools import groupby
from unicodedata import category

# Letters of no case begin with Hebrew; those before it are signs of Latin copy, as in "Nº 4".
FIRST_UNCASED = 0x05D0
PLANES = 0x20000  # character codes looked at one by one; behind them stand only rare Han characters
RARE_HAN = "\U00020000-\U000323af"
BREATHINGS = "ʻʼ"  # a Hawaiian or Tatar name may begin with one


def _uncased(letter: str) -> bool:
    """Whether a letter has no capital that could begin a name; Georgian uses its own for headings alone."""
    kind = category(letter)
    if kind == "Lo":
        return ord(letter) >= FIRST_UNCASED
    return kind == "Ll" and letter.title() == letter != letter.upper()


def _classes() -> dict[str, str]:
    """Capitals, letters without case and marks set apart, as they stand between the brackets of a pattern."""
    codes: dict[str, list[int]] = {"upper": [], "uncased": [], "marks": []}
    for code in range(PLANES):
        letter = chr(code)
        kind = category(letter)
        if kind in ("Lu", "Lt"):
            codes["upper"].append(code)
        elif kind in ("Mn", "Mc") and code < 0x10000:
            codes["marks"].append(code)
        elif kind in ("Lo", "Ll") and _uncased(letter):
            codes["uncased"].append(code)
    return {name: _ranges(found) for name, found in codes.items()}


def _ranges(codes: list[int]) -> str:
    out = []
    for _, run in groupby(enumerate(codes), lambda pair: pair[1] - pair[0]):
        found = [code for _, code in run]
        out.append(chr(found[0]) if len(found) == 1 else f"{chr(found[0])}-{chr(found[-1])}")
    return "".join(out)


_CLASSES = _classes()
MARKS = _CLASSES["marks"]  # accents and vowels printed as signs of their own; stands inside brackets
MARK = rf"[^\x00-\u02ff](?<=[{MARKS}])"

# A search passes over most of a text by this small class, and looks into the large one only behind it.
SMALL_SET = r"[A-Z\xc0-\U0010ffff]"
UPPER = f"[{_CLASSES['upper']}]"
# What may begin a name: in a script without case, any letter.
CAPITAL = rf"{SMALL_SET}(?<=[{_CLASSES['upper']}{_CLASSES['uncased']}{RARE_HAN}{BREATHINGS}])"
CAPITALISED = rf"{CAPITAL}[\w{MARKS}’'-]"  # a word so begun, with "*" or "+" behind it


def uncased(word: str) -> bool:
    """Whether a word is of a script that has no capitals."""
    return word[0] > "\u05cf" and _uncased(word[0])


def capital(word: str) -> bool:
    """Whether a word may be a name by its first letter: a capital, or a letter of a script without case."""
    first = word[0]
    return (
        first.isupper() or first.istitle() or (first > "\u02ba" and (_uncased(first) or first in BREATHINGS))
    )
