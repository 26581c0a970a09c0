"""Thousands of tickets whose first response is overdue, written at once, in a legal state."""

from __future__ import annotations

from datetime import datetime, timedelta

from people.models import Customer, Team
from sla.models import Clock, ClockEvent, Metric, SlaPolicy, Timer
from sla.services.clocks import timer_kind
from tickets.models import EventKind, Ticket, TicketEvent
from tickets.numbers import new_number
from tickets.states import State

RESPONSE = timedelta(hours=2)
RESOLUTION = timedelta(hours=24)


def file_overdue(count: int, *, now: datetime, ago: timedelta = timedelta(hours=3)) -> list[int]:
    """Hacked accounts (URGENT, fraud on breach), classified `ago`; returns the tickets' ids."""
    received = now - ago
    squad = Team.objects.get(code="cs_account")
    customer = Customer.objects.create(name="Ratna", email="ratna@example.com")
    tickets = Ticket.objects.bulk_create(
        Ticket(
            number=new_number(),
            state=State.CLASSIFIED,
            version=2,
            category="account_takeover",
            priority="URGENT",
            queue="fraud",
            team=squad,
            home_team=squad,
            customer=customer,
            channel="web",
            subject="Akun dibobol",
            description="Akun saya dibobol.",
            received_at=received,
            classified_at=received,
            next_due_at=received + RESPONSE,
            next_due_kind=Metric.FIRST_RESPONSE,
            next_due_from=received,
        )
        for _number in range(count)
    )
    _write_history(tickets, received)
    _write_clocks(tickets, received, now)
    return [ticket.pk for ticket in tickets]


def _write_history(tickets: list[Ticket], at: datetime) -> None:
    steps = ((EventKind.RECEIVED, "", ""), (EventKind.CLASSIFIED, "received", "classified"))
    TicketEvent.objects.bulk_create(
        TicketEvent(ticket=ticket, at=at, kind=kind, actor_label="triage", from_state=a, to_state=b)
        for ticket in tickets
        for kind, a, b in steps
    )


def _write_clocks(tickets: list[Ticket], received: datetime, now: datetime) -> None:
    policy = SlaPolicy.in_force()
    clocks = Clock.objects.bulk_create(
        Clock(
            ticket=ticket,
            metric=metric,
            started_at=received,
            due_at=received + span,
            target={"hours": span.total_seconds() / 3600},
            basis=code,
            policy=policy,
            running_since=received,
        )
        for ticket in tickets
        for metric, span, code in (
            (Metric.FIRST_RESPONSE, RESPONSE, "first-urgent"),
            (Metric.RESOLUTION, RESOLUTION, "resolve-urgent"),
        )
    )
    ClockEvent.objects.bulk_create(_started(clock, policy) for clock in clocks)
    Timer.objects.bulk_create(_timer(clock, now, policy) for clock in clocks)


def _started(clock: Clock, policy: SlaPolicy) -> ClockEvent:
    return ClockEvent(
        clock=clock,
        ticket=clock.ticket,
        metric=clock.metric,
        kind=ClockEvent.Kind.STARTED,
        at=clock.started_at,
        due_at=clock.due_at,
        policy_version=policy.version,
        basis=clock.basis,
        priority="URGENT",
        team=clock.ticket.team,
    )


def _timer(clock: Clock, now: datetime, policy: SlaPolicy) -> Timer:
    overdue = clock.due_at <= now
    return Timer(
        kind=timer_kind(clock.metric),
        subject_type="ticket",
        subject_id=clock.ticket_id,
        stage=100 if overdue else 50,
        due_at=clock.due_at if overdue else clock.moment_of(50),
        urgency=0,
        policy_version=policy.version,
        armed_at=clock.started_at,
    )
