"""Counters for the dashboard, as differences that triggers append (helpdesk/common/tallies.py)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from people.models import Team


class RiskTally(models.Model):
    """How many tickets have a promise past its last warning and not yet due: sum `n` per group.

    Kept by triggers on timers (an armed one of stage 100) and on tickets (when one changes hands).
    """

    state = models.CharField(max_length=12)
    priority = models.CharField(max_length=6, blank=True)
    team = models.ForeignKey(
        Team, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
    )
    n = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.state} {self.priority} {self.team_id} {self.assignee_id}: {self.n:+}"


class OutcomeTally(models.Model):
    """How many promises were kept and missed on each day (WIB): sum per group.

    Kept by a trigger on the log of the clocks. A promise is missed on the day of its breach, and
    kept on the day it was satisfied in time.
    """

    day = models.DateField()
    metric = models.CharField(max_length=20)
    priority = models.CharField(max_length=6, blank=True)
    team = models.ForeignKey(
        Team, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    kept = models.IntegerField(default=0)
    missed = models.IntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["day"], name="outcome_by_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.metric} {self.priority}: {self.kept:+} {self.missed:+}"
