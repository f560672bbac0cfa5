"""Query strings that nobody should send, as many as one likes; the same seed makes the same ones."""

import random
from collections.abc import Iterator
from urllib.parse import quote

from stories.facets.filters import ArticleFilter, ClaimFilter, PoliticianFilter

# The lists, searches and filters, each with the names it knows.
ASKED = {
    "/stories/": ArticleFilter.base_filters,
    "/claims/": ClaimFilter.base_filters,
    "/people/": PoliticianFilter.base_filters,
    "/who-said-what/": ClaimFilter.base_filters,
    "/claims.csv": ClaimFilter.base_filters,
    "/search/": ("q", "kind"),
    "/topics/": (),
    "/parties/harbour-party/": (),
    "/corrections/": (),
    "/archive/2019/": (),
    "/stories/feed/": ArticleFilter.base_filters,
    "/claims/feed/atom/": ClaimFilter.base_filters,
    "/search/feed/json/": ("q",),
    "/api/v1/stories": (*ArticleFilter.base_filters, "limit", "cursor"),
    "/api/v1/claims": (*ClaimFilter.base_filters, "limit", "cursor"),
    "/api/v1/politicians": (*PoliticianFilter.base_filters, "limit", "cursor"),
    "/oembed/": ("url", "maxwidth", "maxheight", "format"),
}
SENSIBLE = (
    "ada-aldous harbour-party harbour-wall tag-0 tag-1 true none false misleading direct partial newest "
    "oldest checked people stories claims 2019-03-04 2031-01-01 1 2 100 A wall json "
    "http://127.0.0.1:8000/claims/1/"
).split()
HOSTILE = [
    *(
        "\x00",
        "' OR 1=1 --",
        '"',
        '"wall',
        "wall NOT",
        "NEAR(",
        "*",
        "wall*",
        "^",
        "%",
        "_",
        "\\",
        "%%s",
        "{0}",
    ),
    *(
        "<script>",
        "../../etc/passwd",
        "0",
        "-1",
        "1e9",
        "00001",
        "١",
        "９",
        "NaN",
        "0000-00-00",
        "9999-12-31",
    ),
    *(
        "2019-02-30",
        "10000-01-01",
        "9" * 400,
        "a" * 5000,
        "wall " * 300,
        "é" * 200,
        "e\u0301",
        "\u202e",
        "\ufeff",
    ),
    *("\U0001f600", "&&", "==", ";", "\r\nX: y", "null", "undefined", "[]", "true,false", "a" * 199 + "\x00"),
]
RAW = [
    "%ff%fe",
    "%",
    "%0",
    "%zz",
    "=&&&=",
    "%00=%00",
    "&" * 500,
    "a=b;c=d",
    "\xff\xfe",
    "page=%d9%a1",
    "?" * 40,
]
STRANGE_NAMES = [
    "page",
    "page",
    "colour",
    "",
    "q[]",
    "speaker__in",
    "__class__",
    "page ",
    "utm_source",
    "\x00",
]


def questions(seed: int, number: int) -> Iterator[tuple[str, str]]:
    """(address, query string as it goes over the wire) so many times, the addresses in turn."""
    rng = random.Random(seed)  # noqa: S311  (to try things out, no secret)
    for turn in range(number):
        address = list(ASKED)[turn % len(ASKED)]
        names = [*ASKED[address], *STRANGE_NAMES]
        pairs = [f"{_written(rng.choice(names))}={_written(_value(rng))}" for _ in range(rng.randint(0, 9))]
        if rng.random() < 0.1:
            pairs.append(rng.choice(RAW))
        yield address, "&".join(pairs)


def _value(rng: random.Random) -> str:
    kind = rng.random()
    if kind < 0.5:
        return rng.choice(SENSIBLE)
    if kind < 0.8:
        return rng.choice(HOSTILE)
    letters = [
        chr(rng.choice((rng.randrange(128), rng.randrange(0xD800)))) for _ in range(rng.randint(0, 40))
    ]
    return "".join(letters)


def _written(text: str) -> str:
    return quote(text, safe="")
