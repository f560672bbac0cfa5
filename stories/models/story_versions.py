"""What readers have seen of a story, version by version."""

from django.db import models
from django.urls import reverse
from django.utils import timezone

from stories.models.articles import Article


class StoryVersionQuerySet(models.QuerySet["StoryVersion"]):
    """Versions by who may see them."""

    def published(self) -> "StoryVersionQuerySet":
        """Versions of published stories that readers have seen by now."""
        now = timezone.now()
        public = {"article__status": Article.Status.PUBLISHED, "article__published_at__lte": now}
        return self.filter(seen_from__lte=now, **public)


class StoryVersion(models.Model):
    """A story's words as readers had them from `seen_from` on; written by triggers (database/)."""

    article = models.ForeignKey(
        Article, verbose_name="story", on_delete=models.CASCADE, related_name="versions"
    )
    headline = models.CharField(max_length=250)
    standfirst = models.CharField(max_length=500, blank=True)
    text = models.TextField(blank=True)
    updated_at = models.DateTimeField(
        null=True, blank=True, help_text="What the story gave as its last update; the same: a minor change."
    )
    seen_from = models.DateTimeField(db_index=True)

    objects = StoryVersionQuerySet.as_manager()

    class Meta:
        ordering = ["article", "pk"]

    def __str__(self) -> str:
        return f"{self.headline} ({self.seen_from:%d %B %Y, %H:%M})"

    @staticmethod
    def address(story: Article, number: int) -> str:
        """Return the path of the story's version with this number, counted from 1."""
        return reverse("stories:article_version", args=[story.slug, number])
