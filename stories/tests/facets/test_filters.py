"""What stands in a facet: the values that leave most rows, and those that are chosen."""

import pytest
from django.http import QueryDict

from stories.facets.filters import FACET_VALUES, ClaimFilter
from stories.models import Claim
from stories.tests.factories import ClaimFactory, appearance_of

pytestmark = pytest.mark.django_db


def test_a_value_that_is_chosen_stands_behind_the_first_ones() -> None:
    outlets = [f"Paper {number:02}" for number in range(FACET_VALUES + 2)]
    for outlet in outlets:
        appearance_of(ClaimFactory(), outlet=outlet)
    last = outlets[-1]
    for asked, shown in (("", outlets[:FACET_VALUES]), (f"outlet={last}", [*outlets[:FACET_VALUES], last])):
        claims = ClaimFilter(QueryDict(asked), queryset=Claim.objects.published())
        facet = next(facet for facet in claims.facets if facet.name == "outlet")
        assert [value.value for value in facet.values] == shown
        assert [value.value for value in facet.values if value.selected] == ([last] if asked else [])
