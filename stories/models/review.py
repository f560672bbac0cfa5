"""What the desk remembers of its own work: who reviews what just now, what was decided, what was
made one."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from stories.models.claims import Claim
from stories.models.politicians import Politician
from stories.text.moments import moment


class ReviewLease(models.Model):
    """A claim that somebody has before them in the review queue; nobody else gets it until then."""

    claim = models.OneToOneField(Claim, on_delete=models.CASCADE, related_name="lease")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.user} reviews claim {self.claim_id}"


class ReviewDecision(models.Model):
    """One decision about a claim: what the machine had said, what the reviewer did, how to undo it.

    `rule` is empty when the machine had no part in it, or had been put right before.
    """

    class Verb(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Rejected"
        REASSIGNED = "reassigned", "Accepted for somebody else"
        REWORDED = "reworded", "Words changed"
        SPLIT = "split", "Split"
        MERGED = "merged", "Joined to another claim"

    claim = models.ForeignKey(Claim, null=True, on_delete=models.SET_NULL, related_name="decisions")
    verb = models.CharField(max_length=10, choices=Verb)
    rule = models.CharField(max_length=60, blank=True)
    confidence = models.FloatField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    before = models.JSONField(
        default=dict, help_text="What it changed, for taking it back; empty when that cannot be."
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [
            models.Index(fields=["by", "-made_at"], name="decision_latest"),
            # The verdicts on the machine are counted from this alone.
            models.Index(
                fields=["rule", "verb", "confidence", "undone_at"],
                condition=Q(undone_at=None),
                name="decision_standing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} ({moment(timezone.localtime(self.made_at))})"


class PersonMerge(models.Model):
    """Two records of one person made one; `moved` says what it changed, for parting them again."""

    winner = models.ForeignKey(Politician, on_delete=models.CASCADE, related_name="merges_won")
    loser = models.ForeignKey(Politician, on_delete=models.CASCADE, related_name="merges_lost")
    moved = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(winner=F("loser")), name="person_merge_of_two")]

    def __str__(self) -> str:
        return f"{self.loser} into {self.winner}"


class Act(models.Model):
    """Something done at the desk that can be taken back; `changes` is what actions/undo.py recorded of it.

    `subject` is the number of what it was done to, and `into` of what that became one with: no relations,
    for the rows may be gone and the act is remembered.
    """

    class Verb(models.TextChoices):
        TOPICS_MERGED = "topics", "Topics merged"
        OUTLETS_MERGED = "outlets", "Outlets merged"
        STORY_RESTORED = "restored", "Story put back"
        CLAIM_FOUND = "found", "Found claim made"
        CLAIMS_GIVEN = "given", "Claims given to a person"
        FRONT_PAGE = "front", "Front page changed"
        CLAIMS_JOINED = "joined", "Claims joined"

    verb = models.CharField(max_length=10, choices=Verb)
    what = models.CharField(max_length=300, help_text="What was done, as the desk reads it.")
    subject = models.PositiveBigIntegerField()
    into = models.PositiveBigIntegerField(null=True, blank=True)
    changes = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["verb", "subject"], name="act_subject")]

    def __str__(self) -> str:
        return self.what
