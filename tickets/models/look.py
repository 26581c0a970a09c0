"""Who looked at masked personal data."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Customer
from tickets.models.ticket import Ticket


class DataLook(models.Model):
    """One look at one masked field, written before it is shown; the database refuses changes.

    Keeps who, whose, where, which and why, never the data themselves.
    """

    class Field(models.TextChoices):
        EMAIL = "email", _("e-mail address")
        PHONE = "phone", _("phone number")
        AGENT = "agent", _("agent's identity")
        # Shown by agents_ops, to those who investigate.
        LOGINS = "logins", _("login log")

    class Via(models.TextChoices):
        PAGE = "page", _("page")
        API = "api", "API"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="data_looks"
    )
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="data_looks")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="data_looks")
    field = models.CharField(max_length=8, choices=Field.choices)
    reason = models.SlugField(max_length=40, blank=True, db_index=False)
    via = models.CharField(max_length=4, choices=Via.choices)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["at", "id"], name="look_by_time"),
            models.Index(fields=["user", "at", "id"], name="look_by_person"),
            models.Index(fields=["customer", "at", "id"], name="look_by_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.field}"
