"""Dates that teams promised before they were watched get their timers, in batches; one that has passed
already stays as it was: nobody is told now of what was missed long ago."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.models import Exists, OuterRef
from django.utils import timezone

URGENCY = {"URGENT": 0, "HIGH": 1, "MEDIUM": 2, "LOW": 3}
CHUNK = 1_000
WARN_AT = 0.8


def watch_what_lies_ahead(apps: Any, schema_editor: Any) -> None:
    """Where the policy began a clock with the acceptance, that is the promise, and needs no other."""
    timers = apps.get_model("sla", "Timer")
    clocks = apps.get_model("sla", "Clock").objects.filter(
        ticket=OuterRef("ticket"),
        metric="mediation_decision",
        started_at=OuterRef("accepted_at"),
    )
    armed = timers.objects.filter(
        kind="escalation.target_missed",
        subject_type="ticket",
        subject_id=OuterRef("ticket"),
        state="armed",
    )
    now = timezone.now()
    promised = (
        apps.get_model("escalation", "Escalation")
        .objects.filter(
            ~Exists(clocks), ~Exists(armed), state="accepted", ticket__state="monitored",
            agreed_target_at__gt=now, accepted_at__isnull=False,
        )
        .select_related("ticket")
        .only("accepted_at", "agreed_target_at", "ticket__priority")
        .order_by("pk")
    )  # fmt: skip
    made = [
        timer
        for row in promised.iterator(chunk_size=CHUNK)
        for timer in _timers_of(timers, row, now)
    ]
    timers.objects.bulk_create(made, batch_size=CHUNK)


def _timers_of(timers: Any, row: Any, now: Any) -> list[Any]:
    nears = row.accepted_at + (row.agreed_target_at - row.accepted_at) * WARN_AT
    moments = {"escalation.target_missed": row.agreed_target_at}
    if nears > now:
        moments["escalation.target_nears"] = nears
    return [
        timers(
            kind=kind,
            subject_type="ticket",
            subject_id=row.ticket_id,
            due_at=due_at,
            urgency=URGENCY.get(row.ticket.priority, 2),
            armed_at=now,
        )
        for kind, due_at in moments.items()
    ]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("escalation", "0019_target_missed"), ("sla", "0014_spare_indexes")]

    operations = [migrations.RunPython(watch_what_lies_ahead, migrations.RunPython.noop)]
