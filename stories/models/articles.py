"""Stories, who wrote them, and what was put right in them afterwards."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from taggit.managers import TaggableManager
from taggit.models import Tag

from stories.models.fields import (
    BodyField,
    LineField,
    PictureField,
    PlainTextField,
    WordsField,
    a_day_that_can_be_meant,
    on_the_web,
    within_the_calendar,
)
from stories.models.slugs import Slugged
from stories.models.topics import Topics
from stories.text import richtext

if TYPE_CHECKING:
    from stories.models.editing import Presence


WORDS_IN_SEARCH = 30  # of a standfirst or a text that serves as the description


class Author(Slugged):
    """A person with a byline and a page of their own."""

    name = LineField(max_length=150)
    bio = models.TextField(blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="author"
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


# Into attributes: `.all()` on what was prefetched makes two querysets each time a template asks.
CREDITS: tuple[Any, ...] = (Prefetch("authors", to_attr="writers"), Prefetch("tags", to_attr="topics"))


class ArticleQuerySet(models.QuerySet["Article"]):
    """Stories by who may see them and in which order."""

    def published(self) -> "ArticleQuerySet":
        """What a reader may see: published, and its time has come."""
        return self.filter(status=Article.Status.PUBLISHED, published_at__lte=timezone.now())

    def scheduled(self) -> "ArticleQuerySet":
        """Stories that are published at a time that has not come."""
        return self.filter(status=Article.Status.PUBLISHED, published_at__gt=timezone.now())

    def withdrawn(self) -> "ArticleQuerySet":
        """Stories that were published and were taken back."""
        return self.filter(status=Article.Status.WITHDRAWN)

    def with_credits(self) -> "ArticleQuerySet":
        """With the authors as `writers` and the tags as `topics`, in a constant number of queries."""
        return self.prefetch_related(*CREDITS)

    def newest(self) -> "ArticleQuerySet":
        """The last published first."""
        return self.order_by("-published_at", "-pk")

    def update(self, **values: Any) -> int:
        """As Django's, with the plain text following the body."""
        if isinstance(values.get("body"), str):
            values["text"] = richtext.to_text(richtext.sanitise(values["body"]))
        return super().update(**values)

    def bulk_update(self, objs: Any, fields: Any, batch_size: int | None = None) -> int:
        """As Django's, with the plain text following the body."""
        objs = tuple(objs)
        if "body" in fields:
            fields = {*fields, "text"}
            for article in objs:
                article.text = richtext.to_text(richtext.sanitise(article.body))
        return super().bulk_update(objs, fields, batch_size)


class Article(Slugged):
    """A story: its words as sanitised HTML (`body`) and as plain text (`text`), and where it stands."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        IN_REVIEW = "in_review", "In review"
        PUBLISHED = "published", "Published"
        WITHDRAWN = "withdrawn", "Withdrawn"

    headline = LineField(max_length=250)
    standfirst = WordsField(
        blank=True, max_length=500, help_text="One or two sentences under the headline and in lists."
    )
    authors = models.ManyToManyField(Author, blank=True, related_name="articles")
    lead_image = PictureField(upload_to="stories/%Y/%m/", blank=True)
    lead_image_alt = models.CharField(
        "alternative text",
        max_length=250,
        blank=True,
        help_text="What the picture shows, for readers who cannot see it. Required with a picture.",
    )
    lead_image_caption = models.CharField("caption", max_length=300, blank=True)
    lead_image_credit = models.CharField("credit", max_length=150, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT, db_index=True)
    published_at = models.DateTimeField(
        null=True, blank=True, db_index=True, help_text="A time in the future: the story is scheduled."
    )
    first_published_at = models.DateTimeField(null=True, blank=True, editable=False, db_index=True)
    # Copy that names a day and no hour counts as first published at noon; readers are told the day alone.
    day_only = models.BooleanField(default=False, db_default=False, editable=False)
    updated_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # At each save, whatever it wrote; `updated_at` is when readers were last shown something new.
    changed_at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)
    dateline = models.DateField(
        "date of the copy",
        null=True,
        blank=True,
        validators=[a_day_that_can_be_meant],
        help_text="The date on the copy, if it has one.",
    )
    source = models.CharField(
        max_length=150, blank=True, help_text="The agency or desk it came from, as readers see it."
    )
    source_url = models.URLField("source address", max_length=500, blank=True)
    embargo_note = models.CharField(max_length=250, blank=True, help_text="For the desk only.")
    # Primary keys in order, with a space between: kept, compared, merged and put back as the words are.
    related = models.CharField("related stories", max_length=200, blank=True)
    search_title = LineField(
        "title in search results",
        max_length=120,
        blank=True,
        help_text="Empty: the headline. The page keeps its headline.",
    )
    search_description = LineField(
        "description in search results",
        max_length=300,
        blank=True,
        help_text="Empty: the standfirst, or how the story begins.",
    )
    withdrawn_reason = models.TextField(blank=True, help_text="Readers see this at the story’s address.")
    tags = TaggableManager("topics", blank=True, manager=Topics)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="stories_created",
    )
    imported_in = models.ForeignKey(
        "ImportRun", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="articles"
    )
    # Last of the columns: SQLite reads a row from its front, and lists need none of this.
    body = BodyField(blank=True)
    text = PlainTextField(of="body")

    objects = ArticleQuerySet.as_manager()

    # No columns: set where stories are loaded to be printed, by `with_credits` and `cards`.
    writers: list[Author]
    topics: list[Tag]
    open_now: "list[Presence]"  # by `open_now` of `actions.stories.autosave`
    # The changes that are not published, where it holds their words: by `show` of `pending_versions`.
    pending: Any = None

    class Meta:
        verbose_name = "story"
        verbose_name_plural = "stories"
        ordering = ["-published_at", "-pk"]
        permissions = [
            ("submit_article", "Can submit a story for review"),
            ("publish_article", "Can publish and schedule stories"),
            ("withdraw_article", "Can withdraw a story"),
            ("correct_article", "Can publish corrections"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(headline=""), name="article_has_headline"),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False),
                name="article_published_has_time",
            ),
            models.CheckConstraint(
                condition=Q(lead_image="") | ~Q(lead_image_alt=""), name="article_image_has_alt"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "in_review", "published", "withdrawn"]),
                name="article_status_known",
            ),
            on_the_web("source_url", "article_source_is_on_the_web"),
            within_the_calendar("published_at", "article_published_within_calendar"),
            within_the_calendar("first_published_at", "article_first_published_within_calendar"),
        ]
        indexes = [
            models.Index(fields=["status", "-published_at"], name="article_front"),
            # Whose picture a file is, asked each time one is handed out.
            models.Index(fields=["lead_image"], condition=~Q(lead_image=""), name="article_picture"),
            # When each part of the sitemap changed is answered from this alone.
            models.Index(fields=["status", "published_at", "updated_at", "id"], name="article_changed"),
        ]

    def __str__(self) -> str:
        return self.headline

    def save(self, *args: Any, **kwargs: Any) -> None:
        """As Django's; `changed_at` is saved, too, and with `body` in `update_fields` so is `text`."""
        self.changed_at = timezone.now()
        fields = kwargs.get("update_fields")
        if fields:
            kwargs["update_fields"] = {*fields, "changed_at", *(("text",) if "body" in fields else ())}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """The path of the story's page."""
        return str(reverse("stories:article", args=[self.slug]))

    def was_never_public(self) -> bool:
        """Whether no reader has seen the story yet."""
        return self.first_published_at is None or self.first_published_at > timezone.now()

    def is_day_alone(self, when: datetime | None) -> bool:
        """Whether only the day of `when` is known: nobody gave the hour at which the story was first seen."""
        return self.day_only and when == (self.first_published_at or self.published_at)

    @property
    def published_on_a_day(self) -> bool:
        """Whether only the day of publication is known, not the hour."""
        return self.is_day_alone(self.published_at)

    @property
    def related_numbers(self) -> list[int]:
        """The primary keys of the stories that were chosen as related, in order; public or not."""
        return [int(number) for number in self.related.split() if number.isdecimal()]

    @property
    def title_in_search(self) -> str:
        """What search engines and links on other sites call the story."""
        return self.search_title or self.headline

    @property
    def description_in_search(self) -> str:
        """What search engines and links on other sites say of the story, in one or two sentences."""
        return self.search_description or Truncator(self.standfirst or self.text).words(WORDS_IN_SEARCH)

    @property
    def is_public(self) -> bool:
        """Whether readers may see the story now: of one row, what `published()` asks of many."""
        return (
            self.status == self.Status.PUBLISHED
            and self.published_at is not None
            and self.published_at <= timezone.now()
        )

    @property
    def is_scheduled(self) -> bool:
        """Whether the story is published at a time that has not come."""
        return self.status == self.Status.PUBLISHED and not self.is_public

    @property
    def stage(self) -> str:
        """Where the story stands, in the desk's word: a published one may be scheduled."""
        return "Scheduled" if self.is_scheduled else str(self.get_status_display())


class CorrectionQuerySet(models.QuerySet["Correction"]):
    """Corrections by who may see them."""

    def drafts(self) -> "CorrectionQuerySet":
        """Corrections that no reader sees yet."""
        return self.filter(made_at__isnull=True)

    def published(self) -> "CorrectionQuerySet":
        """Corrections readers may see: made, and on a story that they may see."""
        return self.filter(
            made_at__lte=timezone.now(),
            article__status=Article.Status.PUBLISHED,
            article__published_at__lte=timezone.now(),
        )


class Correction(models.Model):
    """What was wrong in a story and what is right, in words for readers."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", "Correction"
        CLARIFICATION = "clarification", "Clarification"
        UPDATE = "update", "Update"
        VERDICT = "verdict", "Changed verdict"

    article = models.ForeignKey(
        Article, verbose_name="story", on_delete=models.CASCADE, related_name="corrections"
    )
    kind = models.CharField(max_length=15, choices=Kind, default=Kind.CORRECTION)
    text = models.TextField(help_text="What was wrong and what is right, in one or two sentences.")
    claim = models.ForeignKey(
        "Claim", null=True, blank=True, on_delete=models.SET_NULL, related_name="corrections"
    )
    on_top = models.BooleanField("show above the story", default=False)
    made_at = models.DateTimeField(null=True, blank=True, help_text="Empty: a draft, which no reader sees.")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="correction_has_text")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text[:80]}"

    def get_absolute_url(self) -> str:
        """The path of the story's page, at the correction."""
        return f"{self.article.get_absolute_url()}#correction-{self.pk}"
