"""What plain text and Markdown share: front matter, comments, lines that are no part of a story, mending."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import tzinfo

from stories.importing import frontmatter, leftovers, mending
from stories.importing.encodings import doubtful
from stories.importing.faulty import ReadError, shortened
from stories.importing.frontmatter import Details
from stories.importing.readers.contents import Contents
from stories.text import richtext

__all__ = ["contents_of", "first_filled", "with_fallback"]

# From a text and the title that stands over it, or "": the headline, and the rest as HTML.
Render = Callable[[str, str], tuple[str, str]]


def contents_of(
    text: str,
    encoding: str,
    zone: tzinfo,
    *,
    render: Render,
    markdown: bool = False,
    known: Details | None = None,
) -> Contents:
    """The contents of a typed text. `known` is what is said of it elsewhere: its front matter is before it.

    Raises ReadError, with the line.
    """
    text, comments = leftovers.drop_comments(text)
    if kind := leftovers.foreign(text):
        raise ReadError(f"The file is {kind}, which the import does not read.")
    matter, body, first_line = frontmatter.split(text)
    details = frontmatter.Details.of(matter, zone=zone) if matter is not None else Details()
    remarks = list(matter.remarks) if matter is not None else []
    if comments:
        remarks.append(f"{comments} {'comment' if comments == 1 else 'comments'} left out.")
    if matter is not None and (kind := leftovers.foreign(body)):
        raise ReadError(f"The text under the front matter is {kind}.", first_line)
    remarks += filter(None, [doubtful(text, encoding)])
    held = "; ".join(filter(None, [details.held, leftovers.held_back(body)]))
    remarks += leftovers.remarks(body, first_line, markdown=markdown)
    if known is not None:
        details = with_fallback(details, known)
        held = "; ".join(filter(None, [held, known.held]))
    if not details.title or known is not None:
        body, dropped = _without_furniture(body, first_line)
        remarks += dropped
    line = None if details.title else first_line + first_filled(body.split("\n"))
    body, mended = mending.mend(body, markdown=markdown)
    remarks += mended
    headline, html = render(body, details.title)
    if not richtext.normalise(headline).strip():
        raise ReadError("The file is empty." if not body.strip() else "There is no headline.")
    return Contents(headline, html, encoding, details, held, tuple(remarks), line=line)


def with_fallback(details: Details, other: Details) -> Details:
    """The details, with those of `other` where they say nothing."""
    missing = {
        field.name: getattr(other, field.name)
        for field in fields(Details)
        if field.name != "held" and not getattr(details, field.name)
    }
    if details.dateline:  # a day of its own has no hour of another's
        missing.pop("moment", None)
    return replace(details, **missing)


def first_filled(lines: list[str]) -> int:
    """The number of the first line with anything in it, from 0; how many lines there are where none has."""
    return next((number for number, line in enumerate(lines) if line.strip()), len(lines))


def _without_furniture(text: str, first_line: int) -> tuple[str, list[str]]:
    """The text without lines over its headline that are none, such as "Press release"; a remark for each."""
    lines = text.split("\n")
    remarks = []
    filled = [number for number, line in enumerate(lines) if line.strip()]
    for place, number in enumerate(filled[:-2]):
        if place == 5 or not leftovers.furniture(lines[number]):
            break
        remarks.append(
            f"Line {first_line + number}: “{shortened(lines[number].strip())}” is no headline and left out."
        )
        lines[number] = ""
    return "\n".join(lines), remarks
