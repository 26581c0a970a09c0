from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Team
from sla.models.clock import Clock, Metric
from sla.models.sweep_run import SweepRun
from tickets.models import Ticket, TicketEvent
from tickets.states import Priority


class ClockEvent(models.Model):
    """One line of a clock's log; the database refuses changes. The clock's row follows from it.

    `due_at` is the deadline as it stands after the event. `level` is the share of the time used, in
    percent, at which a warning (50, 80) or the breach (100) fired: each once in a clock's life, by
    a unique constraint. `cause` is the ticket's event that brought it about.
    `restored` takes a cancellation back, as though it had never been.
    """

    class Kind(models.TextChoices):
        STARTED = "started", _("started")
        PAUSED = "paused", _("paused")
        RESUMED = "resumed", _("resumed")
        RECOMPUTED = "recomputed", _("recomputed")
        WARNED = "warned", _("warned")
        BREACHED = "breached", _("missed")
        SATISFIED = "satisfied", _("kept")
        CANCELLED = "cancelled", _("cancelled")
        RESTORED = "restored", _("restored")

    # What gives a clock its deadline.
    SETTING = (Kind.STARTED, Kind.RESUMED, Kind.RECOMPUTED, Kind.RESTORED)

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="log", db_index=False)
    ticket = models.ForeignKey(
        Ticket, on_delete=models.PROTECT, related_name="clock_log", db_index=False
    )
    metric = models.CharField(max_length=20, choices=Metric.choices)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    level = models.PositiveSmallIntegerField(null=True)
    late_seconds = models.FloatField(null=True)
    policy_version = models.PositiveIntegerField()
    basis = models.CharField(max_length=60)
    priority = models.CharField(max_length=6, choices=Priority.choices)
    team = models.ForeignKey(
        Team, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    cause = models.ForeignKey(
        TicketEvent, null=True, on_delete=models.PROTECT, related_name="clock_log"
    )
    sweep = models.ForeignKey(
        SweepRun, null=True, on_delete=models.PROTECT, related_name="clock_log"
    )

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["clock", "level"],
                condition=models.Q(level__isnull=False),
                name="one_firing_per_clock_and_level",
            ),
        ]
        indexes = [
            models.Index(fields=["clock", "id"], name="clock_log"),
            models.Index(fields=["ticket", "id"], name="clock_log_by_ticket"),
            models.Index(fields=["kind", "-at"], name="clock_log_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.kind} {self.at:%Y-%m-%d %H:%M:%S}"
