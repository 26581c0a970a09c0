"""What one person asks for and another decides, before it is done to an agent's money or account."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agents_ops.models.rules import AgentRules
from agents_ops.models.run import PlaybookRun
from people.models import Team
from tickets.models import Ticket


class ApprovalRequest(models.Model):
    """Asked on a step of a playbook. `digest` is that of the answers it was asked with: others need a
    request of their own. `expires_at`: undecided until then, or once approved of use until then."""

    class State(models.TextChoices):
        PENDING = "pending", _("waits for a decision")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")
        EXPIRED = "expired", _("expired")

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="approvals")
    run = models.ForeignKey(PlaybookRun, on_delete=models.PROTECT, related_name="approvals")
    step = models.SlugField(max_length=40, db_index=False)
    kind = models.SlugField(max_length=40, db_index=False)
    rules = models.ForeignKey(
        AgentRules, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+", db_index=False)
    agent_code = models.CharField(max_length=20, blank=True)
    amount_idr = models.BigIntegerField(_("amount"), null=True)
    reason = models.TextField(_("reason"))
    digest = models.CharField(max_length=64, editable=False)
    state = models.CharField(max_length=9, choices=State.choices, default=State.PENDING)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="approvals_asked"
    )
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="approvals_decided",
    )
    ended_at = models.DateTimeField(null=True)
    decision_reason = models.TextField(_("reason of the decision"), blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(state="pending"), name="one_pending_approval"
            ),
            # Four eyes: whoever asks never decides.
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="approval_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state="pending", decided_by__isnull=True, ended_at__isnull=True)
                | Q(
                    state__in=["approved", "refused"],
                    decided_by__isnull=False,
                    ended_at__isnull=False,
                )
                | Q(
                    state__in=["withdrawn", "expired"],
                    decided_by__isnull=True,
                    ended_at__isnull=False,
                ),
                name="approval_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(amount_idr__isnull=True) | Q(amount_idr__gt=0),
                name="approval_amount_positive",
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"], condition=Q(state="pending"), name="approval_pending"
            ),
            models.Index(fields=["-asked_at", "-id"], name="approval_recent"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.kind} {self.state}"
