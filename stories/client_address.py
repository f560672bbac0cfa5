"""The client IP address of a request, for the lock after failed logins and for rate limits."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """Return the client's IP address.

    With BEHIND_PROXY it is the last one in X-Forwarded-For, which the proxy added; earlier ones come from the
    client and may be forged. Without a proxy the header is ignored.
    """
    connected: str = request.META.get("REMOTE_ADDR", "")
    if not settings.BEHIND_PROXY:
        return connected
    last = request.META.get("HTTP_X_FORWARDED_FOR", "").rsplit(",", 1)[-1].strip()
    try:
        return str(ip_address(last))
    except ValueError:
        return connected
