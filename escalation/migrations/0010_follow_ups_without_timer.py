"""Follow-ups that had reminded before they had rows of their own get the timer of what follows; and
of an escalation that is over nothing is promised any more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import migrations
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone

URGENCY = {"URGENT": 0, "HIGH": 1, "MEDIUM": 2, "LOW": 3}
CHUNK = 1_000
# What the profile said when no version of it is stored yet.
OVERDUE_AFTER_HOURS = 24


def arm_what_follows(apps: Any, schema_editor: Any) -> None:
    """One not due yet reminds at its moment; one that is due is overdue after its time. A moment that
    is past fires with the next sweep."""
    follow_ups = apps.get_model("escalation", "FollowUp").objects
    timers = apps.get_model("sla", "Timer")
    now, after = timezone.now(), overdue_after(apps)
    armed = timers.objects.filter(
        subject_type="follow_up", subject_id=OuterRef("pk"), state="armed"
    )
    lost = follow_ups.filter(
        ~Exists(armed), done_at=None, ended_at=None, overdue_at=None,
        escalation__state="accepted", escalation__ticket__state="monitored",
    ).select_related("escalation__ticket").order_by("pk")  # fmt: skip
    lost.filter(reminded_at=None, due_at__lte=now).update(reminded_at=Now())
    made = [_timer(timers, row, now, after) for row in lost.iterator(chunk_size=CHUNK)]
    timers.objects.bulk_create(made, batch_size=CHUNK)


def _timer(timers: Any, row: Any, now: Any, after: timedelta) -> Any:
    is_due = row.due_at <= now or row.reminded_at is not None
    return timers(
        kind="escalation.follow_up_overdue" if is_due else "escalation.follow_up",
        subject_type="follow_up",
        subject_id=row.pk,
        due_at=row.due_at + after if is_due else row.due_at,
        urgency=URGENCY.get(row.escalation.ticket.priority, 2),
        armed_at=now,
    )


def overdue_after(apps: Any) -> timedelta:
    profile = apps.get_model("people", "OrganisationProfile").objects.order_by("-version").first()
    hours = profile.body.get("follow_up", {}) if profile else {}
    return timedelta(hours=hours.get("overdue_after_hours", OVERDUE_AFTER_HOURS))


def promise_nothing_more(apps: Any, schema_editor: Any) -> None:
    over = apps.get_model("escalation", "Escalation").objects.filter(
        ~Q(state="accepted"), follow_up_at__isnull=False
    )
    while some := list(over.values_list("pk", flat=True)[:CHUNK]):
        over.filter(pk__in=some).update(follow_up_at=None)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("escalation", "0009_ledger_filters"), ("people", "0003_shifts")]

    operations = [
        migrations.RunPython(arm_what_follows, migrations.RunPython.noop),
        migrations.RunPython(promise_nothing_more, migrations.RunPython.noop),
    ]
