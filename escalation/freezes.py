"""What is frozen: a thing, as long as any ticket's approved freeze on it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet

from escalation.models import FreezeRequest
from people.actors import Actor
from tickets.models import Ticket
from tickets.selectors import visible_tickets

Thing = tuple[str, str]  # subject, reference


@dataclass
class Elsewhere:
    """Other tickets whose freezes on the same thing stand: those that the reader may see by number."""

    subject: str
    reference: str
    tickets: list[str] = field(default_factory=list)
    hidden: int = 0

    @property
    def subject_name(self) -> str:
        return str(FreezeRequest.Subject(self.subject).label)


def standing() -> QuerySet[FreezeRequest]:
    """Approved freezes that no approved unfreezing has lifted."""
    lifted = FreezeRequest.objects.filter(lifts=OuterRef("pk"), approved=True)
    frozen = FreezeRequest.objects.filter(action=FreezeRequest.Action.FREEZE, approved=True)
    return frozen.filter(~Exists(lifted))


def with_what_holds(rows: QuerySet[FreezeRequest]) -> QuerySet[FreezeRequest]:
    """Each with `stands` (this freeze) and `frozen` (its thing, through whichever ticket)."""
    return rows.annotate(
        stands=Exists(standing().filter(pk=OuterRef("pk"))),
        frozen=Exists(
            standing().filter(subject=OuterRef("subject"), reference=OuterRef("reference"))
        ),
    )


def still_frozen(requests: Iterable[FreezeRequest]) -> list[FreezeRequest]:
    """Of all requests of one ticket the freezes that stand, the oldest first."""
    approved = [row for row in requests if row.approved]
    lifted = {row.lifts_id for row in approved}
    frozen = (row for row in approved if row.action == FreezeRequest.Action.FREEZE)
    return sorted((row for row in frozen if row.pk not in lifted), key=lambda row: row.pk)


def frozen_elsewhere(
    ticket: Ticket, requests: Iterable[FreezeRequest], *, actor: Actor
) -> list[Elsewhere]:
    """For each thing of a ticket's requests, whose freeze on it stands besides. At most two queries."""
    things = {(row.subject, row.reference) for row in requests}
    if not things:
        return []
    same = reduce(or_, (Q(subject=what, reference=whose) for what, whose in things))
    others = standing().filter(same).exclude(ticket=ticket).order_by("pk")
    rows = list(others.values_list("subject", "reference", "ticket_id", "ticket__number"))
    if not rows:
        return []
    seen = set(visible_tickets(actor).filter(pk__in={row[2] for row in rows}).values_list("pk"))
    found: dict[Thing, Elsewhere] = {}
    for subject, reference, pk, number in rows:
        line = found.setdefault((subject, reference), Elsewhere(subject, reference))
        if (pk,) in seen:
            line.tickets.append(number)
        else:
            line.hidden += 1
    return list(found.values())
