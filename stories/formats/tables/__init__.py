"""The public record as tables, which CSV files and whole dumps are written of."""

from stories.formats.tables.claims import APPEARANCES, CLAIMS, CONTRADICTIONS, VERDICTS
from stories.formats.tables.outlets import OUTLETS
from stories.formats.tables.people import MEMBERSHIPS, PEOPLE
from stories.formats.tables.stories import CORRECTIONS, STORIES

__all__ = ["CLAIMS", "TABLES"]

TABLES = (STORIES, CLAIMS, APPEARANCES, VERDICTS, CONTRADICTIONS, CORRECTIONS, PEOPLE, MEMBERSHIPS, OUTLETS)
