"""What happens when a timer of this app fires."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from people.actors import SWEEP
from sla.models import Clock, Metric, Timer
from sla.receivers import CONFIRMATION, CUSTOMER_SILENT, REOPEN_WINDOW
from sla.services.clocks import OWED_TO_CUSTOMER, TICKET, open_clocks, timer_kind, warning_moment
from sla.timers import fires, locks
from tickets.models import EventKind, Ticket
from tickets.services import close_unanswered, end_waiting, notify, notify_team, record, seal_ticket


@locks(TICKET)
def lock_ticket_unless_busy(ticket_id: int) -> Ticket | None:
    """The ticket, locked; None while somebody works on it (a later sweep tries again)."""
    return (
        Ticket.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("team", "home_team", "assignee")
        .filter(pk=ticket_id)
        .first()
    )


def _clock_fires(metric: str, timer: Timer, ticket: Ticket, now: datetime) -> None:
    """A timer that fires late warns of the level reached by now, or finds the promise missed."""
    with open_clocks(ticket, now, fired=metric) as clocks:
        clock = clocks.running(metric)
        if clock is None or clock.state == Clock.State.PAUSED:
            return
        if now >= clock.due_at:
            clocks.miss(clock)
            if metric in OWED_TO_CUSTOMER:
                # A missed promise is no end of it: a day later the customer still waits for news.
                clocks.start(Metric.NEXT_UPDATE, since=now)
        else:
            _warn(ticket, clock, now)
            clocks.arm_again(clock)


def _warn(ticket: Ticket, clock: Clock, now: datetime) -> None:
    """At 50 % the assignee, from 80 % also the leads; without assignee the leads at once."""
    body = clock.policy.body
    percent = max(p for p in body["warning_percent"] if warning_moment(clock, p) <= now)
    data = {"metric": clock.metric, "percent": percent, "due_at": clock.due_at.isoformat()}
    event = record(ticket, actor=SWEEP, kind=EventKind.WARNED, at=now, data=data)
    also = [ticket.assignee] if ticket.assignee else []
    if ticket.team and (percent >= body["warn_leads_from_percent"] or not also):
        notify_team(ticket, event, ticket.team, leads_only=True, also=also)
    else:
        notify(ticket, event, also)


for _metric in Metric.values:
    fires(timer_kind(_metric))(partial(_clock_fires, _metric))


@fires(REOPEN_WINDOW)
def _reopen_window_ends(timer: Timer, ticket: Ticket, now: datetime) -> None:
    seal_ticket(actor=SWEEP, ticket_id=ticket.pk)


@fires(CONFIRMATION)
def _confirmation_unanswered(timer: Timer, ticket: Ticket, now: datetime) -> None:
    close_unanswered(actor=SWEEP, ticket_id=ticket.pk)


@fires(CUSTOMER_SILENT)
def _customer_silent(timer: Timer, ticket: Ticket, now: datetime) -> None:
    end_waiting(actor=SWEEP, ticket_id=ticket.pk)
