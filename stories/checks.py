"""System checks of settings and tables, for faults that would show only later."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.db import connections

from stories import static_files
from stories.actions import permissions, second_factor
from stories.database import schema_check


@register(Tags.security, deploy=True)
def check_public_address(app_configs: Any, **kwargs: Any) -> list[Warning]:
    """Warn when SITE_URL, which is printed in feeds and sitemaps, is not https although HTTPS is on."""
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
    """Warn when HTTPS is on without BEHIND_PROXY: every page would redirect to itself for ever."""
    if settings.HTTPS and not settings.BEHIND_PROXY:
        return [
            Warning(
                "HTTPS is on and BEHIND_PROXY is off: behind a proxy every page would redirect to itself.",
                hint="Set BEHIND_PROXY=on when a proxy in front speaks https and sets X-Forwarded-Proto.",
                id="stories.W002",
            )
        ]
    return []


@register(Tags.security)
def check_second_factor(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Report roles of SECOND_FACTOR_ROLES that there are not: nobody would be asked for anything."""
    known = [*permissions.ROLES, second_factor.EVERYONE]
    unknown = [name for name in settings.SECOND_FACTOR_ROLES if name not in known]
    if not unknown:
        return []
    return [
        Error(
            f"SECOND_FACTOR_ROLES names what is no role: {', '.join(unknown)}.",
            hint=f"The roles are {', '.join(permissions.ROLES)}; “everyone” stands for all staff.",
            id="stories.E003",
        )
    ]


@register(Tags.staticfiles, deploy=True)
def check_static_files(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Report that `collectstatic` has not run: browsers could not cache the static files."""
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
def check_tables(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[Error | Warning]:
    """Report tables, columns, indexes and triggers that the release needs and the database has not.

    Run by `check --database default` and by `migrate`. Nothing is reported while migrations wait to be
    applied, which may add them. Triggers are a warning: an error would keep `migrate` from putting them up.
    """
    connection_of = [connections[alias] for alias in databases or []]
    found: list[Error | Warning] = []
    for connection in connection_of:
        if schema_check.migrations_waiting(connection):
            continue
        missing = schema_check.missing(connection)
        lacking = [one for one in missing if not one.startswith("trigger ")]
        told = f"The database “{connection.alias}” lacks what the models say"
        if lacking:
            hint = (
                "A migration was changed after it was applied, or a table by hand: restore the backup made "
                "before, or add what is missing by a new migration."
            )
            found.append(Error(f"{told}: {', '.join(lacking)}.", hint=hint, id="stories.E001"))
        if down := [one for one in missing if one not in lacking]:
            hint = "Run manage.py migrate, which puts them up."
            found.append(Warning(f"{told}: {', '.join(down)}.", hint=hint, id="stories.W003"))
    return found
