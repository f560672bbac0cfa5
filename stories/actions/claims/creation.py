"""Making a claim of words in a story, and taking one out again."""

import re
from collections.abc import Collection, Iterable

from django.contrib.auth.models import User

from stories.actions import history, locking, outlets, reanchoring
from stories.actions.claims import placing, review
from stories.actions.errors import NotReady
from stories.actions.permissions import require
from stories.importing.rereading import read_sense
from stories.models import Appearance, Article, Claim, Dismissal, Politician
from stories.models.claims import wording_key
from stories.text import anchors
from stories.text.normalise import QUOTATION_MARKS, plain_marks
from stories.text.quotations import as_printed

ADD, DELETE = "stories.add_appearance", "stories.delete_appearance"
RECORD, CHANGE = "stories.add_claim", "stories.change_claim"
# Of an appearance: what a person who makes a claim by hand does not say.
READ = (
    *("quoted_from", "speaker_role", "speaker_party"),
    *("confidence", "rule", "reasons", "candidates", "found_by"),
)
# Who said it, the review and the verdict have verbs of their own.
PLAIN = frozenset({"wording", "stance", "verb", "kind", "said_on"})
OUTER_MARKS = f"{QUOTATION_MARKS} \t\r\n"


class WordsMissing(NotReady):
    """The words do not stand in the story."""


class WordsRepeated(NotReady):
    """The words stand in the story several times; `places` are their (start, end) characters."""

    def __init__(self, places: list[tuple[int, int]]) -> None:
        super().__init__(f"These words stand in the story {len(places)} times. Choose which are meant.")
        self.places = places


def find_words(text: str, words: str) -> list[tuple[int, int]]:
    """Where `words`, as somebody typed or pasted them, stand in `text`: all (start, end), first to last.

    Quotation marks around them are dropped; marks and dashes inside may be of another kind, and white
    space is any white space. Letters are themselves.
    """
    parts = [re.escape(part) for part in plain_marks(words.strip(OUTER_MARKS)).split()]
    if not parts:
        return []
    return [match.span() for match in re.finditer(r"\s+".join(parts), plain_marks(text))]


def place_of(text: str, words: str, *, which: int | None = None) -> tuple[int, int]:
    """The one place of `words` in `text`, or the `which`-th (0 is the first).

    Raises WordsMissing, WordsRepeated (when it is not said which).
    """
    places = find_words(text, words)
    if not places:
        raise WordsMissing("These words do not stand in the story. Copy them from the body.")
    if which is not None and 0 <= which < len(places):
        return places[which]
    if len(places) > 1:
        raise WordsRepeated(places)
    return places[0]


@locking.act
def make(  # noqa: PLR0913  (a keyword for each thing that the form asks)
    *,
    article: Article,
    spans: Iterable[tuple[int, int]],
    by: User | None,
    speaker: Politician | None = None,
    speaker_label: str = "",
    kind: str = Claim.Kind.DIRECT,
    stance: str | None = None,
    outlet: str = "",
    attribution: str = "",
    read: Appearance | None = None,
) -> Appearance:
    """Make a claim of the words at `spans` (start, end) of the story's text, or add to the claim that the
    same speaker has in the same words.

    `stance` is what the speaker did with the words; left out, it is read from the sentence around them.
    `read` is what the reader of copy made of these words (`importing.store.found_in`): what only it knows.
    It is accepted at once when `by` may review claims, and waits for review otherwise.
    Raises NotAllowed, NotReady (also when `article.text` is not what is stored).
    """
    require(by, ADD, "make claims")
    parts = sorted(spans)
    label = speaker_label.strip()
    if speaker is None and not label:
        raise NotReady("Say who said it: a person, or a label such as “a party source”.")
    wording = as_printed(
        [
            anchors.make(article.text, start, end)
            for start, end in parts
            if 0 <= start < end <= len(article.text)
        ]
    )
    if not wording:
        raise NotReady("Those words are not in the story as it stands now.")
    with history.recorded(by=by, comment="A claim was made."):
        speaker = review.current(speaker) if speaker else None
        sense = read_sense(article.text, parts, kind, attribution or (speaker.name if speaker else ""))
        verb = sense.verb[:120] if stance in (None, sense.stance) else ""
        if read is not None:
            verb = read.verb
        stance = sense.stance if stance is None else stance
        made = Claim(
            wording=wording,
            speaker=speaker,
            speaker_label="" if speaker else label,
            kind=kind,
            stance=stance,
            verb=verb,
            said_on=article.dateline,
        )
        held = locking.hold(stories=[article], people=[speaker], claims=[same_claim(made)])
        story = held.story(article)
        made.speaker = held.person(speaker) if speaker else None
        claim = same_claim(made) or made
        if claim is made:
            made.save()
        else:
            claim = held.claim(claim)
        appearance = Appearance(
            claim=claim,
            article=article,
            exact=wording,
            start=0,
            end=1,
            kind=kind,
            outlet=outlet,
            verb=verb,
            quoted_from=(sense.quoted_from or "")[:120] if stance == Claim.Stance.QUOTED else "",
            attribution=attribution,
        )
        for name in READ if read is not None else ():
            setattr(appearance, name, getattr(read, name))
        known = claim if claim.state == Claim.State.ACCEPTED else None
        placing.require_handling(article=story, claim=known, by=by, permission=ADD, doing="make claims")
        outlets.file([outlet])
        reanchoring.put(appearance=appearance, spans=parts)
        if claim.state == Claim.State.PROPOSED and (by is None or by.has_perm(review.REVIEW)):
            review.accept(claim=claim, by=by)
    return appearance


@locking.act
def take_out(*, appearance: Appearance, by: User | None) -> None:
    """Unmark the words in their story, which are not offered as a claim in it again. A claim that was only
    proposed and stands nowhere else goes too.

    Raises NotAllowed.
    """
    with history.recorded(by=by, comment="A claim was taken out."):
        story = locking.hold(stories=[appearance.article]).story(appearance.article)
        claim = Claim.objects.filter(appearances=appearance).first()
        if claim is None:
            return  # somebody else took it out
        placing.require_handling(
            article=story, claim=claim, by=by, permission=DELETE, doing="take claims out of a story"
        )
        Dismissal.objects.create(article=story, words=appearance.words, by=by)
        appearance.delete()
        if claim.state == Claim.State.PROPOSED and not claim.appearances.exists():
            claim.delete()


@locking.act
def record(*, claim: Claim, by: User | None) -> Claim:
    """Put a new claim on record, to be reviewed, that need not stand in any story.

    Raises NotAllowed, NotReady (nobody is named, or they have these words on record).
    """
    require(by, RECORD, "put claims on record")
    claim.speaker_label = claim.speaker_label.strip()
    if claim.speaker is None and not claim.speaker_label:
        raise NotReady("Say who said it: a person, or a label such as “a party source”.")
    with history.recorded(by=by, comment="A claim was put on record."):
        held = locking.hold(people=[claim.speaker])
        claim.speaker = held.person(claim.speaker) if claim.speaker else None
        _refuse_duplicate(claim)
        claim.state = Claim.State.PROPOSED
        claim.save(force_insert=True)
    return claim


@locking.act
def amend(*, claim: Claim, fields: Collection[str], by: User | None) -> Claim:
    """Write `fields` of the claim, which are among PLAIN, and nothing else of it.

    Raises NotAllowed (what has been decided is changed by those who decide), NotReady (the speaker has these
    words on record).
    """
    require(by, CHANGE, "change claims")
    with history.recorded(by=by, comment="A claim was changed."):
        row = locking.hold(claims=[claim]).claim(claim)
        if row.state != Claim.State.PROPOSED or {"stance", "verb"} & set(fields):
            require(by, review.REVIEW, "change what has been decided about a claim")
        for name in PLAIN & set(fields):
            setattr(row, name, getattr(claim, name))
        if {"wording", "stance"} & set(fields):
            _refuse_duplicate(row)
        row.save(update_fields=PLAIN & set(fields))
    return claim


def _refuse_duplicate(claim: Claim) -> None:
    same = same_claim(claim)
    if same is not None and same.pk != claim.pk:
        raise NotReady(f"{claim.speaker} has these words on record already.")


def same_claim(made: Claim) -> Claim | None:
    """What the claim's speaker has on record in the same words and sense."""
    if made.speaker is None:
        return None
    key = wording_key(made.wording, made.stance)
    return Claim.objects.filter(speaker=made.speaker, wording_key=key).first()
