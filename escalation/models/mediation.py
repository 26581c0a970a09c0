from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from escalation.models.escalation import Escalation
from tickets.models import TicketEvent


class Party(models.TextChoices):
    BUYER = "buyer", _("buyer")
    SELLER = "seller", _("seller")


class Hearing(models.Model):
    """What one side said to the mediator, or (`silent`) why it could not be heard."""

    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="hearings")
    party = models.CharField(_("party"), max_length=6, choices=Party.choices)
    silent = models.BooleanField(_("the party stays silent"), default=False)
    notes = models.TextField(_("hearing notes"))
    heard_at = models.DateTimeField(_("heard"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="hearings"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("heard_at", "id")

    def __str__(self) -> str:
        return f"{self.escalation_id}: {self.party}"


class Decision(models.Model):
    """The mediators' decision, once for each time the case lay with them, with a reason for each side."""

    class Outcome(models.TextChoices):
        BUYER = "buyer", _("for the buyer")
        SELLER = "seller", _("for the seller")
        SPLIT = "split", _("shared between both")
        SETTLED = "settled", _("settled by agreement")
        DISMISSED = "dismissed", _("dismissed")

    WITHOUT_AMOUNT = (Outcome.SELLER, Outcome.DISMISSED)

    escalation = models.OneToOneField(
        Escalation, on_delete=models.CASCADE, related_name="mediation_decision"
    )
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome.choices)
    amount_idr = models.BigIntegerField(_("amount to the buyer"), null=True)
    reasons_buyer = models.TextField(_("reasons to the buyer"))
    reasons_seller = models.TextField(_("reasons to the seller"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mediation_decisions"
    )
    decided_at = models.DateTimeField()
    event = models.OneToOneField(
        TicketEvent, on_delete=models.PROTECT, related_name="mediation_decision"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount_idr__isnull=True) | models.Q(amount_idr__gte=0),
                name="decision_amount_positive",
            ),
            models.CheckConstraint(
                condition=~models.Q(outcome="split") | models.Q(amount_idr__isnull=False),
                name="decision_split_has_amount",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.escalation_id}: {self.outcome}"
