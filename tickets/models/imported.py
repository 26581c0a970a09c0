from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tickets.models.ticket import Ticket


class ImportedTicket(models.Model):
    """Where a ticket came from. One row of another system is one ticket here, however often it is read."""

    source = models.CharField(_("source"), max_length=40)
    external_id = models.CharField(_("its number there"), max_length=64)
    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="imported")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="ticket_imported_once"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}"
