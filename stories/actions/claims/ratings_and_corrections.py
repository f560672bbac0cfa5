"""What was wrong and is right now: corrections on a story, and a claim's verdict with its history."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.utils import timezone

from stories.actions import history, locking
from stories.actions.errors import NotReady
from stories.actions.permissions import require
from stories.actions.stories import pending
from stories.actions.stories.quotation_guard import Reason
from stories.actions.stories.saving import Saved
from stories.actions.stories.story_permissions import Stage, stage_of
from stories.models import Appearance, Article, Claim, Correction, PendingVersion, VerdictChange
from stories.text.quotations import because, begins_a_sentence, ended, in_marks, sentence_around

CORRECT = "stories.correct_article"


@dataclass(frozen=True, slots=True)
class Rated:
    """What giving a verdict did: the step in its history (None when nothing changed), the drafts made or
    brought up to date, and how many drafts fell away because the verdict is again what it was."""

    change: VerdictChange | None
    drafts: tuple[Correction, ...] = ()
    dropped: int = 0


@locking.act
def publish(*, correction: Correction, by: User | None) -> Correction:
    """Show the correction to readers: on the story, in its feed entry and on the corrections page.

    Takes one that is not saved yet, or a draft. Raises NotAllowed, NotReady (no words, the story was never
    published, or the correction already stands).
    """
    require(by, CORRECT, "publish corrections")
    correction.text = correction.text.strip()
    if not correction.text:
        raise NotReady("Say what was wrong and what is right.")
    with history.recorded(by=by, comment=f"{correction.get_kind_display()} published."):
        story = locking.story(correction.article)
        if stage_of(story) is not Stage.LIVE:
            raise NotReady(f"Only a published story is corrected in public: this one is {stage_of(story)}.")
        if correction.pk and Correction.objects.filter(pk=correction.pk, made_at__isnull=False).exists():
            raise NotReady("This correction is published already.")
        correction.made_at = story.updated_at = timezone.now()
        correction.by = by
        correction.save()
        story.save(update_fields=["updated_at"])
    return correction


@locking.act
def publish_with_changes(
    *,
    correction: Correction,
    by: User | None,
    opened: str | None = None,
    reasons: Mapping[int, Reason] | None = None,
) -> Saved:
    """Show readers the changes that wait for the story, if there are any, together with the correction.

    Returns what became of the claims. Raises as `publish` and `pending.publish` do; then neither is shown.
    """
    require(by, CORRECT, "publish corrections")
    with history.recorded(by=by, comment=""):
        story = locking.hold(stories=[correction.article]).story(correction.article)
        saved = Saved()
        if PendingVersion.objects.filter(pk=story.pk).exists():
            saved = pending.publish(article=story, by=by, opened=opened, reasons=reasons)
        publish(correction=correction, by=by)
        return saved


@locking.act
def save(*, correction: Correction, by: User | None, fields: Collection[str] = ()) -> Correction:
    """Write a new draft of a correction, or `fields` of one that is there. Readers see a draft when it is
    published, and a change to what is published at once.

    Raises NotAllowed, NotReady (no words, the story has gone).
    """
    require(
        by, "stories.change_correction" if correction.pk else "stories.add_correction", "write corrections"
    )
    correction.text = correction.text.strip()
    if not correction.text:
        raise NotReady("Say what was wrong and what is right.")
    with history.recorded(by=by, comment="A correction was written."):
        if correction.pk is None:
            locking.hold(stories=[correction.article])
            correction.made_at, correction.by = None, by
            correction.save(force_insert=True)
            return correction
        was = Correction.objects.select_related("article").get(pk=correction.pk)
        locking.hold(stories={was.article, correction.article})
        if Correction.objects.published().filter(pk=correction.pk).exists():
            require(by, CORRECT, "change what is published")
        correction.save(update_fields=set(fields) - {"made_at", "by"})
    return correction


@locking.act
def rate(
    *, claim: Claim, by: User | None, rating: str, summary: str, explanation: str = "", methodology: str = ""
) -> Rated:
    """Give an accepted claim its verdict, or take it back (`rating` "").

    A changed verdict or summary is a step in the claim's history. When there was a verdict before and it
    is another now, every published story that prints the claim gets a correction drafted; a draft that
    waits there already is brought up to date, so that no story has two.
    Raises NotAllowed, NotReady.
    """
    require(by, "stories.rate_claim", "give a claim its verdict")
    with history.recorded(by=by, comment="Verdict given." if rating else "Verdict withdrawn."):
        row = locking.hold(claims=[claim]).claim(claim)
        if row.state != Claim.State.ACCEPTED:
            raise NotReady("Only an accepted claim gets a verdict.")
        if rating and rating not in Claim.Rating.values:
            raise NotReady(f"There is no verdict “{rating}”.")
        if rating and not summary.strip():
            raise NotReady("Say in a sentence why; readers see it beside the verdict.")
        before, summary_before = row.rating, row.rating_summary
        row.rating, row.rating_summary = rating, summary.strip()
        row.explanation = explanation  # type: ignore[assignment]
        row.methodology = methodology
        row.checked_by, row.checked_at = (by, timezone.now()) if rating else (None, None)
        if rating and row.reviewed_at is None:
            row.reviewed_by, row.reviewed_at = by, timezone.now()
        row.save()
        change = None
        # Without a verdict, before and after, the sentence is a note of the desk's own: no step for readers.
        if before != rating or (rating and summary_before != row.rating_summary):
            # The form sends the old sentence again with an empty verdict: it is no reason for that.
            why = row.rating_summary if rating or row.rating_summary != summary_before else ""
            change = VerdictChange.objects.create(claim=row, rating=row.rating, summary=why, by=by)
        drafts, dropped = _draft_corrections(row, before, summary_before, by) if change else ((), 0)
    for name in ("rating", "rating_summary", "explanation", "methodology", "checked_by", "checked_at"):
        setattr(claim, name, getattr(row, name))
    return Rated(change, drafts, dropped)


def printing(claim: Claim) -> list[Article]:
    """The published stories in which readers find the claim."""
    return list(
        Article.objects.published()
        .filter(appearances__in=claim.appearances.published())
        .order_by("-published_at", "-pk")
        .distinct()
    )


def _draft_corrections(
    claim: Claim, before: str, summary_before: str, by: User | None
) -> tuple[tuple[Correction, ...], int]:
    """The drafts made or brought up to date, one for each story that prints the claim, and how many fell
    away."""
    waiting = Correction.objects.drafts().filter(claim=claim, kind=Correction.Kind.VERDICT).order_by("pk")
    by_story = {draft.article_id: draft for draft in waiting}
    drafts, dropped = [], 0
    for story in printing(claim):
        draft = by_story.get(story.pk)
        if draft is None:
            if not before or before == claim.rating:
                continue
            draft = Correction(article=story, kind=Correction.Kind.VERDICT, claim=claim)
            draft.text = _verdict_changed(story, claim, before, claim.rating, claim.rating_summary)
        else:
            first = _first_verdict(draft, claim, before, summary_before)
            if first == claim.rating:
                draft.delete()
                dropped += 1
                continue
            if not first and before == claim.rating:
                continue  # only the sentence beside the verdict changed
            again = _verdict_changed(story, claim, first or before, claim.rating, claim.rating_summary)
            # What somebody wrote into the draft is theirs: the news goes under it.
            draft.text = again if first else f"{draft.text}\n\n{again}"
        draft.by = by
        draft.save()
        drafts.append(draft)
    return tuple(drafts), dropped


def _first_verdict(draft: Correction, claim: Claim, rating: str, summary: str) -> str:
    """From which verdict the draft tells the change to `rating`; "" when a person has rewritten it."""
    for first in Claim.Rating.values:
        if draft.text == _verdict_changed(draft.article, claim, first, rating, summary):
            return first
    return ""


def _verdict_changed(story: Article, claim: Claim, old: str, rating: str, summary: str) -> str:
    """The words of a correction: the claim was rated `old` and is now `rating` ("": the verdict is gone)."""
    name, words = claim.speaker_name, claim.words.removesuffix(".")
    said = f"a claim by {name}, {in_marks(words)}"
    if claim.lead_in:
        said = f"a statement, {in_marks(f'{name} {claim.lead_in} {words}')}"
    verdict = f"as “{Claim.Rating(old).label}”" if old else ""
    sentence = "" if begins_a_sentence(claim.words) else _sentence(story, claim)
    if sentence:
        printed = f"This story printed {said}, in this sentence: {in_marks(ended(sentence))}"
        rated = f"{printed} We rated it {verdict}." if old else f"{printed} We had not rated it."
    else:
        rated = f"We rated {said}, {verdict}." if old else f"We had not rated {said}."
    now = f"It is now rated “{Claim.Rating(rating).label}”" if rating else "We have withdrawn that verdict"
    return f"{rated} {now}{because(summary)}"


def _sentence(story: Article, claim: Claim) -> str:
    """The sentence of the story that prints the claim first; "" when it does not stand there."""
    place = claim.appearances.filter(article=story, state__in=Appearance.IN_PLACE).order_by("start").first()
    if place is None or story.text[place.start : place.end] != place.exact:
        return ""
    return sentence_around(story.text, place.start, place.end)
