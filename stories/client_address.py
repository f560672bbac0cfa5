"""The IP address of a request, for the lock after failed logins and for every rate limit."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """Return the visitor's IP address.

    With BEHIND_PROXY it is the last one in X-Forwarded-For, which the proxy itself added; those before it
    came from the visitor and may be false. Without a proxy the header is ignored.
    """
    connected: str = request.META.get("REMOTE_ADDR", "")
    if not settings.BEHIND_PROXY:
        return connected
    last = request.META.get("HTTP_X_FORWARDED_FOR", "").rsplit(",", 1)[-1].strip()
    try:
        return str(ip_address(last))
    except ValueError:
        return connected
