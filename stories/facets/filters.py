"""What readers can narrow the lists by. A filter that cannot be applied is told, never silently dropped."""

import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import django_filters
from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.functional import cached_property
from taggit.models import Tag, TaggedItem

from stories import search
from stories.facets import counts
from stories.models import Article, Author, Claim, ClaimHeading, OtherName, Party, Politician, StoryPerson
from stories.models.topic_visibility import published_authors, published_parties, published_topics

LONGEST = 200  # characters of any value
MOST_VALUES = 20  # of one filter
FACET_VALUES = 12
LONG = 10_000  # claims in a list of which only the head is to be read
# What other sites and mail programs hang on an address; it narrows nothing.
NOT_OURS = ("utm_", "fbclid", "gclid", "mc_cid", "mc_eid", "ref")

Counts = TypeVar("Counts")

if TYPE_CHECKING:  # only the stubs know of what model its rows are
    ModelMultipleChoiceField = forms.ModelMultipleChoiceField[Any]
else:
    ModelMultipleChoiceField = forms.ModelMultipleChoiceField


class SlugsField(ModelMultipleChoiceField):
    """Rows named by their slugs; one that is not there is named in the message."""

    default_error_messages = {"invalid_choice": "nothing here is called “%(value)s”"}

    def clean(self, value: Any) -> Any:
        values = [slug for slug in value or () if slug]
        if len(values) > MOST_VALUES:
            raise forms.ValidationError(f"no more than {MOST_VALUES} at once")
        if too_long := next((slug for slug in values if len(slug) > LONGEST or "\x00" in slug), None):
            raise forms.ValidationError(f"nothing here is called “{too_long[:30]}…”")
        return super().clean(values)


class SlugsFilter(django_filters.ModelMultipleChoiceFilter):
    field_class = SlugsField

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(to_field_name="slug", **kwargs)


class ChoicesField(django_filters.fields.MultipleChoiceField):
    default_error_messages = {"invalid_choice": "there is no “%(value)s”"}

    def clean(self, value: Any) -> Any:
        return super().clean([one for one in value or () if one])


class ChoicesFilter(django_filters.MultipleChoiceFilter):
    field_class = ChoicesField


class DayFilter(django_filters.DateFilter):
    def __init__(self, **kwargs: Any) -> None:
        messages = {"invalid": "a date is written like 2014-11-08"}
        super().__init__(input_formats=["%Y-%m-%d"], error_messages=messages, **kwargs)


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value a list can be narrowed to: how many rows that leaves, and the query with it put on or off."""

    value: str
    label: str
    count: int
    selected: bool
    query: str


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    label: str
    values: tuple[FacetValue, ...]

    @property
    def is_chosen(self) -> bool:
        return any(value.selected for value in self.values)


class ReportingFilterSet(django_filters.FilterSet):
    """A FilterSet that says what it could not apply: unknown names, malformed values, doubled ones."""

    in_form: tuple[str, ...] = ()  # the filters that the page's form has a field for; facets have the others

    def __init__(self, *args: Any, known_as: str = "", **kwargs: Any) -> None:
        """`known_as` names the rows that are narrowed, so that their counts can be kept for a while."""
        super().__init__(*args, **kwargs)
        self.known_as = known_as

    @property
    def problems(self) -> list[str]:
        """One sentence for each thing in the query string that was left out, in its order."""
        return list(self._problems())

    def _problems(self) -> Iterator[str]:
        for name, values in self.given.lists():
            if name not in self.filters:
                if not name.startswith(NOT_OURS):
                    yield f"There is no filter called “{name[:40]}”, so it was left out."
                continue
            label = self.filters[name].label
            for message in self.form.errors.get(name, ()):
                yield f"{label}: {str(message).rstrip('.')}, so this filter was left out."
            if len(values) > 1 and not isinstance(self.filters[name], SlugsFilter | ChoicesFilter):
                yield f"{label}: given more than once, so only the last one counts."

    @property
    def given(self) -> QueryDict:
        """The query string without the page number and without what is empty."""
        given = QueryDict(mutable=True)
        for name, values in self.data.lists():
            kept = [value for value in values if value]
            if kept and name != "page":
                given.setlist(name, kept)
        return given

    @property
    def query(self) -> str:
        """The filters that were applied, as a query string: the list's address without its page."""
        return self._applied().urlencode()

    def _applied(self) -> QueryDict:
        applied = self.given
        for name in list(applied):
            if name not in self.filters or name in self.form.errors:
                del applied[name]
        return applied

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The filters in force that the form beside the list has no field for: its hidden inputs."""
        return [
            (name, value)
            for name, values in self._applied().lists()
            if name not in self.in_form
            for value in values
        ]

    @property
    def values(self) -> dict[str, str]:
        """What stands in the form's own fields."""
        applied = self._applied()
        return {name: applied.get(name, "") for name in self.filters}

    @property
    def is_narrowed(self) -> bool:
        return any(name != "sort" for name in self._applied())

    @property
    def chosen(self) -> list[FacetValue]:
        """Every filter in force, with the address of the list without it."""
        chosen = []
        for name, values in self._applied().lists():
            if name == "sort":
                continue
            names = self._names(name)
            for value in values:
                label = f"{self.filters[name].label}: {names.get(value, value)}"
                chosen.append(FacetValue(value, label, 0, True, self.toggled(name, value)))
        return chosen

    def _names(self, name: str) -> dict[str, str]:
        rows = self.form.cleaned_data.get(name)
        if isinstance(self.filters[name], SlugsFilter):
            return {row.slug: str(row) for row in rows or ()}
        if isinstance(self.filters[name], ChoicesFilter):
            return {str(value): str(label) for value, label in self.filters[name].extra["choices"]}
        return {}

    def toggled(self, name: str, value: str) -> str:
        """The query string with one value of one filter put on, or taken off when it is on."""
        query = self._applied()
        values = query.getlist(name)
        query.setlist(name, [one for one in values if one != value] if value in values else [*values, value])
        if not query.getlist(name):
            del query[name]
        return query.urlencode()

    @property
    def applied(self) -> dict[str, Any]:
        """The value of each filter; those that cannot be applied are not in it."""
        self.form.is_valid()
        values: dict[str, Any] = self.form.cleaned_data
        return values

    def besides(self, *names: str, of: QuerySet[Any] | None = None) -> QuerySet[Any]:
        """The rows that all filters but those leave: what their facets count.

        `of` may be rows that stand for the filtered ones, and have what is filtered by under the same names.
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
        """What `ask` counts among the rows (or what stands for them) that all filters but those leave.

        `done`: the filters that `of` has been narrowed by already.
        """
        if not self.known_as:
            return ask(self.besides(*names, *done, of=of))
        applied = sorted((name, sorted(values)) for name, values in self._applied().lists())
        others = [pair for pair in applied if pair[0] not in {*names, "sort"}]
        return counts.cached_for(self.known_as, ask, lambda: self.besides(*names, *done, of=of), others)

    def facet(self, name: str, counted: Iterable[tuple[str, str, int]]) -> Facet:
        """A facet from (value, label, count), in that order; what is chosen stays in it, however rare."""
        selected = set(self._applied().getlist(name))
        values = [
            FacetValue(str(value), str(label), count, str(value) in selected, self.toggled(name, str(value)))
            for value, label, count in counted
        ]
        shown = [value for place, value in enumerate(values) if place < FACET_VALUES or value.selected]
        return Facet(name, str(self.filters[name].label), tuple(shown))

    def ranked(self, name: str, numbers: dict[int, int], rows: QuerySet[Any], label: str) -> Facet:
        """The facet of the rows with the highest numbers and of those chosen; only these are read."""
        chosen = {row.pk for row in self.applied.get(name) or ()}
        best = heapq.nlargest(FACET_VALUES, numbers, key=lambda pk: (numbers[pk], -pk))
        named = rows.filter(pk__in={*best, *chosen}).order_by(label)
        values = [(row.slug, str(row), numbers.get(row.pk, 0)) for row in named]
        return self.facet(name, sorted(values, key=lambda value: -value[2]))


class ArticleFilter(ReportingFilterSet):
    in_form = ("after", "before")

    topic = SlugsFilter(label="Topic", queryset=lambda request: published_topics(), method="on_topics")
    author = SlugsFilter(label="Author", queryset=lambda request: published_authors(), method="by_authors")
    person = SlugsFilter(label="Person", queryset=Politician.objects.published(), method="with_people")
    after = DayFilter(label="From", field_name="published_at", lookup_expr="date__gte")
    before = DayFilter(label="To", field_name="published_at", lookup_expr="date__lte")

    class Meta:
        model = Article
        fields: list[str] = []

    def on_topics(self, rows: QuerySet[Article], name: str, topics: Any) -> QuerySet[Article]:
        return rows.filter(pk__in=tagged(Article, topics)) if topics else rows

    def by_authors(self, rows: QuerySet[Article], name: str, authors: Any) -> QuerySet[Article]:
        theirs = Author.articles.through.objects.filter(article=OuterRef("pk"), author__in=authors)
        return rows.filter(Exists(theirs)) if authors else rows

    def with_people(self, rows: QuerySet[Article], name: str, people: Any) -> QuerySet[Article]:
        """Stories that quote them, or a claim about them."""
        named = StoryPerson.objects.published().filter(person__in=people)
        return rows.filter(pk__in=named.values("article")) if people else rows

    @property
    def facets(self) -> list[Facet]:
        topics = self.counted(counts.by_tag, "topic")
        authors = self.counted(counts.by_author, "author")
        return [
            self.ranked("topic", topics, Tag.objects.all(), "name"),
            self.ranked("author", authors, Author.objects.all(), "name"),
        ]


class ClaimFilter(ReportingFilterSet):
    in_form = ("q", "after", "before", "stance", "sort")
    HEADINGS: dict[str, Callable[[Any], dict[str, Any]]] = {
        "about": lambda people: {"person__in": people},
        "topic": lambda topics: {"topic__in": topics},
        "outlet": lambda outlet: {"outlet__in": outlets_meant(outlet)},
    }
    SORTS: ClassVar[dict[str, tuple[str, list[Any]]]] = {
        "newest": ("Newest first", [F("said_on").desc(nulls_last=True), "-pk"]),
        "oldest": ("Oldest first", ["said_on", "pk"]),
        "checked": ("Checked last", [F("checked_at").desc(nulls_last=True), "-pk"]),
    }

    q = django_filters.CharFilter(label="Words", max_length=LONGEST, method="with_words")
    speaker = SlugsFilter(label="Speaker", queryset=Politician.objects.published(), method="said_by")
    party = SlugsFilter(label="Party", queryset=lambda request: published_parties(), method="of_parties")
    about = SlugsFilter(label="About", queryset=Politician.objects.published(), method="about_people")
    topic = SlugsFilter(label="Topic", queryset=lambda request: published_topics(), method="on_topics")
    verdict = ChoicesFilter(
        label="Verdict", choices=[*Claim.Rating.choices, ("none", "Not rated")], method="with_verdict"
    )
    kind = ChoicesFilter(label="Kind", choices=Claim.Kind.choices, field_name="kind")
    stance = ChoicesFilter(
        label="What they did with the words",
        choices=[*Claim.Stance.choices, ("unknown", "Not known")],
        method="with_stance",
    )
    outlet = django_filters.CharFilter(label="Told to", max_length=LONGEST, method="told_to")
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
        fields: list[str] = []

    def __init__(
        self, *args: Any, among: Callable[[], QuerySet[ClaimHeading]] | None = None, **kwargs: Any
    ) -> None:
        """`among`: the headings that the claims stand under, when not all that are published."""
        super().__init__(*args, **kwargs)
        self.among = among

    # Each of these narrows claims, and just so the headings that stand for them.

    def with_words(self, rows: QuerySet[Any], name: str, words: str) -> QuerySet[Any]:
        """Claims that hold every one of the words, by their stems; what is no word is in none of them."""
        if not words:
            return rows
        if not search.Query.parse(words):
            return rows.none()
        return search.narrowed(rows, words, kind="claim", by=number_in(rows))

    def said_by(self, rows: QuerySet[Any], name: str, people: Any) -> QuerySet[Any]:
        return rows.filter(speaker__in=people) if people else rows

    def of_parties(self, rows: QuerySet[Any], name: str, parties: Any) -> QuerySet[Any]:
        members = Politician.objects.published().filter(party__in=parties).order_by()
        return rows.filter(speaker__in=members.values("pk")) if parties else rows

    def about_people(self, rows: QuerySet[Any], name: str, people: Any) -> QuerySet[Any]:
        return those_among(rows, headed(person__in=people)) if people else rows

    def on_topics(self, rows: QuerySet[Any], name: str, topics: Any) -> QuerySet[Any]:
        return those_among(rows, headed(topic__in=topics)) if topics else rows

    def with_verdict(self, rows: QuerySet[Any], name: str, verdicts: list[str]) -> QuerySet[Any]:
        ratings = ["" if verdict == "none" else verdict for verdict in verdicts]
        return rows.filter(rating__in=ratings) if verdicts else rows

    def with_stance(self, rows: QuerySet[Any], name: str, stances: list[str]) -> QuerySet[Any]:
        if not stances:
            return rows
        known = Claim.objects.filter(stance__in=["" if one == "unknown" else one for one in stances])
        return rows.filter(**{f"{number_in(rows)}__in": known.order_by().values("pk")})

    def told_to(self, rows: QuerySet[Any], name: str, outlet: str) -> QuerySet[Any]:
        """Claims told to an outlet; where none is spelt so, to those that differ by their capitals alone."""
        return those_among(rows, headed(outlet__in=outlets_meant(outlet))) if outlet else rows

    def said_from(self, rows: QuerySet[Any], name: str, day: date | None) -> QuerySet[Any]:
        return rows.filter(**{f"{day_in(rows)}__gte": day}) if day else rows

    def said_to(self, rows: QuerySet[Any], name: str, day: date | None) -> QuerySet[Any]:
        return rows.filter(**{f"{day_in(rows)}__lte": day}) if day else rows

    def in_order(self, rows: QuerySet[Claim], name: str, order: str) -> QuerySet[Claim]:
        return rows.order_by(*self.SORTS[order or "newest"][1])

    @property
    def orders(self) -> list[tuple[str, str]]:
        return [(key, label) for key, (label, _) in self.SORTS.items()]

    @cached_property
    def party_of(self) -> dict[int, int | None]:
        return counts.parties_of_people()

    @cached_property
    def tally(self) -> list[tuple[int | None, str, int]]:
        """(speaker, rating, how many) of what all filters but speaker, party and verdict leave.

        Claims under a heading are counted where they stand together, under the first that is chosen.
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
        """The claims in their order. A long list is walked as far as it is shown: SQLite would look up each
        claim in it and sort them all. A short one is looked up: it could be anywhere among a million."""
        if self.total < LONG:
            claims: QuerySet[Claim] = self.qs
        else:
            claims = self.filter_queryset(self.queryset.alias(number=NoIndex("pk")))
        return claims

    def headings(self, **narrowing: Any) -> QuerySet[ClaimHeading]:
        """The headings that the claims stand under."""
        headings = ClaimHeading.objects.published().filter(**narrowing)
        if self.among is None:
            return headings
        return self.among() if "person__isnull" in narrowing else those_among(headings, numbers(self.among()))

    def tallied(self, *besides: str) -> Iterator[tuple[int | None, str, int]]:
        """That part of the tally which speaker, party and verdict leave too, but for those named."""
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
        """How many claims all filters leave."""
        return sum(number for _, _, number in self.tallied())

    @property
    def facets(self) -> list[Facet]:
        """The facets of the claims browser: four walks over the claims, whatever is in them."""
        ratings, speakers, parties = Counter[str](), Counter[int](), Counter[int]()
        for _, rating, number in self.tallied("verdict"):
            ratings[rating] += number
        for speaker, _, number in self.tallied("speaker"):
            if speaker in self.party_of:
                speakers[speaker] += number
        for speaker, _, number in self.tallied("party"):
            if party := self.party_of.get(speaker or 0):
                parties[party] += number
        spoken_about = self.counted(counts.by_person, "about", of=self.headings(person__isnull=False))
        about = {pk: number for pk, number in spoken_about.items() if pk in self.party_of}
        topics = self.counted(counts.by_topic, "topic", of=self.headings(topic__isnull=False))
        verdicts = self.filters["verdict"].extra["choices"]
        people = Politician.objects.published()
        return [
            self.facet(
                "verdict",
                [(value, label, ratings["" if value == "none" else value]) for value, label in verdicts],
            ),
            self.ranked("speaker", speakers, people, "sort_name"),
            self.ranked("party", parties, Party.objects.all(), "name"),
            self.ranked("about", about, people, "sort_name"),
            self.ranked("topic", topics, Tag.objects.all(), "name"),
            self.facet("outlet", self._outlets()),
        ]

    def _outlets(self) -> list[tuple[str, str, int]]:
        told = self.counted(counts.by_outlet, "outlet", of=self.headings(outlet__isnull=False))
        chosen = self._applied().getlist("outlet")
        best = heapq.nsmallest(FACET_VALUES, told, key=lambda outlet: (-told[outlet], outlet))
        return [(outlet, outlet, told.get(outlet, 0)) for outlet in dict.fromkeys([*best, *chosen])]


def outlets_meant(outlet: str) -> list[str]:
    known = counts.of_outlets()
    like = [one for one in known if one.casefold() == outlet.casefold()]
    return [outlet] if outlet in known else [outlet, *like]


def headed(**narrowing: Any) -> QuerySet[ClaimHeading, int]:
    """The claims, by number, that readers find under some headings."""
    return numbers(ClaimHeading.objects.published().filter(**narrowing))


def numbers(headings: QuerySet[ClaimHeading]) -> QuerySet[ClaimHeading, int]:
    return headings.values_list("claim", flat=True)


def those_among(rows: QuerySet[Any], claims: QuerySet[Any, Any]) -> QuerySet[Any]:
    """Of claims, or of the headings that stand for claims, those of the claims with these numbers."""
    return rows.filter(**{f"{number_in(rows)}__in": claims})


def number_in(rows: QuerySet[Any]) -> str:
    """The column in which a claim, or a heading that stands for one, has the claim's number."""
    if rows.model is not Claim:
        return "claim"
    return "number" if "number" in rows.query.annotations else "pk"


class NoIndex(Func):
    """A column that SQLite is not to use an index for: written there as ``+column``, a hint to its planner.

    SQLite takes a span of days, or all people but a few, for few rows, and would look up each of a million
    claims by itself instead of reading them in the order of the index in which they stand together.
    See https://www.sqlite.org/optoverview.html (disqualifying terms by a unary "+").
    """

    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return super().as_sql(compiler, connection, template="+%(expressions)s", **context)


def day_in(rows: QuerySet[Any]) -> str:
    return "day" if "day" in rows.query.annotations else "said_on"


def tagged(model: type[Article] | type[Claim], topics: Any) -> QuerySet[TaggedItem, int]:
    """The primary keys of a model's rows that carry any of the topics."""
    kind = ContentType.objects.get_for_model(model)
    items = TaggedItem.objects.filter(content_type=kind, tag__in=topics)
    numbers: QuerySet[TaggedItem, int] = items.values_list("object_id", flat=True)
    return numbers


class NamedFilter(ReportingFilterSet):
    """Things that readers look for by the name alone: topics and parties."""

    in_form = ("q",)

    q = django_filters.CharFilter(label="Name", max_length=LONGEST, method="named")
    letter = django_filters.CharFilter(label="Letter", max_length=1, method="under_letter")

    class Meta:
        fields: list[str] = []

    def named(self, rows: QuerySet[Any], name: str, words: str) -> QuerySet[Any]:
        """Those with every one of the words in their name."""
        for word in words.split()[:MOST_VALUES]:
            rows = rows.filter(name__icontains=word)
        return rows

    def under_letter(self, rows: QuerySet[Any], name: str, letter: str) -> QuerySet[Any]:
        return rows.filter(name__istartswith=letter) if letter else rows


class PoliticianFilter(ReportingFilterSet):
    in_form = ("q",)

    q = django_filters.CharFilter(label="Name", max_length=LONGEST, method="named")
    party = SlugsFilter(label="Party", queryset=lambda request: published_parties(), method="of_parties")
    letter = django_filters.CharFilter(label="Letter", max_length=1, method="under_letter")

    class Meta:
        model = Politician
        fields: list[str] = []

    def named(self, rows: QuerySet[Politician], name: str, words: str) -> QuerySet[Politician]:
        """People with every one of the words in their name, or in one of their other names."""
        for word in words.split()[:MOST_VALUES]:
            others = OtherName.objects.filter(politician=OuterRef("pk"), name__icontains=word)
            rows = rows.filter(Q(name__icontains=word) | Exists(others))
        return rows

    def of_parties(self, rows: QuerySet[Politician], name: str, parties: Any) -> QuerySet[Politician]:
        return rows.filter(party__in=parties) if parties else rows

    def under_letter(self, rows: QuerySet[Politician], name: str, letter: str) -> QuerySet[Politician]:
        return rows.filter(sort_name__istartswith=letter) if letter else rows

    @property
    def facets(self) -> list[Facet]:
        return [self.ranked("party", counts.by(self.besides("party"), "party"), Party.objects.all(), "name")]
