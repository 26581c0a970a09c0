from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tickets.models.ticket import Ticket


class Presence(models.Model):
    """Who looks at a ticket or writes on it at this moment; no fact, so the table is unlogged.

    A row that was not renewed within `PRESENT_SECONDS` (services/presence.py) counts for nothing.
    """

    class Doing(models.TextChoices):
        VIEWING = "viewing", _("looking")
        REPLYING = "replying", _("writing a reply")
        NOTING = "noting", _("writing a note")

    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="presences", db_constraint=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    doing = models.CharField(max_length=8, choices=Doing.choices)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "user"], name="one_presence_per_ticket"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.user_id} {self.doing}"
