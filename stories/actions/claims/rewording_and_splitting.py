"""A claim put on other words of its story, and one claim made into several."""

from stories.actions import reanchoring
from stories.actions.claims import creation
from stories.actions.errors import NotReady
from stories.models import Appearance, Claim
from stories.models.claims import wording_key


def _only_appearance(row: Claim) -> Appearance:
    appearances = list(row.appearances.select_related("article")[:2])
    if len(appearances) != 1:
        raise NotReady("The claim stands in several stories; change its words on their pages.")
    return appearances[0]


def reword(row: Claim, words: str) -> None:
    """Put the claim on other words of its story, nearest to where it stood, and call it by them.

    Raises NotReady where the words do not stand in the story, the speaker has them on record already, or the
    claim stands in several stories.
    """
    appearance = _only_appearance(row)
    text = appearance.article.text
    places = creation.find_words(text, words)
    if not places:
        raise NotReady("These words do not stand in the story. Copy them from it.")
    start, end = min(places, key=lambda place: abs(place[0] - appearance.start))
    wording = " ".join(text[start:end].split())
    double = Claim.objects.filter(
        speaker=row.speaker_id, wording_key=wording_key(wording, row.stance)
    ).exclude(pk=row.pk)
    if row.speaker_id and double.exists():
        raise NotReady("The speaker has these words on record already; join the two claims instead.")
    reanchoring.put(appearance=appearance, spans=[(start, end)])
    row.wording = wording
    row.save(update_fields=["wording"])


def split(row: Claim, words: str) -> list[Claim]:
    """Make several claims of one, at each “|” in `words`; each piece stands in the story.

    Returns the new ones. Raises NotReady where there is no “|” or a piece does not stand in the story, and as
    `reword` does.
    """
    first, *others = [piece for piece in words.split("|") if piece.strip()] or [""]
    if not others:
        raise NotReady("Put a “|” where one claim ends and the next begins.")
    was = _only_appearance(row)
    reword(row, first)
    made = []
    for piece in others:
        places = creation.find_words(was.article.text, piece)
        if not places:
            raise NotReady(f"“{piece.strip()}” does not stand in the story.")
        span = min(places, key=lambda place: abs(place[0] - was.start))
        wording = " ".join(was.article.text[span[0] : span[1]].split())
        claim = Claim.objects.create(
            wording=wording,
            speaker=row.speaker,
            speaker_label=row.speaker_label,
            kind=row.kind,
            stance=row.stance,
            verb=row.verb,
            said_on=row.said_on,
            imported_in=row.imported_in,
        )
        made.append(claim)
        appearance = Appearance(
            claim=claim,
            article=was.article,
            exact=wording,
            start=0,
            end=1,
            kind=was.kind,
            verb=was.verb,
            quoted_from=was.quoted_from,
            outlet=was.outlet,
            attribution=was.attribution,
            speaker_role=was.speaker_role,
            speaker_party=was.speaker_party,
        )
        reanchoring.put(appearance=appearance, spans=[span])
    return made
