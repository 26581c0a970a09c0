from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.common.public_keys import public_key
from people.models import Customer, Shop
from seller_chat.models.conversation import ChatMessage, Conversation
from tickets.models import Ticket


class BuyerReport(models.Model):
    """A shop reports its buyer with messages as evidence (001 section 5.3); `ticket` carries the work.

    `digest` is over the evidence as it stood (seller_chat/evidence.py), so that an edit would show.
    """

    class Reason(models.TextChoices):
        HARASSMENT = "harassment", _("bullying or harassment")
        ABUSE = "abuse", _("obscene, threatening or abusive words")
        DEMAND = "demand", _("unreasonable demand or threat")
        SPAM = "spam", _("advertising or irrelevant messages")

    class State(models.TextChoices):
        OPEN = "open", _("waiting for verification")
        VERIFIED = "verified", _("verified")
        REFUSED = "refused", _("not confirmed")

    key = models.CharField(max_length=20, unique=True, default=public_key, editable=False)
    shop = models.ForeignKey(
        Shop, on_delete=models.PROTECT, related_name="buyer_reports", db_index=False
    )
    conversation = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, related_name="buyer_reports"
    )
    buyer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="reported", db_index=False
    )
    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, related_name="buyer_report")
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices)
    digest = models.CharField(max_length=64, editable=False)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="buyer_reports"
    )
    reported_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="buyer_reports_decided",
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.CharField(_("reason of the decision"), max_length=500, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"],
                condition=Q(state="open"),
                name="one_open_report_of_a_conversation",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_by=None, decided_at=None)
                | Q(state="verified", decided_by__isnull=False, decided_at__isnull=False)
                | (
                    Q(state="refused", decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(decision_reason="")
                ),
                name="buyer_report_decided_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "-id"], name="buyer_report_of_shop"),
            models.Index(fields=["buyer", "reported_at"], name="buyer_report_of_buyer"),
            models.Index(
                fields=["reported_at", "id"], name="buyer_report_open", condition=Q(state="open")
            ),
        ]

    def __str__(self) -> str:
        return self.key


class ReportedMessage(models.Model):
    """A message picked as evidence, with its fingerprint at that moment."""

    report = models.ForeignKey(
        BuyerReport, on_delete=models.PROTECT, related_name="evidence", db_index=False
    )
    message = models.ForeignKey(ChatMessage, on_delete=models.PROTECT, related_name="reported_in")
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ("message_id",)
        constraints = [
            models.UniqueConstraint(fields=["report", "message"], name="message_is_evidence_once"),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.message_id}"
