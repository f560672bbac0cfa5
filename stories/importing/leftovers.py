"""What stands in a file and is not the story: comments go; what else a machine or a desk left is named."""

import re

from stories.importing.faulty import ReadError, shortened

__all__ = ["drop_comments", "foreign", "furniture", "held_back", "remarks"]

_COMMENTS = re.compile(
    r"<!--.*?-->|\{#.*?#\}|\{/\*.*?\*/\}|\{\{/\*.*?\*/\}\}|\{\{<\s*/\*.*?\*/\s*>\}\}|\{>>.*?<<\}"
    r"|\{%-?\s*comment\b.*?\bendcomment\s*-?%\}|\{\{[<%]\s*comment\s*[%>]\}\}.*?\{\{[<%]\s*/comment\s*[%>]\}\}"
    r"|\{::comment\}.*?\{:/comment\}|\{:/\}|(?<!\S)%%(?!\s*%%).*?%%(?!\S)",
    re.S,
)
_OPENED = re.compile(r"<!--|\{::comment\}|\{>>")
_ONE_LINE = re.compile(r"^[ \t]{0,3}\[(?://|comment|#|_+)\]:.*$", re.M | re.I)

# What a file of another kind begins with, and what to call it.
_FOREIGN = (
    (
        re.compile(r"<\?xml|<(?:nitf|newsml|newsitem|newsmessage|rss|feed|item|entry|document|doc)\b", re.I),
        "XML",
    ),
    (
        re.compile(
            r"<!doctype|<(?:html|head|body|article|section|div|p|pre|h[1-6]|span|table|main|b|i|a|img)\b",
            re.I,
        ),
        "HTML",
    ),
    (re.compile(r"WEBVTT\b"), "a file of subtitles (WebVTT)"),
    (re.compile(r"\d+\s*\n\d\d:\d\d:\d\d[,.]\d{3} -->"), "a file of subtitles (SRT)"),
    (re.compile(r"\\documentclass|\\begin\{document\}"), "LaTeX"),
    (re.compile(r"BEGIN:V(?:CARD|CALENDAR)"), "a card or a calendar"),
    (re.compile(r"%!PS"), "PostScript"),
    (re.compile(r"From \S+@\S+ .*\d{4}\n"), "a mailbox"),
)

# Lines over a headline that are none.
_FURNITURE = re.compile(
    r"(?:(?:press|news|media) (?:release|statement|notice)\b[^a-z\n]{0,40}|for immediate release.{0,20}"
    r"|(?:strictly )?embargo(?:ed)?\b.{0,80}|not for (?:publication|release)\b.{0,80}|https?://\S+|www\.\S+"
    r"|[a-z0-9]+(?:[-_][a-z0-9]+){2,}|slug(?:line)?:.{0,80}|draft|confidential"
    r"|(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?(?:\d{1,2}(?:st|nd|rd|th)? [a-z]{3,9},? \d{4}"
    r"|[a-z]{3,9} \d{1,2},? \d{4}|\d{4}-\d\d-\d\d(?:[T ][\d:.+Z-]*)?|\d{1,2}[./]\d{1,2}[./]\d{2,4}))\.?",
    re.I,
)
_HOLD = re.compile(
    r"^[^\w\n]{0,4}(?:(?:strictly )?embargo(?:ed)?\b|not for (?:publication|release)\b|draft\W*$).{0,80}",
    re.M | re.I,
)

_HTML = (
    "figure|figcaption|img|div|span|p|br|table|tr|td|iframe|script|style|a|b|i|em|strong|h[1-6]|ul|ol|li"
    "|blockquote|sup|sub"
)
_NOTES = (
    r"notes? (?:to|for) (?:the )?(?:editors?|desk|newsdesk)|editors?[’'] notes?|(?:media|press) contacts?"
    r"|contacts?:|for (?:further|more) information"
)
_REMARKS = tuple(
    (re.compile(pattern, re.M | re.I), kind)
    for pattern, kind in (
        (r"\{\{[<%].*?[%>]\}\}|\{%.*?%\}|\{\{.*?\}\}", "a shortcode"),
        (r"\[/?(?:caption|gallery|embed|audio|video|playlist|contact-form)\b[^\]\n]*\]", "a shortcode"),
        (r"\[\^[^\]\s]+\]", "a footnote’s mark"),
        (r"^[ \t]*\|?(?:[ \t]*:?-{3,}:?[ \t]*\|)+[ \t]*(?::?-{3,}:?)?[ \t]*$", "a table"),
        (rf"</?(?:{_HTML})\b[^>\n]*>", "HTML"),
        (rf"^[^\w\n]{{0,4}}(?:{_NOTES})\b.*", "a note to editors"),
        (r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+\.[\w.-]*\w", "an e-mail address"),
        (
            r"(?<![\w.,])(?:\+\d{1,3}[ ()\d-]{7,}\d|\(?0\d{2,4}\)?[ -]\d{3,4}[ -]?\d{3,4})(?!\w)",
            "a telephone number",
        ),
        (_HOLD.pattern, "an embargo"),
    )
)
_ENTITY = re.compile(r"&(?:[a-z]{2,8}|#\d{2,5}|#x[0-9a-f]{2,5});", re.I)


def drop_comments(text: str) -> tuple[str, int]:
    """The text without comments, each line where it was, and how many there were.

    Raises ReadError for a comment that is never closed: what is in it must not be guessed.
    """
    text, many = _COMMENTS.subn(lambda found: "\n" * found.group().count("\n"), text)
    text, lines = _ONE_LINE.subn("", text)
    if opened := _OPENED.search(text):
        raise ReadError("A comment begins here and is never closed.", text.count("\n", 0, opened.start()) + 1)
    return text, many + lines


def foreign(text: str) -> str:
    """What kind of file the text is, when it begins as one that is no plain copy; empty otherwise."""
    start = text.lstrip()
    return next((kind for pattern, kind in _FOREIGN if pattern.match(start)), "")


def furniture(line: str) -> bool:
    """Whether a line in a headline's place is none: a slug, a date, an address, "Press release"."""
    return bool(_FURNITURE.fullmatch(line.strip().strip("*#_ ")))


def held_back(text: str) -> str:
    """The line by which the text itself says that it must wait, or nothing."""
    found = _HOLD.search(text)
    return shortened(found.group().strip()) if found else ""


def remarks(text: str, first_line: int, *, markdown: bool) -> list[str]:
    """What stands in the text as typed and may not be meant for readers, each kind once, with its line."""
    found: dict[str, int] = {}
    for pattern, kind in (*_REMARKS, *(() if markdown else ((_ENTITY, "an HTML entity"),))):
        if match := pattern.search(text):
            line = text.count("\n", 0, match.start()) + first_line
            found[kind] = min(line, found.get(kind, line))
    return [f"Line {line}: {kind} stands in the text as typed." for kind, line in found.items()]
