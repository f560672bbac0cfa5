"""The formats that the import reads, one in each module, and which of them a file is in.

What a file holds says so before its name does. A new format is a module like these, with its `FORMAT` in the
list below.
"""

from stories.importing.faulty import ReadError
from stories.importing.readers import (
    email_message,
    html_page,
    markdown_text,
    ninjs,
    nitf,
    plain_text,
    refused,
    word,
)
from stories.importing.readers.contents import Format

__all__ = ["FORMATS", "IN_WORDS", "SUFFIXES", "format_of", "unread"]

# In the order in which they are asked whether a file is theirs.
FORMATS: tuple[Format, ...] = (
    word.FORMAT,
    nitf.FORMAT,
    ninjs.FORMAT,
    email_message.FORMAT,
    html_page.FORMAT,
    markdown_text.FORMAT,
    plain_text.FORMAT,
)
_BY_SUFFIX = {suffix: form for form in FORMATS for suffix in form.suffixes}
SUFFIXES = frozenset(_BY_SUFFIX)
IN_WORDS = ".txt, .md, .docx, .html, .eml, NITF (.xml) and ninjs (.json)"


def unread(suffix: str) -> str:
    """Why a file of this ending is not read, in a sentence, or ""."""
    if suffix.lower() in SUFFIXES:
        return ""
    return f"It is {refused.by_suffix(suffix) or 'a file'} ({suffix}); the import reads {IN_WORDS}."


def format_of(data: bytes, suffix: str = "") -> Format:
    """The format that a file is in. Raises ReadError for one that is not read."""
    if kind := refused.by_content(data):
        raise ReadError(f"The file is {kind}; the import reads {IN_WORDS}.")
    found = next((form for form in FORMATS if form.recognises(data)), None)
    return found or _BY_SUFFIX.get(suffix.lower(), plain_text.FORMAT)
