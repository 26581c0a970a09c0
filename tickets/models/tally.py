from __future__ import annotations

from django.conf import settings
from django.db import models

from people.models import Team


class OpenTally(models.Model):
    """How many tickets are open, as differences: a trigger on the tickets' table appends them.

    Whoever reads sums `n` per group (`tickets.selectors.open_counts`). No foreign key is checked:
    the values were just read from a ticket, whose own keys are.
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
