"""URLs of the public site. A page that moves leaves a redirect at its old address."""

import re
from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, path, register_converter
from django.urls.converters import SlugConverter

from stories.api.docs import api_docs, openapi
from stories.api.endpoints import api
from stories.views.archive import archive, archive_day, archive_month, archive_year, corrections
from stories.views.articles import article, articles
from stories.views.claims import claim, claims, contradictions
from stories.views.csv_export import claims_csv
from stories.views.data import (
    claim_embed,
    claim_json,
    oembed,
    or_as_data,
    outlet_json,
    politician_json,
    schema,
    story_json,
)
from stories.views.feeds import (
    articles_feed,
    author_feed,
    claim_feed,
    claims_feed,
    contradictions_feed,
    corrections_feed,
    latest_feed,
    outlet_feed,
    party_feed,
    politician_feed,
    search_feed,
    topic_feed,
    wordings_feed,
)
from stories.views.front import front
from stories.views.health import healthz, readyz
from stories.views.media import favicon
from stories.views.open_data import claim_reviews, data_file, latest_data_file, open_data
from stories.views.outlets import outlet, outlets
from stories.views.pages import about, how_we_check, page
from stories.views.politicians import parties, party, politician, politicians
from stories.views.previews import shared
from stories.views.search import search_page, suggestions
from stories.views.share_images import share_image
from stories.views.sitemaps import news_sitemap, robots, sitemap_index, sitemap_lists, sitemap_part
from stories.views.story_history import story_history, story_version
from stories.views.topics import author, authors, topic, topics
from stories.views.who_said_what import who_said_what
from stories.views.wordings import wordings


class Number:
    """Base of path converters for numbers."""

    def to_python(self, value: str) -> int:
        """Return the number."""
        return int(value)

    def to_url(self, value: int) -> str:
        """Return its digits."""
        return str(value)


class Year(Number):
    """A year of four digits."""

    regex = "[1-9][0-9]{3}"

    def to_url(self, value: int) -> str:
        """Return four digits."""
        return f"{value:04d}"


class TwoDigits(Number):
    """A month or a day of two digits."""

    regex = "[0-9]{2}"

    def to_url(self, value: int) -> str:
        """Return two digits."""
        return f"{value:02d}"


class RowNumber(Number):
    """A primary key: at most as many digits as fit the database's integers."""

    regex = "[0-9]{1,18}"


class Words(SlugConverter):
    """A slug."""

    regex = SlugConverter.regex

    def to_url(self, value: str) -> str:
        """Return the slug, or "-" if it is not valid: only the link is dead then, not the page it is on."""
        return value if re.fullmatch(self.regex, value) else "-"


class FeedForm:
    """The format of a feed other than RSS."""

    regex = "atom|json"

    def to_python(self, value: str) -> str:
        """Return it unchanged."""
        return value

    def to_url(self, value: str) -> str:
        """Return it unchanged."""
        return value


class CardKind(FeedForm):
    """What a picture for other sites is of."""

    regex = "claims|stories|site"


class Stamp(FeedForm):
    """The moment at which a dump was written."""

    regex = "[0-9]{8}T[0-9]{6}Z"


register_converter(FeedForm, "feed_form")
register_converter(CardKind, "card_kind")
register_converter(Stamp, "stamp")
register_converter(Year, "year")
register_converter(TwoDigits, "two_digits")
register_converter(RowNumber, "row")
register_converter(Words, "words")

app_name = "stories"


def feeds(address: str, view: Callable[..., HttpResponse], name: str) -> list[URLPattern]:
    """Return the URLs of a list's feed in its three formats, under the list's address."""
    return [
        path(f"{address}feed/", view, {"form": "rss"}, name=name),
        path(f"{address}feed/<feed_form:form>/", view, name=name),
    ]


urlpatterns = [
    *feeds("", latest_feed, "feed"),
    *feeds("stories/", articles_feed, "articles_feed"),
    *feeds("claims/", claims_feed, "claims_feed"),
    *feeds("claims/<row:pk>-<words:slug>/", claim_feed, "claim_feed"),
    *feeds("people/<words:slug>/", politician_feed, "politician_feed"),
    *feeds("parties/<words:slug>/", party_feed, "party_feed"),
    *feeds("outlets/<words:slug>/", outlet_feed, "outlet_feed"),
    *feeds("topics/<words:slug>/", topic_feed, "topic_feed"),
    *feeds("authors/<words:slug>/", author_feed, "author_feed"),
    *feeds("corrections/", corrections_feed, "corrections_feed"),
    *feeds("contradictions/", contradictions_feed, "contradictions_feed"),
    *feeds("nearly-the-same/", wordings_feed, "wordings_feed"),
    *feeds("search/", search_feed, "search_feed"),
    path("", front, name="front"),
    path("stories/", articles, name="articles"),
    path("stories/<words:slug>/", or_as_data(article, story_json), name="article"),
    path("stories/<words:slug>/history/", story_history, name="article_history"),
    path("stories/<words:slug>/history/<row:number>/", story_version, name="article_version"),
    path("claims/", claims, name="claims"),
    path("claims.csv", claims_csv, name="claims_csv"),
    path("claims/<row:pk>/", claim, name="claim_short"),
    path("claims/<row:pk>-<words:slug>/", or_as_data(claim, claim_json), name="claim"),
    path("who-said-what/", who_said_what, name="who_said_what"),
    path("people/", politicians, name="politicians"),
    path("people/<words:slug>/", or_as_data(politician, politician_json), name="politician"),
    path("parties/", parties, name="parties"),
    path("parties/<words:slug>/", party, name="party"),
    path("outlets/", outlets, name="outlets"),
    path("outlets/<words:slug>/", or_as_data(outlet, outlet_json), name="outlet"),
    path("topics/", topics, name="topics"),
    path("topics/<words:slug>/", topic, name="topic"),
    path("authors/", authors, name="authors"),
    path("authors/<words:slug>/", author, name="author"),
    path("archive/", archive, name="archive"),
    path("archive/<year:year>/", archive_year, name="archive_year"),
    path("archive/<year:year>/<two_digits:month>/", archive_month, name="archive_month"),
    path("archive/<year:year>/<two_digits:month>/<two_digits:day>/", archive_day, name="archive_day"),
    path("corrections/", corrections, name="corrections"),
    path("contradictions/", contradictions, name="contradictions"),
    path("nearly-the-same/", wordings, name="wordings"),
    path("about/", about, name="about"),
    path("how-we-check/", how_we_check, name="how_we_check"),
    path("data/", open_data, name="open_data"),
    path("data/claim-reviews.json", claim_reviews, name="claim_reviews"),
    path("data/latest/<str:name>", latest_data_file, name="latest_data_file"),
    path("data/<stamp:stamp>/<str:name>", data_file, name="data_file"),
    path("share/<card_kind:kind>/<row:pk>-<words:digest>.png", share_image, name="share_image"),
    path("pages/<words:slug>/", page, name="page"),
    path("search/", search_page, name="search"),
    path("search/suggestions/", suggestions, name="suggestions"),
    path("stories/<words:slug>.json", story_json, name="article_json"),
    path("claims/<row:pk>-<words:slug>.json", claim_json, name="claim_json"),
    path("people/<words:slug>.json", politician_json, name="politician_json"),
    path("outlets/<words:slug>.json", outlet_json, name="outlet_json"),
    path("schemas/<words:name>.json", schema, name="schema"),
    path("claims/<row:pk>/embed/", claim_embed, name="claim_embed"),
    path("oembed/", oembed, name="oembed"),
    path("api/v1/", api_docs, name="api_docs"),
    path("api/v1/openapi.json", openapi, name="openapi"),
    path("api/v1/", api.urls),
    path("favicon.ico", favicon, name="favicon"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", sitemap_index, name="sitemap"),
    path("sitemap-lists.xml", sitemap_lists, name="sitemap_lists"),
    path("sitemap-<words:section>-<row:part>.xml", sitemap_part, name="sitemap_part"),
    path("news-sitemap.xml", news_sitemap, name="news_sitemap"),
    path("shared/<str:token>/", shared, name="shared"),
]
