"""To whom things were said: newspapers, broadcasters, programmes, each under all the names it is printed by.

A story prints "BBC1", "the Today programme": those words stay in the appearance. They lead to a record by
their key (`text.normalise.outlet_key`), and a name of an outlet has a key, too::

    Appearance.outlet  =  OutletWords.words, OutletWords.key  =  OutletName.key, OutletName.outlet

So no row of an appearance is written when an outlet gets another name or is merged, whatever number of claims
that moves. Whose key is nobody's name is no outlet: reporters, a committee, a person.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from stories.models.claim_index import ClaimHeading
from stories.models.fields import LineField, on_the_web
from stories.models.slugs import Slugged
from stories.text.normalise import outlet_key

if TYPE_CHECKING:  # only the stubs know what a field takes and gives
    CharColumn = models.CharField[str, str]
else:
    CharColumn = models.CharField

LONGEST = 150  # characters, as many as `Appearance.outlet` has


class OutletKeyField(CharColumn):
    """`outlet_key()` of the column named `of`, derived again at every save and in bulk_create."""

    def __init__(self, *args: Any, of: str = "name", **kwargs: Any) -> None:
        self.of = of
        super().__init__(*args, **kwargs | {"max_length": 2 * LONGEST, "editable": False})

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """As a CharField's: migrations need not know this class."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Make the key anew and put it on the row, too."""
        key = outlet_key(getattr(model_instance, self.of))
        setattr(model_instance, self.attname, key)
        return key


class OutletQuerySet(models.QuerySet["Outlet"]):
    """Outlets by who may see them."""

    def published(self) -> "OutletQuerySet":
        """Outlets to which something was said that readers may see."""
        return self.filter(Exists(ClaimHeading.objects.published().filter(outlet=OuterRef("pk"))))


class Outlet(Slugged):
    """A newspaper, a broadcaster, a programme: whatever people give their words to."""

    class Kind(models.TextChoices):
        NEWSPAPER = "newspaper", "Newspaper or magazine"
        BROADCASTER = "broadcaster", "Broadcaster"
        PROGRAMME = "programme", "Programme"
        AGENCY = "agency", "News agency"
        WEBSITE = "website", "Website"
        SOCIAL = "social", "Social network"

    name = LineField(max_length=LONGEST, help_text="As readers know it: The Guardian, BBC One.")
    key = OutletKeyField(unique=True)
    kind = models.CharField(max_length=15, choices=Kind, blank=True)
    website = models.URLField(blank=True)

    objects = OutletQuerySet.as_manager()

    class Meta:
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(condition=~Q(key=""), name="outlet_has_name"),
            on_the_web("website", "outlet_website_on_the_web"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The path of the outlet's page."""
        return str(reverse("stories:outlet", args=[self.slug]))

    def other_names(self) -> models.QuerySet["OutletName"]:
        """The names that stories print for it, without its own."""
        return self.names.exclude(key=self.key)


class OutletName(models.Model):
    """A name of an outlet, its own among them. No two outlets have names with one key."""

    outlet = models.ForeignKey(Outlet, on_delete=models.CASCADE, related_name="names")
    name = LineField(max_length=LONGEST)
    key = OutletKeyField(unique=True)

    class Meta:
        ordering = ["key"]
        verbose_name = "other name"
        constraints = [models.CheckConstraint(condition=~Q(key=""), name="outlet_name_has_letters")]

    def __str__(self) -> str:
        return self.name


class OutletWords(models.Model):
    """Words that stories print for whoever was told, exactly as they stand there, and their key."""

    words = models.CharField(max_length=LONGEST, unique=True)
    key = OutletKeyField(of="words", db_index=True)

    class Meta:
        ordering = ["words"]
        verbose_name = verbose_name_plural = "words for who was told"

    def __str__(self) -> str:
        return self.words
