"""What the record already says, put into the escalation form for the officer to mend."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from helpdesk.common.durations import wib_text
from tickets.catalogue import category_name
from tickets.models import Message, Ticket

REPLIES = 5
LINE = 200


def draft_of(ticket: Ticket) -> dict[str, Any]:
    """First values of the form: summary, what was tried, evidence. The wanted outcome is theirs."""
    return {
        "summary": f"{category_name(ticket.category)}. {ticket.subject}\n{ticket.description[:600]}",
        "tried": _tried(ticket),
        "evidence": _evidence(ticket),
    }


def _tried(ticket: Ticket) -> str:
    replies = ticket.messages.filter(kind=Message.Kind.REPLY).order_by("-sent_at")[:REPLIES]
    return "\n".join(f"{wib_text(m.sent_at)}: {_line(m.body)}" for m in reversed(replies))


def _line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LINE else f"{line[:LINE]}…"


def _evidence(ticket: Ticket) -> str:
    lines = list(ticket.attachments.order_by("id").values_list("name", flat=True)[:20])
    if ticket.order_number:
        lines.append(_("Order %(number)s") % {"number": ticket.order_number})
    return "\n".join(lines)
