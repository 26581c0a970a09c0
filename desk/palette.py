"""What the command palette fetches when it is opened: the reader's views and tickets in hand."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import F
from django.urls import reverse

from desk.access import person_of
from desk.queues import views_for
from helpdesk.common import clock
from people.actors import Actor
from tickets.models import Ticket
from tickets.selectors import visible_tickets
from tickets.states import OPEN_STATES

MOST = 12


def more_for(actor: Actor) -> dict[str, list[dict[str, Any]]]:
    """`{"views": [{label, icon, url}], "tickets": [{label, note, number, url}]}`; three queries."""
    views = [
        {"label": view.label, "icon": view.icon, "url": f"{reverse('desk:queue')}?{query}"}
        for view in views_for(person_of(actor), clock.for_display())
        if view.group != "hidden" and (query := urlencode({"view": view.code}))
    ]
    return {"views": views, "tickets": [_ticket(row) for row in _in_hand(actor)]}


def _in_hand(actor: Actor) -> list[Ticket]:
    """The reader's own open ones in the order of their queue; the page knows what was opened."""
    mine = visible_tickets(actor).filter(assignee_id=person_of(actor).pk, state__in=OPEN_STATES)
    rows = mine.select_related("customer").defer("description")
    return list(rows.order_by("-expedited", F("next_due_at").asc(nulls_last=True), "pk")[:MOST])


def _ticket(row: Ticket) -> dict[str, str]:
    return {
        "label": row.subject,
        "note": row.customer.shown_name,
        "number": row.number,
        "url": reverse("desk:ticket", args=[row.number]),
    }
