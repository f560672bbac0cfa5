"""Pages about the newsroom itself: who makes it, how it checks, what it promises."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from stories.models.fields import SafeHTMLField
from stories.models.slugs import Slugged


class PageQuerySet(models.QuerySet["Page"]):
    """Pages by who may see them."""

    def published(self) -> "PageQuerySet":
        """Pages readers may see."""
        return self.filter(shown=True)


class Page(Slugged):
    """A page in the desk's own words. With the slug of a built-in one, it takes that one's place: its words
    stand above the list, where the built-in page is one."""

    BUILT_IN = ("about", "how-we-check", "corrections")

    title = models.CharField(max_length=150)
    summary = models.CharField(max_length=300, blank=True, help_text="One sentence under the title.")
    body = SafeHTMLField(blank=True)
    shown = models.BooleanField("show to readers", default=False)
    changed_at = models.DateTimeField(auto_now=True)

    objects = PageQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="page_has_title")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page's path; pages that the site itself needs have addresses of their own."""
        if self.slug in self.BUILT_IN:
            return reverse(f"stories:{self.slug.replace('-', '_')}")
        return reverse("stories:page", args=[self.slug])
