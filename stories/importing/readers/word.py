"""Word documents (.docx), read by mammoth, without what is struck out, hidden or a comment."""

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import tzinfo
from typing import Any
from xml.etree.ElementTree import Element, ParseError, tostring

import mammoth
from defusedxml import DefusedXmlException, ElementTree

from stories.importing import frontmatter, leftovers, mending
from stories.importing.faulty import ReadError, shortened
from stories.importing.frontmatter import Details
from stories.importing.readers.contents import Contents, Format, Picture
from stories.importing.readers.refused import DAMAGED
from stories.text import richtext

__all__ = ["FORMAT"]

# A small file can unfold into a huge one. No story's does: these are a hundred times what one has.
MOST_FILES = 2_000
LARGEST_WHOLE = 60_000_000  # bytes, unfolded
LARGEST_XML = 5_000_000  # bytes, of one part

_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p.standfirst:fresh
p[style-name='caption'] => p.caption:fresh
p[style-name='Caption'] => p.caption:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
"""
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NOTE = re.compile(r'<sup>\s*<a [^>]*href="#(?:foot|end)note-\d+"[^>]*>.*?</a>\s*</sup>', re.S)
_NOTES = re.compile(r'<ol><li id="(?:foot|end)note-.*?</ol>\s*\Z', re.S)
_CAPTION = re.compile(r'<p class="caption">(.*?)</p>', re.S)
_STANDFIRST = re.compile(r'<p class="standfirst">(.*?)</p>', re.S)


def _is_word(data: bytes) -> bool:
    return data.startswith(b"PK\x03\x04")  # other archives have been refused


def _read(data: bytes, zone: tzinfo) -> Contents:
    data = _checked(data)
    pictures: list[Picture] = []

    def keep(image: Any) -> dict[str, str]:
        with image.open() as file:
            pictures.append(Picture(file.read(), image.alt_text or ""))
        return {}

    try:
        html = mammoth.convert_to_html(
            io.BytesIO(data),
            style_map=_STYLES,
            convert_image=mammoth.images.img_element(keep),
            include_embedded_style_map=False,
        ).value
    except RecursionError as error:
        raise ReadError("The document has too many tables or boxes within each other.") from error
    except Exception as error:
        raise ReadError(
            f"The document cannot be read: {shortened(str(error)) or 'it is damaged'}."
        ) from error
    return _contents(html, pictures, zone)


def _checked(data: bytes) -> bytes:
    """The document without its hidden words. Raises ReadError for one that is damaged or unfolds too far."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            xml = [part for part in parts if part.filename.lower().endswith((".xml", ".rels"))]
            if len(parts) > MOST_FILES or sum(part.file_size for part in parts) > LARGEST_WHOLE:
                raise ReadError("The document unfolds into far more than a story: it is not read.")
            if any(part.file_size > LARGEST_XML for part in xml):
                raise ReadError("The document’s text unfolds into far more than a story: it is not read.")
            texts = {part.filename: archive.read(part) for part in xml}
            if any(b"<!DOCTYPE" in text or b"<!ENTITY" in text for text in texts.values()):
                raise ReadError(
                    "The document defines words of its own (entities), which no Word document does."
                )
            hidden = {name: text for name, text in texts.items() if b"vanish" in text or b"dstrike" in text}
            return (
                _rewritten(archive, {name: _seen(text) for name, text in hidden.items()}) if hidden else data
            )
    except (*DAMAGED, EOFError) as error:
        raise ReadError("The document is damaged or has a password.") from error


def _rewritten(archive: zipfile.ZipFile, changed: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as copy:
        for name in dict.fromkeys(archive.namelist()):
            copy.writestr(name, changed.get(name) or archive.read(name))
    return out.getvalue()


def _seen(text: bytes) -> bytes:
    """A part's XML without runs of words that are hidden or doubly struck out."""
    try:
        root = ElementTree.fromstring(text)
    except (ParseError, DefusedXmlException) as error:
        raise ReadError("The document is damaged: a part of it is no XML.") from error
    for parent in list(root.iter()):
        for run in [child for child in parent if child.tag == f"{_W}r" and _is_hidden(child)]:
            parent.remove(run)
    return bytes(tostring(root, "utf-8", xml_declaration=True))


def _is_hidden(run: Element) -> bool:
    return any(
        mark.get(f"{_W}val", "true") not in {"0", "false", "off"}
        for name in ("vanish", "dstrike")
        for mark in run.findall(f"{_W}rPr/{_W}{name}")
    )


def _contents(html: str, pictures: Sequence[Picture], zone: tzinfo) -> Contents:
    captions = [richtext.to_text(found) for found in _CAPTION.findall(html)]
    standfirst = " ".join(map(richtext.to_text, _STANDFIRST.findall(html)))
    html, notes = _NOTE.subn("", _NOTES.sub("", html))
    html = _STANDFIRST.sub("", _CAPTION.sub("", html))
    blocks = [block.html for block in richtext.paint_blocks(richtext.clean(html), [])]
    if not blocks:
        raise ReadError("The document has no words in it.")
    matter, blocks = _matter(blocks)
    details = Details.of(matter, zone=zone) if matter is not None else Details()
    remarks = list(matter.remarks) if matter is not None else []
    headline, blocks = _headline(blocks, details.title, remarks)
    blocks = [block for block in blocks if not mending.is_end_mark(richtext.to_text(block))]
    text = "\n".join(richtext.to_text(block).replace("\n", " ") for block in blocks)
    remarks += [
        remark.replace("Line ", "Paragraph ", 1) for remark in leftovers.remarks(text, 1, markdown=False)
    ]
    if notes:
        remarks.append(f"{notes} {'note' if notes == 1 else 'notes'} at the foot of a page left out.")
    picture, about = _picture(pictures, captions)
    return Contents(
        headline,
        "".join(blocks),
        "utf-8",
        details if details.standfirst else replace(details, standfirst=standfirst[:500]),
        "; ".join(filter(None, [details.held, leftovers.held_back(text)])),
        (*remarks, *about),
        picture,
    )


_FENCE = re.compile(r"-{3,}|\+\+\+|\{.*|% *\S.*")
_HEADER = re.compile(r"[A-Za-z][A-Za-z -]{0,30}:(?:\s.*)?")


def _matter(blocks: list[str]) -> tuple[frontmatter.Matter | None, list[str]]:
    """What stands over the text in names and values, typed as in a plain text, and the blocks under it."""
    lines: list[str] = []
    owners: list[int] = []  # the block that each line is of
    for number, block in enumerate(blocks):
        for line in richtext.to_text(block).split("\n"):
            lines.append(line)
            owners.append(number)
    if not _FENCE.fullmatch(lines[0]):
        heads = next((n for n, line in enumerate(lines) if not _HEADER.fullmatch(line)), len(lines))
        if heads < len(lines):
            lines.insert(heads, "")
            owners.insert(heads, owners[heads])
    matter, rest, first_line = frontmatter.split("\n".join(lines))
    if matter is None:
        return None, blocks
    left = owners[first_line - 1] if rest.strip() and first_line <= len(owners) else len(blocks)
    return matter, blocks[left:]


def _headline(blocks: list[str], title: str, remarks: list[str]) -> tuple[str, list[str]]:
    """The headline (the first block that is no date, slug or "Press release"), and the blocks under it."""
    while len(blocks) > 2 and leftovers.furniture(text := richtext.to_text(blocks[0])):
        remarks.append(f"“{shortened(text)}” is no headline and left out.")
        blocks = blocks[1:]
    if title or not blocks:
        return title, blocks
    first, *more = richtext.to_text(blocks[0]).split("\n")
    under = [richtext.from_text("\n".join(more))] if more else []
    return first, under + blocks[1:]


def _picture(pictures: Sequence[Picture], captions: Sequence[str]) -> tuple[Picture | None, list[str]]:
    """The first picture with its caption; a story has one, and what becomes of the others is said."""
    if not pictures:
        return None, []
    first = replace(pictures[0], caption=captions[0]) if captions else pictures[0]
    others = len(pictures) - 1
    if not others:
        return first, []
    return first, [f"{others} more {'picture' if others == 1 else 'pictures'} left out: a story has one."]


FORMAT = Format("a Word document", (".docx",), _is_word, _read)
