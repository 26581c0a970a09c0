from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tickets.models import Ticket


class RelayNote(models.Model):
    """What a team that never talks to customers allows the officer to tell (domain section 4)."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="relay_notes")
    text = models.TextField(_("what may be told"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="relay_notes"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.text[:40]}"
