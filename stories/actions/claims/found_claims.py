"""Claims that the reader of copy finds in a story of the desk: offered beside its text, made or dismissed.

What is only offered is no row. The story is read when its page asks for it, which is after each save; so what
is offered always fits the words as they are saved, whichever process or database answers, and readers, feeds
and counts cannot come upon it. Each offer carries, signed, what was read, and is made a claim by that.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.contrib.auth.models import User
from django.core import signing

from stories.actions import history, locking, undo
from stories.actions.claims import creation, placing, review, speakers
from stories.actions.errors import NotReady, Stale
from stories.actions.reanchoring import text_mark
from stories.extraction import Person, extract
from stories.models import Act, Appearance, Article, Claim, Dismissal, Politician, ReviewDecision
from stories.text.normalise import words_alone
from stories.word_lists import newsroom_lists

SALT = "stories: a claim found in a story"
LONGEST = 60_000  # characters of a story that are read
HALF = 0.5  # of the words: from here on two stretches are the same
# Of an appearance: what an offer carries beside its places.
CARRIED = (
    *("attribution", "outlet", "kind", "verb", "quoted_from", "speaker_role", "speaker_party"),
    *("confidence", "rule", "reasons", "candidates"),
)
DOING = "make claims"


@dataclass(frozen=True, slots=True)
class Reading:
    """A claim as it was read in a story: where its words stand, who said them, and all that it is made of.

    Of the speaker there is one at most: `speaker`, the number of a record; `enters`, a politician without
    one; `label`, as the story prints them.
    """

    spans: tuple[tuple[int, int], ...]
    words: str
    speaker: int | None
    label: str
    enters: dict[str, str] | None
    stance: str
    about: tuple[int, ...]
    place: dict[str, Any]


def may_make(*, article: Article, by: User) -> bool:
    """Whether `by` may make claims of words in this story."""
    return by.has_perm(creation.ADD) and placing.may_handle(article=article, claim=None, by=by)


def offered(*, article: Article, by: User) -> list[Reading]:
    """What is said in the story as it is saved, and is no claim in it yet; nothing that was dismissed.

    Takes as long as reading the story does. Raises NotAllowed.
    """
    placing.require_handling(article=article, claim=None, by=by, permission=creation.ADD, doing=DOING)
    standing = list(article.appearances.all())
    dismissed = list(article.dismissals.values_list("words", flat=True))
    return [
        one
        for one in read(article)
        if not any(_same_place(one, appearance) for appearance in standing)
        and not any(_same_words(one.words, words) for words in dismissed)
    ]


def at(*, article: Article, start: int, end: int) -> Reading | None:
    """What is read at characters `start` to `end` of `article.text`, saved or not."""
    best: tuple[int, Reading] | None = None
    for one in read(article):
        both = sum(max(0, min(end, last) - max(start, first)) for first, last in one.spans)
        if both and (best is None or both > best[0]):
            best = both, one
    return best[1] if best else None


def read(article: Article) -> list[Reading]:
    """Everything said in the text that `article` holds, in its order. What is beyond LONGEST is not read."""
    from stories.importing.roster import Roster, known_people
    from stories.importing.store import Found, found_in

    story = Article(headline=article.headline, text=article.text[:LONGEST], dateline=article.dateline)
    # As the import puts the two together.
    extraction = extract(
        f"{story.headline}\n\n{story.text}", known_people(), story.dateline, newsroom_lists()
    )

    def reading(found: Found) -> Reading:
        claim, place = found.claim, found.appearance
        return Reading(
            spans=tuple((part.start, part.end) for part in place.selectors),
            words=claim.wording,
            speaker=claim.speaker_id,
            label="" if claim.speaker_id else claim.speaker_label,
            enters=_entered(found.enters),
            stance=claim.stance,
            about=found.about,
            place={name: getattr(place, name) for name in CARRIED},
        )

    return [reading(found) for found in found_in(story, extraction, Roster())]


def _entered(person: Person | None) -> dict[str, str] | None:
    if person is None:
        return None
    return {"name": person.name, "role": (person.role or "")[:200], "party": person.party or ""}


def token_of(*, article: Article, reading: Reading) -> str:
    """What the page carries of an offer, signed: it cannot be made another."""
    carried = asdict(reading) | {"story": article.pk, "mark": text_mark(article.text)}
    return signing.dumps(carried, salt=SALT, compress=True)


@locking.act
def accept(  # noqa: PLR0913  (a keyword for each thing that the page asks)
    *,
    article: Article,
    token: str,
    by: User,
    speaker: Politician | None = None,
    new_person: str = "",
    namesake: bool = False,
    speaker_label: str = "",
) -> tuple[Appearance, Act]:
    """Make a claim of what was offered, for whom the reading named or for another; it can be taken back.

    It is accepted at once when `by` may review claims. Raises NotAllowed, NotReady (nobody is named, or the
    words are a claim by now), Stale (the story was saved since it was read).
    """
    story, reading = _carried(article, token)
    corrected = bool(speaker or new_person.strip() or speaker_label.strip())
    with history.recorded(by=by, comment="A claim found in the story was made."):
        locking.hold(stories=[story])
        if any(_same_place(reading, one) for one in story.appearances.all()):
            raise NotReady("These words are a claim in this story by now.")
        if corrected:
            whose, new = speakers.on_record(speaker=speaker, new_person=new_person, namesake=namesake, by=by)
        else:
            whose, new = _read_speaker(reading, by)
            speaker_label = reading.enters["name"] if reading.enters else reading.label
        known = _known(reading, whose)
        watch = undo.Watch(whole=[known], alone=[whose if whose != new else None])
        appearance = creation.make(
            article=story,
            spans=reading.spans,
            by=by,
            speaker=whose,
            speaker_label=speaker_label,
            kind=reading.place["kind"],
            stance=reading.stance,
            outlet=reading.place["outlet"],
            attribution=reading.place["attribution"],
            read=Appearance(**reading.place, found_by=Appearance.FoundBy.MACHINE),
        )
        claim = appearance.claim
        judged = _judge(claim, reading, corrected, by) if known is None else None
        if known is None:
            about = Politician.objects.current().filter(pk__in=reading.about)
            claim.about.set([one for one in about if one.pk != claim.speaker_id])
        watch.add(whole=[claim], alone=[new, judged])
        act = Act.objects.create(
            verb=Act.Verb.CLAIM_FOUND,
            what=f"“{claim.short_wording}” was made a claim"[:300],
            subject=story.pk,
            into=appearance.pk,
            changes=watch.record(),
            by=by,
        )
    return appearance, act


@locking.act
def take_back(*, act: Act, by: User) -> None:
    """Undo an :func:`accept`: the claim is only offered again. Raises NotAllowed, NotReady (somebody has
    decided about it since)."""
    with history.recorded(by=by, comment="A claim found in the story is taken back."):
        row = Article.objects.filter(pk=act.subject).first() or Article(pk=act.subject)
        story = locking.hold(stories=[row]).story(row)
        done = undo.held(act)
        claim = Claim.objects.filter(appearances=done.into).first()
        placing.require_handling(article=story, claim=claim, by=by, permission=creation.ADD, doing=DOING)
        if done.undone_at is not None or claim is None:
            raise NotReady("This claim has been taken back or taken out already.")
        record = undo.check(done.changes)
        if undo.decided_since(record):
            raise NotReady(undo.DECIDED)
        stayed = undo.take_back(record, since=done.made_at)
        undo.close(done, stayed=stayed)


@locking.act
def dismiss(*, article: Article, token: str, by: User) -> Dismissal:
    """Say that what was offered is no claim: it is not offered in this story again, unless `offer_again`
    undoes it. Raises NotAllowed, Stale."""
    story, reading = _carried(article, token)
    placing.require_handling(article=story, claim=None, by=by, permission=creation.ADD, doing=DOING)
    return Dismissal.objects.create(article=story, words=reading.words, by=by)


@locking.act
def offer_again(*, dismissal: Dismissal, by: User) -> None:
    """Undo a :func:`dismiss`. Raises NotAllowed."""
    placing.require_handling(
        article=dismissal.article, claim=None, by=by, permission=creation.ADD, doing=DOING
    )
    Dismissal.objects.filter(pk=dismissal.pk).delete()


def _carried(article: Article, token: str) -> tuple[Article, Reading]:
    """The story as stored and what was offered in it."""
    try:
        carried = signing.loads(token, salt=SALT)
    except signing.BadSignature as error:
        raise Stale("The desk has not offered this. Load the page again.") from error
    story = locking.story(article)
    if carried.pop("story") != story.pk or carried.pop("mark") != text_mark(story.text):
        raise Stale("The story was saved since it was read. These are its claims now.")
    carried["spans"] = tuple((start, end) for start, end in carried["spans"])
    return story, Reading(**carried)


def _read_speaker(reading: Reading, by: User) -> tuple[Politician | None, Politician | None]:
    """Whom the reading names, and their record again if it was made for this."""
    if reading.speaker is not None:
        return review.current(Politician(pk=reading.speaker)), None
    if reading.enters is None or not by.has_perm(speakers.ADD):
        return None, None
    from stories.importing.roster import find_party

    whose, new = speakers.on_record(speaker=None, new_person=reading.enters["name"], by=by)
    if new is not None:
        new.role, new.party = reading.enters["role"], find_party(reading.enters["party"])[0]
        new.save(update_fields=["role", "party"])
    return whose, new


def _known(reading: Reading, speaker: Politician | None) -> Claim | None:
    return creation.same_claim(Claim(wording=reading.words, stance=reading.stance, speaker=speaker))


def _judge(claim: Claim, reading: Reading, corrected: bool, by: User) -> ReviewDecision | None:
    """What a reviewer's decision says of the machine. Others' claims are judged when they are reviewed."""
    if not by.has_perm(review.REVIEW):
        return None
    verb = ReviewDecision.Verb.REASSIGNED if corrected else ReviewDecision.Verb.ACCEPTED
    rule, confidence = reading.place["rule"], reading.place["confidence"]
    return ReviewDecision.objects.create(claim=claim, verb=verb, rule=rule, confidence=confidence, by=by)


def _same_place(reading: Reading, appearance: Appearance) -> bool:
    """Whether the appearance has half of the words, or half of its own are among them."""
    if appearance.state not in Appearance.IN_PLACE:
        return _same_words(reading.words, appearance.words)
    theirs = [(part.start, part.end) for part in appearance.selectors]
    both = sum(
        max(0, min(end, last) - max(start, first)) for start, end in reading.spans for first, last in theirs
    )
    return both > 0 and both >= HALF * min(_length(reading.spans), _length(theirs))


def _length(spans: Sequence[tuple[int, int]]) -> int:
    return sum(end - start for start, end in spans)


def _same_words(one: str, other: str) -> bool:
    """Whether the one holds the other, and is not twice as long."""
    shorter, longer = sorted((words_alone(one), words_alone(other)), key=len)
    return f" {shorter} " in f" {longer} " and len(shorter) >= HALF * len(longer)
