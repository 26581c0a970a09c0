"""What happens when a timer of this app fires."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from helpdesk.common.events import publish
from people.actors import SWEEP
from sla.events import ClockBreached
from sla.models import Clock, Metric, Timer
from sla.services.clocks import keep_next_deadline, next_timer, timer_kind
from sla.timers import fires, locks
from tickets.models import EventKind, Ticket
from tickets.services import close_unanswered, notify, notify_team, record, save_change, seal_ticket


@locks("ticket")
def lock_ticket_unless_busy(ticket_id: int) -> Ticket | None:
    """The ticket, locked; None while somebody works on it (the next sweep tries again)."""
    return (
        Ticket.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("team", "home_team", "customer", "assignee")
        .filter(pk=ticket_id)
        .first()
    )


def _clock_fires(metric: str, timer: Timer, ticket: Ticket, now: datetime) -> None:
    clock = (
        ticket.clocks.filter(metric=metric, state=Clock.State.RUNNING)
        .select_related("policy")
        .first()
    )
    if clock is None:
        return
    if timer.stage < 100:
        _warn(timer, ticket, clock, now)
    else:
        _breach(ticket, clock, now)


def _warn(timer: Timer, ticket: Ticket, clock: Clock, now: datetime) -> None:
    data = {"metric": clock.metric, "percent": timer.stage, "due_at": clock.due_at.isoformat()}
    event = record(ticket, actor=SWEEP, kind=EventKind.WARNED, at=now, data=data)
    if ticket.assignee:
        notify(ticket, event, [ticket.assignee])
    if ticket.team and (
        timer.stage >= clock.policy.body["warn_leads_from_percent"] or not ticket.assignee
    ):
        notify_team(ticket, event, ticket.team, leads_only=True)
    next_timer(ticket, clock, now=now, after_stage=timer.stage).save()


def _breach(ticket: Ticket, clock: Clock, now: datetime) -> None:
    clock.state, clock.breached_at = Clock.State.BREACHED, now
    clock.save(update_fields=["state", "breached_at"])
    late = (now - clock.due_at).total_seconds()
    data = {
        "metric": clock.metric,
        "due_at": clock.due_at.isoformat(),
        "late_seconds": round(late, 3),
        "clock": clock.pk,
    }
    event = record(ticket, actor=SWEEP, kind=EventKind.BREACHED, at=now, data=data)
    if ticket.breached_at is None:
        ticket.breached_at = now
        save_change(ticket, "breached_at")
    publish(ClockBreached(ticket=ticket, clock=clock, event=event))
    keep_next_deadline(ticket)


for _metric in Metric.values:
    fires(timer_kind(_metric))(partial(_clock_fires, _metric))


@fires("sla.reopen_window")
def _reopen_window_ends(timer: Timer, ticket: Ticket, now: datetime) -> None:
    seal_ticket(actor=SWEEP, ticket_id=ticket.pk)


@fires("sla.confirmation")
def _confirmation_unanswered(timer: Timer, ticket: Ticket, now: datetime) -> None:
    close_unanswered(actor=SWEEP, ticket_id=ticket.pk)
