"""The picture of a claim or a story that other sites show beside a link to it, drawn in the site's look.

A `Card` is all that stands on a picture; its digest is part of the picture's address, so that another verdict
or other words make another address. Letters come from the first font of a family that has all of a text's;
words that no font has are left out, and the picture is one of their speaker, verdict and publication.
"""

import io
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from PIL import Image, ImageDraw, ImageFont, ImageOps, features

from stories.models import Article, renditions
from stories.text.quotations import typeset

FOLDER = "cards"
DESCRIPTION = "Political news in which every quoted claim is tied to the words it was made in."
DRAWN = 2  # one more when pictures are drawn otherwise: their addresses change with it
WIDTH, HEIGHT, MARGIN, FACE = 1200, 630, 64, 230
TOP, BOTTOM = 148, 598  # of what stands between the name of the publication and the lower edge
PAPER, INK, SOFT, RULE, ACCENT = "#fffefb", "#1b1a18", "#57534c", "#d8d2c6", "#ae1f1a"
COLOURS = {
    "true": "#17633a",
    "mostly_true": "#45630f",
    "misleading": "#824800",
    "false": "#9a1710",
    "unproven": "#57534c",
}
# File names as Debian's fonts-liberation and fonts-dejavu-core have them, found wherever the system keeps
# fonts. Without these packages it is the one font that comes with Pillow.
FAMILIES = {
    "serif": ("LiberationSerif-Regular.ttf", "DejaVuSerif.ttf", "DejaVuSans.ttf"),
    "bold": ("LiberationSerif-Bold.ttf", "DejaVuSerif-Bold.ttf", "DejaVuSans-Bold.ttf"),
    "sans": ("LiberationSans-Regular.ttf", "DejaVuSans.ttf"),
}
LARGEST, SMALLEST = 96, 32  # pixels of the words' font
NOWHERE = "\U0010ffff"  # a character that no font has

Font = ImageFont.FreeTypeFont


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on a picture; `portrait` is the name of an upload.

    `said` are the places of the words that were said; the sentence around them is drawn lighter.
    """

    words: str
    who: str = ""
    office: str = ""
    rating: str = ""
    verdict: str = ""
    note: str = ""
    portrait: str = ""
    publication: str = ""
    said: tuple[tuple[int, int], ...] = ()

    @property
    def digest(self) -> str:
        """What the address of the picture has to say that it is this one."""
        return sha256(repr((DRAWN, astuple(self))).encode()).hexdigest()[:16]


def card_of_claim(claim: Any) -> Card:
    """Return the card of a claim that was loaded with its sentences, see `models.prefetch.claim_cards`."""
    first, speaker = claim.printed[0], claim.public_speaker
    words, said = _in_sentence(claim)
    office = ", ".join(filter(None, [first.speaker_role, first.speaker_party]))
    said_on = f"{claim.said_on:%-d %B %Y}" if claim.said_on else ""
    return Card(
        words,
        claim.public_speaker_name,
        ", ".join(filter(None, [office, said_on])),
        claim.rating,
        claim.verdict.label if claim.verdict else "",
        "" if claim.is_read else claim.UNREAD,
        speaker.portrait.name if speaker and speaker.portrait else "",
        settings.PUBLICATION_NAME,
        said,
    )


def _in_sentence(claim: Any) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return the sentence in which a claim stands, and the places of its words there.

    What was done with words that were not simply said stands before it.
    """
    words, said = f"{claim.stance_label}: " if claim.stance_label else "", []
    for piece in claim.sentence_in_short:
        text = " ".join(f"x{piece.text}x".split())[1:-1]  # a blank at either end stays
        if piece.said:
            said.append((len(words), len(words) + len(text)))
        words += text
    return typeset(words), tuple(said)


def card_of_story(story: Article) -> Card:
    """Return the card of a story."""
    about = story.search_description or story.standfirst
    return card_in_words(story.title_in_search, about)


def card_in_words(title: str, about: str) -> Card:
    """Return the card of a story that is called and described so."""
    return Card(typeset(title), office=about, publication=settings.PUBLICATION_NAME)


def card_of_site(description: str) -> Card:
    """Return the card of the publication itself."""
    return Card(settings.PUBLICATION_NAME, office=description)


def stored(kind: str, number: int, card: Card) -> str:
    """Return the stored name of a picture, drawn now if it is not there; earlier ones of the row go."""
    folder = f"{FOLDER}/{kind}/{number // 1000}"
    name = f"{folder}/{number}-{card.digest}.png"
    if renditions.changed(name) is None:
        renditions.put(drawn(card), name)
        with suppress(FileNotFoundError):
            for other in default_storage.listdir(folder)[1]:
                if other.startswith(f"{number}-") and not name.endswith(other):
                    default_storage.delete(f"{folder}/{other}")
    return name


# --- drawing -----------------------------------------------------------------------------------------


def drawn(card: Card) -> bytes:
    """Return the picture of a card, as a PNG file."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(image)
    _masthead(draw, card.publication)
    right = WIDTH - MARGIN
    if face := _portrait(card.portrait):
        image.paste(face, (WIDTH - MARGIN - FACE, TOP))
        right -= FACE + 40
    bottom = _verdict(image, card) if card.verdict else BOTTOM
    if card.note:
        bottom = _lines(draw, [card.note], "sans", 26, (MARGIN, bottom - 34), SOFT) - 50
    family, most = ("sans", 1) if card.who else ("serif", 3)
    about = [(card.who, "bold", 38, INK, 1), (card.office, family, 30, SOFT, most)]
    blocks = [
        (lines, family, size, colour)
        for text, family, size, colour, most in about
        if (lines := _fitted(text, family, size, right - MARGIN, most))
    ]
    room = bottom - TOP - sum(len(lines) * height_of(size) for lines, _, size, _ in blocks) - 24
    top = _words(draw, card, right - MARGIN, room)
    for lines, family, size, colour in blocks:
        top = _lines(draw, lines, family, size, (MARGIN, top), colour)
    out = io.BytesIO()
    (image if face else image.quantize(128)).save(out, "PNG", optimize=True)
    return out.getvalue()


def _masthead(draw: ImageDraw.ImageDraw, name: str) -> None:
    """Draw the lamp and the name of the publication, with a line under them."""
    for radius, colour in ((19, ACCENT), (14.5, PAPER), (11.5, ACCENT)):
        draw.circle((MARGIN + 19, 70), radius, fill=colour)
    for line in _fitted(name, "bold", 40, WIDTH - 2 * MARGIN - 60, 1):
        draw.text((MARGIN + 54, 70), line, INK, _font("bold", 40, line), anchor="lm")
    draw.line((MARGIN, 112, WIDTH - MARGIN, 112), RULE, 2)


def _portrait(name: str) -> Image.Image | None:
    """Return a portrait cut to a square; None without one, or for one that cannot be read."""
    if not name:
        return None
    try:
        with default_storage.open(renditions.make("square", name)) as file, Image.open(file) as picture:
            return ImageOps.fit(picture.convert("RGB"), (FACE, FACE))
    except (renditions.Unsizable, OSError):
        return None


def _words(draw: ImageDraw.ImageDraw, card: Card, width: int, height: int) -> int:
    """Draw the words as large as they fit, cut where they never do; return where they end."""
    for size in range(LARGEST, SMALLEST - 1, -4):
        lines = _fitted(card.words, "bold", size, width, 99)
        if len(lines) * height_of(size) <= height or size == SMALLEST:
            break
    most = max(1, height // height_of(size))
    top, place = TOP, 0
    for line in _fitted(card.words, "bold", size, width, most):
        place = max(place, card.words.find(line.removesuffix(" …"), place))
        font = _font("bold", size, line)
        for start, end, colour in _runs(line, place, card.said):
            left = MARGIN + font.getlength(line[:start])
            draw.text((left, top), line[start:end], colour, font)
        top += height_of(size)
        place += len(line.removesuffix(" …"))
    return top + 24


def _runs(line: str, place: int, said: tuple[tuple[int, int], ...]) -> Iterator[tuple[int, int, str]]:
    """Yield the stretches of a line that have one colour each; the line begins at `place` in the words.

    Lines from right to left are not parted: their letters stand in another order than they are written in.
    """
    if not said or any(unicodedata.bidirectional(one) in {"R", "AL"} for one in line):
        yield 0, len(line), INK
        return
    inks = [
        INK if any(start <= at < end for start, end in said) else SOFT
        for at in range(place, place + len(line))
    ]
    start = 0
    for at in range(1, len(line) + 1):
        if at == len(line) or inks[at] != inks[start]:
            yield start, at, inks[start]
            start = at


def height_of(size: int) -> int:
    """Return the height of a line in a font of that size."""
    return round(size * 1.24)


def _lines(
    draw: ImageDraw.ImageDraw,
    lines: Sequence[str],
    family: str,
    size: int,
    corner: tuple[int, int],
    colour: str,
) -> int:
    """Draw lines of text from their upper left corner on; return where they end."""
    left, top = corner
    for line in lines:
        draw.text((left, top), line, colour, _font(family, size, line))
        top += height_of(size)
    return top


def _verdict(image: Image.Image, card: Card) -> int:
    """Draw the verdict, its shape first, along the lower edge; return where it begins."""
    colour, top = COLOURS[card.rating], BOTTOM - 92
    is_false = card.rating == "false"
    draw = ImageDraw.Draw(image)
    font = _font("sans", 52, card.verdict)
    right = MARGIN + 116 + round(draw.textlength(card.verdict, font)) + 36
    draw.rectangle((MARGIN, top, right, BOTTOM), colour if is_false else PAPER, colour, 4)
    ink, ground = (PAPER, colour) if is_false else (colour, PAPER)
    image.paste(_shape(card.rating, ink, ground, 56), (MARGIN + 32, top + 18))
    draw.text((MARGIN + 110, top + 46), card.verdict, ink, font, anchor="lm", stroke_width=1)
    return top - 22


def _shape(rating: str, ink: str, ground: str, size: int) -> Image.Image:
    """Return the shape of a verdict, as templates/includes/verdict_shapes.html has it on 16 × 16."""
    scale = 16
    image = Image.new("RGB", (16 * scale, 16 * scale), ground)
    draw = ImageDraw.Draw(image)

    def at(*numbers: float) -> list[float]:
        return [number * scale for number in numbers]

    if rating in {"true", "mostly_true"}:
        draw.ellipse(at(0, 0, 16, 16), ink)
    if rating == "true":
        draw.polygon(at(12.6, 5.9, 7.3, 11.9, 3.4, 8.3, 4.7, 6.9, 7.2, 9.1, 11.2, 4.6), ground)
    elif rating == "mostly_true":
        draw.pieslice(at(1.8, 1.8, 14.2, 14.2), 90, 270, ground)
    elif rating == "misleading":
        draw.polygon(at(8, 0.6, 16, 15, 0, 15), ink)
        draw.rectangle(at(7, 5.6, 9, 10.2), ground)
        draw.rectangle(at(7, 11.5, 9, 13.5), ground)
    elif rating == "false":
        draw.line(at(1.3, 1.3, 14.7, 14.7), ink, round(2.6 * scale))
        draw.line(at(14.7, 1.3, 1.3, 14.7), ink, round(2.6 * scale))
    else:
        for start in range(0, 360, 42):
            draw.arc(at(0.4, 0.4, 15.6, 15.6), start, start + 24, ink, round(1.8 * scale))
    return image.resize((size, size), Image.Resampling.LANCZOS)


# --- letters and lines -------------------------------------------------------------------------------


def _fitted(text: str, family: str, size: int, width: int, most: int) -> list[str]:
    """Return a text in lines of that width, at most so many; none if no font has its letters."""
    text = " ".join(text.split())
    if not text or not is_drawable(text, family):
        return []
    font = _font(family, size, text)
    lines = list(_broken(text, font, width))
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and font.getlength(f"{last} …") > width:
        last = last.rpartition(" ")[0] or last[:-1]
    return [*lines[: most - 1], f"{last.rstrip(',;:–— ')} …"]


def _broken(text: str, font: Font, width: int) -> Iterator[str]:
    """Yield a text in lines; a word that is longer than a line goes on in the next."""
    line = ""
    for word in text.split():
        while font.getlength(f"{line} {word}".strip()) > width:
            if line:
                yield line
                line = ""
                continue
            lengths = range(1, len(word) + 1)
            cut = max(1, bisect_right(lengths, float(width), key=lambda n: font.getlength(word[:n])))
            yield word[:cut]
            word = word[cut:]
            if not word:
                break
        line = f"{line} {word}".strip()
    if line:
        yield line


def _font(family: str, size: int, text: str) -> Font:
    """Return the first font of a family that has all letters of a text; the first of all if none has."""
    fonts = [_loaded(name, size) for name in _installed(family)]
    return next((font for font in fonts if _has_all(font, text)), fonts[0])


def is_drawable(text: str, family: str) -> bool:
    """Return whether a font of the family has all letters of a text, and can put them in their order."""
    if not features.check("raqm") and any(unicodedata.bidirectional(one) in {"R", "AL"} for one in text):
        return False
    return any(_has_all(_loaded(name, 32), text) for name in _installed(family))


def _has_all(font: Font, text: str) -> bool:
    missing = _mask(font, NOWHERE)
    return all(one.isspace() or _mask(font, one) != missing for one in set(text))


def _mask(font: Font, letter: str) -> tuple[tuple[int, int], bytes]:
    """Return how a letter looks: one that a font has not looks like that which none has."""
    mask = font.getmask(letter)
    return mask.size, bytes(mask)


@lru_cache(maxsize=3)
def _installed(family: str) -> tuple[str, ...]:
    """Return the family's fonts that the system has, and then "" for that of Pillow."""
    found = []
    for name in FAMILIES[family]:
        with suppress(OSError):
            ImageFont.truetype(name, 32)
            found.append(name)
    return (*found, "")


@lru_cache(maxsize=128)
def _loaded(name: str, size: int) -> Font:
    font = ImageFont.truetype(name, size) if name else ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)  # noqa: S101  # Pillow's wheels have FreeType
    return font
