from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from sla.models.policy import SlaPolicy
from tickets.models import Ticket


class Metric(models.TextChoices):
    FIRST_RESPONSE = "first_response", _("first response")
    NEXT_UPDATE = "next_update", _("next update")
    RESOLUTION = "resolution", _("resolution")
    ACCEPTANCE = "acceptance", _("acceptance by the team")


class Clock(models.Model):
    """One promise on one ticket: when it began, when it is due, how it ended.

    A breached clock that was not kept since stays an open promise: `met_at` is empty.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        PAUSED = "paused", _("paused")
        MET = "met", _("met")
        BREACHED = "breached", _("missed")
        CANCELLED = "cancelled", _("cancelled")

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="clocks")
    metric = models.CharField(max_length=16, choices=Metric.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    target = models.JSONField(default=dict)
    basis = models.CharField(max_length=10)
    policy = models.ForeignKey(SlaPolicy, on_delete=models.PROTECT, related_name="+")
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_seconds = models.PositiveIntegerField(default=0)
    met_at = models.DateTimeField(null=True, blank=True)
    breached_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("due_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "metric"],
                condition=models.Q(state__in=["running", "paused"]),
                name="one_running_clock_per_ticket_and_metric",
            ),
        ]
        indexes = [
            models.Index(fields=["ticket", "metric"], name="clock_by_ticket"),
            models.Index(
                fields=["breached_at"],
                name="clock_breached",
                condition=models.Q(breached_at__isnull=False),
            ),
            models.Index(
                fields=["due_at"], name="clock_running", condition=models.Q(state="running")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.metric} {self.state}"

    @property
    def is_open_promise(self) -> bool:
        """Still owed: running, or missed and not kept since."""
        return self.state == self.State.RUNNING or (
            self.state == self.State.BREACHED and self.met_at is None
        )
