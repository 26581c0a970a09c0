"""The ledger of escalations: each one with the deadline that caused it, when it fired, and proof of
delivery. Read from what was written then; nothing is computed anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import (
    Case,
    Count,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Substr

from escalation.models import Escalation, FollowUp
from escalation.services.follow_ups import FOLLOW_UP_OVERDUE
from escalation.services.follow_ups import SUBJECT as FOLLOW_UP_SUBJECT
from people.actors import Actor
from sla.models import ClockEvent, Timer
from tickets.models import Notice, OutgoingMail
from tickets.services import message_id

# The promise of the engine: what fires later than this after its deadline counts as late.
ON_TIME_SECONDS = 2.0
SUMMED_UP_TO = 10_000
BREACH = "breach."
TIMED = "escalation."
FOLLOWED = "follow_up"
TRIGGERS: dict[str, Q] = {
    "breach": Q(trigger__startswith=BREACH),
    "rule": Q(trigger__startswith="rule.") | Q(trigger__startswith=TIMED),
    "follow_up": Q(trigger=FOLLOWED),
    "hand": Q(requested_by__isnull=False),
}


@dataclass(frozen=True)
class Wanted:
    """Which lines: asked for within [since, until), to or from `team` (a code), of one kind of
    trigger (a key of TRIGGERS), one priority, or only those that fired late."""

    since: datetime | None = None
    until: datetime | None = None
    team: str = ""
    trigger: str = ""
    priority: str = ""
    late: bool = False


@dataclass(frozen=True)
class Delivery:
    """One mail that the escalation, or the missed deadline behind it, owed."""

    recipient: str
    state: str
    sent_at: datetime | None
    message_id: str
    in_digest: bool


@dataclass
class Entry:
    """One line. `deadline_at`, `late_seconds` and `sweep` are None where no deadline caused it;
    `late_seconds` is from the deadline to the instant at which it was acted upon."""

    escalation: Escalation
    deadline_at: datetime | None = None
    late_seconds: float | None = None
    policy_version: int | None = None
    sweep: int | None = None
    notices: int = 0
    notices_read: int = 0
    mails: list[Delivery] = field(default_factory=list)

    @property
    def is_late(self) -> bool:
        return self.late_seconds is not None and self.late_seconds > ON_TIME_SECONDS


@dataclass(frozen=True)
class Summary:
    """`timed` of the `count` had a deadline; `on_time` of those fired within ON_TIME_SECONDS.

    `cut`: there are more than these latest ones.
    """

    count: int
    timed: int
    on_time: int
    p99: float | None

    @property
    def cut(self) -> bool:
        return self.count >= SUMMED_UP_TO

    @property
    def share(self) -> float | None:
        return self.on_time / self.timed if self.timed else None


def ledger(wanted: Wanted, *, actor: Actor) -> QuerySet[Escalation]:
    """The wanted escalations; order them by `requested_at` and id. Raises NotAllowed."""
    actor.require("view_dashboard")
    rows = Escalation.objects.all()
    if wanted.since:
        rows = rows.filter(requested_at__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(requested_at__lt=wanted.until)
    if wanted.team:
        rows = rows.filter(Q(to_team__code=wanted.team) | Q(from_team__code=wanted.team))
    if wanted.trigger:
        rows = rows.filter(TRIGGERS[wanted.trigger])
    if wanted.priority:
        rows = rows.filter(ticket__priority=wanted.priority)
    if wanted.late:
        rows = rows.alias(late_seconds=_lateness()).filter(late_seconds__gt=ON_TIME_SECONDS)
    return rows


_SUMMARY = (
    "SELECT count(*), count(late), count(*) FILTER (WHERE late <= %s),"
    " percentile_cont(0.99) WITHIN GROUP (ORDER BY late)"
)


def summary_of(rows: QuerySet[Any]) -> Summary:
    """Of the latest SUMMED_UP_TO rows, in one statement."""
    timed = rows.annotate(late_by=_lateness()).order_by("-requested_at", "-pk")
    part = timed.values("late_by")[:SUMMED_UP_TO]
    sql, values = part.query.sql_with_params()
    with connection.cursor() as cursor:
        statement = f"{_SUMMARY} FROM ({sql}) AS found (late)"
        cursor.execute(statement, [ON_TIME_SECONDS, *values])
        return Summary(*cursor.fetchone())


def with_names(rows: QuerySet[Escalation]) -> QuerySet[Escalation]:
    """What `entries_of` needs of each row."""
    people = ("requested_by", "decided_by", "accepted_by")
    return rows.select_related("ticket", "from_team", "to_team", *people).defer(
        "ticket__description", "summary", "tried", "evidence", "wanted_outcome", "plan"
    )


def entries_of(escalations: Iterable[Escalation]) -> list[Entry]:
    """The lines of these rows, in their order; four statements for any number of rows."""
    rows = list(escalations)
    events: dict[int, set[int]] = {row.pk: {row.event_id} for row in rows if row.event_id}
    entries = {row.pk: Entry(escalation=row) for row in rows}
    _add_deadlines(entries, events)
    _add_deliveries(entries, events)
    return list(entries.values())


def _lateness() -> Any:
    """In SQL, so that it filters: as the clock's log says, or from the timer that fired."""
    line = ClockEvent.objects.filter(
        ticket=OuterRef("ticket_id"),
        kind=ClockEvent.Kind.BREACHED,
        at=OuterRef("requested_at"),
        metric=Substr(OuterRef("trigger"), len(BREACH) + 1),
    )
    timer = Timer.objects.filter(
        subject_type="ticket",
        subject_id=OuterRef("ticket_id"),
        state=Timer.State.FIRED,
        fired_at=OuterRef("requested_at"),
        kind__startswith=TIMED,
    ).annotate(late=_seconds(F("fired_at") - F("due_at")))
    overdue = Timer.objects.filter(
        subject_type=FOLLOW_UP_SUBJECT,
        subject_id__in=FollowUp.objects.filter(
            escalation__ticket=OuterRef(OuterRef("ticket_id"))
        ).values("pk"),
        state=Timer.State.FIRED,
        fired_at=OuterRef("requested_at"),
        kind=FOLLOW_UP_OVERDUE,
    ).annotate(late=_seconds(F("fired_at") - F("due_at")))
    return Case(
        When(trigger=FOLLOWED, then=Subquery(overdue.values("late")[:1])),
        When(trigger__startswith=BREACH, then=Subquery(line.values("late_seconds")[:1])),
        When(requested_by__isnull=True, then=Subquery(timer.values("late")[:1])),
        default=None,
        output_field=FloatField(),
    )


def _seconds(span: Any) -> Any:
    whole = Func(span, template="EXTRACT(EPOCH FROM %(expressions)s)", output_field=FloatField())
    return ExpressionWrapper(whole, output_field=FloatField())


def _add_deadlines(entries: dict[int, Entry], events: dict[int, set[int]]) -> None:
    rows = [entry.escalation for entry in entries.values()]
    tickets, moments = {row.ticket_id for row in rows}, {row.requested_at for row in rows}
    lines = {
        (line.ticket_id, line.at, BREACH + line.metric): line
        for line in ClockEvent.objects.filter(
            ticket__in=tickets, kind=ClockEvent.Kind.BREACHED, at__in=moments
        )
    }
    fired = Timer.objects.filter(
        state=Timer.State.FIRED, fired_at__in=moments, kind__startswith=TIMED
    )
    timers = {
        (timer.subject_id, timer.fired_at): timer
        for timer in fired.filter(subject_type="ticket", subject_id__in=tickets)
    } | _overdue_follow_ups(rows, fired)
    for entry in entries.values():
        row = entry.escalation
        line = lines.get((row.ticket_id, row.requested_at, row.trigger))
        timer = timers.get((row.ticket_id, row.requested_at))
        if line is not None:
            entry.deadline_at, entry.late_seconds = line.due_at, line.late_seconds
            entry.policy_version, entry.sweep = line.policy_version, line.sweep_id
            if line.cause_id:
                events.setdefault(row.pk, set()).add(line.cause_id)
        elif timer is not None and row.is_automatic:
            entry.deadline_at, entry.sweep = timer.due_at, timer.sweep_id
            entry.late_seconds = (row.requested_at - timer.due_at).total_seconds()


def _overdue_follow_ups(
    rows: list[Escalation], fired: QuerySet[Timer]
) -> dict[tuple[int, datetime | None], Timer]:
    """The timers by ticket and moment; no statement where no follow-up escalated."""
    tickets = {row.ticket_id for row in rows if row.trigger == FOLLOWED}
    if not tickets:
        return {}
    steps = FollowUp.objects.filter(escalation__ticket__in=tickets, overdue_at__isnull=False)
    ticket_of = dict(steps.values_list("pk", "escalation__ticket_id"))
    overdue = fired.filter(
        subject_type=FOLLOW_UP_SUBJECT, subject_id__in=ticket_of, kind=FOLLOW_UP_OVERDUE
    )
    return {(ticket_of[timer.subject_id], timer.fired_at): timer for timer in overdue}


def _add_deliveries(entries: dict[int, Entry], events: dict[int, set[int]]) -> None:
    every = {event for group in events.values() for event in group}
    notices = {
        event: (count, read)
        for event, count, read in Notice.objects.filter(event__in=every)
        .values_list("event")
        .annotate(count=Count("pk"), read=Count("read_at"))
        .order_by()
    }
    mails: dict[int, list[Delivery]] = {}
    owed = OutgoingMail.objects.filter(
        event__in=every, template__in=OutgoingMail.FOR_THE_DESK
    ).order_by("pk")
    for row in owed.values_list("event_id", "recipient", "state", "sent_at", "uuid", "bundle"):
        mails.setdefault(row[0], []).append(_delivery(*row[1:]))
    for pk, group in events.items():
        for event in sorted(group):
            count, read = notices.get(event, (0, 0))
            entries[pk].notices += count
            entries[pk].notices_read += read
            entries[pk].mails += mails.get(event, [])


def _delivery(
    recipient: str, state: str, sent_at: datetime | None, own: UUID, bundle: UUID | None
) -> Delivery:
    return Delivery(recipient, state, sent_at, message_id(bundle or own), bundle is not None)
