"""What was promised before there were follow-ups becomes the first of each running escalation."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def make_follow_ups(apps: Any, schema_editor: Any) -> None:
    escalations = apps.get_model("escalation", "Escalation")
    follow_ups = apps.get_model("escalation", "FollowUp")
    timers = apps.get_model("sla", "Timer")
    running = escalations.objects.filter(state="accepted", accepted_by__isnull=False)
    for escalation in running.filter(follow_up_at__isnull=False).iterator():
        made = follow_ups.objects.create(
            escalation=escalation,
            kind="news",
            due_at=escalation.follow_up_at,
            owner_id=escalation.accepted_by_id,
            planned_at=escalation.accepted_at,
            planned_by_id=escalation.accepted_by_id,
        )
        timers.objects.filter(
            kind="escalation.follow_up",
            subject_type="ticket",
            subject_id=escalation.ticket_id,
            state="armed",
        ).update(subject_type="follow_up", subject_id=made.pk)
        escalation.assignee_id = escalation.accepted_by_id
        escalation.agreed_target_at = escalation.target_at
        escalation.save(update_fields=["assignee", "agreed_target_at"])


class Migration(migrations.Migration):
    dependencies = [("escalation", "0004_receiving"), ("sla", "0004_clock_log_only")]

    operations = [migrations.RunPython(make_follow_ups, migrations.RunPython.noop)]
