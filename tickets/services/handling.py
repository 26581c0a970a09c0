from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count

from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, NotAllowed
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import User
from tickets.events import TicketAssigned, TicketHandled
from tickets.models import EventKind, Ticket
from tickets.services.changes import (
    lock_ticket,
    make_transition,
    record,
    require_open,
    require_work_on,
    save_change,
    tell,
)
from tickets.services.notices import notify
from tickets.states import OPEN_STATES, State


@transaction.atomic
def handle_ticket(*, actor: Actor, ticket_id: int, expected_version: int | None = None) -> Ticket:
    """Take a classified ticket on: the actor becomes its assignee and handling starts."""
    actor.require("handle_ticket")
    ticket = lock_ticket(ticket_id, expected_version=expected_version)
    require_work_on(ticket, actor)
    ticket.assignee = actor.user
    start_handling(ticket, actor=actor, at=clock.now())
    return ticket


def start_handling(
    ticket: Ticket, *, actor: Actor, at: datetime, because: dict[str, Any] | None = None
) -> None:
    """classified -> handled on a locked ticket, assigned to whoever has it or else to the actor.

    `because` goes with the event: codes and numbers.
    """
    if ticket.assignee is None:
        ticket.assignee = actor.user
    make_transition(ticket, "handle")
    save_change(ticket, "state", "assignee")
    data = {"assignee": ticket.assignee_id, **(because or {})}
    event = record(
        ticket, actor=actor, kind=EventKind.HANDLED, at=at, from_state=State.CLASSIFIED, data=data
    )
    tell(TicketHandled, ticket, event)


@transaction.atomic
def assign_ticket(
    *, actor: Actor, ticket_id: int, assignee: User, expected_version: int | None = None
) -> Ticket:
    """Put a name to an open ticket. One may take it oneself; giving it to others is for leads."""
    actor.require("work_ticket")
    if actor.user != assignee:
        actor.require("assign_others")
    ticket = lock_ticket(ticket_id, expected_version=expected_version)
    require_open(ticket)
    require_work_on(ticket, actor)
    if not assignee.is_active or not assignee.works_at_desk:
        raise InvalidInput(
            _("This person does not work at the desk."), fields={"assignee": _("Not at the desk.")}
        )
    if ticket.team_id not in assignee.team_ids and not assignee.may("see_all_tickets"):
        raise NotAllowed(
            _("%(person)s is not in the team that holds this ticket.") % {"person": assignee}
        )
    if ticket.assignee_id == assignee.pk:
        return ticket
    before, ticket.assignee = ticket.assignee_id, assignee
    save_change(ticket, "assignee")
    data = {"from": before, "to": assignee.pk}
    event = record(ticket, actor=actor, kind=EventKind.ASSIGNED, data=data)
    if actor.user != assignee:
        notify(ticket, event, [assignee])
    tell(TicketAssigned, ticket, event)
    return ticket


def squad_member_for(ticket: Ticket) -> User:
    """Whoever of the home squad had the ticket last, else the officer with the fewest open tickets."""
    memberships = ticket.home_team.memberships.select_related("user") if ticket.home_team else []
    members = {m.user_id: m for m in memberships if m.user.is_active}
    history = ticket.events.filter(kind__in=[EventKind.HANDLED, EventKind.ASSIGNED]).order_by("-id")
    for data in history.values_list("data", flat=True):
        if (had := data.get("assignee") or data.get("to")) in members:
            return members[had].user
    if not members:
        message = _("The squad has no member to whom the ticket could go.")
        raise InvalidInput(message, code="empty_squad")
    load = dict(
        Ticket.objects.filter(assignee__in=members, state__in=OPEN_STATES)
        .values_list("assignee")
        .annotate(count=Count("pk"))
    )
    chosen = min(members.values(), key=lambda m: (m.leads, load.get(m.user_id, 0), m.user_id))
    return chosen.user
