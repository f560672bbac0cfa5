"""Claims in nearly the same words: how they are found, and what an editor said of two of them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from stories.models.claims import Claim
from stories.text.near_words import nearness


class WordRun(models.Model):
    """Three neighbouring words of a claim and who said them, as a 64-bit hash, by which its like is found."""

    hash = models.BigIntegerField()
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="word_runs")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hash", "claim"], name="word_run_once")]

    def __str__(self) -> str:
        return f"{self.hash:x}"


class NearWordingQuerySet(models.QuerySet["NearWording"]):
    """Pairs of claims in nearly the same words, by who may see them."""

    def published(self) -> "NearWordingQuerySet":
        """Those that readers are to be shown, where they may see both claims."""
        shown = Claim.objects.using(self.db).published().order_by().values("pk")
        return self.filter(answer=NearWording.Answer.SHOWN, first__in=shown, second__in=shown)


class NearWording(models.Model):
    """Two claims in nearly the same words that an editor looked at and left apart."""

    class Answer(models.TextChoices):
        DIFFERENT = "different", "Not the same"
        SHOWN = "shown", "Both stand, shown as nearly the same"

    first = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="near_first")
    second = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="near_second")
    answer = models.CharField(max_length=10, choices=Answer)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    said_at = models.DateTimeField(default=timezone.now)

    objects = NearWordingQuerySet.as_manager()

    class Meta:
        verbose_name = "pair of claims in nearly the same words"
        verbose_name_plural = "pairs of claims in nearly the same words"
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="near_wording_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="near_wording_in_order"),
            models.CheckConstraint(
                condition=Q(answer__in=["different", "shown"]), name="near_wording_answer_known"
            ),
        ]
        indexes = [models.Index(fields=["answer", "-said_at", "-id"], name="near_wording_newest")]

    def __str__(self) -> str:
        return f"{self.first} / {self.second}"

    def get_absolute_url(self) -> str:
        """Where the list shows the pair, while it is among the newest."""
        return f"{reverse('stories:wordings')}#wording-{self.pk}"

    @property
    def is_near(self) -> bool:
        """Whether the two are still one speaker's and in nearly the same words."""
        one, other = self.first, self.second
        whose = {
            (claim.speaker_id, "" if claim.speaker_id else claim.speaker_label) for claim in (one, other)
        }
        return len(whose) == 1 and nearness(one.wording, other.wording) is not None
