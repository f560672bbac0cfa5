"""The places of the front page that the desk has given to stories."""

from collections.abc import Collection, Iterable, Sequence

from django.db import models
from django.db.models import Q

from stories.models.articles import Article

PLACES = 10  # that can be given to a story; the first is the lead
LEAST = 7  # stories that the page shows, whatever was chosen
ENOUGH = 2 * PLACES  # newest stories, to fill the places that are left


class FrontPlace(models.Model):
    """A place of the front page, and which story was chosen for it; without one it has the newest.

    A story has one place at most. That readers may see it is not asked here: see `arranged`.
    """

    place = models.PositiveSmallIntegerField(unique=True)
    article = models.ForeignKey(
        Article, verbose_name="story", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["place"]
        verbose_name = "place on the front page"
        verbose_name_plural = "places on the front page"
        constraints = [
            models.CheckConstraint(condition=Q(place__gte=1, place__lte=PLACES), name="front_place_exists")
        ]

    def __str__(self) -> str:
        return place_name(self.place)


def place_name(place: int) -> str:
    """Return what the desk calls a place, counted from 1."""
    return "the lead" if place == 1 else f"place {place}"


def arranged(places: Sequence[int | None], *, live: Collection[int], newest: Iterable[int]) -> list[int]:
    """Return the primary keys of the front page's stories in order, none twice.

    `places` has the story chosen for each place, None for none. One that is not `live` is passed over, and
    those behind it move up. What is left is filled from `newest`: ENOUGH stories, if there are so many.
    """
    wanted = [story for story in places if story is None or story in live]
    while wanted and wanted[-1] is None:
        wanted.pop()
    wanted += [None] * (LEAST - len(wanted))
    rest = (story for story in newest if story not in wanted)
    filled = (next(rest, None) if story is None else story for story in wanted)
    return list(dict.fromkeys(story for story in filled if story is not None))
