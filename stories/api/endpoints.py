"""The endpoints of the API (django-ninja). Docstrings of endpoints are part of the OpenAPI document.

Lists are in descending order of primary key and are read on from `cursor`, without a last page.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from ninja import NinjaAPI, Path, Query
from ninja.errors import Throttled
from ninja.throttling import SimpleRateThrottle

from stories.api import answers, questions, rows
from stories.client_address import address_of
from stories.facets.filters import ArticleFilter, ClaimFilter, PoliticianFilter, ReportingFilterSet
from stories.formats import linked_data
from stories.models import Article, Claim, ClaimHeading, Outlet, Politician
from stories.models.prefetch import claim_cards, story_cards, with_near, with_topics
from stories.models.topic_visibility import published_topics, with_counts
from stories.views.articles import appearances_in
from stories.views.http_caching import CACHE_CONTROL, for_any_site

RATE = "120/m"
LONGEST_SLUG = 100
# Response types of errors by status code: of every endpoint, of lists, of single rows.
ANY: dict[int, Any] = {422: answers.Malformed, 429: answers.Told}
LIST = {400: answers.Refusal, **ANY}
ONE = {404: answers.Told, **ANY}


class ByAddress(SimpleRateThrottle):
    """Limit the requests per client IP address."""

    scope = "api"

    def get_ident(self, request: HttpRequest) -> str:
        """Return the client's IP address; X-Forwarded-For counts only behind the site's own proxy."""
        return address_of(request)

    def get_cache_key(self, request: HttpRequest) -> str:
        """Return the cache key under which the address's requests are counted."""
        return f"api:{self.get_ident(request)}"


class OpenAPI(NinjaAPI):
    """The API with the response headers of public data."""

    def create_response(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Allow any site to fetch the response (CORS); let caches keep successful ones."""
        response: HttpResponse = super().create_response(request, *args, **kwargs)
        response["Cache-Control"] = CACHE_CONTROL if response.status_code == 200 else "no-store"
        return for_any_site(response)


class Refused(Exception):
    """Filters cannot be applied; without them the list would have other rows than were asked for."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems


api = OpenAPI(
    title=settings.PUBLICATION_NAME,
    version="1",
    description=(
        "Political claims tied to the words they were made in: stories, claims, people and topics, "
        "as readers see them. Read only, without a key."
    ),
    throttle=[ByAddress(RATE)],
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
)


@api.exception_handler(Refused)
def refuse(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Answer 400 with the reasons."""
    body = {"detail": "Not everything that was asked for can be done.", "problems": refusal.problems}
    return api.create_response(request, body, status=400)


@api.exception_handler(Throttled)
def slow_down(request: HttpRequest, throttled: Throttled) -> HttpResponse:
    """Answer 429 with Retry-After in seconds."""
    response = api.create_response(request, {"detail": "Too many requests. Wait a little."}, status=429)
    response["Retry-After"] = str(max(1, int(throttled.wait or 1)))
    return response


@api.get("/stories", response={200: answers.Stories, **LIST}, tags=["Stories"])
def list_stories(request: HttpRequest, asked: Query[questions.StoryFilters]) -> Any:
    """Stories, most recently added first."""
    found = narrowed(ArticleFilter, request, Article.objects.published())
    return page(request, story_cards(found), asked, rows.story)


@api.get("/stories/{slug}", tags=["Stories"], response={200: dict[str, Any], **ONE})
def one_story(request: HttpRequest, slug: Path[str]) -> Any:
    """A story with its text and a W3C Web Annotation for each claim. Its schema: /schemas/story.json"""
    story = one(Article.objects.published().with_credits(), slug)
    return linked_data.story(story, appearances_in(story), list(story.corrections.published()))


@api.get("/claims", response={200: answers.Claims, **LIST}, tags=["Claims"])
def list_claims(request: HttpRequest, asked: Query[questions.ClaimFilters]) -> Any:
    """Claims, most recently added first."""
    found = narrowed(ClaimFilter, request, Claim.objects.published())
    return page(request, with_near(with_topics(claim_cards(found))), asked, rows.claim)


@api.get("/claims/{id}", response={200: answers.Claim, **ONE}, tags=["Claims"])
def one_claim(request: HttpRequest, id: Path[int]) -> Any:
    """A claim, with every story that prints it."""
    known = with_near(with_topics(claim_cards(Claim.objects.published())))
    claim = known.filter(pk=id).first() if 0 < id < 2**63 else None
    if claim is None:
        raise Http404
    return rows.claim(claim)


@api.get("/politicians", response={200: answers.People, **LIST}, tags=["People"])
def list_politicians(request: HttpRequest, asked: Query[questions.PersonFilters]) -> Any:
    """Politicians on the record, most recently added first."""
    found = narrowed(PoliticianFilter, request, Politician.objects.published())
    return page(request, found.select_related("party"), asked, rows.person)


@api.get("/politicians/{slug}", tags=["People"], response={200: dict[str, Any], **ONE})
def one_politician(request: HttpRequest, slug: Path[str]) -> Any:
    """A person as Popolo. Its schema: /schemas/person.json"""
    person = one(Politician.objects.published().select_related("party"), slug)
    memberships = person.memberships.select_related("party")
    return linked_data.popolo_person(person, person.other_names.all(), person.identifiers.all(), memberships)


@api.get("/topics", response={200: answers.Topics, **LIST}, tags=["Topics"])
def list_topics(request: HttpRequest, asked: Query[questions.Page]) -> Any:
    """Topics, most recently added first, each with the number of stories and claims that carry it."""
    refuse_filters(request)
    return page(request, published_topics(), asked, rows.topic, with_counts)


@api.get("/topics/{slug}", response={200: answers.Topic, **ONE}, tags=["Topics"])
def one_topic(request: HttpRequest, slug: Path[str]) -> Any:
    """A topic, with the number of stories and claims that carry it."""
    return rows.topic(one(with_counts(published_topics()), slug))


@api.get("/outlets", response={200: answers.Outlets, **LIST}, tags=["Outlets"])
def list_outlets(request: HttpRequest, asked: Query[questions.Page]) -> Any:
    """Outlets, most recently added first, each with the number of claims made to it."""
    refuse_filters(request)
    return page(request, Outlet.objects.published(), asked, rows.outlet, with_claims)


@api.get("/outlets/{slug}", response={200: answers.Outlet, **ONE}, tags=["Outlets"])
def one_outlet(request: HttpRequest, slug: Path[str]) -> Any:
    """An outlet, with the number of claims made to it."""
    return rows.outlet(one(with_claims(Outlet.objects.published()), slug))


def with_claims(outlets: QuerySet[Any]) -> QuerySet[Any]:
    """Return outlets with their names, and with `claims`: how many public ones were made to each."""
    told = ClaimHeading.objects.published().filter(outlet=OuterRef("pk")).order_by().values("outlet")
    counted: QuerySet[Any] = outlets.annotate(claims=Subquery(told.annotate(n=Count("pk")).values("n")))
    return counted.prefetch_related("names")


def refuse_filters(request: HttpRequest) -> None:
    """Raise Refused for any parameter but those of pages."""
    unknown = sorted(set(request.GET) - {"limit", "cursor"})
    if unknown:
        raise Refused([f"There is no filter called “{name[:40]}”." for name in unknown])


def one(found: QuerySet[Any], slug: str) -> Any:
    """Return the row with the slug. Raises Http404."""
    row = found.filter(slug=slug).first() if len(slug) <= LONGEST_SLUG and "\0" not in slug else None
    if row is None:
        raise Http404
    return row


def narrowed(filters: type[ReportingFilterSet], request: HttpRequest, found: QuerySet[Any]) -> QuerySet[Any]:
    """Return the rows that the filters of the readers' lists leave.

    Raises Refused for filters that cannot be applied.
    """
    asked = QueryDict(mutable=True)
    for name, values in request.GET.lists():
        if name not in {"limit", "cursor"}:
            asked.setlist(name, values)
    applied = filters(asked, queryset=found)
    if applied.problems:
        raise Refused(applied.problems)
    rows: QuerySet[Any] = applied.qs
    return rows


def page(
    request: HttpRequest,
    found: QuerySet[Any],
    asked: questions.Page,
    shown: Callable[[Any], dict[str, Any]],
    annotated: Callable[[QuerySet[Any]], QuerySet[Any]] = lambda rows: rows,
) -> dict[str, Any]:
    """Return the response of a list: up to `asked.limit` rows from the cursor on, and the next address.

    `shown` makes a row's dict; `annotated` adds what it needs to the rows of this page only.
    """
    if asked.cursor:
        found = found.filter(pk__lt=asked.cursor)
    listed = list(annotated(found).order_by("-pk")[: asked.limit + 1])
    more = len(listed) > asked.limit
    listed = listed[: asked.limit]
    query = request.GET.copy()
    if more:
        query["cursor"] = str(listed[-1].pk)
    return {
        "results": [shown(row) for row in listed],
        "next": linked_data.absolute(f"{request.path}?{query.urlencode()}") if more else None,
    }
