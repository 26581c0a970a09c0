"""The ledger of escalations: each one with the deadline that it answers, when it fired, and proof of
delivery. Read from what was written then; nothing is computed anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from escalation.models import Escalation
from escalation.models.escalation import ON_TIME_SECONDS
from helpdesk.common.paging import page_of_parts
from people.actors import Actor
from people.models import Team
from sla.movers import Mover, movers
from tickets.models import Notice, OutgoingMail
from tickets.numbers import read_number
from tickets.services import message_id

SUMMED_UP_TO = 10_000
ORDER = ("requested_at", "pk")
Origin = Escalation.Origin
# What may be asked for: one origin, or all but the last.
TRIGGERS: dict[str, tuple[str, ...]] = {
    "automatic": tuple(Escalation.AUTOMATIC),
    **{origin.value: (origin.value,) for origin in Origin},
}


@dataclass(frozen=True)
class Wanted:
    """Which lines: asked for within [since, until), to or from `team` (a code), of one kind of
    trigger (a key of TRIGGERS), one priority, of one ticket (its number), or only the late ones."""

    since: datetime | None = None
    until: datetime | None = None
    team: str = ""
    trigger: str = ""
    priority: str = ""
    ticket: str = ""
    late: bool = False


@dataclass(frozen=True)
class Ledger:
    """The wanted escalations in parts that share none, each in the order of an index of its own:
    a page costs what it shows, however many there are."""

    parts: tuple[QuerySet[Escalation], ...]

    def page(self, asked: dict[str, Any]) -> tuple[list[Escalation], dict[str, Any] | None]:
        """The latest first; as `page_of`."""
        places = [part.only(*ORDER) for part in self.parts]
        found, following = page_of_parts(places, asked, by=ORDER, descending=True)
        rows = _with_names(Escalation.objects.all()).in_bulk([place.pk for place in found])
        return [rows[place.pk] for place in found], following

    def summary(self) -> Summary:
        """Of the latest SUMMED_UP_TO, in one statement."""
        latest = [
            part.order_by("-requested_at", "-pk").values_list(*_SUMMED)[:SUMMED_UP_TO]
            for part in self.parts
        ]
        found = [part.query.sql_with_params() for part in latest]
        union = " UNION ALL ".join(f"({sql})" for sql, _values in found)
        statement = (
            f"{_SUMMARY} FROM (SELECT * FROM ({union}) AS part (at, origin, late)"  # noqa: S608
            f" ORDER BY at DESC LIMIT {SUMMED_UP_TO}) AS found"
        )
        with connection.cursor() as cursor:
            values = [value for _sql, values in found for value in values]
            cursor.execute(statement, [*_LIMITS, *values])
            return Summary(*cursor.fetchone())


@dataclass(frozen=True)
class Mail:
    """One mail that the escalation, or what it answers, owed to people of ours."""

    recipient: str
    state: str
    sent_at: datetime | None
    message_id: str
    in_digest: bool


@dataclass(frozen=True)
class Told:
    """One notice at the desk: to whom, when it stood there, when it was read."""

    person: str
    at: datetime
    read_at: datetime | None


@dataclass
class Entry:
    """One line: the row, which keeps its deadline and lateness, and what was delivered."""

    escalation: Escalation
    # What had put the deadline into the past, where something did.
    moved: Mover | None = None
    told: list[Told] = field(default_factory=list)
    mails: list[Mail] = field(default_factory=list)

    @property
    def notices(self) -> int:
        return len(self.told)

    @property
    def notices_read(self) -> int:
        return sum(one.read_at is not None for one in self.told)


@dataclass(frozen=True)
class Summary:
    """`timed` of the `count` the engine fired at a deadline, `on_time` of those within
    ON_TIME_SECONDS, `p99` of their lateness in seconds; `verified_late` were asked for by hand.

    `cut`: there are more than these latest ones.
    """

    count: int
    timed: int
    on_time: int
    p99: float | None
    verified_late: int

    @property
    def cut(self) -> bool:
        return self.count >= SUMMED_UP_TO

    @property
    def share(self) -> float | None:
        return self.on_time / self.timed if self.timed else None


_SUMMED = ("requested_at", "origin", "late_seconds")
_SUMMARY = (
    "SELECT count(*), count(late) FILTER (WHERE origin <> 'hand'),"
    " count(*) FILTER (WHERE origin <> 'hand' AND late <= %s),"
    " percentile_cont(0.99) WITHIN GROUP (ORDER BY late) FILTER (WHERE origin <> 'hand'),"
    " count(*) FILTER (WHERE origin = 'hand' AND late > %s)"
)
_LIMITS = (ON_TIME_SECONDS, ON_TIME_SECONDS)


def ledger(wanted: Wanted, *, actor: Actor) -> Ledger:
    """The wanted escalations. Raises NotAllowed."""
    actor.require_any("view_dashboard", "read_engine")
    rows = Escalation.objects.all()
    if wanted.since:
        rows = rows.filter(requested_at__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(requested_at__lt=wanted.until)
    if wanted.priority:
        rows = rows.filter(ticket__priority=wanted.priority)
    if wanted.ticket:
        rows = rows.filter(ticket__number=read_number(wanted.ticket) or "")
    if wanted.late:
        rows = rows.filter(late_seconds__gt=ON_TIME_SECONDS)
    sides, origins = _sides(wanted.team), _origins(wanted.trigger)
    return Ledger(tuple(rows.filter(side, origin) for side, origin in product(sides, origins)))


def entries_of(escalations: Iterable[Escalation]) -> list[Entry]:
    """The lines of these rows, in their order; three statements for any number of rows."""
    entries = [Entry(escalation=row) for row in escalations]
    _say_what_moved(entries)
    events = {
        event: entry
        for entry in entries
        for event in (entry.escalation.cause_id, entry.escalation.event_id)
        if event is not None
    }
    _say_who_was_told(events)
    owed = OutgoingMail.objects.filter(
        event__in=events, template__in=OutgoingMail.FOR_THE_DESK
    ).order_by("event", "pk")
    for mail in owed.values_list("event_id", "recipient", "state", "sent_at", "uuid", "bundle"):
        events[mail[0]].mails.append(_mail(*mail[1:]))
    return entries


def _say_who_was_told(events: dict[int, Entry]) -> None:
    """One that was told of the cause and of the escalation at one moment was told once."""
    notices = Notice.objects.filter(event__in=events).order_by("event", "pk")
    named = ("recipient__full_name", "recipient__email", "created_at", "read_at")
    found: dict[tuple[int, int, datetime], Told] = {}
    for event, pk, name, address, at, read_at in notices.values_list(
        "event_id", "recipient_id", *named
    ):
        place = (events[event].escalation.pk, pk, at)
        before = found.get(place)
        if before is not None and before.read_at is not None:
            continue
        found[place] = Told(name or address, at, read_at)
    by_escalation = {entry.escalation.pk: entry for entry in events.values()}
    for (escalation, _person, _at), told in found.items():
        by_escalation[escalation].told.append(told)


def _say_what_moved(entries: list[Entry]) -> None:
    moved = [entry for entry in entries if entry.escalation.was_past_when_known]
    found = movers(entry.escalation.cause_id for entry in moved if entry.escalation.metric)
    for entry in moved:
        # The moment of a trigger is never set into the past but at receipt.
        other = Mover.FILED if entry.escalation.origin == Origin.RULE else Mover.OTHER
        entry.moved = found.get(entry.escalation.cause_id or 0, other)


def _sides(code: str) -> list[Q]:
    """To the team, and from it to another: two indexes, no row twice."""
    if not code:
        return [Q()]
    team = Team.objects.filter(code=code).values_list("pk", flat=True).first()
    return [Q(to_team=team), Q(from_team=team) & ~Q(to_team=team)]


def _origins(trigger: str) -> list[Q]:
    if not trigger:
        return [Q()]
    return [Q(origin=origin) for origin in TRIGGERS[trigger]]


def _with_names(rows: QuerySet[Escalation]) -> QuerySet[Escalation]:
    """What a line shows, without the long words of the form."""
    people = ("requested_by", "decided_by", "accepted_by")
    return rows.select_related("ticket", "from_team", "to_team", *people).defer(
        "ticket__description", "summary", "tried", "evidence", "wanted_outcome", "plan"
    )


def _mail(
    recipient: str, state: str, sent_at: datetime | None, own: UUID, bundle: UUID | None
) -> Mail:
    return Mail(recipient, state, sent_at, message_id(bundle or own), bundle is not None)
