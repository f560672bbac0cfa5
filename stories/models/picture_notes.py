"""What a photographer or an agency wrote into a picture's file: read before it is taken out.

IPTC's older record (https://www.iptc.org/std/IIM/4.2/specification/IIMV4.2.pdf), XMP as the IPTC's photo
standard names its fields (https://www.iptc.org/std/photometadata/specification/), and EXIF. Where a picture
was taken, when and with what is not read.
"""

from dataclasses import dataclass
from typing import IO, Any

from PIL import Image, IptcImagePlugin
from PIL.ExifTags import Base

from stories.models import renditions
from stories.models.fields import line

CHARACTERS = (1, 90)
UTF_8 = b"\x1b%G"
BYLINE, CREDIT, COPYRIGHT, CAPTION = (2, 80), (2, 110), (2, 116), (2, 120)


@dataclass(frozen=True, slots=True)
class Notes:
    """What a file says of its picture, each in one line; "" where it says nothing."""

    description: str = ""
    caption: str = ""
    credit: str = ""
    rights: str = ""


def read(file: IO[bytes]) -> Notes:
    """Return what the file of a picture says of it. Raises NoPicture."""
    image = renditions.read(file)
    iptc, xmp, exif = _iptc(image), _xmp(image), image.getexif()
    creator = iptc.get(BYLINE) or xmp.get("creator") or _text(exif.get(Base.Artist))
    giver = iptc.get(CREDIT) or xmp.get("Credit") or ""
    return Notes(
        description=_cut(xmp.get("AltTextAccessibility"), 250),
        caption=_cut(
            iptc.get(CAPTION) or xmp.get("description") or _text(exif.get(Base.ImageDescription)), 300
        ),
        credit=_cut(" / ".join(dict.fromkeys(filter(None, (creator, giver)))), 150),
        rights=_cut(
            "; ".join(
                dict.fromkeys(
                    filter(
                        None,
                        (
                            iptc.get(COPYRIGHT) or xmp.get("rights") or _text(exif.get(Base.Copyright)),
                            xmp.get("UsageTerms"),
                        ),
                    )
                )
            ),
            1000,
        ),
    )


def _iptc(image: Image.Image) -> dict[tuple[int, int], str]:
    try:
        found = IptcImagePlugin.getiptcinfo(image) or {}  # type: ignore[arg-type]  # it was opened from a file
    except (ValueError, SyntaxError, IndexError, KeyError, OSError, TypeError):
        return {}  # a block that is no such record
    codec = "utf-8" if found.get(CHARACTERS) == UTF_8 else ""
    return {key: _text(value, codec) for key, value in found.items() if key != CHARACTERS}


def _xmp(image: Image.Image) -> dict[str, str]:
    """The values of the XMP's properties by their name without its prefix; of several the first language."""
    try:
        root = image.getxmp()
    except (ValueError, SyntaxError, OSError):
        return {}  # no XML, or XML that would harm who reads it
    found: dict[str, str] = {}
    _gather(root, found)
    return found


def _gather(node: Any, found: dict[str, str]) -> None:
    if isinstance(node, list):
        for one in node:
            _gather(one, found)
    elif isinstance(node, dict):
        for name, value in node.items():
            if text := _text_of(value):
                found.setdefault(name, line(text))
            _gather(value, found)


def _text_of(value: Any) -> str:
    """The text of a property: its own, or that of its list; several names are joined."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        for kind in ("Alt", "Seq", "Bag"):
            if isinstance(value.get(kind), dict):
                items = value[kind].get("li")
                texts = [_text_of(item) for item in (items if isinstance(items, list) else [items])]
                return texts[0] if kind == "Alt" else ", ".join(filter(None, texts))
        return value["text"] if isinstance(value.get("text"), str) else ""
    return ""


def _text(value: Any, codec: str = "") -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, (_text(one, codec) for one in value)))
    if isinstance(value, bytes):
        try:
            value = value.decode(codec or "utf-8")
        except UnicodeDecodeError:
            value = value.decode("cp1252", errors="replace")
    return str(line(value.replace("\0", " "))) if isinstance(value, str) else ""


def _cut(text: str | None, length: int) -> str:
    text = line(text or "")
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
