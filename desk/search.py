"""Finding tickets by number, order, person or words of the subject."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from helpdesk.common.contact import normalise_phone
from helpdesk.common.errors import InvalidInput
from people.actors import Actor
from people.models import User
from tickets.models import Notice, Ticket
from tickets.numbers import read_number
from tickets.selectors import visible_tickets

LIMIT = 40
MAX_QUERY = 100


def find_tickets(actor: Actor, typed: str) -> QuerySet[Ticket]:
    """Open and closed tickets that the actor may see, newest first, at most LIMIT."""
    words = typed.replace("\x00", "").strip()[:MAX_QUERY]
    tickets = (
        visible_tickets(actor).select_related("customer", "assignee", "team").defer("description")
    )
    if isinstance(actor.user, User):
        news = Notice.objects.filter(
            ticket=OuterRef("pk"), recipient=actor.user, read_at__isnull=True
        )
        tickets = tickets.annotate(unread=Exists(news))
    if not words:
        return tickets.none()
    if number := read_number(words):
        return tickets.filter(number=number)
    match = (
        Q(order_number__iexact=words)
        | Q(subject__icontains=words)
        | Q(customer__name__icontains=words)
        | Q(customer__email__iexact=words)
    )
    if phone := _phone_in(words):
        match |= Q(customer__phone=phone)
    return tickets.filter(match).order_by("-received_at")[:LIMIT]


def _phone_in(words: str) -> str:
    if sum(char.isdigit() for char in words) < 8:
        return ""
    try:
        return normalise_phone(words)
    except InvalidInput:
        return ""
