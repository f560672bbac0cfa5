"""The filters of the readers' lists (django-filter), and the facets beside them.

A filter that cannot be applied is left out and reported to the reader (`ReportingFilterSet.problems`).
"""

# Fixed SQL: what a reader types is a parameter.

import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar
from urllib.parse import urlencode

import django_filters
from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db import connections, router
from django.db.models import BigIntegerField, Exists, F, Func, OuterRef, Q, QuerySet
from django.utils.functional import cached_property
from taggit.models import TaggedItem

from stories import search
from stories.facets import counts
from stories.models import (
    Article,
    Author,
    Claim,
    ClaimHeading,
    FormerSlug,
    OtherName,
    Outlet,
    OutletName,
    Politician,
    StoryPerson,
)
from stories.models.prefetch import NEWEST_FIRST
from stories.models.topic_visibility import published_authors, published_parties, published_topics
from stories.text.normalise import outlet_key
from stories.text.titles import topic_title

LONGEST = 200  # characters of any value
MOST_VALUES = 20  # of one filter
FACET_VALUES = 12
LONG = 10_000  # claims; a longer list is read in index order, see ClaimFilter.listed
# Tracking parameters that other sites and mail programs add to links: ignored without a report.
NOT_OURS = ("utm_", "fbclid", "gclid", "mc_cid", "mc_eid", "ref")

Counts = TypeVar("Counts")

if TYPE_CHECKING:  # generic in the stubs only
    ModelMultipleChoiceField = forms.ModelMultipleChoiceField[Any]
else:
    ModelMultipleChoiceField = forms.ModelMultipleChoiceField


# Whoever said what is on no record under a name: unnamed sources, bodies, crowds. It has no primary key.
NOT_NAMED = Politician(slug="none", name="Not a named person")


class SlugsField(ModelMultipleChoiceField):
    """A choice of several rows by their slugs; the error message names a slug that does not exist."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid_choice": "nothing here is called “%(value)s”"
    }

    def clean(self, value: Any) -> Any:
        """Drop empty values and return the queryset of the rows.

        Raises ValidationError for an unknown slug, for more than MOST_VALUES, and for a slug that is longer
        than LONGEST characters or holds a NUL, which PostgreSQL refuses.
        """
        values = [slug for slug in value or () if slug]
        if len(values) > MOST_VALUES:
            raise forms.ValidationError(f"no more than {MOST_VALUES} at once")
        if too_long := next((slug for slug in values if len(slug) > LONGEST or "\x00" in slug), None):
            raise forms.ValidationError(f"nothing here is called “{too_long[:30]}…”")
        return super().clean(values)


class SlugsFilter(django_filters.ModelMultipleChoiceFilter):
    """A filter by several rows that the query string names by slug."""

    field_class = SlugsField

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(to_field_name="slug", **kwargs)


class SpeakersField(SlugsField):
    """A choice of several people, and of all whom no record names."""

    def clean(self, value: Any) -> Any:
        """Return the rows as `SlugsField` does, and NOT_NAMED behind them where it was chosen."""
        slugs = [slug for slug in value or () if slug]
        people = super().clean([slug for slug in slugs if slug != NOT_NAMED.slug])
        return [*people, *([NOT_NAMED] if NOT_NAMED.slug in slugs else [])]


class SpeakersFilter(SlugsFilter):
    """A filter by several speakers."""

    field_class = SpeakersField


class ChoicesField(django_filters.fields.MultipleChoiceField):
    """A choice of several values; the error message names a value that does not exist."""

    default_error_messages: ClassVar[dict[str, Any]] = {"invalid_choice": "there is no “%(value)s”"}

    def clean(self, value: Any) -> Any:
        """Drop empty values, then validate as usual."""
        return super().clean([one for one in value or () if one])


class ChoicesFilter(django_filters.MultipleChoiceFilter):
    """A filter by several fixed choices."""

    field_class = ChoicesField


class DayFilter(django_filters.DateFilter):
    """A filter by a day, written as in ISO 8601: 2014-11-08."""

    def __init__(self, **kwargs: Any) -> None:
        messages = {"invalid": "a date is written like 2014-11-08"}
        super().__init__(input_formats=["%Y-%m-%d"], error_messages=messages, **kwargs)


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One choice of a facet: how many rows it leaves, and the query string that switches it on or off."""

    value: str
    label: str
    count: int
    selected: bool
    query: str


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter shown with its values and the number of rows for each."""

    name: str
    label: str
    values: tuple[FacetValue, ...]

    @property
    def is_chosen(self) -> bool:
        """Whether one of the values is selected."""
        return any(value.selected for value in self.values)


class ReportingFilterSet(django_filters.FilterSet):
    """A FilterSet that reports what it did not apply: unknown filters, invalid and repeated values."""

    in_form: tuple[str, ...] = ()  # the filters with a field in the page's form; the others are facets
    not_chosen: tuple[str, ...] = ("sort",)  # those that narrow nothing
    always: tuple[str, ...] = ()  # the filters that do something without a value

    def __init__(self, *args: Any, known_as: str = "", **kwargs: Any) -> None:
        """Take the arguments of FilterSet; `known_as` is the list's name in cache keys, "" for no caching."""
        super().__init__(*args, **kwargs)
        self.known_as = known_as

    @property
    def problems(self) -> list[str]:
        """One sentence for each part of the query string that was not applied, in its order."""
        return list(self._problems())

    def _problems(self) -> Iterator[str]:
        for name, values in self.given.items():
            if name not in self.filters:
                if not name.startswith(NOT_OURS):
                    yield f"There is no filter called “{name[:40]}”, so it was left out."
                continue
            label = self.filters[name].label
            for message in self.form.errors.get(name, ()):
                yield f"{label}: {str(message).rstrip('.')}, so this filter was left out."
            if len(values) > 1 and not isinstance(self.filters[name], SlugsFilter | ChoicesFilter):
                yield f"{label}: given more than once, so only the last one counts."

    @cached_property
    def given(self) -> dict[str, list[str]]:
        """The query string's values by name, without the page number and without empty values."""
        given = {name: [value for value in values if value] for name, values in self.data.lists()}
        return {name: values for name, values in given.items() if values and name != "page"}

    def get_form_class(self) -> type[forms.Form]:
        """Return a form of the filters that are given, and of those that are applied without a value, too."""
        fields = {
            name: one.field for name, one in self.filters.items() if name in self.given or name in self.always
        }
        return type(f"{type(self).__name__}Form", (forms.Form,), fields)

    @cached_property
    def query(self) -> str:
        """The applied filters as a query string: the list's own, without its page number."""
        return self.query_of(self._applied)

    @staticmethod
    def query_of(values: dict[str, list[str]]) -> str:
        """Return the query string of some filters' values."""
        return urlencode(values, doseq=True)

    @cached_property
    def _applied(self) -> dict[str, list[str]]:
        errors = self.form.errors
        return {
            name: values for name, values in self.given.items() if name in self.filters and name not in errors
        }

    @property
    def kept(self) -> list[tuple[str, str]]:
        """(name, value) of the applied filters that have no field in the page's form: its hidden inputs."""
        return [
            (name, value)
            for name, values in self._applied.items()
            if name not in self.in_form
            for value in values
        ]

    @cached_property
    def values(self) -> dict[str, str]:
        """The last value of each filter for the fields of the page's form, "" where it is not applied."""
        return {name: self._applied.get(name, [""])[-1] for name in self.filters}

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter other than the order is applied."""
        return any(name != "sort" for name in self._applied)

    @property
    def chosen(self) -> list[FacetValue]:
        """Every applied filter value, with the query string of the list without it."""
        chosen = []
        for name, values in self._applied.items():
            if name in self.not_chosen:
                continue
            names = self._names(name)
            for value in values:
                label = f"{self.filters[name].label}: {names.get(value, value)}"
                chosen.append(FacetValue(value, label, 0, True, self.toggled(name, value)))
        return chosen

    def _names(self, name: str) -> dict[str, str]:
        rows = self.form.cleaned_data.get(name)
        if isinstance(self.filters[name], SlugsFilter):
            titled = topic_title if name == "topic" else str
            return {row.slug: titled(str(row)) for row in rows or ()}
        if isinstance(self.filters[name], ChoicesFilter | django_filters.ChoiceFilter):
            return {str(value): str(label) for value, label in self.filters[name].extra["choices"]}
        return {}

    def toggled(self, name: str, value: str) -> str:
        """Return the query string with one value of one filter added, or removed when it is applied."""
        values = self._applied.get(name, [])
        values = [one for one in values if one != value] if value in values else [*values, value]
        return urlencode(self._applied | {name: values}, doseq=True)

    @cached_property
    def applied(self) -> dict[str, Any]:
        """The cleaned value of each filter; filters with an invalid value are missing."""
        self.form.is_valid()
        values: dict[str, Any] = self.form.cleaned_data
        return values

    def besides(self, *names: str, of: QuerySet[Any] | None = None) -> QuerySet[Any]:
        """Return the rows that all filters except `names` leave, unordered: what those filters' facets count.

        `of` may be rows of an index table that stand for the filtered rows; the filters have to accept them
        too.
        """
        rows = self.queryset.all() if of is None else of
        for other, value in self.applied.items():
            if other not in {*names, "sort"}:
                rows = self.filters[other].filter(rows, value)
        return rows.order_by()

    def counted(
        self,
        ask: Callable[[QuerySet[Any]], Counts],
        *names: str,
        of: QuerySet[Any] | None = None,
        done: tuple[str, ...] = (),
    ) -> Counts:
        """Return what `ask` counts among the rows that all filters except `names` leave.

        The answer is cached under `known_as`. `of` as in `besides`; `done` names filters that `of` has been
        narrowed by already.
        """
        if not self.known_as:
            return ask(self.besides(*names, *done, of=of))
        applied = sorted((name, sorted(values)) for name, values in self._applied.items())
        others = [pair for pair in applied if pair[0] not in {*names, "sort"}]
        return counts.cached_for(self.known_as, ask, lambda: self.besides(*names, *done, of=of), others)

    def facet(self, name: str, counted: Iterable[tuple[str, str, int]]) -> Facet:
        """Return a facet of (value, label, count), in the order given.

        It shows the first FACET_VALUES values, and behind them those that are selected.
        """
        selected = set(self._applied.get(name, ()))
        values = [
            FacetValue(str(value), str(label), count, str(value) in selected, self.toggled(name, str(value)))
            for value, label, count in counted
        ]
        shown = [value for place, value in enumerate(values) if place < FACET_VALUES or value.selected]
        return Facet(name, str(self.filters[name].label), tuple(shown))

    def ranked(self, numbers: dict[str, dict[int, int]]) -> list[Facet]:
        """Return facets of the rows with the highest counts and of the selected ones.

        `numbers` has, by the names of the facets, the count by primary key. The names of all rows are read in
        one query.
        """
        wanted = {
            name: {
                *heapq.nlargest(FACET_VALUES, counted, key=lambda pk, of=counted: (of[pk], -pk)),  # type: ignore[misc]
                *(row.pk for row in self.applied.get(name) or ()),
            }
            for name, counted in numbers.items()
        }
        names = named(wanted)
        facets = []
        for name, counted in numbers.items():
            titled = topic_title if name == "topic" else str
            values = [(slug, titled(label), counted.get(pk, 0)) for pk, slug, label in names[name]]
            facets.append(self.facet(name, sorted(values, key=lambda value: -value[2])))
        return facets


ON_RECORD = "stories_politician WHERE confirmed AND merged_into_id IS NULL AND"
# Where the rows of a facet are, with the column that orders those of the same count.
NAMED = {
    "topic": "name FROM taggit_tag WHERE",
    "author": "name FROM stories_author WHERE",
    "party": "name FROM stories_party WHERE",
    "outlet": "key FROM stories_outlet WHERE",
    "speaker": f"sort_name FROM {ON_RECORD}",
    "about": f"sort_name FROM {ON_RECORD}",
}


def named(wanted: dict[str, set[int]]) -> dict[str, list[tuple[int, str, str]]]:
    """Return (primary key, slug, name) of rows by their facets, ordered by their names; in one query."""
    found: dict[str, list[tuple[int, str, str]]] = {name: [] for name in wanted}
    arms = [
        f"SELECT '{name}' AS facet, id, slug, name, {NAMED[name]} id IN ({', '.join(['%s'] * len(rows))})"
        for name, rows in wanted.items()
        if rows
    ]
    if arms:
        with connections[router.db_for_read(Article)].cursor() as cursor:
            cursor.execute(
                f"{' UNION ALL '.join(arms)} ORDER BY 1, 5, 2",
                [pk for rows in wanted.values() for pk in rows],
            )
            for name, pk, slug, label, _ in cursor.fetchall():
                found[name].append((pk, slug, label))
    return found


class ArticleFilter(ReportingFilterSet):
    """The filters of the list of stories."""

    in_form = ("after", "before")

    topic = SlugsFilter(label="Topic", queryset=lambda request: published_topics(), method="on_topics")
    author = SlugsFilter(label="Author", queryset=lambda request: published_authors(), method="by_authors")
    person = SlugsFilter(label="Person", queryset=Politician.objects.published(), method="with_people")
    after = DayFilter(label="From", field_name="published_at", lookup_expr="date__gte")
    before = DayFilter(label="To", field_name="published_at", lookup_expr="date__lte")

    class Meta:
        model = Article
        fields: ClassVar[list[str]] = []

    def on_topics(self, rows: QuerySet[Article], name: str, topics: Any) -> QuerySet[Article]:
        """Keep stories with any of the topics."""
        return rows.filter(pk__in=tagged(Article, topics)) if topics else rows

    def by_authors(self, rows: QuerySet[Article], name: str, authors: Any) -> QuerySet[Article]:
        """Keep stories by any of the authors."""
        theirs = Author.articles.through.objects.filter(article=OuterRef("pk"), author__in=authors)
        return rows.filter(Exists(theirs)) if authors else rows

    def with_people(self, rows: QuerySet[Article], name: str, people: Any) -> QuerySet[Article]:
        """Keep stories that quote one of the people, or print a claim about one."""
        named = StoryPerson.objects.published().filter(person__in=people)
        return rows.filter(pk__in=named.values("article")) if people else rows

    @property
    def facets(self) -> list[Facet]:
        """The facets of the list of stories."""
        topics = self.counted(counts.by_tag, "topic")
        return self.ranked({"topic": topics, "author": self.counted(counts.by_author, "author")})

    @property
    def total(self) -> int:
        """The number of stories that all filters leave."""
        return self.counted(counts.number)


class ClaimFilter(ReportingFilterSet):
    """The filters of the claims browser.

    The filter methods accept claims or rows of the claim index (`ClaimHeading`), which has the same columns.
    """

    in_form = ("q", "after", "before", "stance", "sort")
    always = ("sort",)
    # Filters that the claim index answers: the lookup in it for a value of the filter.
    HEADINGS: ClassVar[dict[str, Callable[[Any], dict[str, Any]]]] = {
        "about": lambda people: {"person__in": people},
        "topic": lambda topics: {"topic__in": topics},
        "outlet": lambda outlets: {"outlet__in": outlets},
    }
    SORTS: ClassVar[dict[str, tuple[str, list[Any]]]] = {
        "newest": ("Newest first", [*NEWEST_FIRST]),
        "oldest": ("Oldest first", ["listed_on", "pk"]),
        "checked": ("Recently checked", [F("checked_at").desc(nulls_last=True), "-pk"]),
    }

    q = django_filters.CharFilter(label="Words", max_length=LONGEST, method="with_words")
    speaker = SpeakersFilter(label="Speaker", queryset=Politician.objects.published(), method="said_by")
    party = SlugsFilter(label="Party", queryset=lambda request: published_parties(), method="of_parties")
    about = SlugsFilter(label="About", queryset=Politician.objects.published(), method="about_people")
    topic = SlugsFilter(label="Topic", queryset=lambda request: published_topics(), method="on_topics")
    verdict = ChoicesFilter(
        label="Verdict", choices=[*Claim.Rating.choices, ("none", "Not rated")], method="with_verdict"
    )
    kind = ChoicesFilter(label="Kind", choices=Claim.Kind.choices, field_name="kind")
    stance = ChoicesFilter(
        label="Said, denied or asked",
        choices=[*Claim.Stance.choices, ("unknown", "Not known")],
        method="with_stance",
    )
    outlet = SlugsFilter(label="Told to", queryset=Outlet.objects.published(), method="to_outlets")
    after = DayFilter(label="From", method="said_from")
    before = DayFilter(label="To", method="said_to")
    sort = django_filters.ChoiceFilter(
        label="Order",
        choices=[(key, label) for key, (label, _) in SORTS.items()],
        method="in_order",
        error_messages={"invalid_choice": "there is no “%(value)s”"},
    )

    class Meta:
        model = Claim
        fields: ClassVar[list[str]] = []

    def __init__(
        self, *args: Any, among: Callable[[], QuerySet[ClaimHeading]] | None = None, **kwargs: Any
    ) -> None:
        """Take the arguments of ReportingFilterSet; `among` returns the index rows of the claims in the list.

        Without `among` these are all that are published. An outlet may be given by any of its names, as lists
        of earlier releases were addressed: what the list says of itself has its slug.
        """
        super().__init__(*args, **kwargs)
        asked: Any = self.data  # type: ignore[has-type]  # set by django-filter, which has no type hints
        if any(outlets := asked.getlist("outlet")):
            self.data = asked.copy()
            self.data.setlist("outlet", slugs_of_outlets(outlets))
        self.among = among

    def with_words(self, rows: QuerySet[Any], name: str, words: str) -> QuerySet[Any]:
        """Keep claims with every word, compared by stem; none when `words` holds no word."""
        if not words:
            return rows
        if not search.Query.parse(words):
            return rows.none()
        return search.narrowed(rows, words, kind="claim", by=number_in(rows))

    def said_by(self, rows: QuerySet[Any], name: str, people: Any) -> QuerySet[Any]:
        """Keep claims by any of the speakers."""
        if not people:
            return rows
        named = Q(speaker__in=[person.pk for person in people if person.pk])
        return rows.filter(named | Q(speaker=None) if NOT_NAMED in people else named)

    def of_parties(self, rows: QuerySet[Any], name: str, parties: Any) -> QuerySet[Any]:
        """Keep claims by current members of any of the parties."""
        if not parties:
            return rows
        column = "who" if "who" in rows.query.annotations else "speaker"
        return rows.filter(**{f"{column}__in": self.members})

    def about_people(self, rows: QuerySet[Any], name: str, people: Any) -> QuerySet[Any]:
        """Keep claims about any of the people."""
        return those_among(rows, headed(person__in=people)) if people else rows

    def on_topics(self, rows: QuerySet[Any], name: str, topics: Any) -> QuerySet[Any]:
        """Keep claims with any of the topics."""
        return those_among(rows, headed(topic__in=topics)) if topics else rows

    def with_verdict(self, rows: QuerySet[Any], name: str, verdicts: list[str]) -> QuerySet[Any]:
        """Keep claims with any of the ratings; "none" stands for claims without one."""
        ratings = ["" if verdict == "none" else verdict for verdict in verdicts]
        return rows.filter(rating__in=ratings) if verdicts else rows

    def with_stance(self, rows: QuerySet[Any], name: str, stances: list[str]) -> QuerySet[Any]:
        """Keep claims with any of the stances; "unknown" stands for claims without one."""
        if not stances:
            return rows
        known = Claim.objects.filter(stance__in=["" if one == "unknown" else one for one in stances])
        return rows.filter(**{f"{number_in(rows)}__in": known.order_by().values("pk")})

    def to_outlets(self, rows: QuerySet[Any], name: str, outlets: Any) -> QuerySet[Any]:
        """Keep claims made to any of the outlets."""
        return those_among(rows, headed(outlet__in=outlets)) if outlets else rows

    def said_from(self, rows: QuerySet[Any], name: str, day: date | None) -> QuerySet[Any]:
        """Keep claims made on or after the day."""
        return rows.filter(**{f"{day_in(rows)}__gte": day}) if day else rows

    def said_to(self, rows: QuerySet[Any], name: str, day: date | None) -> QuerySet[Any]:
        """Keep claims made on or before the day."""
        return rows.filter(**{f"{day_in(rows)}__lte": day}) if day else rows

    def in_order(self, rows: QuerySet[Claim], name: str, order: str) -> QuerySet[Claim]:
        """Order claims by one of SORTS, by default the newest first."""
        return rows.order_by(*self.SORTS[order or "newest"][1])

    @property
    def orders(self) -> list[tuple[str, str]]:
        """(value, label) of the orders to choose from."""
        return [(key, label) for key, (label, _) in self.SORTS.items()]

    @cached_property
    def members(self) -> list[int]:
        """The primary keys of the current members of the chosen parties."""
        parties = [party.pk for party in self.applied["party"]]
        members = Politician.objects.published().filter(party__in=parties).order_by()
        return list(members.values_list("pk", flat=True))

    @cached_property
    def party_of(self) -> dict[int, int | None]:
        """The primary key of each published politician's party, by that of the politician."""
        return counts.parties_of_people()

    @cached_property
    def tally(self) -> list[tuple[int | None, str, int]]:
        """(speaker, rating, number of claims) of the list without its speaker, party and verdict filters.

        With a filter that the claim index answers, the rows of the first such filter are counted: they are
        adjacent in the index.
        """
        besides = ("speaker", "party", "verdict")
        if self.among is not None:
            return self.counted(counts.claims_by_speaker_and_rating, *besides, of=self.among())
        for name, meant in self.HEADINGS.items():
            if chosen := self.applied.get(name):
                of = ClaimHeading.objects.published().filter(**meant(chosen))
                return self.counted(counts.claims_by_speaker_and_rating, *besides, of=of, done=(name,))
        rows = self.queryset.alias(day=NoIndex("said_on"))
        return self.counted(counts.by_speaker_and_rating, *besides, of=rows)

    @property
    def listed(self) -> QuerySet[Claim]:
        """The filtered claims in their order.

        A list of LONG claims or more is read in index order as far as the page shows it: SQLite would
        otherwise look up every claim in it and sort them. A shorter one is looked up by primary key: index
        order would scan all claims to find it.
        """
        if self.total < LONG:
            claims: QuerySet[Claim] = self.qs
        else:
            claims = self.filter_queryset(in_index_order(self.queryset))
        return claims

    def headings(self, **narrowing: Any) -> QuerySet[ClaimHeading]:
        """Return the published index rows of the claims in the list, filtered by `narrowing`."""
        headings = ClaimHeading.objects.published().filter(**narrowing)
        if self.among is None:
            return headings
        return self.among() if "person__isnull" in narrowing else those_among(headings, numbers(self.among()))

    def tallied(self, *besides: str) -> Iterator[tuple[int | None, str, int]]:
        """Yield the rows of `tally` that the speaker, party and verdict filters leave.

        Those of the three that are named in `besides` are not applied.
        """
        chosen = {name: self.applied.get(name) for name in ("speaker", "party", "verdict")}
        speakers, parties = ({row.pk for row in chosen[name] or ()} for name in ("speaker", "party"))
        ratings = {"" if verdict == "none" else verdict for verdict in chosen["verdict"] or ()}
        for speaker, rating, number in self.tally:
            if (
                ("speaker" in besides or not speakers or speaker in speakers)
                and ("verdict" in besides or not ratings or rating in ratings)
                and ("party" in besides or not parties or self.party_of.get(speaker or 0) in parties)
            ):
                yield speaker, rating, number

    @property
    def total(self) -> int:
        """The number of claims that all filters leave."""
        return sum(number for _, _, number in self.tallied())

    @property
    def facets(self) -> list[Facet]:
        """The facets of the claims browser: four grouped counts, each cached."""
        ratings, speakers, parties = Counter[str](), Counter[int](), Counter[int]()
        for _, rating, number in self.tallied("verdict"):
            ratings[rating] += number
        unnamed = 0
        for speaker, _, number in self.tallied("speaker"):
            if speaker in self.party_of:
                speakers[speaker] += number
            elif speaker is None:
                unnamed += number
        for speaker, _, number in self.tallied("party"):
            if party := self.party_of.get(speaker or 0):
                parties[party] += number
        spoken_about = self.counted(counts.by_person, "about", of=self.headings(person__isnull=False))
        about = {pk: number for pk, number in spoken_about.items() if pk in self.party_of}
        topics = self.counted(counts.by_topic, "topic", of=self.headings(topic__isnull=False))
        outlets = self.counted(counts.by_outlet, "outlet", of=self.headings(outlet__isnull=False))
        ranked = {"speaker": speakers, "party": parties, "about": about, "topic": topics, "outlet": outlets}
        verdicts = self.filters["verdict"].extra["choices"]
        return [
            self.facet(
                "verdict",
                [(value, label, ratings["" if value == "none" else value]) for value, label in verdicts],
            ),
            *self._with_unnamed(unnamed, self.ranked(ranked)),
        ]

    def _with_unnamed(self, number: int, facets: list[Facet]) -> list[Facet]:
        """Return the facets, that of speakers with NOT_NAMED as the last choice where there are some."""
        if not number and NOT_NAMED not in (self.applied.get("speaker") or ()):
            return facets
        of_speakers, *others = facets
        unnamed = self.facet("speaker", [(NOT_NAMED.slug, NOT_NAMED.name, number)])
        return [replace(of_speakers, values=(*of_speakers.values, *unnamed.values)), *others]


def in_index_order(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """Return claims whose order decides how they are read, not by whom they are nor which they are."""
    who = NoIndex("speaker_id", output_field=BigIntegerField())
    return claims.alias(number=NoIndex("pk"), who=who)


def slugs_of_outlets(given: list[str]) -> list[str]:
    """Return the slugs of outlets that are given by slug or by any name; what is neither, as it was given."""
    asked = {one for one in given[:MOST_VALUES] if one and len(one) <= LONGEST and "\x00" not in one}
    asked -= set(Outlet.objects.filter(slug__in=asked).values_list("slug", flat=True))
    if not asked:
        return given
    shown = Outlet.objects.published()  # of others no reader learns by what names they go
    keys = {one: outlet_key(one) for one in asked}
    former = dict(FormerSlug.objects.filter(kind="outlet", slug__in=asked).values_list("slug", "object_id"))
    slugs = dict(shown.filter(pk__in=former.values()).values_list("pk", "slug"))
    found = {slug: slugs[pk] for slug, pk in former.items() if pk in slugs}
    names = dict(shown.filter(names__key__in=keys.values()).values_list("names__key", "slug"))
    found |= {one: names[key] for one, key in keys.items() if key in names}
    return list(dict.fromkeys(found.get(one, one) for one in given))


def headed(**narrowing: Any) -> QuerySet[ClaimHeading, int]:
    """Return the primary keys of the claims with published index rows that match."""
    return numbers(ClaimHeading.objects.published().filter(**narrowing))


def numbers(headings: QuerySet[ClaimHeading]) -> QuerySet[ClaimHeading, int]:
    """Return the primary keys of the claims that index rows stand for."""
    return headings.values_list("claim", flat=True)


def those_among(rows: QuerySet[Any], claims: QuerySet[Any, Any]) -> QuerySet[Any]:
    """Keep those of the rows (claims or index rows) whose claim's primary key is among `claims`."""
    return rows.filter(**{f"{number_in(rows)}__in": claims})


def number_in(rows: QuerySet[Any]) -> str:
    """Return the name of the column with the claim's primary key in claims or index rows.

    "number" is the alias by which `ClaimFilter.listed` keeps SQLite from using the primary key.
    """
    if rows.model is not Claim:
        return "claim"
    return "number" if "number" in rows.query.annotations else "pk"


class NoIndex(Func):
    """A column written ``+column`` on SQLite, a planner hint not to use an index for it; plain elsewhere.

    SQLite expects a range of days or a choice of speakers to match few rows, and would look up each of a
    million claims by itself instead of scanning an index in which they are adjacent.
    See https://www.sqlite.org/optoverview.html (terms disqualified by a unary "+").
    """

    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Return the SQL with the unary plus."""
        return super().as_sql(compiler, connection, template="+%(expressions)s", **context)


def day_in(rows: QuerySet[Any]) -> str:
    """Return the name of the column with the day of the claim: the NoIndex alias where the rows have it."""
    return "day" if "day" in rows.query.annotations else "said_on"


def tagged(model: type[Article] | type[Claim], topics: Any) -> QuerySet[TaggedItem, int]:
    """Return the primary keys of a model's rows with any of the topics."""
    kind = ContentType.objects.get_for_model(model)
    items = TaggedItem.objects.filter(content_type=kind, tag__in=topics)
    numbers: QuerySet[TaggedItem, int] = items.values_list("object_id", flat=True)
    return numbers


class NamedFilter(ReportingFilterSet):
    """The filters of lists by name alone: topics and parties."""

    in_form = ("q",)

    q = django_filters.CharFilter(label="Name", max_length=LONGEST, method="named")
    letter = django_filters.CharFilter(label="Letter", max_length=1, method="under_letter")

    class Meta:
        fields: ClassVar[list[str]] = []

    def named(self, rows: QuerySet[Any], name: str, words: str) -> QuerySet[Any]:
        """Keep rows with every word in their name, case-insensitively."""
        for word in words.split()[:MOST_VALUES]:
            rows = rows.filter(name__icontains=word)
        return rows

    def under_letter(self, rows: QuerySet[Any], name: str, letter: str) -> QuerySet[Any]:
        """Keep rows whose name begins with the letter."""
        return rows.filter(name__istartswith=letter) if letter else rows


class OutletFilter(NamedFilter):
    """The filters of the list of outlets: by any of their names, and by letter without an article."""

    def named(self, rows: QuerySet[Any], name: str, words: str) -> QuerySet[Any]:
        """Keep outlets of which one name has every word, case-insensitively."""
        names = OutletName.objects.filter(outlet=OuterRef("pk"))
        for word in words.split()[:MOST_VALUES]:
            names = names.filter(name__icontains=word)
        return rows.filter(Exists(names)) if words else rows

    def under_letter(self, rows: QuerySet[Any], name: str, letter: str) -> QuerySet[Any]:
        """Keep outlets whose name begins with the letter."""
        return rows.filter(key__istartswith=letter) if letter else rows


class PoliticianFilter(ReportingFilterSet):
    """The filters of the list of politicians."""

    in_form = ("q",)

    q = django_filters.CharFilter(label="Name", max_length=LONGEST, method="named")
    party = SlugsFilter(label="Party", queryset=lambda request: published_parties(), method="of_parties")
    letter = django_filters.CharFilter(label="Letter", max_length=1, method="under_letter")

    class Meta:
        model = Politician
        fields: ClassVar[list[str]] = []

    def named(self, rows: QuerySet[Politician], name: str, words: str) -> QuerySet[Politician]:
        """Keep people with every word in their name or in one of their other names, case-insensitively."""
        for word in words.split()[:MOST_VALUES]:
            others = OtherName.objects.filter(politician=OuterRef("pk"), name__icontains=word)
            rows = rows.filter(Q(name__icontains=word) | Exists(others))
        return rows

    def of_parties(self, rows: QuerySet[Politician], name: str, parties: Any) -> QuerySet[Politician]:
        """Keep members of any of the parties."""
        return rows.filter(party__in=parties) if parties else rows

    def under_letter(self, rows: QuerySet[Politician], name: str, letter: str) -> QuerySet[Politician]:
        """Keep people whose sort name (surname first) begins with the letter."""
        return rows.filter(sort_name__istartswith=letter) if letter else rows

    @property
    def facets(self) -> list[Facet]:
        """The facet of the list of politicians."""
        return self.ranked({"party": counts.by(self.besides("party"), "party")})
