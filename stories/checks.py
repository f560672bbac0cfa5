"""System checks of our own: what would break the newsroom quietly."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.db import connections

from stories import tables


@register(Tags.security, deploy=True)
def check_public_address(app_configs: Any, **kwargs: Any) -> list[Warning]:
    """Feeds and sitemaps print SITE_URL: a local one would send readers nowhere."""
    if settings.HTTPS and not settings.SITE_URL.startswith("https://"):
        return [
            Warning(
                "SITE_URL does not begin with https:// although HTTPS is on.",
                hint="Set SITE_URL to the address readers type, such as https://news.example.",
                id="stories.W001",
            )
        ]
    return []


@register(Tags.database)
def check_tables(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[Error]:
    """The database holds what the models say. Asked by `check --database default` and by `migrate`, which
    is let through while migrations wait that may bring what is missing."""
    connection_of = [connections[alias] for alias in databases or []]
    lacking = [
        (connection.alias, tables.missing(connection))
        for connection in connection_of
        if not tables.migrations_waiting(connection)
    ]
    return [
        Error(
            f"The database “{alias}” lacks what the models say: {', '.join(found)}.",
            hint="A migration was changed after it was applied, or a table by hand: restore the backup made "
            "before, or add what is missing by a new migration.",
            id="stories.E001",
        )
        for alias, found in lacking
        if found
    ]
