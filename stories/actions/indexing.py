"""Making anew what the database keeps beside the rows, and filing what waits for an index."""

from django.db import DEFAULT_DB_ALIAS, connections

from stories.actions.claims import near_claims, similar_claims
from stories.database import bulk_load, change_counter, public_from
from stories.search import reindex


def reindex_all(database: str = DEFAULT_DB_ALIAS) -> dict[str, int]:
    """Make the search index, `public_from` and the planner's statistics anew; how many rows of each kind."""
    connection = connections[database]
    change_counter.pause(connection, unfilled=True)
    public_from.bring_up_to_date(connection)
    counts = reindex(database)
    if connection.alias == DEFAULT_DB_ALIAS:
        file_waiting()
    bulk_load.vacuum_analyze(connection)
    return counts


def file_waiting() -> int:
    """File claims that wait for the index of similar ones; else the next search for such waits for it."""
    return sum(index.file_waiting() for index in (similar_claims.RATED, near_claims.SPOKEN))
