from __future__ import annotations

import hashlib
import ipaddress
from datetime import timedelta

from django.db import connection
from django.http import HttpRequest

from helpdesk.common import clock
from helpdesk.common.client_address import client_address
from helpdesk.common.errors import TooMany
from helpdesk.common.wording import gettext as _
from people.models import AttemptWindow

# One statement, so that two hundred attempts at once are counted as two hundred.
_COUNT = """
INSERT INTO people_attemptwindow AS w (key, ends_at, count) VALUES (%s, %s, 1)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN w.ends_at <= %s THEN 1 ELSE w.count + 1 END,
    ends_at = CASE WHEN w.ends_at <= %s THEN excluded.ends_at ELSE w.ends_at END
RETURNING count, ends_at
"""


def count_attempt(what: str, source: str, *, limit: int, per: timedelta) -> None:
    """Count one attempt of `what` by `source`; raises TooMany beyond `limit` within `per`."""
    now = clock.now()
    key = hashlib.sha256(f"{what}|{source}".encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [key, now + per, now, now])
        count, ends_at = cursor.fetchone()
    if count > limit:
        wait = max(1, int((ends_at - now).total_seconds()))
        raise TooMany(_("Too many attempts. Please try again later."), retry_after=wait)


def forget_past_attempts() -> int:
    """Delete the windows that have ended; returns how many."""
    deleted, _models = AttemptWindow.objects.filter(ends_at__lt=clock.now()).delete()
    return deleted


def address_of(request: HttpRequest) -> str:
    """The network to count by: an IPv4 address or, since people own whole ones, an IPv6 /64."""
    try:
        parsed = ipaddress.ip_address(client_address(request))
    except ValueError:
        return "unknown"
    if parsed.version == 6:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
