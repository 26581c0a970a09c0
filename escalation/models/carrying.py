from __future__ import annotations

from django.db import models

from escalation.models.matrix import EscalationMatrix


class CarryingOver(models.Model):
    """How far a version's triggers of time have been carried over to the tickets that run already.

    `last_ticket` in the order of ids: after a kill it goes on from there. `moved` counts tickets
    whose next moment is another one now; `skipped` those that could not be looked at.
    """

    matrix = models.OneToOneField(
        EscalationMatrix, on_delete=models.CASCADE, related_name="carrying_over"
    )
    last_ticket = models.BigIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"v{self.matrix.version}: {self.done}"
