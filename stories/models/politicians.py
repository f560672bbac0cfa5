"""People on the record: who they are, what they are called, what they held and when."""

from unicodedata import normalize

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from stories.models.fields import LineField, PictureField
from stories.models.slugs import Slugged
from stories.text.sources import office

# Words that belong to the family name behind them; with a capital those of the second list are given names.
_PARTICLES = frozenset(
    "ní nic nig ó ua uí mac mc mhic giolla de del di da do dos das du des la le las los van von vom zu zum "
    "zur der den het 't ’t te ten ter ap af av".split()
)
_SMALL_PARTICLES = frozenset("della delle dello degli ab al el bin ibn bint ben y e i".split())
_JOINS_FAMILIES = frozenset("y e i".split())  # "Orde y Tarrant"
_SUFFIXES = frozenset("Jr Jr. Sr Sr. II III IV".split())


def sort_name_of(name: str) -> str:
    """Put the family name first, its particles and suffix with it; a single word stays as it is.

    “Ada Lowther” → “Lowther, Ada”; “Zoë Ní Orde” → “Ní Orde, Zoë”; “Bram de Orde Jr” → “de Orde Jr, Bram”.
    """
    words = normalize("NFC", name).split()
    first = len(words) - 1
    while first > 1 and words[first] in _SUFFIXES:
        first -= 1
    while first > 1 and (words[first - 1].lower() in _PARTICLES or words[first - 1] in _SMALL_PARTICLES):
        first -= 2 if words[first - 1] in _JOINS_FAMILIES and first > 2 else 1
    given, family = " ".join(words[:first]), " ".join(words[first:])
    return f"{family}, {given}" if given else family


class Party(Slugged):
    """A party, as it is now."""

    name = LineField(max_length=120, unique=True)
    short_name = LineField(max_length=30, blank=True)
    colour = models.CharField(
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", "A colour is written like #0057b7.")],
        help_text="Like #0057b7; used as a small mark, never alone.",
    )

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "parties"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The path of the party's page."""
        return str(reverse("stories:party", args=[self.slug]))

    @property
    def label(self) -> str:
        """The short name, where the party has one."""
        return self.short_name or self.name


class PoliticianQuerySet(models.QuerySet["Politician"]):
    """People by who may see them."""

    def published(self) -> "PoliticianQuerySet":
        """People readers may see: confirmed by the desk, and not merged into another record."""
        return self.filter(confirmed=True, merged_into__isnull=True)

    def current(self) -> "PoliticianQuerySet":
        """Every record that is not merged into another, confirmed or not."""
        return self.filter(merged_into__isnull=True)


class Politician(Slugged):
    """A person who is quoted: name, party and role as they are now, and what the desk knows of them."""

    name = LineField(max_length=150, db_index=True)
    sort_name = models.CharField(max_length=150, blank=True, db_index=True, help_text="Family name first.")
    party = models.ForeignKey(
        Party, null=True, blank=True, on_delete=models.SET_NULL, related_name="politicians"
    )
    role = models.CharField("role now", max_length=200, blank=True)
    summary = models.TextField(blank=True)
    portrait = PictureField(upload_to="people/", blank=True)
    portrait_alt = models.CharField("alternative text", max_length=250, blank=True)
    portrait_credit = models.CharField("credit", max_length=150, blank=True)
    confirmed = models.BooleanField(
        default=False,
        db_index=True,
        help_text="The record has been checked. Readers see only confirmed records.",
    )
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="merged_from"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    imported_in = models.ForeignKey(
        "ImportRun",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="politicians",
    )

    objects = PoliticianQuerySet.as_manager()

    class Meta:
        ordering = ["sort_name", "pk"]
        verbose_name = "person"
        verbose_name_plural = "people"
        permissions = [("merge_politician", "Can merge and unmerge people")]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="politician_has_name"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="politician_not_merged_into_self",
            ),
            models.CheckConstraint(
                condition=Q(portrait="") | ~Q(portrait_alt=""), name="politician_portrait_has_alt"
            ),
        ]
        indexes = [
            models.Index(fields=["portrait"], condition=~Q(portrait=""), name="politician_portrait"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        """As Django's; a row without a `sort_name` gets one."""
        if not self.sort_name:
            self.sort_name = sort_name_of(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """The path of the person's page."""
        return str(reverse("stories:politician", args=[self.slug]))

    @property
    def office(self) -> str:
        """The role in a form that can stand behind the name and beside the party."""
        return office(self.role, self.party.name if self.party else "")

    @property
    def is_published(self) -> bool:
        """Whether readers may see the record: of one loaded row, what `published()` asks of many."""
        return self.confirmed and self.merged_into_id is None


class Dated(models.Model):
    """Something that held from one day to another; either may be unknown."""

    start_date = models.DateField("from", null=True, blank=True)
    end_date = models.DateField("to", null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(start_date__isnull=True)
                | Q(end_date__isnull=True)
                | Q(start_date__lte=F("end_date")),
                name="%(class)s_dates_in_order",
            )
        ]


class OtherName(Dated):
    """Another name the person is or was printed under (Popolo's `other_names`)."""

    politician = models.ForeignKey(Politician, on_delete=models.CASCADE, related_name="other_names")
    name = LineField(max_length=150, db_index=True)
    note = models.CharField(max_length=150, blank=True)

    class Meta(Dated.Meta):
        ordering = ["name"]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["politician", "name"], name="other_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Identifier(models.Model):
    """The person's number in somebody else's register: Wikidata, Parliament, TheyWorkForYou."""

    politician = models.ForeignKey(Politician, on_delete=models.CASCADE, related_name="identifiers")
    scheme = models.CharField(max_length=50, help_text="wikidata, parliament, theyworkforyou …")
    value = models.CharField(max_length=100)

    class Meta:
        ordering = ["scheme"]
        constraints = [models.UniqueConstraint(fields=["scheme", "value"], name="identifier_once")]

    def __str__(self) -> str:
        return f"{self.scheme}: {self.value}"


class Membership(Dated):
    """A party or body the person belongs to, in a role, for a time (Popolo's `memberships`)."""

    politician = models.ForeignKey(Politician, on_delete=models.CASCADE, related_name="memberships")
    party = models.ForeignKey(
        Party, null=True, blank=True, on_delete=models.CASCADE, related_name="memberships"
    )
    body = models.CharField(max_length=150, blank=True, help_text="A parliament, a council, a government.")
    role = models.CharField(max_length=200, blank=True)

    class Meta(Dated.Meta):
        ordering = ["-start_date", "-pk"]
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=Q(party__isnull=False) | ~Q(body="") | ~Q(role=""),
                name="membership_says_something",
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(filter(None, [self.role, self.body or (self.party.name if self.party else "")]))


class DistinctPair(models.Model):
    """Two records that look alike and that an editor has said are not the same person."""

    first = models.ForeignKey(Politician, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Politician, on_delete=models.CASCADE, related_name="+")
    said_by = models.ForeignKey("auth.User", null=True, on_delete=models.SET_NULL, related_name="+")
    said_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "pair of different people"
        verbose_name_plural = "pairs of different people"
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="distinct_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="distinct_pair_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first} is not {self.second}"
