from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from escalation.models.escalation import Escalation
from escalation.models.signal import Signal
from tickets.models import Ticket


class TriggerFiring(models.Model):
    """An automatic trigger acted on a ticket, once for the same facts (`key`, a digest of them).

    `facts` are codes and numbers. `escalation` is empty where it raised a priority or told a team.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="trigger_firings")
    trigger = models.CharField(_("trigger"), max_length=34)
    key = models.CharField(max_length=32, editable=False)
    matrix_version = models.PositiveIntegerField()
    facts = models.JSONField(default=dict)
    at = models.DateTimeField()
    signal = models.ForeignKey(
        Signal, null=True, on_delete=models.PROTECT, related_name="trigger_firings"
    )
    escalation = models.ForeignKey(
        Escalation, null=True, on_delete=models.CASCADE, related_name="trigger_firings"
    )

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "trigger", "key"], name="trigger_once_for_the_same_facts"
            ),
        ]
        indexes = [models.Index(fields=["-at"], name="trigger_firing_recent")]

    def __str__(self) -> str:
        return f"{self.trigger} on {self.ticket_id}"
