"""What people decided about the importer's claims, as marked stories for the training to learn from."""

import re
from collections.abc import Iterable, Iterator

from django.db.models import QuerySet

from stories.extraction import Span
from stories.extraction.evaluation.gold import MarkedStory, MarkedWords
from stories.models import Appearance, Article, Claim, ReviewDecision

__all__ = ["marked_stories"]

Verb = ReviewDecision.Verb
REACH = 600  # characters from the words in which their source is looked for


def marked_stories() -> Iterator[MarkedStory]:
    """Each story with claims that the importer found and a person accepted, reassigned or rejected.

    Only these are marked. The source is where the story prints it nearest to the words: as the importer had
    it when the claim was accepted, the new speaker's name when it was reassigned. Of a rejected claim, and
    of one whose new speaker the story does not name, it is marked who did not say it.
    """
    decided = Article.objects.filter(appearances__claim__decisions__in=_standing()).distinct().order_by("pk")
    for article in decided.iterator():
        found = article.appearances.filter(
            found_by=Appearance.FoundBy.MACHINE, state__in=Appearance.IN_PLACE
        ).select_related("claim__speaker")
        words = tuple(marked for marked in (_marked(article.text, row) for row in found) if marked)
        if words:
            yield MarkedStory(f"story {article.pk}", article.text, words, whole=False)


def _standing() -> QuerySet[ReviewDecision]:
    """Decisions about claims as the importer found them; those about what people made have no rule."""
    verbs = (Verb.ACCEPTED, Verb.REJECTED, Verb.REASSIGNED)
    return ReviewDecision.objects.filter(undone_at=None, verb__in=verbs).exclude(rule="")


def _marked(text: str, appearance: Appearance) -> MarkedWords | None:
    """The words with their source; ``None`` when nothing was decided or the source is not to be found."""
    claim = appearance.claim
    decision = _standing().filter(claim=claim).order_by("-pk").first()
    if decision is None:
        return None
    content = tuple(Span(selector.start, selector.end) for selector in appearance.selectors)
    printed = _nearest(text, [appearance.attribution], content)
    denied = claim.state == Claim.State.REJECTED or decision.verb == Verb.REJECTED
    if decision.verb == Verb.REASSIGNED and not denied:
        named = _nearest(text, _names(claim), content)
        printed, denied = (named, False) if named is not None else (printed, True)
    return MarkedWords(content, (), (printed,), denied) if printed is not None else None


def _names(claim: Claim) -> list[str]:
    """What the speaker may be printed as: every name on record, the surname alone, or the desk's label."""
    if claim.speaker is None:
        return [claim.speaker_label]
    names = [claim.speaker.name, *(other.name for other in claim.speaker.other_names.all())]
    return [*names, claim.speaker.name.split()[-1]]


def _nearest(text: str, phrases: Iterable[str], content: tuple[Span, ...]) -> Span | None:
    """Where one of the phrases stands nearest to the words, outside them; the longest of equally near."""
    start, end = content[0].start, content[-1].end
    places = []
    for phrase in filter(str.strip, phrases):
        pattern = re.compile(r"(?<!\w)" + r"\s+".join(map(re.escape, phrase.split())) + r"(?!\w)")
        for match in pattern.finditer(text, max(0, start - REACH), end + REACH):
            place = Span(*match.span())
            if not any(part.start < place.end and place.start < part.end for part in content):
                distance = max(start - place.end, place.start - end, 0)
                places.append((distance, place.start - place.end, place))
    return min(places)[2] if places else None
