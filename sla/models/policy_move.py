from __future__ import annotations

from django.db import models
from django.db.models.functions import Abs

from sla.models.clock import Metric
from sla.models.policy_job import PolicyApplication


class PolicyMove(models.Model):
    """One deadline that an application would move, as it was counted (`counted_at`).

    Written by the count alone, never changed: what is looked at is what was counted. On a side on
    which the clock stands still there is no moment but counted time that is left (`left_before`,
    `left_after`), none or less once it is used up. `away`: seconds, below none where it comes
    earlier. `ticket` is its number.
    """

    class Place(models.IntegerChoices):
        """What hurts most comes first."""

        AT_ONCE = 0
        PAUSED_PAST = 1
        OTHER = 2

    application = models.ForeignKey(
        PolicyApplication, on_delete=models.CASCADE, related_name="moves", db_index=False
    )
    place = models.PositiveSmallIntegerField(choices=Place.choices)
    ticket = models.CharField(max_length=20)
    priority = models.CharField(max_length=10, blank=True)
    metric = models.CharField(max_length=20, choices=Metric.choices)
    before = models.DateTimeField()
    after = models.DateTimeField()
    left_before = models.DurationField(null=True)
    left_after = models.DurationField(null=True)
    away = models.FloatField()

    class Meta:
        # Of equals the one that was counted first.
        ordering = ("place", Abs("away").desc(), "id")
        indexes = [
            models.Index(
                "application", "place", Abs("away").desc(), "id", name="policy_move_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket} {self.metric}"
