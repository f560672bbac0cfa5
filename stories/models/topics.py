"""Topics by name: when two names are one topic, and an address for every name.

Every way of tagging goes through `Topics`, the manager behind `tags`: the import, the desk's forms, tagging
many at once. Every topic that is saved passes `give_address`.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.signals import pre_save
from django.dispatch import receiver
from taggit.managers import _TaggableManager
from taggit.models import Tag

from stories.models.fields import SafeHTMLField
from stories.models.fields import line as tidy
from stories.models.slugs import FormerSlug, free_slug
from stories.text.addresses import address_of
from stories.text.normalise import topic_key

__all__ = ["TopicIntroduction", "Topics", "address", "fold", "known"]

_ADDRESS = re.compile(r"[-a-zA-Z0-9_]*[a-zA-Z0-9][-a-zA-Z0-9_]*\Z")


def fold(name: str) -> str:
    """What the names of one topic share: case, accents, hyphens and the kind of apostrophe do not count."""
    return topic_key(tidy(name)) or tidy(name)


def known(names: Iterable[str]) -> dict[str, Tag]:
    """The topics on record that have one of these names, by the folded name; of doubles the oldest."""
    wanted = {fold(name) for name in names}
    likely = Q(pk__in=[])
    for name in names:
        base = _base(name)
        likely |= Q(name__iexact=name) | Q(slug=base)
        likely |= Q(slug__startswith=f"{base}-") | Q(slug__startswith=f"{base}_")
    rows = Tag.objects.filter(likely).order_by("-pk") if wanted else ()
    return {key: tag for tag in rows if (key := fold(tag.name)) in wanted}


def address(name: str, *, pk: int | None = None) -> str:
    """A slug for a topic of that name which no other topic has. Any name has one: at worst "topic-2"."""
    return free_slug(Tag, _base(name), pk=pk)


def _base(name: str) -> str:
    slug = address_of(fold(name))
    return slug if _ADDRESS.match(slug) else "topic"


class TopicIntroduction(models.Model):
    """What the desk says of a topic, at the head of the topic's page."""

    topic = models.OneToOneField(Tag, on_delete=models.CASCADE, related_name="introduction")
    text = SafeHTMLField(help_text="What the topic is about, in a few sentences for readers.")

    class Meta:
        verbose_name = "introduction to a topic"
        verbose_name_plural = "introductions to topics"
        ordering = ["topic__name"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="topic_introduction_has_text")]

    def __str__(self) -> str:
        return f"Introduction to {self.topic}"


class Topics(_TaggableManager):  # type: ignore[misc]
    """As taggit's manager, but a name is the topic on record whose folded name it has."""

    def _to_tag_model_instances(self, tags: Iterable[Any], tag_kwargs: dict[str, Any]) -> list[Tag]:
        tags = [tidy(tag) if isinstance(tag, str) else tag for tag in tags]
        names: Sequence[str] = [tag for tag in tags if isinstance(tag, str) and tag]
        found = known(names)
        chosen: dict[int, Tag] = {}
        for tag in tags:
            if isinstance(tag, str):
                if not tag:
                    continue
                key = fold(tag)
                tag = found.get(key) or Tag.objects.get_or_create(name=tag, defaults=tag_kwargs)[0]
                found[key] = tag
            chosen[tag.pk] = tag
        return list(chosen.values())


@receiver(pre_save, sender=Tag)
def give_address(sender: type[Tag], instance: Tag, **_: Any) -> None:
    """However a topic is saved, its page has an address, and a new one none that another had."""
    had = (
        instance._state.adding and FormerSlug.of_others(Tag, instance.pk).filter(slug=instance.slug).exists()
    )
    if had or not _ADDRESS.match(instance.slug or ""):
        instance.slug = address(instance.name, pk=instance.pk)
