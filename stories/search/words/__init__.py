"""Words as the indexes see them, and the word lists beside this file. Pure: no Django."""

import re
from functools import lru_cache
from importlib.resources import files

from stories.text.normalise import search_key

WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> tuple[str, ...]:
    """The folded words of `text`, in order: runs of letters and digits, everything else divides them."""
    return tuple(WORD.findall(search_key(text)))


@lru_cache(maxsize=1)
def stop_words() -> frozenset[str]:
    """Return the words that say nothing of what is looked for."""
    content = files("stories.search").joinpath("words", "stop_words.txt").read_text(encoding="utf-8")
    return frozenset(
        word for line in content.splitlines() if not line.startswith("#") for word in line.split()
    )
