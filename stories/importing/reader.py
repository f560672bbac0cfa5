"""A file's bytes → a story as filed, whatever format it is in; or an error that says why not.

`readers` has a module for each format. Here is what all of them share: what a story must have, its letters,
the lines under its headline that say who wrote it and when.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from io import BytesIO

from stories.importing.faulty import ReadError, shortened
from stories.importing.frontmatter import Details, Matter
from stories.importing.readers import format_of
from stories.importing.readers.contents import Contents, Picture
from stories.importing.readers.plain_text import goes_on
from stories.importing.readers.typed_copy import with_fallback
from stories.importing.typed_dates import typed_date
from stories.models import renditions
from stories.text import richtext
from stories.text.normalise import same_words

__all__ = ["Copy", "Picture", "ReadError", "read"]

LONGEST_HEADLINE = 250  # characters, as the story's column
LONGEST_BYLINE = 120  # characters of a line under the headline
LONGEST_PICTURE = {"alt": 250, "caption": 300, "credit": 150}  # characters, as its columns


@dataclass(frozen=True, slots=True)
class Copy:
    """A story as filed. `body` is canonical HTML (richtext), `text` its plain-text projection.

    `dateline` is the day by the newsroom's clock, `moment` the time where the copy gives an hour. `held` says
    by which words the copy itself asks not to be published; `remarks` are sentences for whoever imports it.
    """

    headline: str
    body: str
    text: str
    encoding: str
    standfirst: str = ""
    dateline: date | None = None
    moment: datetime | None = None
    byline: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    source: str = ""
    url: str = ""
    held: str = ""
    remarks: tuple[str, ...] = ()
    picture: Picture | None = None


def read(data: bytes, *, suffix: str = "", zone: tzinfo = UTC) -> Copy:
    """The story in a file's bytes; `suffix` is the ending of its name, `zone` the newsroom's clock.

    Raises ReadError.
    """
    if not data.strip():
        raise ReadError("The file is empty.")
    contents = format_of(data, suffix).read(data, zone)
    headline = _headline(contents)
    html, details = _without_lead(_mended(richtext.clean(contents.body)), headline, contents.details, zone)
    plain = richtext.to_text(html)
    if not plain:
        raise ReadError("There is only a headline, and no text under it.")
    picture, refused = _picture(contents.picture)
    return Copy(
        headline=headline,
        body=html,
        text=plain,
        encoding=contents.encoding,
        standfirst=details.standfirst,
        dateline=details.dateline,
        moment=details.moment,
        byline=details.byline,
        tags=details.tags,
        source=details.source,
        url=details.url,
        held="; ".join(dict.fromkeys(filter(None, (contents.held, details.held)))),
        remarks=tuple(dict.fromkeys([*contents.remarks, *refused])),
        picture=picture,
    )


def _headline(contents: Contents) -> str:
    headline = " ".join(richtext.normalise(contents.headline).split())
    if not headline:
        raise ReadError("There is no headline.")
    if not any(map(str.isalpha, headline)):
        raise ReadError(f"The headline, “{shortened(headline)}”, has no letter in it.", contents.line)
    if len(headline) > LONGEST_HEADLINE:
        raise ReadError(
            f"The headline has {len(headline):,} characters, and {LONGEST_HEADLINE} is the most. The first "
            "line of a text is its headline.",
            contents.line,
        )
    return headline


_TAG = re.compile(r"<[^>]*>")


def _mended(html: str) -> str:
    """A canonical body without line breaks in mid-sentence."""
    first, *others = html.split("<br>")
    out = [first]
    for part in others:
        line = _TAG.sub("", re.split(r"</?(?:p|h2|h3|li|blockquote)>", out[-1])[-1]).strip()
        following = _TAG.sub("", re.split(r"</?(?:p|h2|h3|li|blockquote)>", part, maxsplit=1)[0]).strip()
        out += [" " if line and following and goes_on(line, following) else "<br>", part]
    return "".join(out)


# Lines under the headline

_NAME = r"[^\W\d_][\w.'’-]*(?: (?:(?:de|del|der|di|van|von|al|bin|ap|of|la|le|du) )*[^\W\d_][\w.'’-]*){1,4}"
_BYLINE = re.compile(
    rf"(?:By|BY|by):? +({_NAME}(?>(?:, | and | & |, and ){_NAME}|, [\w ]{{3,40}}| in [A-Z]\w+)*+)"
)


def _without_lead(html: str, headline: str, details: Details, zone: tzinfo) -> tuple[str, Details]:
    """A body without the lines over its first paragraph that say the headline again, who wrote it and when.

    What the file does not say elsewhere is taken from them.
    """
    while first := re.match(r"<(p|h2|h3)>(.*?)</\1>", html):
        text = richtext.to_text(first.group())
        if not same_words(text, headline):
            found = _byline(text) or _date(text, zone)
            if found is None:
                break
            details = with_fallback(details, found)
        html = html[first.end() :]
    return html, details


def _byline(text: str) -> Details | None:
    found = _BYLINE.fullmatch(text) if len(text) <= LONGEST_BYLINE else None
    if not found or not all(part[:1].isupper() for part in found[1].split()[:2]):
        return None
    return Details.of(Matter({"byline": re.sub(r" in [A-Z]\w+$", "", found[1])}, {}, 0))


def _date(text: str, zone: tzinfo) -> Details | None:
    try:
        typed_date(text)
        return Details.of(Matter({"date": text}, {}, 0), zone=zone)
    except (ValueError, ReadError):
        return None


# Pictures


def _picture(picture: Picture | None) -> tuple[Picture | None, list[str]]:
    """The picture if it can be kept, with its texts cut to their columns; and a sentence if it cannot."""
    if picture is None:
        return None, []
    words = {
        name: " ".join(richtext.normalise(getattr(picture, name)).split())[:most]
        for name, most in LONGEST_PICTURE.items()
    }
    words["alt"] = words["alt"] or words["caption"][: LONGEST_PICTURE["alt"]]
    if not words["alt"]:
        return None, ["A picture is left out: nothing says what it shows (its alternative text, a caption)."]
    try:
        renditions.read(BytesIO(picture.data))
    except renditions.NoPicture as refusal:
        return None, [f"A picture is left out. {refusal}"]
    return Picture(picture.data, **words), []
