"""What happens when a timer of this app fires."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.db.models import prefetch_related_objects

from helpdesk.common.errors import InvalidInput
from people.actors import SWEEP
from people.models import Team, User
from sla.kinds import CONFIRMATION, CUSTOMER_SILENT, HOLD_ENDS, REOPEN_WINDOW, REPLY_LEAVES
from sla.models import Clock, Metric, Timer
from sla.services.clocks import OWED_TO_CUSTOMER, OpenClocks, open_clocks
from sla.services.firing_points import TICKET, timer_kind
from sla.timers import arm, fires, locks
from tickets.models import EventKind, Ticket
from tickets.services import (
    close_unanswered,
    end_waiting,
    let_reply_leave,
    notify,
    notify_team,
    record,
    release_ticket,
    seal_ticket,
    squad_member_for,
)


@locks(TICKET)
def lock_free_tickets(ids: list[int]) -> dict[int, Ticket]:
    """The tickets that nobody works on now, locked, each with its teams and assignee."""
    found = list(
        Ticket.objects.select_for_update(skip_locked=True, no_key=True)
        .filter(pk__in=ids)
        .order_by("pk")
    )
    prefetch_related_objects(found, "team", "home_team", "assignee")
    return {ticket.pk: ticket for ticket in found}


def _clock_fires(metric: str, timer: Timer, ticket: Ticket, now: datetime) -> None:
    """A timer that fires late warns of the level reached by now, or finds the promise missed."""
    with open_clocks(ticket, now, sweep=timer.sweep, fired=timer) as clocks:
        clock = clocks.running(metric)
        if clock is None or clock.state == Clock.State.PAUSED:
            return
        if now >= clock.due_at:
            clocks.run_out(clock)
        else:
            _warn(clocks, ticket, clock, now)


def _warn(clocks: OpenClocks, ticket: Ticket, clock: Clock, now: datetime) -> None:
    """At 50 % the assignee, from 80 % also the leads; without assignee the leads at once.

    What is owed to the customer of a team without a voice, the officer owes: see `_owing`.
    """
    ahead = (level for level in clock.decided_by.warn if level > clock.level)
    percent = max((level for level in ahead if clock.moment_of(level) <= now), default=None)
    if percent is None:
        clocks.arm_again(clock)
        return
    data = {"metric": clock.metric, "percent": percent, "due_at": clock.due_at.isoformat()}
    event = record(ticket, actor=SWEEP, kind=EventKind.WARNED, at=now, data=data)
    clocks.warn(clock, percent, event)
    team, person = _owing(ticket, clock.metric)
    also = [person] if person else []
    if team and (percent >= clock.rules.warn_leads_from or not also):
        notify_team(ticket, event, team, leads_only=True, also=also)
    else:
        notify(ticket, event, also)


def _owing(ticket: Ticket, metric: str) -> tuple[Team | None, User | None]:
    silent = ticket.team is not None and not ticket.team.talks_to_customer
    if metric not in OWED_TO_CUSTOMER or not silent or ticket.home_team is None:
        return ticket.team, ticket.assignee
    try:
        return ticket.home_team, squad_member_for(ticket)
    except InvalidInput:  # nobody is left in the squad: its leads' matter, and no reason to fail
        return ticket.home_team, None


for _metric in Metric.values:
    fires(timer_kind(_metric), in_bulk=True)(partial(_clock_fires, _metric))


@fires(REOPEN_WINDOW)
def _reopen_window_ends(timer: Timer, ticket: Ticket, now: datetime) -> None:
    seal_ticket(actor=SWEEP, ticket_id=ticket.pk)


@fires(CONFIRMATION)
def _confirmation_unanswered(timer: Timer, ticket: Ticket, now: datetime) -> None:
    if ticket.held_until is not None:
        # Nothing is closed behind a hold; when it ends, the customer's time begins anew.
        arm(CONFIRMATION, TICKET, ticket.pk, ticket.held_until, at=now)
        return
    close_unanswered(actor=SWEEP, ticket_id=ticket.pk)


@fires(CUSTOMER_SILENT)
def _customer_silent(timer: Timer, ticket: Ticket, now: datetime) -> None:
    end_waiting(actor=SWEEP, ticket_id=ticket.pk)


@fires(HOLD_ENDS)
def _hold_ends(timer: Timer, ticket: Ticket, now: datetime) -> None:
    release_ticket(actor=SWEEP, ticket_id=ticket.pk)


@fires(REPLY_LEAVES)
def _reply_leaves(timer: Timer, ticket: Ticket, now: datetime) -> None:
    let_reply_leave(ticket_id=ticket.pk)
