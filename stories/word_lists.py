"""The newsroom's own word lists for the extraction, from the folder in EXTRACTION_WORDS."""

from functools import cache
from pathlib import Path

from django.conf import settings

from stories.extraction import WordLists
from stories.extraction.words import per_lists, rows, using
from stories.extraction.words.lists import outlet_nouns
from stories.text.normalise import outlet_key

__all__ = ["newsroom_lists", "outlet_named"]

ON_AIR = frozenset(("Radio", "TV", "Television", "FM", "Channel", "News"))  # they make an outlet in any place


def newsroom_lists() -> WordLists | None:
    """Return the word lists, or None without the setting; a process reads the folder once.

    Raises as `WordLists.of_folder` does.
    """
    return _lists(settings.EXTRACTION_WORDS) if settings.EXTRACTION_WORDS else None


@cache
def _lists(folder: str) -> WordLists:
    return WordLists.of_folder(Path(folder))


def outlet_named(printed: str) -> str | None:
    """Return the name of the outlet that words for who was told mean, None where they name none.

    That is what the list of outlets says of them, or else the words themselves, without an article, if they
    have the form of an outlet's name: "the Eastmere Post", "Radio Tidewick". Reporters, a committee and a
    person are none.
    """
    from stories.extraction.text.letters import capital  # readers' pages need none of the machine

    with using(newsroom_lists()):
        if (known := _outlets_by_key().get(outlet_key(printed))) is not None:
            return known
        first, *others = words = printed.split() or [""]
        has_article = first in ("the", "The") and bool(others)
        name = others if has_article else words
        if len(name) < 2 or not capital(name[0]):
            return None
        is_one = not ON_AIR.isdisjoint(name) or (has_article and name[-1] in outlet_nouns())
        return " ".join(name) if is_one else None


@per_lists
def _outlets_by_key() -> dict[str, str]:
    """The name that each listed outlet goes by, by the key of every way to print it."""
    names = {outlet_key(row[0]): row[1] if len(row) > 1 else row[0] for row in rows("outlets")}
    return {outlet_key(name): name for name in names.values()} | names
