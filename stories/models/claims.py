"""Claims, where they were printed, and the desk's judgement of them."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from taggit.managers import TaggableManager
from taggit.models import Tag

from stories.models.articles import Article
from stories.models.fields import (
    CharColumn,
    KeptByDatabaseField,
    LineField,
    ListedOnField,
    NewestFirstIndex,
    SafeHTMLField,
    WordsField,
    a_day_that_can_be_meant,
    on_the_web,
)
from stories.models.politicians import Politician
from stories.models.topics import Topics
from stories.text import excerpts
from stories.text.addresses import address_of
from stories.text.anchors import Selector
from stories.text.moments import day
from stories.text.normalise import same_words, words_alone
from stories.text.quotations import as_printed
from stories.text.sources import described, office

# The verb where none is on file, and what stands in its place while nobody knows it.
STANCE_VERBS = {"denied": "denied", "asked": "asked", "hoped": "hoped or planned", "quoted": "passed on"}
NOT_KNOWN = "whether said or denied not yet checked:"
# The same in a word or two, beside the sentence that has the verb itself.
STANCE_LABELS = {"denied": "Denied", "asked": "Asked", "hoped": "Hoped or planned", "quoted": "Passed on"}

REACH = 400  # characters of a story before and after a claim's words, in which their sentence is found
IN_A_LIST = excerpts.Limits(before=72, after=90, words=60)


def wording_key(wording: str, stance: str = "") -> str:
    """SHA-256 (hex) of the words alone: marks, case and spacing do not tell two wordings apart.

    Words that were denied, asked or passed on are another claim than the same words said, and neither is what
    is not known yet: each has a key of its own.
    """
    words = words_alone(wording)
    if stance:
        words = f"{stance}: {words}"
    return hashlib.sha256(words.encode()).hexdigest()


def address_words(wording: str) -> str:
    """Return the slug of a claim with this wording: its first eight words."""
    return address_of(" ".join(wording.split(maxsplit=8)[:8]))[:60].strip("-") or "claim"


class WordingKeyField(CharColumn):
    """`wording_key()` of the row's wording and stance, derived again at every save and in bulk_create."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"max_length": 64, "editable": False})

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """As a CharField's: migrations need not know this class."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Make the key anew and put it on the row, too."""
        key = wording_key(model_instance.wording, model_instance.stance)  # type: ignore[attr-defined]
        setattr(model_instance, self.attname, key)
        return key


class ShingledKeyField(CharColumn):
    """The wording_key whose hashes are on file; another, or none, means that they have to be made anew.

    A row saved whole forgets it: the row may have been read before somebody else reworded the claim.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(
            *args, **kwargs | {"max_length": 64, "blank": True, "default": "", "editable": False}
        )

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """As a CharField's: migrations need not know this class."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Empty the key, on the row, too."""
        setattr(model_instance, self.attname, "")
        return ""


SPOKEN_BY = {"speaker", "speaker_id", "speaker_label"}
# Who reviewed it is not asked: accounts are deleted.
READ = Q(reviewed_at__isnull=False) | ~Q(rating="")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What readers may see of the desk's check of a claim."""

    rating: str
    label: str
    summary: str
    explanation: str
    methodology: str
    evidence: Any  # the claim's Evidence rows, as a manager
    checked_at: datetime | None


class ClaimQuerySet(models.QuerySet["Claim"]):
    """Claims by their state, and by who may see them."""

    def update(self, **values: Any) -> int:
        """As Django's, with the key following the wording and the stance, and the word runs the speaker."""
        if SPOKEN_BY & set(values):
            values = {"runs_key": ""} | values
        if "wording_key" in values or not {"wording", "stance"} & set(values):
            return super().update(**values)
        with transaction.atomic(using=self.db):
            rows = list(self.values_list("pk", "wording", "stance"))
            changed = super().update(**values)
            for pk, wording, stance in rows:
                key = wording_key(values.get("wording", wording), values.get("stance", stance))
                Claim._base_manager.using(self.db).filter(pk=pk).update(wording_key=key)
        return changed

    def bulk_update(self, objs: Any, fields: Any, batch_size: int | None = None) -> int:
        """As Django's, with the key following the wording and the stance, and the word runs the speaker."""
        objs = tuple(objs)
        if SPOKEN_BY & set(fields):
            fields = {*fields, "runs_key"}
            for claim in objs:
                claim.runs_key = ""
        if {"wording", "stance"} & set(fields):
            fields = {*fields, "wording_key"}
            for claim in objs:
                claim.wording_key = wording_key(claim.wording, claim.stance)
        return super().bulk_update(objs, fields, batch_size)

    def accepted(self) -> "ClaimQuerySet":
        """Claims that the desk accepted, or that an import was told to accept."""
        return self.filter(state=Claim.State.ACCEPTED)

    def proposed(self) -> "ClaimQuerySet":
        """Claims that wait for a reviewer."""
        return self.filter(state=Claim.State.PROPOSED)

    def read(self) -> "ClaimQuerySet":
        """Claims that a person has read: reviewed, or given a verdict. See `Claim.is_read`."""
        return self.filter(READ)

    def unread(self) -> "ClaimQuerySet":
        """Claims that were accepted as an import found them; no person has read them."""
        return self.accepted().exclude(READ)

    def published(self) -> "ClaimQuerySet":
        """Claims readers may see: accepted, and printed in a story that they may see."""
        return self.accepted().filter(public_from__lte=timezone.now())


class Claim(models.Model):
    """Words that somebody said, with who, about whom, and what the desk made of them."""

    class Kind(models.TextChoices):
        DIRECT = "direct", "Direct quotation"
        PARTIAL = "partial", "Partial quotation"
        INDIRECT = "indirect", "Reported speech"

    class Stance(models.TextChoices):
        """What the source did with the words; an empty one is not known."""

        SAID = "said", "Said"
        DENIED = "denied", "Denied or rejected"
        ASKED = "asked", "Asked"
        HOPED = "hoped", "Hoped, planned or threatened"
        QUOTED = "quoted", "Passed on from somebody else"

    class State(models.TextChoices):
        PROPOSED = "proposed", "To review"
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Rejected"

    # What readers are told of a claim that was accepted unread.
    UNREAD = "Found by software, not yet read by an editor"

    class Rating(models.TextChoices):
        TRUE = "true", "True"
        MOSTLY_TRUE = "mostly_true", "Mostly true"
        MISLEADING = "misleading", "Misleading"
        FALSE = "false", "False"
        UNPROVEN = "unproven", "Unproven"

    speaker = models.ForeignKey(
        Politician, null=True, blank=True, on_delete=models.SET_NULL, related_name="claims"
    )
    speaker_label = LineField(
        max_length=200,
        blank=True,
        help_text="Who, as the desk names them: an unnamed source, an office, somebody who is no politician.",
    )
    wording = WordsField(help_text="The words, without quotation marks.")
    wording_key = WordingKeyField(db_index=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.DIRECT)
    stance = models.CharField(
        "said, denied or asked",
        max_length=10,
        choices=Stance,
        blank=True,
        default="",
        db_default="",
        help_text="Readers are told it. Only what was said is shown as said; leave it open if unsure.",
    )
    verb = models.CharField(
        "the verb as printed",
        max_length=120,
        blank=True,
        default="",
        db_default="",
        help_text="As the story has it, with its negation: “denied that”, “asked whether”, “did not say”.",
    )
    about = models.ManyToManyField(Politician, blank=True, related_name="claims_about")
    tags = TaggableManager("topics", blank=True, manager=Topics)
    own_topics_only = models.BooleanField(
        "not the topics of its stories",
        default=False,
        db_default=False,
        help_text="A claim without topics of its own has those of the stories that print it, unless this is "
        "ticked.",
    )
    said_on = models.DateField(null=True, blank=True, db_index=True, validators=[a_day_that_can_be_meant])
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    rating = models.CharField("verdict", max_length=15, choices=Rating, blank=True, db_index=True)
    rating_summary = models.CharField(
        "verdict in a sentence", max_length=300, blank=True, help_text="Why, in one sentence."
    )
    explanation = SafeHTMLField(blank=True)
    methodology = models.TextField("how we checked it", blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    checked_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    reviewed_at = models.DateTimeField(null=True, blank=True, editable=False)
    public_from = KeptByDatabaseField(
        help_text="When the first story that prints it, its words in place, was or will be published."
    )
    listed_on = ListedOnField(help_text="What lists are ordered by: the day it was said, or first printed.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    shingled_key = ShingledKeyField()
    runs_key = ShingledKeyField(db_default="")
    imported_in = models.ForeignKey(
        "ImportRun", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="claims"
    )

    objects = ClaimQuerySet.as_manager()

    # No columns: set where claims are loaded to be printed, by `prefetch` and `cards`.
    printed: list["Appearance"]  # the first to print it first
    people: list[Politician]  # those it is about whom readers may see
    topics_listed: str | None

    class Meta:
        ordering = [F("listed_on").desc(nulls_last=True), "-pk"]
        permissions = [
            ("review_claim", "Can accept, reject and reassign claims"),
            ("rate_claim", "Can give a claim its verdict"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(wording=""), name="claim_has_wording"),
            models.CheckConstraint(
                condition=Q(rating="") | Q(state="accepted"), name="claim_rated_is_accepted"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "accepted", "rejected"]), name="claim_state_known"
            ),
            models.CheckConstraint(
                condition=Q(stance__in=["", "said", "denied", "asked", "hoped", "quoted"]),
                name="claim_stance_known",
            ),
            models.UniqueConstraint(
                fields=["speaker", "wording_key"],
                condition=Q(speaker__isnull=False),
                name="claim_once_per_speaker",
            ),
        ]
        indexes = [
            # Lists walk these in their own order; `public_from` at the end spares them the hidden rows.
            NewestFirstIndex(
                "state",
                F("listed_on").desc(nulls_last=True),
                F("id").desc(),
                "public_from",
                name="claim_browse",
            ),
            NewestFirstIndex(
                "state", F("checked_at").desc(nulls_last=True), F("id").desc(), name="claim_checked"
            ),
            # What the front page shows; it walks past none of the claims that only software has read.
            NewestFirstIndex(
                F("listed_on").desc(nulls_last=True),
                F("id").desc(),
                "public_from",
                condition=Q(state="accepted") & READ & ~Q(kind="indirect"),
                name="claim_front",
            ),
            NewestFirstIndex(
                "speaker",
                "state",
                F("listed_on").desc(nulls_last=True),
                F("id").desc(),
                "public_from",
                name="claim_said_by",
            ),
            # Counts are answered from this alone.
            models.Index(
                fields=["state", "speaker", "rating", "said_on", "public_from", "kind"], name="claim_counts"
            ),
            # What a new record is given is found by this.
            models.Index(
                fields=["speaker_label"], condition=Q(speaker__isnull=True), name="claim_under_label"
            ),
            # Empty nearly always: rated claims whose shingles are still to be made.
            models.Index(
                fields=["id"],
                condition=~Q(rating="") & ~Q(shingled_key=F("wording_key")),
                name="claim_to_shingle",
            ),
            # Empty nearly always: claims whose word runs are still to be made.
            models.Index(
                fields=["speaker", "speaker_label", "id"],
                condition=~Q(runs_key=F("wording_key")),
                name="claim_to_run",
            ),
        ]

    def __str__(self) -> str:
        return self.titled(self.speaker_name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """As Django's; with `wording` or `stance` in `update_fields`, the key is saved, too. With who said it
        among them, the word runs are to be made anew."""
        fields = kwargs.get("update_fields")
        if fields is not None and SPOKEN_BY & set(fields):
            fields = kwargs["update_fields"] = {*fields, "runs_key"}
        if fields is not None and {"wording", "stance"} & set(fields):
            kwargs["update_fields"] = {*fields, "wording_key"}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """The path of the claim's page, with its first eight words."""
        return str(reverse("stories:claim", args=[self.pk, address_words(self.wording)]))

    @property
    def is_published(self) -> bool:
        """Whether readers may see the claim now: of one loaded row, what `published()` asks of many."""
        return (
            self.state == self.State.ACCEPTED
            and self.public_from is not None
            and self.public_from <= timezone.now()
        )

    @property
    def topics(self) -> list[Tag]:
        """What the claim is about, as readers may be told, where it was loaded by `prefetch.with_topics`."""
        return [Tag(pk=pk, name=name, slug=slug) for pk, name, slug in json.loads(self.topics_listed or "[]")]

    @property
    def speaker_name(self) -> str:
        """Who said it, for the desk: records that readers may not see are named, too."""
        return self.speaker.name if self.speaker else (self.speaker_label or "Unknown speaker")

    @property
    def public_speaker(self) -> Politician | None:
        """The speaker's record, if readers may see it. Asks no query where `speaker` was loaded."""
        return self.speaker if self.speaker and self.speaker.is_published else None

    @property
    def public_speaker_name(self) -> str:
        """Who said it, as readers may be told: the public record's name, the desk's label, or the attribution
        of the first appearance, where those were loaded as `printed`."""
        first = next(iter(getattr(self, "printed", ())), None)
        return self._speaker_as_in(first.attribution if first is not None else "")

    def _speaker_as_in(self, attribution: str) -> str:
        speaker = self.public_speaker
        return (speaker.name if speaker else self.speaker_label) or attribution or "An unnamed speaker"

    @property
    def public_source(self) -> str:
        """Who said it where readers know no record: as `public_speaker_name`, and that there is no name."""
        return described(self.public_speaker_name)

    @property
    def public_title(self) -> str:
        """Who did what with the words, in a line for readers."""
        return self.titled(self.public_speaker_name)

    @property
    def public_description(self) -> str:
        """What the claim's page is about, in a sentence for search engines."""
        if self.lead_in:
            return f"{self.public_title}: where it was printed."
        return (
            f"What {self.public_speaker_name} said, where it was printed and whether it stands up: "
            f"{self.short_wording}"
        )

    @property
    def public_verdict(self) -> str:
        """Where the check stands, in a sentence for readers; see `verdict`."""
        if self.verdict is not None:
            return f"{self.verdict.label}. {self.verdict.summary}"
        return "Not rated." if self.is_read else f"{self.UNREAD}."

    @property
    def citation(self) -> str:
        """Who said which words, to be cited: "Ada Lowther: “the wall holds”"; else as `public_title`."""
        if self.lead_in or self.kind != self.Kind.DIRECT:
            return self.public_title
        return f"{self.public_speaker_name}: “{self.short_wording}”"

    @property
    def printed_parts(self) -> list[str]:
        """The words part by part, each in one line, as the first of the appearances loaded as `printed` has
        them; one part when they were not interrupted, none without an appearance."""
        first = next(iter(getattr(self, "printed", ())), None)
        return [" ".join(part.exact.split()) for part in first.selectors] if first is not None else []

    @property
    def is_read(self) -> bool:
        """Whether a person has read it: reviewed it, or given it a verdict. False: accepted unread."""
        return self.reviewed_at is not None or self.rating != ""

    @property
    def verdict(self) -> Verdict | None:
        """The check as readers may see it. None without a rating: the notes of a check that goes on, or
        whose verdict was withdrawn, are the desk's own."""
        if not self.rating:
            return None
        return Verdict(
            self.rating,
            self.get_rating_display(),
            self.rating_summary,
            self.explanation,
            self.methodology,
            self.evidence,
            self.checked_at,
        )

    @property
    def finding(self) -> str:
        """The verdict in a sentence, for readers; nothing without one."""
        return self.rating_summary if self.rating else ""

    @property
    def verdict_history(self) -> list["VerdictChange"]:
        """The verdicts given and withdrawn, the newest first: a step without a verdict where none stood is
        a note of the desk's own."""
        steps, standing = [], ""
        for change in reversed(self.verdict_changes.all()):
            if change.rating or standing:
                steps.append(change)
            standing = change.rating
        return steps[::-1]

    @property
    def words(self) -> str:
        """The words for readers: of an interrupted quotation as its parts were printed first, where its
        appearances were loaded as `printed`."""
        first = next(iter(getattr(self, "printed", ())), None)
        if first is not None and first.further and wording_key(first.words) == wording_key(self.wording):
            return str(first.words)
        return self.wording

    @property
    def sentence(self) -> tuple[excerpts.Piece, ...]:
        """The sentence around the words as it was printed first; see `in_sentence`."""
        return self.in_sentence(None)

    @property
    def sentence_in_short(self) -> tuple[excerpts.Piece, ...]:
        """As much of that sentence as a list shows."""
        return self.in_sentence(IN_A_LIST)

    def in_sentence(self, limits: excerpts.Limits | None) -> tuple[excerpts.Piece, ...]:
        """The words in the sentence that printed them first, where appearances were loaded as `printed`.

        The words alone where the desk has put them otherwise than the story.
        """
        return self.sentence_in(next(iter(getattr(self, "printed", ())), None), limits)

    def sentence_in(
        self, printed: "Appearance | None", limits: excerpts.Limits | None
    ) -> tuple[excerpts.Piece, ...]:
        """The same, of one of the claim's appearances."""
        if printed is not None and same_words(printed.words, self.wording):
            found: tuple[excerpts.Piece, ...] = printed.in_sentence(limits, quoted=self.is_direct)
            if found:
                return found
        words = self.words.split()
        if limits and len(words) > limits.words:
            words = [*words[: limits.words], "…"]
        return excerpts.words_alone(" ".join(words), quoted=self.is_direct)

    @property
    def is_direct(self) -> bool:
        """Whether the words are quoted as they were said."""
        return self.kind == self.Kind.DIRECT

    @property
    def stance_label(self) -> str:
        """What was done with the words, in a word or two; nothing when they were said."""
        if self.stance == self.Stance.SAID:
            return ""
        return STANCE_LABELS.get(self.stance, "Not yet checked whether said or denied")

    @property
    def public_stance(self) -> str:
        """Who did what with the words: "Piers Holt denied"; nothing when they were said."""
        if self.stance == self.Stance.SAID:
            return ""
        verb = STANCE_VERBS.get(self.stance)
        name = self.public_speaker_name
        return f"{name} {verb}" if verb else f"{name}, {NOT_KNOWN.removesuffix(':')}"

    @property
    def short_wording(self) -> str:
        """The first words, with what was done with them before them unless they were said."""
        return f"{self.lead_in} {self._first_words}".strip()

    @property
    def lead_in(self) -> str:
        """What stands before the words wherever they are shown: "denied that"; nothing when they were said.

        The verb is as printed. Where it led up to reported words it does so here; before words between marks,
        and where no verb is on file, a colon parts the two.
        """
        if self.stance == self.Stance.SAID:
            return ""
        if not self.stance:
            return NOT_KNOWN
        verb = self.verb or STANCE_VERBS[self.stance]
        return verb if self.verb and self.kind != self.Kind.DIRECT else f"{verb}:"

    def titled(self, speaker: str) -> str:
        """Who did what with the words: "Ada Lowther: the wall holds", "Ada Lowther denied that …"."""
        words = self._first_words
        if self.stance == self.Stance.SAID:
            return f"{speaker}: {words}"
        if not self.stance:
            return f"{speaker}, {NOT_KNOWN} {words}"
        return f"{speaker} {self.lead_in} {f'“{words}”' if self.kind == self.Kind.DIRECT else words}"

    @property
    def _first_words(self) -> str:
        words = self.words.split()
        return " ".join(words[:18]) + (" …" if len(words) > 18 else "")


class Shingle(models.Model):
    """A few neighbouring words of a rated claim, as a 64-bit hash, by which its like is found in a text."""

    hash = models.BigIntegerField()
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="shingles")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hash", "claim"], name="shingle_once")]

    def __str__(self) -> str:
        return f"{self.hash:x}"


class Evidence(models.Model):
    """A page on which a verdict rests."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="evidence")
    url = models.URLField("address", max_length=500)
    title = models.CharField(max_length=250)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "evidence"
        constraints = [on_the_web("url", "evidence_is_on_the_web")]

    def __str__(self) -> str:
        return self.title


class VerdictChange(models.Model):
    """One step in the history of a claim's verdict; readers see all of them."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="verdict_changes")
    rating = models.CharField(max_length=15, choices=Claim.Rating, blank=True)
    summary = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_rating_display() or 'No verdict'} ({day(self.made_at)})"


class ContradictionQuerySet(models.QuerySet["Contradiction"]):
    """Contradictions by who may see them."""

    def published(self) -> "ContradictionQuerySet":
        """Those that an editor confirmed, where readers may see both claims."""
        shown = Claim.objects.using(self.db).published().order_by().values("pk")
        return self.filter(confirmed_at__isnull=False, first__in=shown, second__in=shown)


class Contradiction(models.Model):
    """Two claims that cannot both stand; readers see those an editor confirmed."""

    first = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="contradictions_first")
    second = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="contradictions_second")
    note = models.TextField(blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = ContradictionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="contradiction_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="contradiction_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first} / {self.second}"

    def get_absolute_url(self) -> str:
        """Where the list shows the pair, while it is among the newest."""
        return f"{reverse('stories:contradictions')}#contradiction-{self.pk}"


class AppearanceQuerySet(models.QuerySet["Appearance"]):
    """Appearances by who may see them and by what became of their words."""

    def published(self) -> "AppearanceQuerySet":
        """Appearances readers may see: words still in place, claim accepted, story published."""
        return self.filter(public_from__lte=timezone.now())

    def needing_a_person(self) -> "AppearanceQuerySet":
        """Appearances that lost their words, or whose words may be in several places."""
        return self.filter(state__in=[Appearance.State.AMBIGUOUS, Appearance.State.LOST])


class Appearance(models.Model):
    """A claim in a story: the exact words, as W3C TextQuote and TextPosition selectors over `article.text`.

    `start` and `end` count characters. An interrupted quotation ("A," she said, "B.") has its first part
    in the columns and the others in `further`, each {"exact", "prefix", "suffix", "start", "end"}.
    """

    class State(models.TextChoices):
        KEPT = "kept", "In place"
        MOVED = "moved", "Moved with its words"
        AMBIGUOUS = "ambiguous", "Ambiguous"
        LOST = "lost", "Words lost"

    class FoundBy(models.TextChoices):
        MACHINE = "machine", "The importer"
        PERSON = "person", "A person"

    IN_PLACE = (State.KEPT, State.MOVED)

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="appearances")
    article = models.ForeignKey(
        Article, verbose_name="story", on_delete=models.CASCADE, related_name="appearances"
    )
    exact = models.TextField("words")
    prefix = models.TextField(blank=True)
    suffix = models.TextField(blank=True)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    further = models.JSONField(default=list, blank=True, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.KEPT, db_index=True)
    places = models.JSONField(
        default=list, blank=True, editable=False, help_text="Where ambiguous words stand: [[start, end], …]."
    )
    attribution = models.CharField(
        max_length=300, blank=True, help_text="Who said it, as the story prints it."
    )
    speaker_role = models.CharField("described as", max_length=200, blank=True)
    speaker_party = models.CharField("party, as described", max_length=120, blank=True)
    verb = models.CharField("verb as printed", max_length=120, blank=True, default="", db_default="")
    quoted_from = models.CharField(
        "whose words they passed on", max_length=120, blank=True, default="", db_default=""
    )
    outlet = models.CharField(max_length=150, blank=True, db_column="told")
    kind = models.CharField(max_length=10, choices=Claim.Kind, default=Claim.Kind.DIRECT)
    confidence = models.FloatField(null=True, blank=True, editable=False)
    rule = models.CharField(max_length=60, blank=True, editable=False)
    reasons = models.JSONField(default=list, blank=True, editable=False)
    candidates = models.JSONField(
        default=list,
        blank=True,
        editable=False,
        help_text="Who else it might be, best first: [{name, politician, score, reasons}, …].",
    )
    found_by = models.CharField(max_length=10, choices=FoundBy, default=FoundBy.PERSON, editable=False)
    public_from = KeptByDatabaseField(
        help_text="When its story was or will be published, words in place and claim accepted."
    )
    imported_in = models.ForeignKey(
        "ImportRun",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="appearances",
    )

    objects = AppearanceQuerySet.as_manager()

    # No column: the story's text from REACH characters before the words to as many after them, set where
    # appearances are loaded to be printed.
    around: str
    # The outlet on record and the last part of its address, set in the same way; None where there is none.
    outlet_name: str | None = None
    outlet_slug: str | None = None

    class Meta:
        ordering = ["article", "start", "pk"]
        verbose_name = "claim in a story"
        verbose_name_plural = "claims in stories"
        indexes = [
            models.Index(fields=["speaker_role"], name="appearance_role"),
            models.Index(fields=["public_from"], name="appearance_public"),
            models.Index(fields=["outlet", "claim", "public_from"], name="appearance_public_by_outlet"),
            models.Index(
                fields=["claim", "public_from", "article", "speaker_role", "speaker_party"],
                name="appearance_public_by_claim",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(exact=""), name="appearance_has_words"),
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="appearance_span_in_order"),
            models.CheckConstraint(
                condition=Q(confidence__isnull=True) | Q(confidence__gte=0, confidence__lte=1),
                name="appearance_confidence_in_range",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["kept", "moved", "ambiguous", "lost"]), name="appearance_state_known"
            ),
            models.UniqueConstraint(fields=["claim", "article", "start"], name="appearance_once"),
        ]

    def __str__(self) -> str:
        return f"“{self.exact[:60]}” in {self.article}"

    def get_absolute_url(self) -> str:
        """The path of the story's page, at the claim's note."""
        return f"{self.article.get_absolute_url()}#claim-{self.claim_id}"

    @property
    def public_speaker_name(self) -> str:
        """Who said it, as the claim tells; its own attribution where that has neither record nor label."""
        return self.claim._speaker_as_in(self.attribution)

    @property
    def office(self) -> str:
        """The role as printed, in a form that can stand behind the name and beside the party."""
        return office(self.speaker_role, self.speaker_party)

    @property
    def words(self) -> str:
        """The words as this story prints them, in one line; see `text.quotations.as_printed`."""
        return as_printed(self.selectors)

    def in_sentence(
        self, limits: excerpts.Limits | None = None, *, quoted: bool
    ) -> tuple[excerpts.Piece, ...]:
        """The words in the sentence that this story prints around them, from what was loaded as `around`.

        Nothing where that was not loaded, or where other words stand in their place.
        """
        text, from_ = getattr(self, "around", ""), max(self.start - REACH, 0)
        spans = [(part.start - from_, part.end - from_) for part in self.selectors]
        if any(text[slice(*span)] != part.exact for span, part in zip(spans, self.selectors, strict=True)):
            return ()
        cut = (from_ > 0, len(text) >= spans[-1][1] + REACH)
        return excerpts.excerpt(text, spans, quoted=quoted, cut=cut, limits=limits)

    @property
    def sentence(self) -> tuple[excerpts.Piece, ...]:
        """The words in their sentence, or alone where that was not loaded."""
        direct = self.claim.is_direct
        return self.in_sentence(quoted=direct) or excerpts.words_alone(self.words, quoted=direct)

    @property
    def sentence_in_short(self) -> tuple[excerpts.Piece, ...]:
        """As much of that sentence as a list shows; the claim's words where the desk put them otherwise."""
        return self.claim.sentence_in(self, IN_A_LIST)

    def surround(self, text: str) -> None:
        """Take what stands around the words from the text of the story, as `around`."""
        self.around = text[max(self.start - REACH, 0) : self.selectors[-1].end + REACH]

    @property
    def selectors(self) -> tuple[Selector, ...]:
        """One selector for each part of the quotation, in the story's order."""
        first = Selector(self.exact, self.prefix, self.suffix, self.start, self.end)
        return (first, *(Selector(**part) for part in self.further))
