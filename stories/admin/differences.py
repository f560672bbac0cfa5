"""Differences between two versions of a story, as the pages of the desk show them."""

from typing import Any

from stories.actions.stories import pending_versions
from stories.actions.stories.revisions import Difference
from stories.models import Article
from stories.text.diff import Change

AROUND = 160  # characters of unchanged text shown beside a change


def changes_on_page(story: Article) -> dict[str, Any]:
    """Return the context of a page with the changes that `story` has against what readers see."""
    authors, tags = (story.pending.names(name) if story.pending else None for name in pending_versions.NAMES)
    return difference_on_page(pending_versions.difference(story, authors=authors, tags=tags))


def difference_on_page(found: Difference) -> dict[str, Any]:
    """Return the context of admin/stories/article/difference.html."""
    return {"found": found, "paragraphs": shortened(found.text)}


def shortened(changes: tuple[Change, ...]) -> list[list[Change]]:
    """Return the changes by paragraph, without paragraphs that have none.

    An empty list stands for the unchanged paragraphs between two others; long unchanged text is cut in the
    middle.
    """
    paragraphs: list[list[Change]] = [[]]
    for change in changes:
        parts = change.text.split("\n\n")
        for number, part in enumerate(parts):
            if number:
                paragraphs.append([])
            if part:
                paragraphs[-1].append(Change(change.kind, part))
    shown: list[list[Change]] = []
    for paragraph in paragraphs:
        if any(change.kind != "same" for change in paragraph):
            shown.append([_ends(change) for change in paragraph])
        elif shown and shown[-1]:
            shown.append([])  # stands for the unchanged paragraphs up to the next change
    return shown[:-1] if shown and not shown[-1] else shown


def _ends(change: Change) -> Change:
    if change.kind != "same" or len(change.text) <= 2 * AROUND:
        return change
    return Change("same", f"{change.text[:AROUND]} … {change.text[-AROUND:]}")
