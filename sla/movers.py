"""What had put a deadline into the past before it was found missed: read from the clocks' log."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from sla.models import ClockEvent
from tickets.models import EventKind, TicketEvent

Kind = ClockEvent.Kind


class Mover(TextChoices):
    PRIORITY = "priority", _("deadline moved into the past by a change of priority")
    CLASSIFICATION = "classification", _("deadline moved into the past by a new classification")
    POLICY = "policy", _("deadline moved into the past by an applied policy version")
    RESUMED = "resumed", _("deadline already past when the clock ran on")
    FILED = "filed", _("deadline already past when it was recorded")
    OTHER = "other", _("deadline already past when it was known")


def movers(breaches: Iterable[int | None]) -> dict[int, Mover]:
    """By the event of a breach (its id); one statement.

    Ask only about those whose deadline was past when it was known.
    """
    wanted = {pk for pk in breaches if pk is not None}
    if not wanted:
        return {}
    lines = ClockEvent.objects.filter(
        clock__in=ClockEvent.objects.filter(cause__in=wanted, kind=Kind.BREACHED).values("clock"),
        kind__in=[*ClockEvent.SETTING, Kind.BREACHED],
    )
    found: dict[int, Mover] = {}
    setting: dict[int, ClockEvent] = {}
    for line in lines.select_related("cause").order_by("pk"):
        last = setting.get(line.clock_id)
        if line.kind != Kind.BREACHED:
            again = line.kind == Kind.RESTORED
            if again or last is None or last.due_at != line.due_at:
                setting[line.clock_id] = line
        elif line.cause_id in wanted and last:
            found[line.cause_id] = _mover(last)
    return found


def was_past_when_known(data: dict[str, Any]) -> bool:
    """Of a breach's event: the engine learnt of the deadline only when it had passed."""
    late: float = data["late_seconds"]
    return late - data.get("engine_late_seconds", late) > 1


def _mover(line: ClockEvent) -> Mover:
    if line.kind == Kind.STARTED:  # it counts from the receipt, which may lie before the filing
        return Mover.FILED
    if line.at <= line.due_at:
        return Mover.OTHER
    if line.kind in (Kind.RESUMED, Kind.RESTORED):
        return Mover.RESUMED
    return _mover_of_clock(line.cause)


def _mover_of_clock(cause: TicketEvent | None) -> Mover:
    """A clock is computed anew when a version is applied or the ticket is classified anew."""
    if cause is None:
        return Mover.OTHER
    if cause.kind == EventKind.RECOMPUTED:
        return Mover.POLICY
    before, after = cause.data.get("from", {}), cause.data.get("to", {})
    return (
        Mover.CLASSIFICATION if before.get("priority") == after.get("priority") else Mover.PRIORITY
    )
