"""Who keeps an eye on a ticket that need not be theirs."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from tickets.models.ticket import Ticket


class Watch(models.Model):
    """A person gets notices of what happens on the ticket, for as long as they may see it."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="watches")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="watches"
    )
    since = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = [
            # By person first: the view of what somebody watches reads this index.
            models.UniqueConstraint(fields=["person", "ticket"], name="watches_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.ticket_id}"
