from __future__ import annotations

from django.db import models

from tickets.models.ticket import Ticket


class TicketChange(models.Model):
    """A ticket's last change. Written by a trigger, whoever writes the ticket; read in order of `place`."""

    ticket = models.OneToOneField(
        Ticket, on_delete=models.CASCADE, related_name="change", primary_key=True
    )
    place = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["place"], name="ticket_changes_in_order")]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.place}"
