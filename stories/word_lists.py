"""The newsroom's own word lists, from the folder that the setting EXTRACTION_WORDS names."""

from functools import cache
from pathlib import Path

from django.conf import settings

from stories.extraction import WordLists

__all__ = ["newsroom_lists"]


def newsroom_lists() -> WordLists | None:
    """The lists to read copy with; None where the newsroom has none of its own.

    A folder is read once in a process. Raises as `WordLists.of_folder` does.
    """
    return _lists(settings.EXTRACTION_WORDS) if settings.EXTRACTION_WORDS else None


@cache
def _lists(folder: str) -> WordLists:
    return WordLists.of_folder(Path(folder))
