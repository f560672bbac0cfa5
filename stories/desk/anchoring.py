"""Keeping each claim on its own words while the story is edited, and never on any others."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.db import transaction

from stories import anchors
from stories.anchors import Found, Selector
from stories.desk import history
from stories.desk.errors import NotReady
from stories.desk.roles import require
from stories.models import Appearance, Article

WORST_FIRST = (
    Appearance.State.LOST,
    Appearance.State.AMBIGUOUS,
    Appearance.State.MOVED,
    Appearance.State.KEPT,
)
# Beyond any text: where anchors wait while others of the same claim take their old places.
ASIDE = 1_000_000_000


@dataclass(slots=True)
class Reanchored:
    """The story's appearances by what became of them."""

    kept: list[Appearance] = field(default_factory=list)
    moved: list[Appearance] = field(default_factory=list)
    ambiguous: list[Appearance] = field(default_factory=list)
    lost: list[Appearance] = field(default_factory=list)

    @property
    def adrift(self) -> list[Appearance]:
        """Those a person has to look at."""
        return [*self.ambiguous, *self.lost]


def reanchor(*, article: Article, old_text: str) -> Reanchored:
    """Find every claim's words again in `article.text`, which was `old_text` before.

    Each appearance ends kept, moved, ambiguous (with `places`) or lost; the columns of the last two stay
    as they were, for the queue to show. One transaction; offsets are characters.
    """
    done = Reanchored()
    with transaction.atomic():
        appearances = list(
            Appearance.objects.select_for_update().filter(article=article).order_by("start", "pk")
        )
        for appearance in appearances:
            _find_again(appearance, article.text, old_text)
        _part_doubles(appearances)
        _set_aside_crowded(appearances)
        Appearance.objects.bulk_update(
            appearances,
            ["exact", "prefix", "suffix", "start", "end", "further", "state", "places"],
            batch_size=200,
        )
    for appearance in appearances:
        getattr(done, appearance.state).append(appearance)
    return done


def place(*, appearance: Appearance, spans: Iterable[tuple[int, int]], by: User | None) -> Appearance:
    """Put the claim on the words at `spans` (start, end) of its story, one for each part, as a person chose.

    Raises NotAllowed, NotReady (outside the text, empty, overlapping, or the claim stands there already).
    """
    require(by, "stories.change_appearance", "move a claim in a story")
    parts = sorted(spans)
    text = appearance.article.text
    if not parts or any(not 0 <= start < end <= len(text) for start, end in parts):
        raise NotReady("Those words are not in the story as it stands now.")
    if any(before[1] > after[0] for before, after in zip(parts, parts[1:], strict=False)):
        raise NotReady("The parts of a quotation cannot overlap.")
    same_place = Appearance.objects.filter(
        claim=appearance.claim_id, article=appearance.article_id, start=parts[0][0]
    ).exclude(pk=appearance.pk)
    if same_place.exists():
        raise NotReady("This claim stands on those words already.")
    with history.recorded(by=by, comment="A claim was put on its words."):
        _set(appearance, [anchors.make(text, start, end) for start, end in parts], Appearance.State.KEPT)
        appearance.save()
    return appearance


def places_of(text: str, words: str) -> list[tuple[int, int]]:
    """Every place in `text` where `words` stand exactly, as (start, end) characters, first to last."""
    found, at = [], text.find(words) if words else -1
    while at >= 0:
        found.append((at, at + len(words)))
        at = text.find(words, at + 1)
    return found


def _find_again(appearance: Appearance, text: str, old_text: str) -> None:
    # The old positions say something only where the words stood in the old text.
    known = old_text if appearance.state in Appearance.IN_PLACE else None
    selectors = appearance.selectors
    results = [anchors.find(text, selector, old_text=known) for selector in selectors]
    state = next(state for state in WORST_FIRST if any(found.state == state for found in results))
    if state in Appearance.IN_PLACE:
        if _in_order(results):
            fresh = [anchors.make(text, found.start, found.end) for found in results]  # type: ignore[arg-type]
            _set(appearance, fresh, state)
        else:  # the parts have been put in another order: a person says whether it is still one quotation
            appearance.state, appearance.places = Appearance.State.LOST, []
        return
    appearance.state = state
    unsure = next((found for found in results if found.state == state), None)
    appearance.places = [list(span) for span in unsure.candidates] if unsure else []


def _in_order(results: list[Found]) -> bool:
    return all(
        before.end is not None and after.start is not None and before.end <= after.start
        for before, after in zip(results, results[1:], strict=False)
    )


def _set(appearance: Appearance, selectors: list[Selector], state: Appearance.State) -> None:
    first, *others = selectors
    appearance.exact, appearance.prefix, appearance.suffix = first.exact, first.prefix, first.suffix
    appearance.start, appearance.end = first.start, first.end
    appearance.further = [
        {"exact": o.exact, "prefix": o.prefix, "suffix": o.suffix, "start": o.start, "end": o.end}
        for o in others
    ]
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
