"""Topics kept tidy: two made one, one given a better name; old addresses go on answering."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.text import slugify
from taggit.models import Tag, TaggedItem

from stories.desk import lookalikes
from stories.desk.errors import NotReady
from stories.desk.roles import require
from stories.models import FormerSlug

KIND = "tag"  # of a FormerSlug
CHANGE = "taggit.change_tag"


@dataclass(frozen=True, slots=True)
class Merged:
    """`moved` things carry the tag anew, `doubled` had both."""

    tag: Tag
    moved: int
    doubled: int


def merge(*, tag: Tag, into: Tag, by: User | None) -> Merged:
    """Everything tagged `tag` is tagged `into`; its address leads there. Raises NotAllowed, NotReady."""
    require(by, CHANGE, "merge topics")
    if tag.pk == into.pk:
        raise NotReady("That is one topic.")
    with transaction.atomic():
        items = TaggedItem.objects.filter(tag=tag)
        has_both = {
            (kind, number)
            for kind, number in TaggedItem.objects.filter(tag=into).values_list("content_type", "object_id")
        }
        doubled = [
            pk
            for pk, kind, number in items.values_list("pk", "content_type", "object_id")
            if (kind, number) in has_both
        ]
        TaggedItem.objects.filter(pk__in=doubled).delete()
        moved = items.update(tag=into)
        # Addresses that led to the old topic lead to the new one, and so does its own.
        FormerSlug.objects.filter(kind=KIND, object_id=tag.pk).update(object_id=into.pk)
        FormerSlug.remember(KIND, tag.slug, into.pk)
        tag.delete()
    lookalikes.forget_number_of_topics()
    return Merged(into, moved, len(doubled))


def rename(*, tag: Tag, name: str, by: User | None) -> Tag:
    """Give the topic another name and the address that goes with it; the old one redirects.

    Raises NotAllowed, NotReady (no name, or another topic has it: merge them instead).
    """
    require(by, CHANGE, "rename topics")
    name = " ".join(name.split())
    slug = slugify(name)
    if not slug or len(name) > 100:
        raise NotReady("A topic’s name has 1 to 100 characters, with a letter or a figure among them.")
    with transaction.atomic():
        row = Tag.objects.select_for_update().get(pk=tag.pk)
        if Tag.objects.filter(slug=slug).exclude(pk=row.pk).exists():
            raise NotReady(f"There is a topic of that name already; merge “{row.name}” into it instead.")
        if row.slug != slug:
            FormerSlug.remember(KIND, row.slug, row.pk)
            FormerSlug.objects.filter(kind=KIND, slug=slug).delete()
        row.name, row.slug = name, slug
        row.save(update_fields=["name", "slug"])
    lookalikes.forget_number_of_topics()
    return row
