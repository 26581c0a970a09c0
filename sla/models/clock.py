from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.common.promises import PROMISES
from sla.models.policy import SlaPolicy
from sla.rules import Rules, Target
from tickets.models import Ticket


class Metric(models.TextChoices):
    FIRST_RESPONSE = "first_response", PROMISES["first_response"]
    NEXT_UPDATE = "next_update", PROMISES["next_update"]
    RESOLUTION = "resolution", PROMISES["resolution"]
    VERIFICATION = "verification", PROMISES["verification"]
    ACCEPTANCE = "acceptance", PROMISES["acceptance"]
    FRAUD_RESPONSE = "fraud_response", PROMISES["fraud_response"]
    MEDIATOR_ASSIGNED = "mediator_assigned", PROMISES["mediator_assigned"]
    MEDIATION_DECISION = "mediation_decision", PROMISES["mediation_decision"]


class Clock(models.Model):
    """One promise on one ticket: when it began, when it is due, how it ended.

    Derived from its log (`ClockEvent`), kept beside it for the reader's speed. `basis` is the code
    of the policy's target that decided; `used` the counted time before `running_since`, by that
    target's calendar; `stood_still` the time between its runs; `level` the highest share of the
    time, in percent, that has fired. A breached clock that was not kept since stays an open
    promise: `met_at` is empty.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        PAUSED = "paused", _("paused")
        MET = "met", _("met")
        BREACHED = "breached", _("missed")
        CANCELLED = "cancelled", _("cancelled")

    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="clocks", db_index=False
    )
    metric = models.CharField(max_length=20, choices=Metric.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    target = models.JSONField(default=dict)
    basis = models.CharField(max_length=60)
    policy = models.ForeignKey(SlaPolicy, on_delete=models.PROTECT, related_name="+")
    running_since = models.DateTimeField()
    used = models.DurationField(default=timedelta)
    paused_at = models.DateTimeField(null=True, blank=True)
    stood_still = models.DurationField(default=timedelta)
    met_at = models.DateTimeField(null=True, blank=True)
    level = models.PositiveSmallIntegerField(default=0)
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
                # With the ticket, so that the forecast counts thousands without reading their rows.
                fields=["due_at"],
                include=["ticket"],
                name="clock_running_by_due",
                condition=models.Q(state="running"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.metric} {self.state}"

    @property
    def rules(self) -> Rules:
        return SlaPolicy.known(self.policy_id).rules

    @property
    def policy_version(self) -> int:
        return SlaPolicy.known(self.policy_id).version

    @property
    def decided_by(self) -> Target:
        """The target of the policy that set the deadline."""
        return self.rules.target(self.metric, self.basis)

    def used_at(self, now: datetime) -> timedelta:
        """The counted time used by `now`."""
        if self.state != self.State.RUNNING:
            return self.used
        return self.used + self.decided_by.calendar.between(self.running_since, now)

    def left_at(self, now: datetime) -> timedelta:
        """The counted time left at `now`; negative once missed."""
        return self.decided_by.length - self.used_at(now)

    def moment_of(self, percent: int) -> datetime:
        """When this share of the time is used, as the clock runs now."""
        target = self.decided_by
        left = target.length * percent / 100 - self.used
        return target.calendar.add(self.running_since, max(left, timedelta()))

    @property
    def is_open_promise(self) -> bool:
        """Still owed: running, or missed and not kept since."""
        return self.state == self.State.RUNNING or (
            self.state == self.State.BREACHED and self.met_at is None
        )
