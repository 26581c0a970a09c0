"""Rows of an outbox in somebody's hands: taken by a lease, worked on outside every transaction, and marked
only while the lease is still one's own. The model has `leased_until`; whoever is killed lets it run out."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)


def unleased(rows: QuerySet[M], now: datetime) -> QuerySet[M]:
    """Those that nobody holds."""
    return rows.filter(Q(leased_until__isnull=True) | Q(leased_until__lte=now))


@transaction.atomic
def take(rows: QuerySet[M], most: int, until: datetime) -> list[M]:
    """The first `most` of `rows` that nobody else takes at this moment, leased until then."""
    found = list(rows.select_for_update(of=("self",), skip_locked=True)[:most])
    free = rows.order_by().select_related(None)
    free.filter(pk__in=[row.pk for row in found]).update(leased_until=until)
    return found


def held(rows: QuerySet[M], pk: object, until: datetime) -> M | None:
    """The row, locked, while this lease is still its own; None: it ran out, somebody else has it, or a
    person did it by hand. In a transaction."""
    return rows.filter(pk=pk, leased_until=until).select_for_update(of=("self",)).first()
