from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from sla.models.sweep_run import SweepRun


class Timer(models.Model):
    """A moment at which something must happen; the only place where waiting is written down.

    `subject_type` and `subject_id` name what it is about. `urgency` (0 first) orders a backlog.
    `leased_until` and `attempts` are committed before a handler runs, so that a worker's death is
    counted and its timers pass to another.
    """

    class State(models.TextChoices):
        ARMED = "armed", _("armed")
        FIRED = "fired", _("fired")
        CANCELLED = "cancelled", _("cancelled")
        PARKED = "parked", _("parked after failures")

    kind = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    stage = models.PositiveSmallIntegerField(default=100)
    due_at = models.DateTimeField()
    urgency = models.PositiveSmallIntegerField(default=2)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ARMED)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    policy_version = models.PositiveIntegerField(default=0)
    armed_at = models.DateTimeField()
    fired_at = models.DateTimeField(null=True, blank=True)
    sweep = models.ForeignKey(
        SweepRun, null=True, blank=True, on_delete=models.PROTECT, related_name="timers"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_type", "subject_id"],
                condition=models.Q(state="armed"),
                name="one_armed_timer_per_promise",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="timer_due", condition=models.Q(state="armed")),
            # The order in which a backlog is claimed.
            models.Index(
                fields=["urgency", "due_at", "id"],
                name="timer_claim",
                condition=models.Q(state="armed"),
            ),
            models.Index(
                fields=["-fired_at"], name="timer_fired", condition=models.Q(state="fired")
            ),
            models.Index(fields=["subject_type", "subject_id"], name="timer_by_subject"),
            # Of promises: those past their last warning and not yet due.
            models.Index(
                fields=["subject_id"],
                name="timer_at_risk",
                include=["kind"],
                condition=models.Q(state="armed", stage=100),
            ),
            models.Index(fields=["id"], name="timer_parked", condition=models.Q(state="parked")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_type} {self.subject_id} {self.state}"

    def engine_late(self, now: datetime) -> float:
        """Seconds from when it was both due and known until `now`: how late the engine is."""
        return max(0.0, (now - max(self.due_at, self.armed_at)).total_seconds())


class SweepPulse(models.Model):
    """One row: when a sweep last showed that it is alive, so that its silence is noticed."""

    beat_at = models.DateTimeField()
    fired = models.PositiveIntegerField(default=0)
    oldest_due_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.beat_at:%Y-%m-%d %H:%M:%S}"
