"""System checks of our own: what would break the newsroom quietly."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.db import connections

from stories import static_files
from stories.database import schema_check


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


@register(Tags.security, deploy=True)
def check_proxy(app_configs: Any, **kwargs: Any) -> list[Warning]:
    """gunicorn speaks plain http to the proxy: untold of it, every page redirects to itself."""
    if settings.HTTPS and not settings.BEHIND_PROXY:
        return [
            Warning(
                "HTTPS is on and BEHIND_PROXY is off: behind a proxy every page would redirect to itself.",
                hint="Set BEHIND_PROXY=on when a proxy in front speaks https and sets X-Forwarded-Proto.",
                id="stories.W002",
            )
        ]
    return []


@register(Tags.staticfiles, deploy=True)
def check_static_files(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Without the manifest of collected files every page is slower, and they are not kept by browsers."""
    if static_files.are_collected():
        return []
    return [
        Error(
            "The static files have not been collected.",
            hint="Run manage.py collectstatic, then start the site again.",
            id="stories.E002",
        )
    ]


@register(Tags.database)
def check_tables(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[Error]:
    """The database holds what the models say. Asked by `check --database default` and by `migrate`, which
    is let through while migrations wait that may bring what is missing."""
    connection_of = [connections[alias] for alias in databases or []]
    lacking = [
        (connection.alias, schema_check.missing(connection))
        for connection in connection_of
        if not schema_check.migrations_waiting(connection)
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
