"""What people tell each other about a story, at hand-in, at a return and on its words: never public."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from stories.models.articles import Article


class StoryNote(models.Model):
    """Something told about a story to whoever writes or edits it, perhaps on some of its words.

    `exact` keeps the words as they were; `start` and `end` are None while they stand nowhere, or in several
    places.
    """

    class Kind(models.TextChoices):
        HANDED_IN = "handed_in", "Handed in"
        RETURNED = "returned", "Returned"
        REMARK = "remark", "Note"

    article = models.ForeignKey(Article, verbose_name="story", on_delete=models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    answer_to = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="answers"
    )
    # The words of the story that it is about, as in an appearance; none where it is about the whole story.
    exact = models.TextField("words", blank=True)
    prefix = models.TextField(blank=True)
    suffix = models.TextField(blank=True)
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(kind="remark") | ~Q(text=""), name="remark_has_words"),
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True) | Q(start__lt=models.F("end")),
                name="story_note_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text[:60]}" if self.text else self.get_kind_display()


class Notice(models.Model):
    """A note that somebody is to read; seen when they have opened the story since."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    note = models.ForeignKey(StoryNote, on_delete=models.CASCADE, related_name="notices")
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-note__made_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "note"], name="notice_once")]
        indexes = [
            models.Index(fields=["user"], condition=Q(seen_at__isnull=True), name="notice_unseen"),
        ]

    def __str__(self) -> str:
        return f"{self.note} for {self.user}"
