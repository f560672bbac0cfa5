"""The filters of the readers' search."""

from typing import ClassVar

import django_filters

from stories.facets.filters import ChoicesFilter, DayFilter, ReportingFilterSet
from stories.models import Claim
from stories.search import KINDS, Asked

# Value of `?kind=`: the kind in the index, and its label.
KINDS_BY_NAME = {
    "people": ("politician", "People"),
    "parties": ("party", "Parties"),
    "topics": ("topic", "Topics"),
    "outlets": ("outlet", "Outlets"),
    "authors": ("author", "Authors"),
    "stories": ("article", "Stories"),
    "claims": ("claim", "Claims"),
}
NO_SUCH = {"invalid_choice": "there is no “%(value)s”"}


class SearchFilter(ReportingFilterSet):
    """What a search is narrowed by, and its order; the words are read by `stories.search`."""

    not_chosen = ("q", "sort")
    in_form = ("q", "kind", "after", "before", "verdict", "sort")

    q = django_filters.CharFilter(label="Words")
    kind = django_filters.ChoiceFilter(
        label="Kind",
        choices=[(name, label) for name, (_, label) in KINDS_BY_NAME.items()],
        error_messages=NO_SUCH,
    )
    after = DayFilter(label="From")
    before = DayFilter(label="To")
    verdict = ChoicesFilter(label="Verdict", choices=[*Claim.Rating.choices, ("none", "Not rated")])
    sort = django_filters.ChoiceFilter(
        label="Order",
        choices=[("best", "Best match first"), ("newest", "Newest first")],
        error_messages=NO_SUCH,
    )

    class Meta:
        model = Claim
        fields: ClassVar[list[str]] = []

    @property
    def asked(self) -> Asked:
        """What the search is asked beside the words."""
        applied = self.applied
        kind = applied.get("kind")
        return Asked(
            kinds=(KINDS_BY_NAME[kind][0],) if kind else tuple(KINDS),
            after=applied.get("after"),
            before=applied.get("before"),
            verdicts=["" if one == "none" else one for one in applied.get("verdict") or ()],
            newest=applied.get("sort") == "newest",
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter other than the words and the order is applied."""
        return any(name not in self.not_chosen for name in self._applied)

    @property
    def others(self) -> list[tuple[str, str]]:
        """(name, value) of what is applied beside the words, for the hidden inputs of a form."""
        return [(name, value) for name, values in self._applied.items() if name != "q" for value in values]

    def with_value(self, name: str, value: str) -> str:
        """Return the query string with this value of a filter in the place of others, "" for none."""
        return self.query_of(self._applied | {name: [value] if value else []})
