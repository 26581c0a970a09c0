"""Which closed tickets may be reviewed, and a draw among them that anybody can repeat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Value, Window
from django.db.models.fields import TextField
from django.db.models.functions import MD5, Cast, Concat, RowNumber

from agents_ops.models import QaReview
from agents_ops.quality.scope import Scope
from people.models import User
from tickets.models import EventKind, TicketEvent
from tickets.states import State

MOST_PER_OFFICER = 20


@dataclass(frozen=True)
class Draw:
    """What a sample asks for: closings of [since, until), as many of each officer, by this seed."""

    since: datetime
    until: datetime
    per_officer: int
    seed: int


@dataclass(frozen=True)
class Drawn:
    """Of one officer: how many closings there were to draw from, and those drawn."""

    officer: User
    available: int
    closings: list[TicketEvent]


def candidates(draw: Draw, scope: Scope, *, without: int) -> QuerySet[TicketEvent, Any]:
    """Closings of tickets that are closed still and were not reviewed, each of an active officer;
    none of the person `without`, who reviews."""
    later = TicketEvent.objects.filter(
        ticket=OuterRef("ticket"), kind=EventKind.CLOSED, pk__gt=OuterRef("pk")
    )
    rows = TicketEvent.objects.filter(
        scope.where("closing_form__prepared_by", "ticket__home_team"),
        ~Exists(QaReview.objects.filter(closing=OuterRef("pk"))),
        ~Exists(later),
        kind=EventKind.CLOSED,
        at__gte=draw.since,
        at__lt=draw.until,
        ticket__state=State.CLOSED,
        ticket__home_team__isnull=False,
        closing_form__prepared_by__is_active=True,
    )
    return rows.exclude(closing_form__prepared_by=without).order_by()


def drawn(draw: Draw, scope: Scope, *, without: int) -> list[Drawn]:
    """The same for everybody who asks the same: by a hash of the seed and the closing's id, as many
    of each officer as of the next."""
    rows = candidates(draw, scope, without=without)
    by = "closing_form__prepared_by"
    available = {row[by]: row["n"] for row in rows.values(by).annotate(n=Count("pk"))}
    hashed = MD5(Concat(Value(f"{draw.seed}:"), Cast("pk", TextField())))
    placed = rows.annotate(
        place=Window(RowNumber(), partition_by=[F(by)], order_by=[hashed, F("pk")])
    )
    chosen: dict[int, list[TicketEvent]] = {}
    found = placed.filter(place__lte=draw.per_officer).select_related(
        "ticket__home_team", "closing_form"
    )
    for closing in found.order_by("place"):
        chosen.setdefault(closing.closing_form.prepared_by_id, []).append(closing)
    officers = User.objects.filter(pk__in=available).order_by("full_name", "pk")
    return [Drawn(each, available[each.pk], chosen.get(each.pk, [])) for each in officers]
