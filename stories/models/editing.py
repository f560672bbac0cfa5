"""What stands around a story while people work on it: who has it open, words not saved yet, reasons kept,
words that are no claim, links for those without an account."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from stories.models.articles import Article
from stories.models.claims import Appearance, Claim


class Presence(models.Model):
    """Somebody has the story open in the editor; one that has not been seen for a while counts no more."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["since", "pk"]
        constraints = [models.UniqueConstraint(fields=["article", "user"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.user} has “{self.article}” open"


class UnsavedCopy(models.Model):
    """What somebody has typed into a story's form and not saved: no part of the story or its history.

    `fields` maps the form's field names to what stood in them; `opened` is the story's version that the
    person began from (0 for a new story, which has no `article`).
    """

    article = models.ForeignKey(
        Article, null=True, blank=True, on_delete=models.CASCADE, related_name="unsaved_copies"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    fields = models.JSONField(default=dict)
    opened = models.PositiveIntegerField(default=0)
    kept_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-kept_at", "-pk"]
        verbose_name_plural = "unsaved copies"
        constraints = [
            models.UniqueConstraint(fields=["article", "user"], name="unsaved_copy_once"),
            models.UniqueConstraint(
                fields=["user"], condition=Q(article__isnull=True), name="unsaved_copy_new_story_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}’s unsaved copy of “{self.article or 'a new story'}”"


class PendingVersion(models.Model):
    """Changes to a story that readers see, saved and not published: one for each story.

    `fields` maps the changed fields of the story's form to what is to stand there, `base` to what readers saw
    there when it was saved: authors as numbers, topics as names, a picture as its file, a day as
    `yyyy-mm-dd`. `reasons` says by appearance why words of quotations change (`why`, `stays`), and to which
    (`new`). `number` counts the saves.
    """

    article = models.OneToOneField(
        Article, primary_key=True, on_delete=models.CASCADE, related_name="pending_version"
    )
    fields = models.JSONField(default=dict)
    base = models.JSONField(default=dict)
    reasons = models.JSONField(default=dict)
    number = models.PositiveIntegerField(default=1)
    began_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-saved_at", "-pk"]

    def __str__(self) -> str:
        return str(self.fields.get("headline") or self.article)


class SavedView(models.Model):
    """A search and filters of the desk's list of stories that somebody saved under a name: `query`, as in
    its address."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="saved_view_once")]

    def __str__(self) -> str:
        return self.name


class QuotationChange(models.Model):
    """Words inside a claimed quotation were changed in a story, and why."""

    article = models.ForeignKey(
        Article, verbose_name="story", on_delete=models.CASCADE, related_name="quotation_changes"
    )
    claim = models.ForeignKey(Claim, null=True, on_delete=models.SET_NULL, related_name="quotation_changes")
    appearance = models.ForeignKey(Appearance, null=True, on_delete=models.SET_NULL, related_name="changes")
    old = models.TextField("words before")
    new = models.TextField("words after")
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="quotation_change_has_reason")]

    def __str__(self) -> str:
        return f"“{self.old[:60]}” became “{self.new[:60]}”"


class Dismissal(models.Model):
    """Words of a story that somebody has said are no claim in it: they are not offered as one again."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="dismissals")
    words = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"“{self.words[:60]}” is no claim in “{self.article}”"


class ShareLinkQuerySet(models.QuerySet["ShareLink"]):
    """Links by whether they still open."""

    def open(self) -> "ShareLinkQuerySet":
        """Links that are neither revoked nor over their time."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=timezone.now())


def new_key() -> str:
    """Make a random key for a link: 18 bytes as 24 characters that fit an address."""
    return secrets.token_urlsafe(18)


class ShareLink(models.Model):
    """A story shown before its time to somebody without an account, until it expires or is revoked."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="share_links")
    key = models.CharField(max_length=40, unique=True, default=new_key, editable=False)
    note = models.CharField("for whom", max_length=150, blank=True)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    objects = ShareLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"Link to “{self.article}”{f' for {self.note}' if self.note else ''}"

    @property
    def is_open(self) -> bool:
        """Whether the link is neither revoked nor over its time."""
        return self.revoked_at is None and self.expires_at > timezone.now()
