"""Where a request comes from: one answer for the lock at signing in and for every limit."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The visitor's address: with BEHIND_PROXY what the proxy itself saw, the last in X-Forwarded-For.

    What stands before that was sent by the visitor and is not believed, nor is the header without a proxy.
    """
    connected: str = request.META.get("REMOTE_ADDR", "")
    if not settings.BEHIND_PROXY:
        return connected
    last = request.META.get("HTTP_X_FORWARDED_FOR", "").rsplit(",", 1)[-1].strip()
    try:
        return str(ip_address(last))
    except ValueError:
        return connected
