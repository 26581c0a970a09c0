"""Clocks follow the ticket's history; each call runs under the ticket's lock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from sla.models import Clock, Metric, SlaPolicy, Timer
from sla.targets import deadline_for
from sla.timers import disarm
from tickets.models import Ticket
from tickets.states import PRIORITY_RANK

TICKET = "ticket"


def timer_kind(metric: str) -> str:
    return f"sla.{metric}"


def start_clocks(
    ticket: Ticket, metrics: Iterable[str], *, start: datetime, now: datetime
) -> list[Clock]:
    """Start one clock per metric with its first timer; two statements however many."""
    policy = SlaPolicy.in_force()
    clocks = []
    for metric in metrics:
        deadline = deadline_for(ticket, metric, start, policy)
        clocks.append(
            Clock(
                ticket=ticket,
                metric=metric,
                started_at=start,
                due_at=deadline.due_at,
                target=deadline.target,
                basis=deadline.basis,
                policy=policy,
            )
        )
    Clock.objects.bulk_create(clocks)
    Timer.objects.bulk_create([next_timer(ticket, clock, now=now) for clock in clocks])
    keep_next_deadline(ticket)
    return clocks


def next_timer(ticket: Ticket, clock: Clock, *, now: datetime, after_stage: int = 0) -> Timer:
    """The clock's next firing point: the first warning level still ahead, else the deadline."""
    due_at, stage = clock.due_at, 100
    span = clock.due_at - clock.started_at
    for percent in clock.policy.body["warning_percent"]:
        moment = clock.started_at + span * percent / 100
        if percent > after_stage and moment > now:
            due_at, stage = moment, percent
            break
    return Timer(
        kind=timer_kind(clock.metric),
        subject_type=TICKET,
        subject_id=ticket.pk,
        stage=stage,
        due_at=due_at,
        urgency=PRIORITY_RANK.get(ticket.priority, 2),
        policy_version=clock.policy.version,
        armed_at=now,
    )


def rearm(ticket: Ticket, clocks: Iterable[Clock], *, now: datetime) -> None:
    clocks = list(clocks)
    if not clocks:
        return
    disarm(TICKET, ticket.pk, *[timer_kind(clock.metric) for clock in clocks])
    Timer.objects.bulk_create([next_timer(ticket, clock, now=now) for clock in clocks])


def running(ticket: Ticket, *metrics: str) -> list[Clock]:
    clocks = ticket.clocks.filter(
        state__in=[Clock.State.RUNNING, Clock.State.PAUSED]
    ).select_related("policy")
    return list(clocks.filter(metric__in=metrics) if metrics else clocks)


def meet(ticket: Ticket, metric: str, *, now: datetime) -> None:
    """The promise was kept; a missed one is kept late, and stays missed."""
    disarm(TICKET, ticket.pk, timer_kind(metric))
    open_promises = Q(state__in=[Clock.State.RUNNING, Clock.State.PAUSED])
    ticket.clocks.filter(open_promises, metric=metric).update(state=Clock.State.MET, met_at=now)
    ticket.clocks.filter(state=Clock.State.BREACHED, met_at__isnull=True, metric=metric).update(
        met_at=now
    )


def cancel(ticket: Ticket, *metrics: str, now: datetime) -> None:
    """The promise no longer holds (ticket closed, returned); a missed one is not owed any more."""
    disarm(TICKET, ticket.pk, *[timer_kind(metric) for metric in metrics])
    ticket.clocks.filter(
        state__in=[Clock.State.RUNNING, Clock.State.PAUSED], metric__in=metrics
    ).update(state=Clock.State.CANCELLED, cancelled_at=now)
    ticket.clocks.filter(
        state=Clock.State.BREACHED, met_at__isnull=True, metric__in=metrics
    ).update(met_at=now)


def pause(ticket: Ticket, metric: str, *, now: datetime) -> None:
    for clock in running(ticket, metric):
        if clock.state == Clock.State.RUNNING:
            clock.state, clock.paused_at = Clock.State.PAUSED, now
            clock.save(update_fields=["state", "paused_at"])
            disarm(TICKET, ticket.pk, timer_kind(metric))


def resume(ticket: Ticket, metric: str, *, now: datetime) -> None:
    for clock in running(ticket, metric):
        if clock.state == Clock.State.PAUSED and clock.paused_at is not None:
            away = max(now - clock.paused_at, timedelta())
            clock.paused_seconds += int(away.total_seconds())
            clock.due_at += away
            clock.state, clock.paused_at = Clock.State.RUNNING, None
            clock.save(update_fields=["state", "paused_at", "paused_seconds", "due_at"])
            rearm(ticket, [clock], now=now)


def recompute(ticket: Ticket, *, now: datetime) -> None:
    """After a reclassification: new deadlines from the original start; one already past fires at once."""
    changed = []
    for clock in running(ticket, Metric.FIRST_RESPONSE, Metric.RESOLUTION):
        policy = SlaPolicy.in_force()
        deadline = deadline_for(ticket, clock.metric, clock.started_at, policy)
        clock.due_at = deadline.due_at + timedelta(seconds=clock.paused_seconds)
        clock.target, clock.basis, clock.policy = deadline.target, deadline.basis, policy
        clock.save(update_fields=["due_at", "target", "basis", "policy"])
        if clock.state == Clock.State.RUNNING:
            changed.append(clock)
    rearm(ticket, changed, now=now)
    keep_next_deadline(ticket)


def keep_next_deadline(ticket: Ticket) -> None:
    """Write the most urgent open promise onto the ticket, where queues sort by it.

    No version is counted: nobody's view of the ticket's content became stale.
    """
    owed = Q(state=Clock.State.RUNNING) | Q(state=Clock.State.BREACHED, met_at__isnull=True)
    first = ticket.clocks.filter(owed).order_by("due_at", "id").first() if ticket.is_open else None
    ticket.next_due_at = first.due_at if first else None
    ticket.next_due_kind = first.metric if first else ""
    ticket.next_due_from = first.started_at if first else None
    Ticket.objects.filter(pk=ticket.pk).update(
        next_due_at=ticket.next_due_at,
        next_due_kind=ticket.next_due_kind,
        next_due_from=ticket.next_due_from,
    )
