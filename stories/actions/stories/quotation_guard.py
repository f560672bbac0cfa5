"""Words inside a claimed quotation do not change unseen: old against new, and a reason that is kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib.auth.models import User

from stories.actions import reanchoring
from stories.models import Appearance, Article, Claim, QuotationChange
from stories.text import anchors, diff
from stories.text.diff import Change
from stories.text.normalise import same_words

# Reported speech is the reporter's own wording; only what stands as somebody's words is guarded.
RETYPED = "Capitals, commas or brackets alone."
GUARDED = (Claim.Kind.DIRECT, Claim.Kind.PARTIAL)


@dataclass(frozen=True, slots=True)
class Held:
    """A quotation whose words a save would change. `places` is where each part would stand: characters.

    `new` is empty, and there are no places, where so much is rewritten that nobody can tell.
    """

    appearance: Appearance
    old: str
    new: str
    places: tuple[tuple[int, int], ...]

    @property
    def changes(self) -> list[Change]:
        """The old words and the new ones, as changes."""
        return diff.changes(self.old, self.new)


class QuotationsHeld(Exception):
    """The text would change words inside claimed quotations, and no reason is given; nothing is saved."""

    def __init__(self, held: list[Held]) -> None:
        self.held = held
        super().__init__("Say why the words of a quotation are changed.")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the words were changed, and whether the claim stays on the new ones or is left without any."""

    why: str
    stays: bool = True


def held_by(*, article: Article, text: str) -> list[Held]:
    """The accepted quotations in `article` (as the database has it) whose words `text` would change.

    A quotation that is moved, or cut with all of its words, is not changed; nor is one whose marks, capitals,
    commas or brackets alone are typed differently, for the claim stays on them (:func:`record_retyped`).
    """
    if article.text == text:
        return []
    appearances = article.appearances.filter(
        claim__state=Claim.State.ACCEPTED, kind__in=GUARDED, state__in=Appearance.IN_PLACE
    ).select_related("claim__speaker")
    found = (_held(appearance, article.text, text) for appearance in appearances.order_by("start", "pk"))
    return [held for held in found if held is not None]


def record(
    *, article: Article, old_text: str, held: list[Held], reasons: Mapping[int, Reason], by: User | None
) -> tuple[list[QuotationChange], list[Appearance]]:
    """Keep why each held quotation was changed, now that `article` has another text than `old_text`.

    Claims that are to stay are put on their new words. `reasons` is by the appearance's id, and has one for
    each. Returns what was kept, and the appearances that stay in doubt: their sentence has another source.
    """
    rows, turned = keep_reasons(article=article, held=held, reasons=reasons, by=by), []
    for one in held:
        if reasons[one.appearance.pk].stays and one.new:
            standing = Appearance.objects.select_related("claim__speaker").get(pk=one.appearance.pk)
            standing.article = article
            was = one.appearance.selectors
            if not reanchoring.put_instead(appearance=standing, was=was, spans=one.places, old_text=old_text):
                turned.append(standing)
    return rows, turned


def keep_reasons(
    *, article: Article, held: list[Held], reasons: Mapping[int, Reason], by: User | None
) -> list[QuotationChange]:
    """Keep why each held quotation was changed; `reasons` is by the appearance's id, and has one for each."""
    return QuotationChange.objects.bulk_create(
        QuotationChange(
            article=article,
            claim=one.appearance.claim,
            appearance=one.appearance,
            old=one.old,
            new=one.new,
            reason=reasons[one.appearance.pk].why.strip(),
            by=by,
        )
        for one in held
    )


def without_reason(held: list[Held], reasons: Mapping[int, Reason] | None) -> list[Held]:
    """Those held quotations for whose change no reason is given."""
    given = {pk for pk, reason in (reasons or {}).items() if reason.why.strip()}
    return [one for one in held if one.appearance.pk not in given]


def record_retyped(
    *, article: Article, retyped: Iterable[tuple[Appearance, str, str]], by: User | None
) -> None:
    """Keep that capitals, commas or brackets inside accepted quotations were changed, which needs no reason.

    `retyped` has each appearance with its words as they were and as they are.
    """
    QuotationChange.objects.bulk_create(
        QuotationChange(
            article=article,
            claim=appearance.claim,
            appearance=appearance,
            old=old,
            new=new,
            reason=RETYPED,
            by=by,
        )
        for appearance, old, new in retyped
        if appearance.claim.state == Claim.State.ACCEPTED and appearance.kind in GUARDED
    )


def _held(appearance: Appearance, old_text: str, text: str) -> Held | None:
    places, altered = [], False
    for selector in appearance.selectors:
        found = anchors.find(text, selector, old_text=old_text)
        there = diff.counterpart(old_text, text, selector.start, selector.end)
        words = text[slice(*there)]
        if found.start is None or found.end is None:
            rewritten = not words and diff.beyond_telling(old_text, text, selector.start, selector.end)
            altered = altered or rewritten or (bool(words) and not anchors.alike(selector.exact, words))
        elif selector.exact in words and not same_words(selector.exact, words):
            altered = True  # the words all stand, and others were put beside them inside the marks
        else:
            there = found.start, found.end
        if there[0] < there[1]:
            places.append(there)
    if not altered:
        return None
    old = " … ".join(selector.exact for selector in appearance.selectors)
    return Held(appearance, old, " … ".join(text[slice(*place)] for place in places), tuple(places))
