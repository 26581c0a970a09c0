from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tickets.models import Ticket


class FreezeRequest(models.Model):
    """Freeze or unfreeze something for a ticket: asked by one person, decided by another.

    An unfreezing names the freeze that it lifts (`lifts`), one of the same ticket. A thing, which is
    a subject and a reference, is frozen as long as any ticket's freeze on it stands.
    """

    class Subject(models.TextChoices):
        ACCOUNT = "account", _("account")
        SHOP = "shop", _("shop")
        TRANSACTION = "transaction", _("transaction")
        BALANCE = "balance", _("balance")

    class Action(models.TextChoices):
        FREEZE = "freeze", _("freeze")
        UNFREEZE = "unfreeze", _("unfreeze")

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="freeze_requests")
    subject = models.CharField(_("what"), max_length=11, choices=Subject.choices)
    reference = models.CharField(_("its number or name"), max_length=80)
    action = models.CharField(_("action"), max_length=8, choices=Action.choices)
    lifts = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="lifted_by")
    reason = models.TextField(_("reason"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="freezes_asked"
    )
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="freezes_decided",
    )
    decided_at = models.DateTimeField(null=True)
    approved = models.BooleanField(null=True)
    decision_reason = models.TextField(_("reason of the decision"), blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "subject", "reference"],
                condition=models.Q(decided_at__isnull=True),
                name="one_pending_freeze",
            ),
            models.UniqueConstraint(
                fields=["lifts"], condition=models.Q(approved=True), name="freeze_lifted_once"
            ),
            models.CheckConstraint(
                condition=models.Q(action="freeze", lifts__isnull=True)
                | models.Q(action="unfreeze", lifts__isnull=False),
                name="unfreeze_names_its_freeze",
            ),
            # Four eyes: whoever asks never approves.
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True)
                | ~models.Q(decided_by=models.F("asked_by")),
                name="freeze_decided_by_another",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    decided_at__isnull=True, decided_by__isnull=True, approved__isnull=True
                )
                | models.Q(
                    decided_at__isnull=False, decided_by__isnull=False, approved__isnull=False
                ),
                name="freeze_decided_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["asked_at", "id"], name="freeze_by_asking"),
            models.Index(
                fields=["decided_at", "id"],
                name="freeze_approved",
                condition=models.Q(approved=True),
            ),
            models.Index(
                fields=["subject", "reference"],
                name="freeze_of_a_thing",
                condition=models.Q(approved=True, action="freeze"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.action} {self.subject}"

    @property
    def is_pending(self) -> bool:
        return self.decided_at is None

    @property
    def state(self) -> str:
        """`pending`, `approved` or `declined`."""
        if self.approved is None:
            return "pending"
        return "approved" if self.approved else "declined"
