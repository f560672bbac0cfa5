"""What a filter leaves, however it is counted, and what stands in a facet."""

import datetime

import pytest
from django.http import QueryDict

from stories.api import questions
from stories.facets.filters import FACET_VALUES, ArticleFilter, ClaimFilter, PoliticianFilter
from stories.models import Claim
from stories.tests.factories import ClaimFactory, PartyFactory, PoliticianFactory, appearance_of

pytestmark = pytest.mark.django_db


def test_a_value_that_is_chosen_stands_behind_the_first_ones() -> None:
    outlets = [f"paper-{number:02}" for number in range(FACET_VALUES + 2)]
    for outlet in outlets:
        appearance_of(ClaimFactory(), outlet=outlet.replace("-", " "))
    last = outlets[-1]
    for asked, shown in (("", outlets[:FACET_VALUES]), (f"outlet={last}", [*outlets[:FACET_VALUES], last])):
        claims = ClaimFilter(QueryDict(asked), queryset=Claim.objects.published())
        facet = next(facet for facet in claims.facets if facet.name == "outlet")
        assert [value.value for value in facet.values] == shown
        assert [value.value for value in facet.values if value.selected] == ([last] if asked else [])


# A value of every filter that leaves some of the claims made below and not others.
VALUES = {
    "q": "gulls",
    "speaker": "ada-aldous",
    "party": "harbour",
    "about": "bram-corran",
    "topic": "harbours",
    "verdict": "false",
    "kind": "indirect",
    "stance": "denied",
    "outlet": "ferry",
    "after": "2020-06-01",
    "before": "2020-06-01",
    "sort": "oldest",
}


@pytest.mark.parametrize("name", ClaimFilter.base_filters)
def test_a_filter_counts_what_it_lists_beside_every_filter_that_the_claim_index_answers(name: str) -> None:
    """Their counts are of rows of the index, whose numbers are not those of the claims."""
    ada = PoliticianFactory(name="Ada Aldous", party=PartyFactory(name="Harbour"))
    bram = PoliticianFactory(name="Bram Corran")
    for number in range(12):
        claim = ClaimFactory(
            wording=f"there are {number} {'gulls' if number % 2 else 'boats'}",
            speaker=ada if number % 3 else bram,
            about=[bram] if number % 4 else [ada],
            tags=["harbours"] if number % 3 < 2 else ["ferries"],
            rating="false" if number % 2 else "",
            kind="indirect" if number % 4 < 2 else "direct",
            stance="denied" if number % 3 else "said",
            said_on=datetime.date(2020, number + 1, 1),
        )
        for outlet in ("the Post", "the Ferry")[: 1 + number % 2]:
            appearance_of(claim, outlet=outlet)
    for other in ({}, *({one: VALUES[one]} for one in ClaimFilter.HEADINGS)):
        asked = QueryDict(mutable=True)
        asked.update({name: VALUES[name]} | other)
        found = ClaimFilter(asked, queryset=Claim.objects.published())
        assert found.problems == []
        assert found.total == found.qs.count() == len(set(found.qs)), other
        assert other or name == "sort" or 0 < found.total < 12


@pytest.mark.parametrize(
    ("filters", "described"),
    [
        (ArticleFilter, questions.StoryFilters),
        (ClaimFilter, questions.ClaimFilters),
        (PoliticianFilter, questions.PersonFilters),
    ],
)
def test_the_description_of_the_api_names_every_filter(filters: type, described: type) -> None:
    pages = set(questions.Page.model_fields)
    assert set(described.model_fields) - pages == set(filters.base_filters) - {"sort"}
