"""Which requests may be answered with a kept page, and under which key it is kept."""

import re
from urllib.parse import parse_qsl

from django.conf import settings
from django.http import HttpRequest

from stories.facets.filters import ArticleFilter, ClaimFilter, NamedFilter, OutletFilter, PoliticianFilter
from stories.facets.search_filter import SearchFilter

# Not for everybody, too large to keep, or made of files, which no version of the site tells about.
NOT_KEPT = (
    *("/admin/", "/shared/", "/claims.csv", "/data/", "/share/"),
    *(settings.MEDIA_URL, settings.STATIC_URL),
)
LONGEST = 500  # characters of a path, and of a query string
# Headers of requests whose answer is for one reader alone, or no whole page.
PERSONAL = (
    *("HTTP_AUTHORIZATION", "HTTP_RANGE", "HTTP_IF_RANGE"),
    *("HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE"),
)
SESSION = re.compile(rf"(?:^|[;\s]){re.escape(settings.SESSION_COOKIE_NAME)}=")
# A list, its feeds and its list in the API, by the first part of its address.
LIST = re.compile(r"/(?:api/v1/)?([a-z-]+)(?:/|/feed/|/feed/(?:atom|json)/)?")
SUGGESTIONS = "/search/suggestions/"
PERSON = re.compile(r"/people/[^/]+/")
FILTERS = {
    "stories": ArticleFilter,
    "claims": ClaimFilter,
    "who-said-what": ClaimFilter,
    "people": PoliticianFilter,
    "politicians": PoliticianFilter,
    "parties": NamedFilter,
    "topics": NamedFilter,
    "outlets": OutletFilter,
    "search": SearchFilter,
}
OTHERS = {"oembed": {"url", "format", "maxwidth", "maxheight"}}
# Pages of one row, which are also handed out as data to who asks for that.
IN_FORMS = re.compile(r"/(?:stories|claims|people|outlets)/[^/]+/")
HTML, JSON, LINKED_DATA = "text/html", "application/json", "application/ld+json"
ANY = {"page", "limit", "cursor"}
PARTS = 3  # of a key without parameters: scheme, host and path


def key_of(request: HttpRequest) -> tuple[str, ...] | None:
    """Return the key of the page that is asked for; None if the request may not be answered with a kept one.

    Whoever is signed in, or sends a parameter that the page does not know, gets a page of their own.
    """
    meta = request.META
    if (
        request.method not in {"GET", "HEAD"}
        or request.path.startswith(NOT_KEPT)
        or any(name in meta for name in PERSONAL)
        or SESSION.search(meta.get("HTTP_COOKIE", ""))
    ):
        return None
    query = meta.get("QUERY_STRING", "")
    if len(query) > LONGEST or len(request.path) > LONGEST:
        return None
    given = parse_qsl(query, keep_blank_values=True)
    if not {name for name, _ in given} <= known(request.path):
        return None
    given.sort(key=lambda pair: pair[0])  # those of one name stay in their order: the last one counts
    form = form_of(request)
    return (
        request.scheme or "",
        meta.get("HTTP_HOST") or meta.get("SERVER_NAME", ""),
        request.path,
        *([form] if form != HTML else []),
        *(part for pair in given for part in pair),
    )


def form_of(request: HttpRequest) -> str:
    """Return the content type in which a page is asked for: HTML, unless data is liked better."""
    if not IN_FORMS.fullmatch(request.path) or "json" not in request.META.get("HTTP_ACCEPT", ""):
        return HTML
    return request.get_preferred_type([HTML, JSON, LINKED_DATA]) or HTML


def known(path: str) -> set[str]:
    """Return the names of the parameters that the page at a path knows."""
    match = LIST.fullmatch(path)
    name = match[1] if match else ""
    filters = FILTERS[name].base_filters if name in FILTERS else {}
    if path == SUGGESTIONS:
        return {"q"}
    if PERSON.fullmatch(path):
        return {"topic", "verdict", "year", *ANY}
    return {*filters, *OTHERS.get(name, ()), *ANY}
