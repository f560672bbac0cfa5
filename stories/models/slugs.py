"""Addresses that last: a slug made once, every former one kept and redirecting, and none given twice.

The database keeps the former slugs itself and refuses one that another row has had: see
stories/database/former_slugs.py.
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Exists, OuterRef

from stories.text.addresses import address_of

SLUG_LENGTH = 100
# What stands under a list's address itself, as in /stories/feed/.
RESERVED = frozenset({"feed"})


def free_slug(model: type[models.Model], words: str, *, pk: int | None = None) -> str:
    """A slug made of `words` that no other row of `model` has or had: cut at a word, numbered when taken."""
    base = address_of(words) or model._meta.model_name or "item"
    if len(base) > SLUG_LENGTH - 6:
        base = base[: SLUG_LENGTH - 6].rsplit("-", 1)[0]
    rows = model._default_manager.exclude(pk=pk).filter(slug__startswith=base)
    former = FormerSlug.of_others(model, pk).filter(slug__startswith=base)
    taken = RESERVED.union(rows.values_list("slug", flat=True), former.values_list("slug", flat=True))
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


def is_free(model: type[models.Model], slug: str, *, pk: int | None = None) -> bool:
    """Whether the site and every other row of `model` leave the slug alone."""
    return not (
        slug in RESERVED
        or model._default_manager.exclude(pk=pk).filter(slug=slug).exists()
        or FormerSlug.of_others(model, pk).filter(slug=slug).exists()
    )


class FormerSlug(models.Model):
    """A slug that an article, politician, party, author, page or topic once had.

    Of the kind "seen tag", say: one that readers have seen (stories/database/former_slugs.py).
    """

    kind = models.CharField(max_length=20)
    slug = models.SlugField(max_length=SLUG_LENGTH)
    object_id = models.PositiveBigIntegerField()
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "former address"
        verbose_name_plural = "former addresses"
        constraints = [models.UniqueConstraint(fields=["kind", "slug"], name="former_slug_once")]
        indexes = [models.Index(fields=["kind", "object_id"], name="former_slug_object")]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}"

    @classmethod
    def of_others(cls, model: type[models.Model], pk: int | None) -> "models.QuerySet[FormerSlug]":
        """The former slugs of the model's rows other than `pk`."""
        return cls.objects.filter(kind=model._meta.model_name).exclude(object_id=pk)

    @classmethod
    def remember(cls, kind: str, slug: str, object_id: int) -> None:
        """Keep `slug` for a row that never had it: the one which another was merged into."""
        cls.objects.update_or_create(kind=kind, slug=slug, defaults={"object_id": object_id})

    @classmethod
    def set_free(cls, model: type[models.Model], pks: Iterable[int]) -> None:
        """Let others have the slugs of rows that are deleted, of those that no reader has seen.

        A topic with former slugs beside its own was renamed, or another was made one with it: readers may
        have any of them.
        """
        kind = model._meta.model_name
        marks = cls.objects.filter(
            kind=f"seen {kind}", object_id=OuterRef("object_id"), slug=OuterRef("slug")
        )
        rows = cls.objects.filter(kind=kind, object_id__in=pks)
        seen = rows.filter(Exists(marks)).values_list("object_id", flat=True)
        rows = rows.exclude(object_id__in=list(seen))
        if not issubclass(model, Slugged):
            several = rows.values("object_id").annotate(number=models.Count("pk")).filter(number__gt=1)
            rows = rows.exclude(object_id__in=list(several.values_list("object_id", flat=True)))
        rows.delete()


class Slugged(models.Model):
    """A model with a unique slug, made of `slug_source()` when none is given."""

    slug = models.SlugField(
        max_length=SLUG_LENGTH,
        unique=True,
        blank=True,
        help_text="The last part of the page’s address. Left empty, it is made; old addresses redirect.",
    )

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """As Django's; a row without a slug gets one that no other row has or had."""
        if self.slug:
            return super().save(*args, **kwargs)
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "slug"}
        while True:
            self.slug = free_slug(type(self), self.slug_source(), pk=self.pk)
            try:
                with transaction.atomic():
                    return super().save(*args, **kwargs)
            except IntegrityError:
                if is_free(type(self), self.slug, pk=self.pk):
                    raise  # for another reason than somebody who took the slug at the same moment

    def validate_unique(self, exclude: Any = None) -> None:
        """As for any unique field, and a slug that the site uses or another row had is refused by name."""
        super().validate_unique(exclude=exclude)
        if exclude and "slug" in exclude:
            return
        if self.slug in RESERVED:
            raise ValidationError({"slug": f"The site itself uses “{self.slug}” in its addresses."})
        former = FormerSlug.of_others(type(self), self.pk).filter(slug=self.slug).first()
        if former:
            owner = type(self)._default_manager.filter(pk=former.object_id).first()
            whose = f"“{owner}”, and still leads there" if owner else "something that was deleted"
            raise ValidationError({"slug": f"“{self.slug}” was the address of {whose}. Choose another."})

    def slug_source(self) -> str:
        """The words that a slug is made of."""
        return str(self)

    def was_never_public(self) -> bool:
        """Whether it is known that no reader has seen an address of this row."""
        return False


def keep_slug(instance: Any, **kwargs: object) -> None:
    """A receiver of `post_delete`: a printed address leads to nothing now, and never to another row."""
    if isinstance(instance, Slugged) and instance.was_never_public():
        FormerSlug.set_free(type(instance), [instance.pk])
    else:
        kind = instance._meta.model_name
        FormerSlug.objects.get_or_create(kind=kind, slug=instance.slug, defaults={"object_id": instance.pk})
