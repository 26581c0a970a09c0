"""Freezes that waited before they had a timer are spoken of with the next sweep."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.utils import timezone

URGENCY = {"URGENT": 0, "HIGH": 1, "MEDIUM": 2, "LOW": 3}


def arm_those_that_wait(apps: Any, schema_editor: Any) -> None:
    requests = apps.get_model("escalation", "FreezeRequest").objects.select_related("ticket")
    timers, now = apps.get_model("sla", "Timer"), timezone.now()
    timers.objects.bulk_create(
        [
            timers(
                kind="escalation.freeze_undecided",
                subject_type="freeze",
                subject_id=asked.pk,
                due_at=now,
                urgency=URGENCY.get(asked.ticket.priority, 2),
                armed_at=now,
            )
            for asked in requests.filter(decided_at=None).order_by("pk")
        ]
    )


class Migration(migrations.Migration):
    dependencies = [("escalation", "0015_request_reason"), ("sla", "0012_restored_clocks")]

    operations = [migrations.RunPython(arm_those_that_wait, migrations.RunPython.noop)]
