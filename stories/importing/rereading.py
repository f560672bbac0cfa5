"""What a source did with words that are on file, read again from the story around them."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from stories.extraction.words import using
from stories.models.claims import wording_key
from stories.word_lists import newsroom_lists

if TYPE_CHECKING:
    from stories.extraction.stance.stance_verbs import Sense

__all__ = ["fill_stances", "read_sense"]

BATCH = 500  # claims read in one transaction


def read_sense(text: str, spans: Sequence[tuple[int, int]], kind: str, attribution: str) -> "Sense":
    """The stance, the verb as printed and whose words they are, of words at `spans` of a story's text."""
    from stories.extraction.stance.stance import sense_of  # loads the machine that reads copy
    from stories.extraction.stance.stance_verbs import Sense

    inside = [span for span in spans if 0 <= span[0] < span[1] <= len(text)]
    if not inside:
        return Sense("")
    with using(newsroom_lists()):
        return sense_of(text, inside, kind, attribution)  # type: ignore[arg-type]


def fill_stances(claims: Any, appearances: Any) -> None:
    """Give one batch of claims without a stance theirs; `appearances` are the places of all of them.

    Models are those of the migration that calls it. A claim whose places say different things, or whose
    speaker has the same words in that sense already, stays unknown: a person is to look.
    """
    senses: dict[int, list[Sense]] = {}
    for row in appearances:
        spans = [(row.start, row.end), *((part["start"], part["end"]) for part in row.further)]
        placed = row.state in ("kept", "moved")
        sense = read_sense(row.article.text, spans if placed else [], row.kind, row.attribution)
        row.verb, row.quoted_from = sense.verb[:120], (sense.quoted_from or "")[:120]
        row.save(update_fields=["verb", "quoted_from"])
        senses.setdefault(row.claim_id, []).append(sense)
    for claim in claims:
        found = senses.get(claim.pk, [])
        if len({sense.stance for sense in found}) != 1 or not found[0].stance:
            continue
        key = wording_key(claim.wording, found[0].stance)
        others = type(claim)._base_manager.filter(speaker_id=claim.speaker_id, wording_key=key)
        if claim.speaker_id and others.exclude(pk=claim.pk).exists():
            continue
        if claim.shingled_key == claim.wording_key:
            claim.shingled_key = key
        claim.stance, claim.verb, claim.wording_key = found[0].stance, found[0].verb[:120], key
        claim.save(update_fields=["stance", "verb", "wording_key", "shingled_key"])


def batches(claims: Any) -> Iterable[list[Any]]:
    """Claims without a stance by number, a batch at a time."""
    last = 0
    while rows := list(claims.filter(pk__gt=last, stance="").order_by("pk")[:BATCH]):
        yield rows
        last = rows[-1].pk
