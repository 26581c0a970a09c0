"""Replies that wait for their author to think again."""

from __future__ import annotations

from people.actors import of_user
from people.models import User
from tickets.models import Ticket
from tickets.services import Written, send_reply


def waiting_reply(author: User, ticket: Ticket) -> int:
    """The id of one that waits for a minute."""
    written = Written(body="Sebentar")
    return send_reply(written, actor=of_user(author), ticket_id=ticket.pk, undo_seconds=60).pk
