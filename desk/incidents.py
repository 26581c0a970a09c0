"""What the pages tell of incidents."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, Value, When

from helpdesk.common import clock
from helpdesk.common.errors import Refusal
from people.actors import Actor
from tickets.models import Incident, IncidentRun, IncidentStep, IncidentTicket, Ticket
from tickets.selectors import membership_of, visible_tickets, with_people
from tickets.services import preview_run, words_for_ticket
from tickets.states import OPEN_STATES

MOST_ROWS = 200
ALIKE_WITHIN = timedelta(hours=24)
MOST_ALIKE, LOOKED_AT, SHORTEST_WORD = 10, 200, 4


@dataclass(frozen=True)
class Row:
    """A ticket of the incident that the reader sees."""

    member: IncidentTicket
    ticket: Ticket


@dataclass(frozen=True)
class Progress:
    """How far an order came. `percent` is rounded down, so that 100 means done."""

    run: IncidentRun
    counts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def done(self) -> int:
        return self.total - self.counts.get(IncidentStep.State.WAITING, 0)

    @property
    def percent(self) -> int:
        return self.done * 100 // self.total if self.total else 100

    @property
    def refused(self) -> int:
        return sum(self.counts.get(name, 0) for name in ("refused", "failed"))


@dataclass(frozen=True)
class StepLine:
    """`seen`: the reader may open the ticket; of any other its number and state alone are told."""

    step: IncidentStep
    ticket: Ticket
    seen: bool

    @property
    def why(self) -> str:
        return self.step.why_now if self.seen else ""


def incidents() -> QuerySet[Incident]:
    """Those that go on first, the latest first, with how many tickets each has."""
    open_ones = Q(members__ticket__state__in=OPEN_STATES)
    rows = Incident.objects.annotate(
        tickets=Count("members"), still_open=Count("members", filter=open_ones)
    )
    return rows.select_related("opened_by").order_by("resolved_at", "-id")[:MOST_ROWS]


def incident_context(actor: Actor, incident: Incident) -> dict[str, Any]:
    seen = visible_tickets(actor).filter(incident_member__incident=incident).order_by()
    members = incident.members.select_related("ticket__team", "ticket__assignee").order_by("-id")
    shown = members.filter(ticket__in=seen.values("pk")).defer("ticket__description")[:MOST_ROWS]
    for row in shown:
        row.incident = incident
    count = incident.members.count()
    told = Q(told_at__gte=incident.words_at)
    return {
        "section": "incidents",
        "incident": incident,
        "rows": [Row(row, row.ticket) for row in shown],
        "count": count,
        "hidden": count - seen.count(),
        "left_open": incident.members.filter(ticket__state__in=OPEN_STATES).count(),
        "told": incident.members.filter(told).count(),
        "runs": [progress_of(run) for run in incident.runs.select_related("started_by")[:20]],
        "going": incident.runs.filter(ended_at__isnull=True).first(),
        "alike": [] if incident.is_over else alike(actor, incident),
        "may_direct": actor.may("direct_work"),
    }


def progress_of(run: IncidentRun) -> Progress:
    counted = run.steps.order_by().values_list("state").annotate(n=Count("id"))
    return Progress(run, dict(counted))


def steps_of(actor: Actor, run: IncidentRun) -> list[StepLine]:
    """The refused first, then in the order of the work; at most MOST_ROWS."""
    order = ("failed", "refused", "stopped", "waiting", "done")
    rank = Case(*(When(state=name, then=Value(n)) for n, name in enumerate(order)))
    steps = run.steps.select_related("ticket").defer("ticket__description").order_by(rank, "id")
    rows = list(steps[:MOST_ROWS])
    mine = visible_tickets(actor).filter(pk__in=[step.ticket_id for step in rows])
    seen = set(mine.values_list("pk", flat=True))
    return [StepLine(step, step.ticket, step.ticket_id in seen) for step in rows]


@dataclass(frozen=True)
class Preview:
    """How many it would be done for, and the refusals by their reason, the most frequent first."""

    able: int
    refused: list[tuple[str, int, list[str]]]


def preview(actor: Actor, incident: Incident, verb: str) -> Preview:
    outcomes = preview_run(actor=actor, incident=incident, verb=verb)
    refused: dict[str, list[str]] = {}
    for outcome in outcomes:
        if outcome.refusal is not None:
            refused.setdefault(str(outcome.refusal), []).append(outcome.number)
    rows = sorted(refused.items(), key=lambda row: -len(row[1]))
    able = sum(outcome.done for outcome in outcomes)
    return Preview(able, [(why, len(numbers), numbers[:5]) for why, numbers in rows])


def alike(actor: Actor, incident: Incident) -> list[Ticket]:
    """Open tickets of the last day that may be part of it: of the categories that it has already,
    sharing words of its title or of its tickets' subjects; the likeliest first."""
    subjects = list(incident.members.values_list("ticket__category", "ticket__subject")[:LOOKED_AT])
    wanted = _words(incident.title)
    for _category, subject in subjects:
        wanted |= _words(subject)
    found = visible_tickets(actor).filter(
        state__in=OPEN_STATES,
        received_at__gt=clock.now() - ALIKE_WITHIN,
        incident_member__isnull=True,
    )
    if categories := {category for category, _subject in subjects}:
        found = found.filter(category__in=categories)
    rows = list(
        found.only("number", "subject", "state", "category", "priority").order_by("-received_at")[
            :LOOKED_AT
        ]
    )
    likeness = Counter({row.pk: len(wanted & _words(row.subject)) for row in rows})
    likely = [row for row in rows if likeness[row.pk]]
    return sorted(likely, key=lambda row: -likeness[row.pk])[:MOST_ALIKE]


def _words(text: str) -> set[str]:
    letters = "".join(char if char.isalnum() else " " for char in text.casefold())
    return {word for word in letters.split() if len(word) >= SHORTEST_WORD}


def words_offered(actor: Actor, ticket: Ticket) -> tuple[str, str]:
    """The incident's words for this ticket, with their placeholders where it does not tell; and
    since when they hold (ISO)."""
    member = membership_of(ticket)
    if member is None:
        return "", ""
    since = member.incident.words_at.isoformat()
    try:
        shown = with_people(Ticket.objects.all()).get(pk=ticket.pk)
        return words_for_ticket(member.incident.words, shown, actor), since
    except Refusal:
        return member.incident.words, since
