"""Long work on policies: each row is one piece of work, with how far it came."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.common.jobs import Job, Trial
from sla.models.policy import SlaPolicy


class PolicyApplication(Job):
    """A version applied to the clocks that run already: counted first, then moved ticket by ticket.

    `preview` sums up what would move, `moves` lists it, as counted at `counted_at`. `last_ticket` is how far the moving
    came, in the order of ids: after a kill it goes on from there. What could not be moved in one
    round (`round`, from 0) is tried again in the next; `skipped` are those of the latest round.
    `at_once`: how many deadlines lay in the past when they were moved.
    """

    class State(models.TextChoices):
        COUNTING = "counting", _("counting what moves")
        READY = "ready", _("ready to apply")
        RUNNING = "running", _("moving deadlines")
        DONE = "done", _("applied")
        CANCELLED = "cancelled", _("cancelled")
        FAILED = "failed", _("failed")

    policy = models.ForeignKey(SlaPolicy, on_delete=models.PROTECT, related_name="applications")
    state = models.CharField(max_length=10, choices=State.choices, default=State.COUNTING)
    preview = models.JSONField(default=dict)
    counted_at = models.DateTimeField(null=True, blank=True)
    round = models.PositiveSmallIntegerField(default=0, db_default=0)
    last_ticket = models.BigIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    at_once = models.PositiveIntegerField(default=0, db_default=0)
    skipped = models.PositiveIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=models.Q(state="running"),
                name="one_policy_application_runs",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                name="policy_application_open",
                condition=models.Q(state__in=["counting", "running"]),
            ),
        ]

    def __str__(self) -> str:
        return f"apply v{self.policy.version}: {self.state}"

    @property
    def is_working(self) -> bool:
        return self.state in (self.State.COUNTING, self.State.RUNNING)


class WhatIf(Trial):
    """A draft tried on the past: `result` is the JSON of `sla.what_if.Outcome`.

    One job at a time runs in the whole installation.
    """

    class Meta:
        ordering = ("-id",)
        indexes = [
            models.Index(
                fields=["id"],
                name="what_if_open",
                condition=models.Q(state__in=["waiting", "running"]),
            ),
        ]

    def __str__(self) -> str:
        return f"what if {self.pk}: {self.state}"
