"""A supervisor's pause: with a reason, until a moment, and never before the first answer."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, WrongState
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import organisation
from tickets.events import TicketHeld, TicketReleased
from tickets.models import EventKind, Ticket
from tickets.services.changes import (
    lock_ticket,
    record,
    require_open,
    require_work_on,
    save_change,
    tell,
)
from tickets.services.notices import notify, notify_team
from tickets.services.words import needed_words

HOLD = ("held_since", "held_until")


@transaction.atomic
def hold_ticket(
    *,
    actor: Actor,
    ticket_id: int,
    reason: str,
    until: datetime | None,
    expected_version: int | None = None,
) -> Ticket:
    """Pause an open, answered ticket until `until`. Raises InvalidInput for reason and moment."""
    actor.require("direct_work")
    ticket = lock_ticket(ticket_id, expected_version=expected_version)
    require_open(ticket)
    require_work_on(ticket, actor)
    now = clock.now()
    words, moment = check_hold(reason, until, now)
    if ticket.held_until is not None:
        raise WrongState(_("The ticket is on hold already."), code="already_held")
    if ticket.first_response_at is None:
        raise WrongState(
            _("The customer has not had a first answer yet. Answer first, then hold."),
            code="no_first_response",
        )
    ticket.held_since, ticket.held_until = now, moment
    save_change(ticket, *HOLD)
    data = {"until": moment.isoformat()}
    event = record(ticket, actor=actor, kind=EventKind.HELD, at=now, data=data, note=words)
    if ticket.assignee:
        notify(ticket, event, [ticket.assignee])
    tell(TicketHeld, ticket, event)
    return ticket


@transaction.atomic
def release_ticket(*, actor: Actor, ticket_id: int, expected_version: int | None = None) -> Ticket:
    """Take a ticket off hold: a supervisor before its moment, the system at it."""
    actor.require("direct_work")
    ticket = lock_ticket(ticket_id, expected_version=expected_version)
    if actor.is_system:
        end_hold(ticket, actor=actor, at=clock.now(), cause="time")
        return ticket
    require_work_on(ticket, actor)
    if ticket.held_until is None:
        raise WrongState(_("The ticket is not on hold."), code="not_held")
    end_hold(ticket, actor=actor, at=clock.now(), cause="person")
    return ticket


def end_hold(ticket: Ticket, *, actor: Actor, at: datetime, cause: str) -> None:
    """Take a locked ticket off hold, if it is on hold.

    `cause`: person, time, customer, escalation or closing. Called before whatever caused it, so
    that the clocks run again when that is told.
    """
    if ticket.held_until is None:
        return
    ticket.held_since = ticket.held_until = None
    save_change(ticket, *HOLD)
    event = record(ticket, actor=actor, kind=EventKind.RELEASED, at=at, data={"cause": cause})
    if cause in ("person", "time"):
        if ticket.assignee:
            notify(ticket, event, [ticket.assignee])
        elif ticket.team:
            notify_team(ticket, event, ticket.team, leads_only=True)
    tell(TicketReleased, ticket, event)


def longest_hold() -> timedelta:
    return timedelta(days=organisation().get("hold_days_at_most", 14))


def check_hold(reason: str, until: datetime | None, now: datetime) -> tuple[str, datetime]:
    """The reason's words and the moment, or InvalidInput that names what is wrong."""
    words = needed_words(reason, field="reason")
    longest = longest_hold()
    problem = None
    if until is None:
        problem = _("Say until when.")
    elif until <= now:
        problem = _("The moment must lie ahead.")
    elif until > now + longest:
        problem = _("A ticket can be on hold for %(days)s days at most.") % {"days": longest.days}
    if problem is not None or until is None:
        raise InvalidInput(problem, code="bad_moment", fields={"until": problem})
    return words, until
