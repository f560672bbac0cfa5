"""Addresses that last: a slug made once, and every former one kept so that it goes on redirecting."""

from typing import Any, Self

from django.db import models, transaction
from django.utils.text import slugify

SLUG_LENGTH = 100
# What stands under a list's address itself, as in /stories/feed/.
RESERVED = frozenset({"feed"})


def free_slug(model: type[models.Model], words: str, *, pk: int | None = None) -> str:
    """A slug made of `words` that no other row of `model` has: cut at a word, numbered when taken."""
    base = slugify(words) or model._meta.model_name or "item"
    if len(base) > SLUG_LENGTH - 6:
        base = base[: SLUG_LENGTH - 6].rsplit("-", 1)[0]
    rows = model._default_manager.exclude(pk=pk).filter(slug__startswith=base)
    taken = RESERVED.union(rows.values_list("slug", flat=True))
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


class FormerSlug(models.Model):
    """A slug that an article, politician, party, author or topic once had."""

    kind = models.CharField(max_length=20)
    slug = models.SlugField(max_length=SLUG_LENGTH)
    object_id = models.PositiveBigIntegerField()
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "slug"], name="former_slug_once")]
        indexes = [models.Index(fields=["kind", "object_id"], name="former_slug_object")]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}"

    @classmethod
    def remember(cls, kind: str, slug: str, object_id: int) -> None:
        """Keep `slug` for the row; the newest owner of a slug has it."""
        cls.objects.update_or_create(kind=kind, slug=slug, defaults={"object_id": object_id})


class Slugged(models.Model):
    """A model with a unique slug, made of `slug_source()` when none is given."""

    slug = models.SlugField(
        max_length=SLUG_LENGTH,
        unique=True,
        blank=True,
        help_text="The end of the page's address. Left empty, it is made; an old one goes on working.",
    )

    class Meta:
        abstract = True

    _loaded_slug: str | None = None

    def save(self, *args: Any, **kwargs: Any) -> None:
        fields = kwargs.get("update_fields")
        if not self.slug:
            self.slug = free_slug(type(self), self.slug_source(), pk=self.pk)
            if fields is not None:
                kwargs["update_fields"] = {*fields, "slug"}
        changed = self.pk is not None and self._loaded_slug and self._loaded_slug != self.slug
        with transaction.atomic():
            super().save(*args, **kwargs)
            if changed and (fields is None or "slug" in fields):
                FormerSlug.remember(type(self)._meta.model_name or "", self._loaded_slug or "", self.pk)
        self._loaded_slug = self.slug

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any) -> Self:
        row = super().from_db(db, field_names, values)
        row._loaded_slug = row.__dict__.get("slug")
        return row

    def slug_source(self) -> str:
        return str(self)
