"""Signed, expiring links to the public page of one ticket."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.urls import reverse

from tickets.models import Ticket

SALT = "tickets.tracking"
MAX_AGE_SECONDS = 60 * 24 * 3600


def tracking_token(ticket: Ticket) -> str:
    return signing.dumps(ticket.pk, salt=SALT, compress=False)


def ticket_of_token(token: str) -> Ticket | None:
    """The ticket that the link was made for; None for a forged or expired link."""
    try:
        pk = signing.loads(token[:200], salt=SALT, max_age=MAX_AGE_SECONDS)
    except signing.BadSignature:
        return None
    return (
        Ticket.objects.filter(pk=pk)
        .select_related("customer", "team", "home_team", "assignee")
        .first()
    )


def tracking_path(ticket: Ticket) -> str:
    return reverse("public:track", args=[tracking_token(ticket)])


def tracking_url(ticket: Ticket) -> str:
    """Absolute, from the configured base address: never from a request's Host header."""
    return settings.BASE_URL.rstrip("/") + tracking_path(ticket)


def finding_url(ticket: Ticket) -> str:
    """Absolute, to where number and contact open the ticket; the number stands there already.

    For a text that the desk reads as well: the signed link would let whoever reads it confirm, mark
    and write as the customer.
    """
    query = urlencode({"number": ticket.number})
    return f"{settings.BASE_URL.rstrip('/')}{reverse('public:find')}?{query}"
