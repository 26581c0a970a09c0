"""The address a request came from.

Forwarding headers are anybody's claim: they count only for as many hops as there are proxies of our
own in front (settings.TRUSTED_PROXIES), read from the right, where our own proxies write.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The peer's address as text; empty when the server runs on a socket without one."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    hops = settings.TRUSTED_PROXIES
    if not hops:
        return peer
    forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")
    claimed = forwarded[-hops].strip() if len(forwarded) >= hops else ""
    return claimed or peer
