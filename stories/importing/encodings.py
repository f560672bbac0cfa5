"""Bytes to characters: UTF-8, UTF-16, UTF-32 and Windows-1252; everything else is refused with a guess.

Guessing would put wrong letters into somebody's mouth. Windows-1252 gives a letter to nearly any byte, so a
text read by it is searched for what other encodings look like then.
"""

import codecs
import re

from charset_normalizer import from_bytes

from stories.importing.faulty import ReadError
from stories.text import richtext

__all__ = ["decode", "decode_as", "doubtful"]

_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")
_C1 = {code: bytes([code]).decode("cp1252", "ignore") or None for code in range(0x80, 0xA0)}
# UTF-8 whose bytes were taken for Windows-1252 and written as UTF-8 again: â€œ for “, Ã© for é.
_TWICE = re.compile(
    "â€[\u0080-\u00bfœ˜™š›žŸ¢£¦“”‹“†‡‰Š‘’]|Ã[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Â[\u00a0-\u00bf‘’“”–—]"
)
# What is seen in a text of the named encoding that was read as Windows-1252.
_SEEN = (
    ("MacRoman", re.compile(r"Ò[^ÒÓ\n]{2,}Ó|\wÕ[a-z]|[a-z,.]Ó(?:\s|$)|(?:^|\s)Ò\w| [ÐÑ] ", re.M)),
    ("ISO-8859-15", re.compile(r"¤ ?\d|\d ?¤|[a-z][¼½][a-z]|[A-Za-z][¦¨´¸][a-z]|\b[¦´][a-z]{2}")),
    (
        "DOS (code page 850)",
        re.compile(r"[A-Za-z]‚(?=[\w\s,.;:!?]|$)|(?:^|\s)œ ?\d|[a-z][„Šˆ‰‡][a-z]|[a-z]”[a-z]", re.M),
    ),
    ("ISO-8859-2 or Windows-1250", re.compile(r"[a-z][¹³¶¿¾¼±²º¡£¥¦©®¯»µ][a-z]|\b[³¶¿¹¾][a-z]{2}")),
)
# Four letters with accents on end stand in no word of the languages that Windows-1252 is for.
_FOREIGN = re.compile("[À-ÖØ-öø-ÿ]{4}")


def decode(data: bytes) -> tuple[str, str]:
    """The characters, with line ends as "\\n", page ends as "\\x0c" and their letters in order, and the
    encoding's name.

    Raises ReadError for what is no text, and for a text in another encoding or in two.
    """
    if not data.strip():
        raise ReadError("The file is empty.")
    if escape := re.search(rb"\x1b\$[@AB]", data):
        raise _another("ISO-2022", data.count(b"\n", 0, escape.start()) + 1)
    text, encoding = _decode(data)
    text = text.removeprefix("\ufeff")
    # Word processors end a line, a paragraph and a page in ways of their own; ^Z ended a file once.
    text = re.sub("\r\n|[\r\x0b\u2028]", "\n", text.rstrip("\x1a")).replace("\u2029", "\n\n")
    # A control character or two slip into real copy and are dropped with the rest of what no page may hold.
    stray = _CONTROL.findall(text)
    if len(stray) > max(3, len(text) / 100):
        raise ReadError(
            "The file is not text: it is full of control characters.", _line_at(text, text.index(stray[0]))
        )
    if not text.strip():
        raise ReadError("The file is empty.")
    text = richtext.letters(text.translate(_C1))
    if twice := _TWICE.search(text):
        raise ReadError(
            f"The text was UTF-8 and has been decoded wrongly: “{twice.group()}” stands for one character. "
            "Save it anew from where it came.",
            _line_at(text, twice.start()),
        )
    return text, encoding


def decode_as(data: bytes, name: str) -> tuple[str, str]:
    """As :func:`decode`, of a text whose file or page says which encoding it is in, or says ""."""
    try:
        # Pages that say ISO-8859-1 are in Windows-1252, as the browsers' standard has it.
        name = {"iso8859-1": "cp1252", "ascii": "utf-8"}.get(found := codecs.lookup(name).name, found)
        text = data.decode(name)
    except (LookupError, UnicodeError):
        return decode(data)
    text = re.sub("\r\n?", "\n", text.removeprefix("\ufeff"))
    return richtext.letters(text.translate(_C1)), name


def doubtful(text: str, encoding: str) -> str:
    """A remark about a text that was read as Windows-1252, with words that show whether it is; or ""."""
    if encoding != "cp1252":
        return ""
    words = dict.fromkeys(re.findall(r"[a-zA-Z]*[À-ÖØ-öø-ÿŠšŽžŒœŸ]\w*", text))
    some = ", ".join(f"“{word}”" for word in list(words)[:3])
    return f"The file is not UTF-8 and was read as Windows-1252: are {some} right?" if some else ""


def _decode(data: bytes) -> tuple[str, str]:
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe\x00\x00", "utf-32"),
        (b"\x00\x00\xfe\xff", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return _strictly(data, encoding), encoding
    if b"\0" in data:
        return _strictly(data, _unmarked_utf16(data)), "utf-16"
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        # Of a text that is UTF-8 but for a slip, most high bytes are parts of its characters.
        good = sum(map(len, _MULTIBYTE.findall(data)))
        if good and good * 2 > len(_HIGH.findall(data)):
            guess = _many_bytes(data)
            if guess is None:
                raise ReadError(
                    "The text mixes encodings: it is UTF-8, except here. Save it as UTF-8 throughout.", line
                ) from error
            raise _another(guess, line) from error
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise _another(_guess(data), data.count(b"\n", 0, error.start) + 1) from error
    _doubt(text, data)
    return text, "cp1252"


def _doubt(text: str, data: bytes) -> None:
    """Raise ReadError where bytes that were read as Windows-1252 look like another encoding, or no text."""
    if len(_HIGH.findall(data)) * 4 > len(data):  # no language of Western Europe has so many
        raise _another(_guess(data), 1)
    if found := _FOREIGN.search(text):
        raise _another(_guess(data), _line_at(text, found.start()))
    for name, seen in _SEEN:
        if found := seen.search(text):
            raise _another(name, _line_at(text, found.start()))
    letters = sum(character.isalnum() or character.isspace() for character in text)
    if letters < len(text) / 2:
        raise ReadError("The file is not text.")


def _another(guess: str, line: int) -> ReadError:
    looks = f"; it looks like {guess}" if guess else ""
    return ReadError(f"The encoding is not one the import reads{looks}. Save it as UTF-8.", line)


def _guess(data: bytes) -> str:
    best = from_bytes(data[:200_000]).best()
    return best.encoding if best and best.encoding not in ("cp1252", "latin_1", "utf_8") else ""


def _many_bytes(data: bytes) -> str | None:
    """The East Asian encoding a text is in from its first byte to its last, if it is in one."""
    guess = _guess(data)
    if not re.match("gb|big5|euc|shift|cp9[345]|johab|iso2022", guess):
        return None
    try:
        return guess if data.decode(guess) else None
    except UnicodeDecodeError:
        return None


def _unmarked_utf16(data: bytes) -> str:
    """Which UTF-16 a text without a byte order mark is in. Raises ReadError when it is none."""
    pairs = len(data) // 2
    even, odd = data[0::2].count(0), data[1::2].count(0)
    if len(data) % 2 == 0 and max(even, odd) > pairs * 0.6 and min(even, odd) <= pairs * 0.02:
        return "utf-16-le" if odd > even else "utf-16-be"
    raise ReadError("The file is not text: it holds NUL bytes.", data.count(b"\n", 0, data.index(0)) + 1)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        good = data[: error.start].decode(encoding, "ignore")
        name = encoding.removesuffix("-le").removesuffix("-be").upper()
        raise ReadError(
            f"The text mixes encodings: it is {name}, except here.", good.count("\n") + 1
        ) from error


def _line_at(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1
