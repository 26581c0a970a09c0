"""What is known of a customer from their tickets: what came of them, and how satisfied they were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery

from people.actors import Actor
from tickets.models import ClosingForm, SatisfactionSurvey, Ticket
from tickets.selectors import visible_tickets

RATED = 50
SHOWN = 5
OF_EARLIER = ("number", "subject", "state", "received_at", "customer_id")


@dataclass(frozen=True)
class Satisfaction:
    """The average of `count` marks, the latest RATED at most; `latest` begins with the newest."""

    count: int
    average: float | None
    latest: tuple[int, ...]


def earlier_tickets(actor: Actor, ticket_id: int, customer_id: int) -> QuerySet[Ticket]:
    """Other tickets of the same person, as far as the reader may see them, the latest first.

    `outcome`: what the customer said to the latest closing, `score`: the mark for it.
    """
    closings = ClosingForm.objects.filter(ticket=OuterRef("pk"), event__isnull=False)
    latest = closings.order_by("-id")
    others = visible_tickets(actor).filter(customer_id=customer_id).exclude(pk=ticket_id)
    return (
        others.only(*OF_EARLIER)
        .annotate(
            outcome=Subquery(latest.values("confirmation")[:1]),
            score=Subquery(latest.values("survey__score")[:1]),
        )
        .order_by("-received_at")
    )


def ratings_of(customer_id: int) -> QuerySet[SatisfactionSurvey, int]:
    """Their latest marks, the newest first."""
    marks = SatisfactionSurvey.objects.filter(ticket__customer_id=customer_id)
    return marks.order_by("-answered_at").values_list("score", flat=True)[:RATED]


def satisfaction_of(marks: Sequence[int] | QuerySet[SatisfactionSurvey, int]) -> Satisfaction:
    scores = list(marks)
    average = sum(scores) / len(scores) if scores else None
    return Satisfaction(len(scores), average, tuple(scores[:SHOWN]))
