"""Rows that lists and counts are answered from, kept by triggers (see stories/database/claim_index.py).

They hold numbers in the place of relations: nothing hangs on them, and nobody but the database writes them.
"""

from typing import TypeVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

Row = TypeVar("Row", bound=models.Model)
# What headings are narrowed by, in the order of the indexes that hold it all.
BESIDE = ("speaker", "rating", "said_on", "public_from", "kind")


class IndexQuerySet(models.QuerySet[Row]):
    """Rows of an index table that triggers keep."""

    def published(self) -> "IndexQuerySet[Row]":
        """What readers may see by now."""
        return self.filter(public_from__lte=timezone.now())


class ClaimHeading(models.Model):
    """An accepted, printed claim under one thing it is looked for by.

    One of `person` (whom it is about), `topic` and `outlet` (to whom it was said) is set. Beside it stands
    what else lists of claims are narrowed by, under the claim's own names, so that one filter serves both and
    a count needs no other table.
    """

    claim = models.BigIntegerField()
    person = models.BigIntegerField(null=True)
    topic = models.BigIntegerField(null=True)
    outlet = models.BigIntegerField(null=True)
    speaker = models.BigIntegerField(null=True)
    rating = models.CharField(max_length=15, blank=True)
    kind = models.CharField(max_length=10)
    said_on = models.DateField(null=True)
    public_from = models.DateTimeField()

    objects = IndexQuerySet.as_manager()

    class Meta:
        indexes = [
            # Under what else some claims stand is answered from this alone.
            models.Index(fields=["claim", "person", "topic", "outlet", *BESIDE], name="heading_claim"),
            *(
                models.Index(
                    fields=[heading, *BESIDE, "claim"],
                    condition=Q(**{f"{heading}__isnull": False}),
                    name=f"heading_{heading}",
                )
                for heading in ("person", "topic", "outlet")
            ),
        ]

    def __str__(self) -> str:
        return f"claim {self.claim} under {self.person or self.topic or self.outlet}"


class StoryPerson(models.Model):
    """Somebody in a story: quoted in it, or spoken about in a claim that it prints and readers may see."""

    article = models.BigIntegerField()
    person = models.BigIntegerField()
    public_from = models.DateTimeField()

    objects = IndexQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "person"], name="story_person_once")]
        indexes = [models.Index(fields=["person", "-public_from", "-article"], name="story_person_newest")]

    def __str__(self) -> str:
        return f"person {self.person} in story {self.article}"
