"""The library of pictures: each file once, with what it shows, whose it is and what matters in it."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from stories.models import renditions
from stories.models.articles import Article
from stories.models.fields import LineField, PictureField, WordsField, a_day_that_can_be_meant
from stories.models.picture_uses import PictureUse
from stories.text.moments import day

if TYPE_CHECKING:
    Fraction = models.FloatField[float, float]
else:
    Fraction = models.FloatField


def fraction(label: str, help_text: str) -> Fraction:
    """Return a column for a place in a picture, from 0 to 1; the middle if nothing is said."""
    limits = [MinValueValidator(0.0), MaxValueValidator(1.0)]
    return models.FloatField(label, default=0.5, validators=limits, help_text=help_text)


class PictureQuerySet(models.QuerySet["Picture"]):
    """Pictures by what shows them."""

    def with_use(self) -> "PictureQuerySet":
        """With the number of stories that show it, on top or in their text, as `used_count`."""
        leads = Article.objects.order_by().filter(lead_image=OuterRef("file")).values("lead_image")
        inside = PictureUse.objects.order_by().filter(file=OuterRef("file")).values("file")
        both = inside.filter(article__in=Article.objects.filter(lead_image=OuterRef("file")).values("pk"))
        return self.annotate(
            used_count=_number(leads, "pk") + _number(inside, "article") - _number(both, "article")
        )

    def inside_published(self) -> "PictureQuerySet":
        """Pictures in the text of a story that readers may see."""
        return self.filter(Exists(PictureUse.objects.published().filter(file=OuterRef("file"))))

    def focus_of(self, name: str) -> tuple[float, float] | None:
        """Return the focal point of the picture in a stored file; None if the library has none such."""
        return self.filter(file=name).values_list("focus_x", "focus_y").first()


def _number(rows: models.QuerySet[Any], of: str) -> Coalesce:
    """How many different values `of` has in `rows`, which are grouped."""
    counted = Subquery(
        rows.annotate(n=Count(of, distinct=True)).values("n"), output_field=models.IntegerField()
    )
    return Coalesce(counted, 0)


class Picture(models.Model):
    """A picture that stories can show. A story names it by its `file`, whose name is never given twice."""

    file = PictureField("picture", upload_to="stories/%Y/%m/", unique=True)
    # Of the file as it was sent; of pictures that were there before the library, of the file as it is stored.
    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    file_name = LineField(max_length=200, blank=True, editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    description = LineField(
        "what it shows",
        max_length=250,
        help_text="For readers who cannot see it. Each story that shows it begins with these words.",
    )
    caption = LineField(
        max_length=300, blank=True, help_text="Under the picture, until a story says otherwise."
    )
    credit = LineField(max_length=150, blank=True, help_text="Whom readers are told it is by.")
    rights = WordsField(
        "rights and licence",
        max_length=1000,
        blank=True,
        help_text="For the desk only: whose it is, and what was agreed.",
    )
    use_until = models.DateField(
        "last day of use",
        null=True,
        blank=True,
        validators=[a_day_that_can_be_meant],
        help_text="After this day stories that show it are warned of. Empty: no end.",
    )
    focus_x = fraction("focal point, across", "0 is the left edge, 1 the right.")
    focus_y = fraction("focal point, down", "0 is the upper edge, 1 the lower.")
    added_at = models.DateTimeField("added", default=timezone.now, editable=False, db_index=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = PictureQuerySet.as_manager()

    class Meta:
        ordering = ["-added_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(focus_x__gte=0, focus_x__lte=1, focus_y__gte=0, focus_y__lte=1),
                name="picture_focus_is_in_it",
            ),
            models.CheckConstraint(condition=Q(width__gte=1, height__gte=1), name="picture_has_a_size"),
        ]

    def __str__(self) -> str:
        return self.description or self.file_name or f"Picture {self.pk}"

    @property
    def is_past_use(self) -> bool:
        """Whether its last day of use is over."""
        return self.use_until is not None and self.use_until < timezone.localdate()

    @property
    def past_use_in_words(self) -> str:
        """A sentence on its last day of use."""
        return (
            f"The last day of use of the picture “{self}” was {day(self.use_until)}."
            if self.use_until
            else ""
        )

    @property
    def used_in_words(self) -> str:
        """In how many stories it is used, in words. For a row of `with_use`."""
        number = getattr(self, "used_count", 0)
        return "not used" if not number else "in 1 story" if number == 1 else f"in {number} stories"

    @property
    def small(self) -> str:
        """The address of a small version of it, cut about its focal point."""
        return renditions.address(self.file, "card") if renditions.measured(self.file) else self.file.url

    def shown_at(self, width: int) -> str:
        """Return the address of a version so wide, one of `renditions.WIDTHS`, or of the file itself."""
        own = renditions.measured(self.file)
        return renditions.address(self.file, str(width)) if own and own[0] > width else self.file.url

    def stories(self) -> models.QuerySet[Article]:
        """The stories that show it, or will when their changes are published, whoever may see them."""
        waits = Q(pending_version__fields__lead_image=self.file.name)
        inside = PictureUse.objects.filter(file=self.file.name).values("article")
        return Article.objects.filter(Q(lead_image=self.file.name) | waits | Q(pk__in=inside))
