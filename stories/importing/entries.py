"""What became of one file of an import: created, updated, unchanged, kept out or failed."""

from dataclasses import dataclass

from stories.importing.reader import Copy
from stories.importing.sources import Source
from stories.importing.store import Filed
from stories.models import ImportedText

Outcome = ImportedText.Outcome
FILED = (Outcome.CREATED, Outcome.UPDATED)
UNCHANGED = "unchanged"
OUTCOMES = ("created", "updated", UNCHANGED, "kept", "failed")


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of one file. `article` is the story's primary key."""

    file: str
    outcome: str
    message: str = ""
    article: int | None = None
    claims: int = 0
    people: int = 0
    headline: str = ""
    date: str = ""
    byline: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    @property
    def is_filed(self) -> bool:
        """Whether the file is a story now."""
        return self.outcome in FILED

    @classmethod
    def of(cls, source: Source, copy: Copy, outcome: str, message: str, filed: Filed) -> "Entry":
        """The entry of a file that was filed."""
        day = copy.moment or copy.dateline
        return cls(
            source.name,
            outcome,
            message,
            filed.article.pk,
            len(filed.appearances),
            filed.people,
            copy.headline,
            day.isoformat() if day else "",
            copy.byline,
            copy.tags,
        )
