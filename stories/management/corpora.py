"""The commands' way to folders of marked stories, or to a part of one."""

from argparse import ArgumentTypeError
from collections.abc import Iterator
from pathlib import Path

from stories.extraction.evaluation import gold


def part(text: str) -> tuple[int, int]:
    """(0, 5) of "0/5"."""
    which, _, of = text.partition("/")
    if not (which.isdigit() and of.isdigit() and int(which) < int(of)):
        raise ArgumentTypeError("give it as K/N, such as 0/5")
    return int(which), int(of)


def stories_in(
    folder: Path, *, only: tuple[int, int] | None = None, without: tuple[int, int] | None = None
) -> Iterator[gold.MarkedStory]:
    """The marked stories of a folder; (0, 5) is the first of five parts. Raises as ``gold.read`` does."""
    for story in gold.read(folder):
        if only is not None and gold.part(story.name, only[1]) != only[0]:
            continue
        if without is not None and gold.part(story.name, without[1]) == without[0]:
            continue
        yield story
