"""The newsroom's own word lists for the extraction, from the folder in EXTRACTION_WORDS."""

from functools import cache
from pathlib import Path

from django.conf import settings

from stories.extraction import WordLists

__all__ = ["newsroom_lists"]


def newsroom_lists() -> WordLists | None:
    """Return the word lists, or None without the setting; a process reads the folder once.

    Raises as `WordLists.of_folder` does.
    """
    return _lists(settings.EXTRACTION_WORDS) if settings.EXTRACTION_WORDS else None


@cache
def _lists(folder: str) -> WordLists:
    return WordLists.of_folder(Path(folder))
