"""Read a folder of annotated stories, whole or one part of N, for the training and evaluation commands."""

from argparse import ArgumentTypeError
from collections.abc import Iterator
from pathlib import Path

from stories.extraction.evaluation import gold


def part(text: str) -> tuple[int, int]:
    """Parse "0/5" into (0, 5). Raises ArgumentTypeError unless it is K/N with K below N."""
    which, _, of = text.partition("/")
    if not (which.isdigit() and of.isdigit() and int(which) < int(of)):
        raise ArgumentTypeError("give it as K/N, such as 0/5")
    return int(which), int(of)


def stories_in(
    folder: Path, *, only: tuple[int, int] | None = None, without: tuple[int, int] | None = None
) -> Iterator[gold.MarkedStory]:
    """Yield the annotated stories of a folder.

    `only` (K, N) keeps part K of N, `without` leaves it out; parts are split by a hash of the name. Raises as
    ``gold.read`` does.
    """
    for story in gold.read(folder):
        if only is not None and gold.part(story.name, only[1]) != only[0]:
            continue
        if without is not None and gold.part(story.name, without[1]) == without[0]:
            continue
        yield story
