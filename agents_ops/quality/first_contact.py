"""First-contact resolution (FCR) of financial cases; what it means stands in docs/quality.md.

A case is the first closing of a reseller agent's ticket in one of the rule's categories that was
never escalated. It was resolved at first contact unless the agent had to come back, disputed the
solution, or it was reopened.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce

from agents_ops.models import QualityRules, StepRecord
from agents_ops.quality.scope import Scope
from agents_ops.quality.spans import Span, week_in
from agents_ops.quality.states import Resolution
from tickets.models import EventKind, TicketEvent
from tickets.states import Reporter


@dataclass(frozen=True)
class Share:
    """Of `all` cases, `good` were as they should be."""

    good: int = 0
    all: int = 0

    @property
    def share(self) -> float | None:
        """0 to 1; None of none."""
        return self.good / self.all if self.all else None


@dataclass(frozen=True)
class FirstContact:
    """The share as a whole and by Monday, officer's id, squad's id and category. `goal`: 0 to 1."""

    goal: float
    whole: Share
    weeks: dict[date, Share]
    officers: dict[int | None, Share]
    teams: dict[int, Share]
    categories: dict[str, Share]


GROUPS = {
    "weeks": "week",
    "officers": "closing_form__prepared_by",
    "teams": "ticket__home_team",
    "categories": "ticket__category",
}


def first_contact(rules: QualityRules, span: Span, scope: Scope) -> FirstContact:
    """Counted in five statements; each figure is the number of rows that `cases` lists for it."""
    rows = cases(rules, span, scope)
    return FirstContact(
        goal=rules.first_contact["goal_percent"] / 100,
        whole=Share(**rows.aggregate(**_COUNTED)),
        **{name: _by(rows, column) for name, column in GROUPS.items()},
    )


def cases(rules: QualityRules, span: Span, scope: Scope) -> QuerySet[Any]:
    """The closing events that count, each with its `outcome` (Resolution), `contacts` after the
    first reply, and `week`."""
    part = rules.first_contact
    events = TicketEvent.objects.filter(
        kind=EventKind.CLOSED, closing_form__isnull=False, at__gte=span.since, at__lt=span.until
    )
    events = events.filter(
        Q(ticket__reporter=Reporter.AGENT) | Q(ticket__agent__isnull=False),
        scope.where("closing_form__prepared_by", "ticket__home_team"),
        ~Exists(_of_ticket(EventKind.CLOSED).filter(pk__lt=OuterRef("pk"))),
        ~Exists(_of_ticket(EventKind.ESCALATED)),
        ~Exists(_left_out(part["left_out"])),
        ticket__category__in=part["categories"],
    )
    return events.annotate(
        week=week_in("at"),
        contacts=Coalesce(Subquery(_contacts()), 0),
        reopened=Exists(_of_ticket(EventKind.REOPENED)),
        disputed=Exists(_of_ticket(EventKind.DISPUTED)),
    ).annotate(
        outcome=Case(
            When(reopened=True, then=Value(Resolution.REOPENED.value)),
            When(disputed=True, then=Value(Resolution.DISPUTED.value)),
            When(contacts__gt=0, then=Value(Resolution.CAME_BACK.value)),
            default=Value(Resolution.FIRST_CONTACT.value),
            output_field=TextField(),
        )
    )


_COUNTED: dict[str, Any] = {
    "all": Count("pk"),
    "good": Count("pk", filter=Q(outcome=Resolution.FIRST_CONTACT.value)),
}


def _by(rows: QuerySet[Any], column: str) -> dict[Any, Share]:
    counted = rows.order_by().values(column).annotate(**_COUNTED)
    return {row[column]: Share(row["good"], row["all"]) for row in counted}


def _of_ticket(*kinds: str) -> QuerySet[TicketEvent]:
    return TicketEvent.objects.filter(ticket=OuterRef("ticket"), kind__in=kinds)


def _contacts() -> QuerySet[Any]:
    """How often the agent wrote before the closing although we had asked nothing: not a thanks, not
    what an officer put aside as needing no reply."""
    said = TicketEvent.objects.filter(
        ticket=OuterRef("ticket"), kind=EventKind.REPLIED, pk__lt=OuterRef("pk")
    ).order_by("-pk")
    next_word = TicketEvent.objects.filter(
        ticket=OuterRef("ticket"),
        pk__gt=OuterRef("pk"),
        kind__in=[EventKind.REPLIED, EventKind.CUSTOMER_WROTE, EventKind.REPLY_NOT_NEEDED],
    ).order_by("pk")
    asked = said.annotate(waiting=Cast(KT("data__waiting"), BooleanField())).values("waiting")
    wrote = TicketEvent.objects.filter(
        ticket=OuterRef("ticket"), kind=EventKind.CUSTOMER_WROTE, pk__lt=OuterRef("pk")
    )
    came = wrote.annotate(
        answers=Subquery(asked[:1]),
        then=Coalesce(Subquery(next_word.values("kind")[:1]), Value("")),
    ).filter(answers=False)
    came = came.exclude(data__thanks=True).exclude(then=EventKind.REPLY_NOT_NEEDED)
    return came.order_by().values("ticket").annotate(n=Count("pk")).values("n")


def _left_out(parts: Iterable[dict[str, Any]]) -> QuerySet[StepRecord]:
    """A step of the ticket's playbook that says that it is no such case."""
    said = Q(pk__in=[])
    for part in parts:
        said |= Q(run__playbook=part["playbook"], step=part["step"], gate__in=part["results"])
    return StepRecord.objects.filter(said, run__ticket=OuterRef("ticket"))
