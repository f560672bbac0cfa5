"""System checks of our own: what would break the newsroom quietly."""

from typing import Any

from django.conf import settings
from django.core.checks import Tags, Warning, register


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
