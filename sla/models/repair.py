from __future__ import annotations

from django.conf import settings
from django.db import models

from sla.models.timer import Timer
from tickets.models import OutgoingMail


class Repair(models.Model):
    """Who set something going again that the engine had given up, and what had stopped it.

    Exactly one of `timer` and `mail` is set. No event of the ticket: nothing happened to it.
    """

    timer = models.ForeignKey(
        Timer, null=True, blank=True, on_delete=models.PROTECT, related_name="repairs"
    )
    mail = models.ForeignKey(
        OutgoingMail, null=True, blank=True, on_delete=models.PROTECT, related_name="repairs"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField()
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(timer__isnull=True) ^ models.Q(mail__isnull=True),
                name="repair_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"repair {self.pk}"
