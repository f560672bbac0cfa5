"""Keeping each claim on its own words while the story is edited, and never on any others."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from django.db import transaction

from stories.actions import locking
from stories.actions.errors import NotReady
from stories.models import Appearance, Article, Claim, StoryNote
from stories.text import anchors
from stories.text.anchors import Found, Selector

WORST_FIRST = (
    Appearance.State.LOST,
    Appearance.State.AMBIGUOUS,
    Appearance.State.MOVED,
    Appearance.State.KEPT,
)
MOST_PLACES = 20  # kept with a claim that is adrift
# Beyond any text: where anchors wait while others of the same claim take their old places.
ASIDE = 1_000_000_000


@dataclass(slots=True)
class Reanchored:
    """The story's appearances by what became of them.

    Those of `ambiguous` whose words stand in a sentence with another source, or a denial, are in `turned`,
    too. `retyped` has those whose capitals, commas or brackets were changed: what they were, and are.
    """

    kept: list[Appearance] = field(default_factory=list)
    moved: list[Appearance] = field(default_factory=list)
    ambiguous: list[Appearance] = field(default_factory=list)
    lost: list[Appearance] = field(default_factory=list)
    turned: list[Appearance] = field(default_factory=list)
    retyped: list[tuple[Appearance, str, str]] = field(default_factory=list)

    @property
    def adrift(self) -> list[Appearance]:
        """Those a person has to look at."""
        return [*self.ambiguous, *self.lost]


def reanchor(*, article: Article, old_text: str) -> Reanchored:
    """Find every claim's words again in `article.text`, which was `old_text` before.

    Each appearance ends kept, moved, ambiguous (with `places`) or lost. The last two are adrift: they keep
    the words and what stood around them, and stay adrift until a person places them
    (`claims.placing.place`) or their own surroundings are back. One transaction; offsets are characters.
    """
    done = Reanchored()
    with transaction.atomic():
        appearances = list(
            Appearance.objects.select_for_update(of=("self",), no_key=True)
            .filter(article=article)
            .select_related("claim__speaker")
            .order_by("start", "pk")
        )
        for appearance in appearances:
            was, stood = appearance.selectors, appearance.state in Appearance.IN_PLACE
            _find_again(appearance, article.text, old_text)
            if stood and appearance.state in Appearance.IN_PLACE and old_text != article.text:
                _compare(appearance, was, article.text, old_text, done)
        _part_doubles(appearances)
        _set_aside_crowded(appearances)
        Appearance.objects.bulk_update(
            appearances,
            ["exact", "prefix", "suffix", "start", "end", "further", "state", "places"],
            batch_size=200,
        )
        _find_notes_again(article, old_text)
    for appearance in appearances:
        getattr(done, appearance.state).append(appearance)
    return done


def _find_notes_again(article: Article, old_text: str) -> None:
    """Find the words of the story's notes again; words that are lost are looked for in every later text."""
    notes = list(article.notes.exclude(exact=""))
    for note in notes:
        words = Selector(note.exact, note.prefix, note.suffix, note.start or 0, note.end or 0)
        was = old_text if note.start is not None else None
        place_note(note, article.text, anchors.find(article.text, words, old_text=was))
    StoryNote.objects.bulk_update(notes, ["exact", "prefix", "suffix", "start", "end"], batch_size=200)


def place_note(note: StoryNote, text: str, found: Found) -> None:
    """Set the note's place in `text`; words that are not found in one place stay as they were."""
    if found.start is None or found.end is None:
        note.start = note.end = None
        return
    at = anchors.make(text, found.start, found.end)
    note.exact, note.prefix, note.suffix = at.exact, at.prefix, at.suffix
    note.start, note.end = at.start, at.end


def text_mark(text: str) -> str:
    """What a form that shows places in a story's text carries, to tell whether it is still that text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def put(*, appearance: Appearance, spans: Iterable[tuple[int, int]]) -> Appearance:
    """Put the claim on the words at `spans` (start, end) of `appearance.article.text`, and save it.

    For verbs of the desk that have asked who may do it and why the words are these. Raises NotReady (the
    story has another text now; outside it, empty or overlapping; or the claim stands there already).
    """
    parts = sorted(spans)
    with transaction.atomic():
        if locking.story(appearance.article).text != appearance.article.text:
            raise NotReady("The story was changed meanwhile; look at its words again.")
        check_places(appearance, parts)
        fresh = [anchors.make(appearance.article.text, start, end) for start, end in parts]
        _set(appearance, fresh, Appearance.State.KEPT)
        appearance.save()
    return appearance


def put_instead(
    *, appearance: Appearance, was: tuple[Selector, ...], spans: Iterable[tuple[int, int]], old_text: str
) -> bool:
    """Put the claim, whose words `was` stood in `old_text`, on those that a person has typed in their stead.

    Where the new sentence prints another source, or gained a denial, it is adrift instead: who typed the
    words has not said that the claim's speaker said them. Returns whether it stands. Raises as :func:`put`.
    """
    places = sorted(spans)
    if _is_turned(appearance, was, appearance.article.text, places, old_text):
        _turn(appearance, was, places, old_text)
        appearance.save()
        return False
    put(appearance=appearance, spans=places)
    return True


def check_places(appearance: Appearance, parts: list[tuple[int, int]]) -> None:
    """Raise NotReady unless the claim can stand on `parts`, (start, end) in characters, in order."""
    text = appearance.article.text
    if not parts or any(not 0 <= start < end <= len(text) for start, end in parts):
        raise NotReady("Those words are not in the story as it stands now.")
    if any(before[1] > after[0] for before, after in pairwise(parts)):
        raise NotReady("The parts of a quotation cannot overlap.")
    same_place = Appearance.objects.filter(
        claim=appearance.claim_id, article=appearance.article_id, start=parts[0][0]
    ).exclude(pk=appearance.pk)
    if same_place.exists():
        raise NotReady("This claim stands on those words already.")


def _find_again(appearance: Appearance, text: str, old_text: str) -> None:
    if appearance.state not in Appearance.IN_PLACE:
        _wait(appearance, text, old_text)
        return
    selectors = appearance.selectors
    results = [anchors.find(text, selector, old_text=old_text) for selector in selectors]
    state = next(state for state in WORST_FIRST if any(found.state == state for found in results))
    if state in Appearance.IN_PLACE and _in_order(results):
        fresh = [anchors.make(text, found.start, found.end) for found in results]  # type: ignore[arg-type]
        _set(appearance, fresh, state)
        return
    if all(old_text[part.start : part.end] == part.exact for part in selectors):
        # From now on they are known by what stood around them, and by enough of it to be told from any other.
        _set(appearance, [anchors.distinct(old_text, part.start, part.end) for part in selectors], state)
    if not _in_order(results):
        # The parts have been put in another order: a person says whether it is still one quotation.
        appearance.state, appearance.places = Appearance.State.LOST, []
        return
    unsure = next(found for found in results if found.state == state)
    appearance.places = [list(span) for span in unsure.candidates]
    # Where no more places are left than there were others, each may be one of the others.
    others = max(len(anchors.places_of(old_text, part.exact)) for part in selectors) - 1
    rivals = 0 < others >= len(unsure.candidates)
    appearance.state = Appearance.State.LOST if rivals else state


def _compare(
    appearance: Appearance, was: tuple[Selector, ...], text: str, old_text: str, done: Reanchored
) -> None:
    """Ask what became of the sentence of words that stand, and of their capitals and commas."""
    now = appearance.selectors
    places = [(part.start, part.end) for part in now]
    if appearance.claim.state == Claim.State.ACCEPTED and _is_turned(appearance, was, text, places, old_text):
        _turn(appearance, was, places, old_text)
        done.turned.append(appearance)
    elif not all(anchors.alike(one.exact, other.exact) for one, other in zip(was, now, strict=True)):
        old, new = (" … ".join(part.exact for part in parts) for parts in (was, now))
        done.retyped.append((appearance, old, new))


def _is_turned(
    appearance: Appearance,
    was: tuple[Selector, ...],
    text: str,
    places: Sequence[tuple[int, int]],
    old_text: str,
) -> bool:
    """Whether the sentence at `places` of `text` has lost the source of the words, or denies them."""
    from stories.actions import attribution_changes  # loads the machine that reads copy

    old_places = [(part.start, part.end) for part in was]
    names = _names(appearance)
    return attribution_changes.turned(old_text, old_places, text, places, names, appearance.kind)  # type: ignore[arg-type]


def is_contradicted(appearance: Appearance, places: Sequence[tuple[int, int]]) -> bool:
    """Whether readers would see a claim in a sentence that does not say what the claim says."""
    from stories.actions import attribution_changes  # loads the machine that reads copy

    claim = appearance.claim
    return claim.state == Claim.State.ACCEPTED and attribution_changes.contradicted(
        appearance.article.text,
        places,
        _names(appearance),
        appearance.kind,  # type: ignore[arg-type]
        claim.stance,
    )


def _names(appearance: Appearance) -> list[str]:
    claim = appearance.claim
    return [claim.speaker.name if claim.speaker else claim.speaker_label, appearance.attribution]


def _turn(
    appearance: Appearance, was: tuple[Selector, ...], places: Sequence[tuple[int, int]], old_text: str
) -> None:
    """Not as it was accepted: readers do not see it so until a person has looked at `places`."""
    known = [anchors.distinct(old_text, part.start, part.end) for part in was]
    _set(appearance, known, Appearance.State.AMBIGUOUS)
    appearance.places = [list(place) for place in places]


def _wait(appearance: Appearance, text: str, old_text: str) -> None:
    """An appearance that is adrift stays so, unless its own surroundings are back."""
    if text == old_text:
        return
    selectors = appearance.selectors
    unrivalled = appearance.state == Appearance.State.AMBIGUOUS
    places = anchors.back(text, selectors, old_text=old_text, unrivalled=unrivalled)
    if places is not None and all(one[1] <= other[0] for one, other in pairwise(places)):
        stood = [(part.start, part.end) for part in selectors]
        state = Appearance.State.KEPT if places == stood else Appearance.State.MOVED
        _set(appearance, [anchors.make(text, start, end) for start, end in places], state)
        return
    found = [anchors.places_of(text, part.exact) for part in selectors]
    more = [
        len(places) - len(anchors.places_of(old_text, part.exact))
        for places, part in zip(found, selectors, strict=True)
    ]
    # One that is lost may be in a new place only; of one that is ambiguous none of the places has gone.
    least = 1 if appearance.state == Appearance.State.LOST else 0
    doubtful = all(found) and max(more) >= least
    appearance.state = Appearance.State.AMBIGUOUS if doubtful else Appearance.State.LOST
    appearance.places = [list(place) for place in found[0][:MOST_PLACES]]


def settle(appearance: Appearance, text: str, *, near: tuple[int, int] | None = None) -> None:
    """Put an appearance with words from another time on them in `text`, or leave it lost; it is not saved.

    Its place is where the words reach into `near`, the span (start, end) that a person had put in their
    stead; without it, the one place that has all of their surroundings.
    """
    found: list[tuple[int, int]] = []
    for selector in appearance.selectors:
        if near is not None:
            places = [
                at for at in anchors.places_of(text, selector.exact) if at[0] < near[1] and near[0] < at[1]
            ]
        else:
            place = anchors.find(text, selector)
            places = [(place.start, place.end)] if place.start is not None and place.end is not None else []
        if len(places) != 1:
            appearance.state, appearance.places = Appearance.State.LOST, []
            return
        found += places
    if any(one[1] > other[0] for one, other in pairwise(found)):
        appearance.state, appearance.places = Appearance.State.LOST, []
        return
    _set(appearance, [anchors.make(text, start, end) for start, end in found], Appearance.State.MOVED)


def _in_order(results: list[Found]) -> bool:
    """Whether the parts stand one after another, as far as is known where each stands."""
    places = [
        (found.start, found.end) if found.start is not None and found.end is not None else found.candidates[0]
        for found in results
        if found.start is not None or len(found.candidates) == 1
    ]
    return all(one[1] <= other[0] for one, other in pairwise(places))


def _set(appearance: Appearance, selectors: list[Selector], state: Appearance.State) -> None:
    first, *others = selectors
    appearance.exact, appearance.prefix, appearance.suffix = first.exact, first.prefix, first.suffix
    appearance.start, appearance.end = first.start, first.end
    appearance.further = [other.as_dict() for other in others]
    appearance.state, appearance.places = state, []


def _part_doubles(appearances: list[Appearance]) -> None:
    """Of two appearances of one claim that came to stand on the same words, the later lost its own."""
    taken: set[tuple[int, int]] = set()
    settled = sorted(
        (appearance for appearance in appearances if appearance.state in Appearance.IN_PLACE),
        key=lambda appearance: WORST_FIRST.index(Appearance.State(appearance.state)),
        reverse=True,
    )
    for appearance in settled:
        if (appearance.claim_id, appearance.start) in taken:
            appearance.state, appearance.places = Appearance.State.LOST, []
        taken.add((appearance.claim_id, appearance.start))


def _set_aside_crowded(appearances: list[Appearance]) -> None:
    """Keep `appearance_once` true throughout: the database checks it row by row, not at the end.

    An appearance that is adrift keeps its old columns, so its old start may now be another's: it moves
    beyond the text. Claims that stand once in the story, nearly all, cost nothing here.
    """
    crowded = {claim for claim, number in Counter(a.claim_id for a in appearances).items() if number > 1}
    taken = {(a.claim_id, a.start) for a in appearances if a.state in Appearance.IN_PLACE}
    for appearance in appearances:
        if appearance.claim_id not in crowded:
            continue
        Appearance.objects.filter(pk=appearance.pk).update(
            start=ASIDE + 2 * appearance.pk, end=ASIDE + 2 * appearance.pk + 1
        )
        if appearance.state not in Appearance.IN_PLACE and (appearance.claim_id, appearance.start) in taken:
            appearance.start, appearance.end = ASIDE + 2 * appearance.pk, ASIDE + 2 * appearance.pk + 1
        taken.add((appearance.claim_id, appearance.start))
