"""What other systems notice about a customer's account, before anybody complains."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Customer
from tickets.models import Ticket, TicketEvent


class Signal(models.Model):
    """One report of a connected system; the database refuses changes. No words, no contacts.

    The same `reference` of the same integrator is the same report.
    """

    class Kind(models.TextChoices):
        FAILED_LOGIN = "failed_login", _("failed login")
        SENSITIVE_DATA_CHANGED = "sensitive_data_changed", _("sensitive data changed")
        ACCOUNT_HIJACKED = "account_hijacked", _("account hijacked")
        SUSPICIOUS_TRANSACTION = "suspicious_transaction", _("suspicious transaction")

    integrator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="signals"
    )
    reference = models.CharField(_("reference"), max_length=100)
    digest = models.CharField(max_length=64, editable=False)
    kind = models.CharField(_("kind"), max_length=30, choices=Kind.choices)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="signals")
    amount_idr = models.BigIntegerField(_("amount"), null=True)
    occurred_at = models.DateTimeField(_("happened at"))
    received_at = models.DateTimeField(_("reported at"))

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["integrator", "reference"], name="signal_once_for_each_reference"
            ),
            models.CheckConstraint(
                condition=models.Q(amount_idr__isnull=True) | models.Q(amount_idr__gte=0),
                name="signal_amount_positive",
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "kind", "occurred_at"], name="signal_by_customer"),
            models.Index(fields=["-received_at", "-id"], name="signal_recent"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class SignalEffect(models.Model):
    """A ticket that a signal was written on; `opened`: it was received because of this signal."""

    signal = models.ForeignKey(Signal, on_delete=models.PROTECT, related_name="effects")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="signal_effects")
    event = models.OneToOneField(
        TicketEvent, on_delete=models.PROTECT, related_name="signal_effect"
    )
    trigger = models.CharField(_("trigger"), max_length=34, blank=True)
    opened = models.BooleanField(default=False)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["signal", "ticket"], name="signal_once_on_each_ticket"),
        ]

    def __str__(self) -> str:
        return f"{self.signal_id} on {self.ticket_id}"
