"""Rows that say which pictures stand in which body, kept by triggers (see database/picture_uses.py)."""

from django.db import models

from stories.models.articles import Article


class PictureUseQuerySet(models.QuerySet["PictureUse"]):
    """Uses by who may see them."""

    def published(self) -> "PictureUseQuerySet":
        """Uses that readers see: in a published story's body, and not only in changes to it that wait."""
        return self.filter(pending=False, article__in=Article.objects.published().values("pk"))


class PictureUse(models.Model):
    """A picture in a story's body, by its file; `pending`: in that of the changes that are not published.

    `article` is the story's number, and no relation: nothing hangs on the row. Only the database writes it.
    """

    article = models.BigIntegerField(db_index=True)
    file = models.CharField(max_length=100)
    pending = models.BooleanField()

    objects = PictureUseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "article", "pending"], name="picture_use_once")
        ]

    def __str__(self) -> str:
        return f"{self.file} in story {self.article}"
