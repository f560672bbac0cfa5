"""Tags that print cards; the HTML of a card is kept by all that the card says."""

from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from stories.models.cards import Card, ClaimCard, StoryCard

register = template.Library()

KEPT = 2_000  # cards, of some 2 kB each

TEMPLATES: dict[type[Card[Any]], tuple[str, str]] = {
    StoryCard: ("includes/story_card.html", "story"),
    ClaimCard: ("includes/claim_card.html", "claim"),
}


@register.simple_tag
def card(row: Card[Any], **how: Any) -> SafeString:
    """Render the card of a story or a claim; `how` goes to its template."""
    if settings.DEBUG:  # who works on the templates wants to see each change
        return rendered(type(row), row, **how)
    return kept(type(row), row, **how)


def rendered(kind: type[Card[Any]], row: Card[Any], **how: Any) -> SafeString:
    """Return the HTML of a card. It depends on nothing but the arguments."""
    name, variable = TEMPLATES[kind]
    return render_to_string(name, {variable: row.made, **how})


# The card itself is the key, equal only where nothing that is printed has changed: nothing goes stale.
kept = lru_cache(maxsize=KEPT)(rendered)
