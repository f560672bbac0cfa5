"""The page of a claim, and the claims browser."""

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from django.contrib.auth.models import User
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format

from stories.facets import counts
from stories.facets.filters import ClaimFilter
from stories.models import Appearance, Claim, Contradiction, VerdictChange
from stories.models.cards import ClaimCard, claim_list
from stories.models.prefetch import NEWEST_FIRST, claim_cards, with_near, with_topics
from stories.text.diff import Change, word_changes
from stories.text.excerpts import Piece
from stories.text.normalise import same_words
from stories.views import charts
from stories.views.embeds import EMBED_WIDTH, embed_height
from stories.views.http_caching import public_page, with_last_modified
from stories.views.paging import page_of
from stories.views.wordings import near_printings

# Headings of more characters than this are set smaller.
LONG = (("very-long", 420), ("long", 160))
# As many as keep a page under 60 kB.
ON_A_PAGE, PAIRS_ON_A_PAGE = 16, 10
MORE = 4  # other claims of the speaker, beneath a claim


@dataclass(slots=True)
class Printing:
    """A claim in one story: the words as printed there, and their word diff to the claim's wording.

    The same words are shown in their `sentence`, but those of the first story: they head the page.
    """

    appearance: Appearance
    words: str
    pieces: list[Change]
    sentence: tuple[Piece, ...]


@public_page
def claims(request: HttpRequest) -> HttpResponse:
    """Show the claims browser."""
    filters = ClaimFilter(
        request.GET, queryset=Claim.objects.published().order_by(*NEWEST_FIRST), known_as=counts.CLAIMS
    )
    page = page_of(request, claim_list(filters.listed), ON_A_PAGE, total=filters.total)
    return render(request, "stories/claim_list.html", {"page": page, "filters": filters})


@public_page
def claim(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """Show a claim with its verdict, its appearances and what contradicts it.

    Raises Http404 for a claim that is not published; 301 to its address when the slug is not the present one.
    """
    rows = claim_cards(Claim.objects.published(), sentences=True).select_related("checked_by__author")
    changes = Prefetch("verdict_changes", queryset=VerdictChange.objects.select_related("by__author"))
    found = with_near(with_topics(rows)).prefetch_related("evidence", changes).filter(pk=pk).first()
    if found is None or not found.printed:
        raise Http404("No claim at this address")
    if request.path != found.get_absolute_url():
        return redirect(found, permanent=True)
    context = {
        "claim": found,
        "first": found.printed[0],
        "size": size_of(found),
        "others": len({place.article_id for place in found.printed}) - 1,
        "checker": name_of(found.checked_by),
        "trend": trend_of(found.verdict_history),
        "frame": {"width": EMBED_WIDTH, "height": embed_height(found, EMBED_WIDTH)},
        "history": [(change, name_of(change.by)) for change in found.verdict_history],
        "printings": printings_of(found),
        "near": near_printings(found),
        "contradictions": contradictions_of(found),
        "more": more_by_speaker(found),
        "chart": charts.over_time(printed_by_day(found)),
    }
    return with_last_modified(
        render(request, "stories/claim.html", context),
        found.reviewed_at,
        found.checked_at,
        *(change.made_at for change in found.verdict_changes.all()),
        *(
            moment
            for place in found.printed
            for moment in (place.article.published_at, place.article.updated_at)
        ),
    )


def more_by_speaker(claim: Claim) -> Sequence[ClaimCard]:
    """Return the newest other claims of whoever made a claim, if readers know them."""
    speaker = claim.public_speaker
    if speaker is None:
        return ()
    theirs = Claim.objects.published().filter(speaker=speaker).exclude(pk=claim.pk)
    return claim_list(theirs.order_by(*NEWEST_FIRST))[:MORE]  # type: ignore[no-any-return]


def size_of(claim: Claim) -> str:
    """Return the class of the heading, by the length of the sentence that it is."""
    length = sum(len(piece.text) for piece in claim.sentence)
    return next((name for name, least in LONG if length > least), "")


def trend_of(history: list[VerdictChange]) -> str:
    """Return in a sentence how often the verdict changed and what it was before; "" if it never did.

    `history` has its steps, the newest first.
    """
    steps = [step for step, older in zip_longest(history, history[1:]) if differs(step, older)]
    if len(steps) < 2:
        return ""
    times = {1: "once", 2: "twice"}.get(len(steps) - 1, f"{len(steps) - 1} times")
    until = date_format(timezone.localtime(steps[0].made_at), "j F Y")
    before = f"rated {steps[1].get_rating_display()}" if steps[1].rating else "without a verdict"
    return f"Changed {times}: {before} until {until}"


def differs(step: VerdictChange, older: VerdictChange | None) -> bool:
    """Whether a step of a verdict's history brought another verdict."""
    return older is None or step.rating != older.rating


@public_page
def contradictions(request: HttpRequest) -> HttpResponse:
    """Show the pairs of claims that contradict each other, the newest pair first, in each the older claim."""
    page = page_of(
        request, Contradiction.objects.published().order_by("-confirmed_at", "-pk"), PAIRS_ON_A_PAGE
    )
    both = {number for pair in page.object_list for number in (pair.first_id, pair.second_id)}
    cards = {card.pk: card for card in ClaimCard.of(list(both))}
    pairs = [
        (pair, sorted((cards[pair.first_id], cards[pair.second_id]), key=lambda card: card.newness))
        for pair in page.object_list
        if pair.first_id in cards and pair.second_id in cards  # one may have been rejected meanwhile
    ]
    return render(request, "stories/contradictions.html", {"page": page, "pairs": pairs})


def printed_by_day(claim: Claim) -> dict[datetime.date, int]:
    """Return the number of appearances per local day of publication."""
    return Counter(timezone.localtime(place.article.published_at).date() for place in claim.printed)


def name_of(person: User | None) -> str:
    """Return a member of staff's name as author, else their full name; never the user name."""
    if person is None:
        return ""
    author = getattr(person, "author", None)
    return author.name if author else person.get_full_name()


def printings_of(claim: Claim) -> list[Printing]:
    """Return the claim's published appearances, with a word diff where the words differ."""
    printings: list[Printing] = []
    for appearance in claim.printed:
        words = appearance.words
        pieces = [] if same_words(claim.words, words) else word_changes(claim.words, words)
        sentence = appearance.in_sentence(quoted=claim.is_direct) if printings and not pieces else ()
        printings.append(Printing(appearance, words, pieces, sentence))
    return printings


def contradictions_of(claim: Claim) -> list[tuple[Claim, ClaimCard | None, str]]:
    """Return the claims that an editor confirmed to contradict this one, with card and the editor's note.

    This claim is in the list too, and all are in the order in which they were made; empty when nothing
    contradicts it.
    """
    confirmed: QuerySet[Contradiction] = Contradiction.objects.filter(
        Q(first=claim) | Q(second=claim), confirmed_at__isnull=False
    )
    notes = {pair.second_id if pair.first_id == claim.pk else pair.first_id: pair.note for pair in confirmed}
    found: list[tuple[Claim, ClaimCard | None, str]] = [
        (card.made, card, notes[card.pk]) for card in ClaimCard.of(list(notes))
    ]
    if not found:
        return []
    return sorted(
        [*found, (claim, None, "")], key=lambda one: (one[0].listed_on or datetime.date.max, one[0].pk)
    )
