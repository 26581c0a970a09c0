from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desk.access import person_of
from desk.sentences import ICONS, Names, sentence
from helpdesk.common import clock
from people.actors import Actor
from people.models import User
from tickets.models import Notice
from tickets.selectors import visible_tickets

LIMIT = 100


@dataclass(frozen=True)
class NoticeLine:
    notice: Notice
    text: str
    icon: str


def notices_of(actor: Actor) -> list[NoticeLine]:
    """The latest notices of tickets that the reader may still see, newest first."""
    rows = list(
        Notice.objects.filter(recipient=person_of(actor), ticket__in=visible_tickets(actor))
        .select_related("event__actor", "ticket")
        .order_by("-id")[:LIMIT]
    )
    names = Names(row.event for row in rows)
    return [
        NoticeLine(
            notice=row, text=sentence(row.event, names), icon=ICONS.get(row.event.kind, "bell")
        )
        for row in rows
    ]


def mark_read(user: User, *, ticket_number: str = "", until: datetime | None = None) -> int:
    """How many were unread (until then). Another person's notices are never touched."""
    unread = Notice.objects.filter(recipient=user, read_at__isnull=True)
    if ticket_number:
        unread = unread.filter(ticket__number=ticket_number)
    if until is not None:
        unread = unread.filter(created_at__lte=until)
    return unread.update(read_at=clock.now())
