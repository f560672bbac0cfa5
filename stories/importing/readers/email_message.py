"""E-mails as they were sent (.eml): a press release or a reporter's copy, without what mailers put around it.

The subject is the headline and the date of sending the date; who sent it is left out, for they need not have
written it. Set aside, and said so: the signature, quoted mails, notes to editors, whom to ask, small print.
"""

import email
import email.policy
import re
from collections.abc import Iterator
from datetime import tzinfo
from email.errors import MessageError
from email.message import EmailMessage

from stories.importing import mending
from stories.importing.encodings import decode, decode_as
from stories.importing.faulty import ReadError, shortened
from stories.importing.frontmatter import Details
from stories.importing.readers import html_page, markdown_text, ninjs, nitf, plain_text, word
from stories.importing.readers.contents import Contents, Format, Picture, head
from stories.importing.readers.lenient import details_of
from stories.importing.readers.typed_copy import contents_of, with_fallback
from stories.text import richtext

__all__ = ["FORMAT"]

MOST_PARTS = 200
FEWEST_WORDS = 60  # a shorter mail goes with its attachment or what it forwards
_OF_A_MAIL = re.compile(
    r"^(?:mime-version|message-id|received|return-path|delivered-to|dkim-signature|x-mailer):", re.M | re.I
)
_MIME = re.compile(r"^content-type:\s*(?:multipart|text|message)/", re.M | re.I)
_HEADERS = re.compile(r"(?:From [^\n]*\n)?(?:[A-Za-z][\w-]*:[^\n]*\r?\n(?:[ \t]+[^\n]*\r?\n)*){2,}")
_ATTACHED = (
    word.FORMAT,
    markdown_text.FORMAT,
    plain_text.FORMAT,
    html_page.FORMAT,
    nitf.FORMAT,
    ninjs.FORMAT,
)
_PREFIX = re.compile(
    r"(?:(?:re|fwd?|aw|wg|tr)\s*:\s*|\[[^\]]{1,40}\]\s*|(?:(?:press|news|media) (?:release|statement|notice)"
    r"|for immediate release|embargoed[^:–—-]{0,40})\s*[:–—-]+\s*)+",
    re.I,
)


def _is_mail(data: bytes) -> bool:
    found = _HEADERS.match(head(data).replace("\r\n", "\n"))
    return found is not None and bool(_OF_A_MAIL.search(found[0]) or _MIME.search(found[0]))


def _read(data: bytes, zone: tzinfo) -> Contents:
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        parts = list(_parts(message))
        text, encoding = _body(parts)
    except (MessageError, LookupError, UnicodeError, RecursionError, TypeError, IndexError) as error:
        raise ReadError("The e-mail is broken and cannot be read.") from error
    values = {
        "title": _PREFIX.sub("", _header(message, "subject"), count=1),
        "date": _header(message, "date"),
        "tags": _header(message, "keywords"),
    }
    known, remarks = details_of({name: value for name, value in values.items() if value}, zone)
    if _header(message, "from"):
        remarks.append("Who sent the e-mail is left out.")
    return _story(text, encoding, parts, known, remarks, zone)


def _story(
    text: str, encoding: str, parts: list[EmailMessage], known: Details, remarks: list[str], zone: tzinfo
) -> Contents:
    forwarded = _forwarded(text)
    text, aside = _set_aside(text)
    attached = [
        (part, form) for part in parts if part.is_attachment() and (form := _format(part)) is not None
    ]
    if forwarded is not None and len(text.split()) < FEWEST_WORDS:
        text, aside = _set_aside(forwarded)
    elif len(attached) == 1 and len(text.split()) < FEWEST_WORDS:
        return _from_attachment(*attached[0], known, remarks, zone)
    if not text.strip():
        raise ReadError("The e-mail has no text in it.")
    contents = contents_of(text, encoding, zone, render=plain_text.render, known=known)
    names = [_name(part) for part in parts if part.is_attachment() and not _is_picture(part)]
    if names:
        remarks.append(f"Attached, and left out: {shortened(', '.join(names))}.")
    picture, about = _picture(parts)
    every = (*remarks, *aside, *contents.remarks, *about)
    return Contents(
        contents.headline,
        contents.body,
        encoding,
        contents.details,
        contents.held,
        every,
        picture,
        contents.line,
    )


def _from_attachment(
    part: EmailMessage, form: Format, known: Details, remarks: list[str], zone: tzinfo
) -> Contents:
    """The story that is attached to a mail which says little more than that."""
    data = part.get_payload(decode=True)
    contents = form.read(data if isinstance(data, bytes) else b"", zone)
    details = with_fallback(contents.details, known)
    told = f"The story is the attached {shortened(_name(part))}; the e-mail’s own words are left out."
    return Contents(
        contents.headline, contents.body, contents.encoding, details, contents.held,
        (*remarks, told, *contents.remarks), contents.picture,
    )  # fmt: skip


# Its parts


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """The parts that hold something, in their order; of an attached mail, its parts. Raises ReadError."""
    for number, part in enumerate(message.walk()):
        if number >= MOST_PARTS:
            raise ReadError(f"The e-mail has more than {MOST_PARTS} parts.")
        if not part.is_multipart():
            yield part


def _header(message: EmailMessage, name: str) -> str:
    try:
        return " ".join(str(message.get(name, "")).split())
    except (MessageError, ValueError, LookupError, TypeError, AttributeError, IndexError):
        return ""  # a header that the standard library stumbles over


def _name(part: EmailMessage) -> str:
    return " ".join(str(part.get_filename() or part.get_content_type()).split())


def _format(part: EmailMessage) -> Format | None:
    name = _name(part).lower()
    suffix = name[name.rfind(".") :] if "." in name else "?"
    return next((form for form in _ATTACHED if suffix in form.suffixes), None)


def _is_picture(part: EmailMessage) -> bool:
    return part.get_content_maintype() == "image"


def _body(parts: list[EmailMessage]) -> tuple[str, str]:
    """The mail's own words as plain text: of two forms of it the plain one, unless that is a stub."""
    plain = [
        _text(part) for part in parts if part.get_content_type() == "text/plain" and not part.is_attachment()
    ]
    pages = [
        _text(part) for part in parts if part.get_content_type() == "text/html" and not part.is_attachment()
    ]
    text, encoding = "\n\n".join(text for text, _ in plain), plain[0][1] if plain else ""
    page = "\n\n".join(_of_html(html) for html, _ in pages)
    if len(text.split()) * 2 < len(page.split()):
        return page, pages[0][1]
    return text, encoding or "utf-8"


def _text(part: EmailMessage) -> tuple[str, str]:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes) or not data.strip():
        return "", "utf-8"
    charset = part.get_content_charset() or ""
    text, encoding = decode_as(data, charset) if charset not in ("", "us-ascii") else decode(data)
    return (_unflowed(text) if part.get_param("format") == "flowed" else text), encoding


def _unflowed(text: str) -> str:
    """Text whose lines a mailer has parted (RFC 3676): a blank at a line's end says that it goes on."""
    return re.sub(r"(?<!\n--) \n(?=[^\n>])", " ", text)


def _of_html(html: str) -> str:
    html = re.sub(r"(?is)<blockquote\b[^>]*\b(?:type=.?cite|gmail_quote).*\Z", "", html)
    return richtext.to_text(richtext.clean(html))


def _picture(parts: list[EmailMessage]) -> tuple[Picture | None, list[str]]:
    """The first picture that is attached and not part of a signature: its name stands for what it shows."""
    found = [part for part in parts if _is_picture(part) and part.is_attachment()]
    if not found:
        return None, []
    data = found[0].get_payload(decode=True)
    about = " ".join(str(found[0].get("content-description", "")).split())
    told = [f"{len(found) - 1} more pictures left out: a story has one."] if len(found) > 1 else []
    return (Picture(data, about) if isinstance(data, bytes) else None), told


# What is set aside

_SIGNATURE = re.compile(r"^-- ?$", re.M)
_QUOTED = re.compile(
    r"^(?:On .{5,200}\bwrote:|-{2,} ?Original Message ?-{2,}|_{10,}\n+From: .*"
    r"|From: .*\n(?:Sent|Date): .*)\s*$",
    re.M,
)
_FORWARDED = re.compile(
    r"^(?:-{3,} ?Forwarded message ?-{3,}|Begin forwarded message:|-{2,} ?Original Message ?-{2,}"
    r"|_{10,}(?=\n+From:))[ \t]*\n",
    re.M | re.I,
)
_MAIL_HEADER = re.compile(r"(?:\s*(?:From|Sent|Date|To|Cc|Subject|Reply-To): [^\n]*\n)+", re.I)
_NOTES = re.compile(
    r"[^\w\n]{0,4}(?:notes? (?:to|for) (?:the )?(?:editors?|desk|newsdesk)|editors?[’'] notes?"
    r"|(?:media|press) (?:contacts?|enquir(?:y|ies)|office contacts?)|contacts?(?: details)?:"
    r"|for (?:further|more) (?:information|details)"
    r"|about [A-Z][\w’' -]{2,60}$|background(?: information)?:?$)",
    re.I,
)
_SMALL_PRINT = re.compile(
    r"\b(?:view (?:this|it) (?:e-?mail|message)? ?(?:in|on)(?: your| a)? browser|unsubscribe"
    r"|you (?:are|were) (?:receiving|sent) this|update your preferences|sent from my (?:iphone|ipad|phone)"
    r"|(?:this|the) (?:e-?mail|message)(?: and any (?:attachments?|files))?(?: \w+){0,4} (?:confidential"
    r"|intended (?:only|solely))|if you (?:have received|are not the intended)|scanned (?:for|by)"
    r"|please consider the environment|registered (?:office|company|charity))\b",
    re.I,
)


def _set_aside(text: str) -> tuple[str, list[str]]:
    """The mail's story, and sentences about what stood around it."""
    aside = []
    for pattern, what in (
        (_FORWARDED, "a forwarded mail"),
        (_QUOTED, "a quoted mail"),
        (_SIGNATURE, "a signature"),
    ):
        if (found := pattern.search(text)) and text[: found.start()].strip():
            text = text[: found.start()]
            aside.append(what)
    lines = text.split("\n")
    while lines and (not lines[-1].strip() or lines[-1].startswith(">")):
        lines.pop()
    text, notes = _without_notes("\n".join(lines))
    aside += notes
    paragraphs = re.split(r"\n[ \t]*\n", text)
    kept = [paragraph for paragraph in paragraphs if not _SMALL_PRINT.search(paragraph)]
    if len(kept) < len(paragraphs):
        aside.append("small print")
    return "\n\n".join(kept), [f"Set aside: {', '.join(aside)}."] if aside else []


def _without_notes(text: str) -> tuple[str, list[str]]:
    """The text up to its end mark, or to the notes to editors under it; what these are."""
    lines = text.split("\n")
    filled = [number for number, line in enumerate(lines) if line.strip()]
    later = filled[len(filled) // 3 :]  # over a story they are no end of it
    for number in later:
        if mending.is_end_mark(lines[number]) and re.search(r"end|30|#", lines[number], re.I):
            rest = any(line.strip() for line in lines[number + 1 :])
            return "\n".join(lines[:number]), ["what stands after the end mark"] if rest else []
    for number in later[1:]:
        if _NOTES.match(lines[number]):
            return "\n".join(lines[:number]), ["notes to editors"]
    return text, []


def _forwarded(text: str) -> str | None:
    """The mail that is forwarded in a mail, without its headers."""
    found = _FORWARDED.search(text)
    if found is None:
        return None
    rest = re.sub(r"^>[ ]?", "", text[found.end() :], flags=re.M)
    headers = _MAIL_HEADER.match(rest.lstrip("\n"))
    return rest.lstrip("\n")[headers.end() :] if headers else rest


FORMAT = Format("an e-mail", (".eml",), _is_mail, _read)
