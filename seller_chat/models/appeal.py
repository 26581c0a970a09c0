from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from seller_chat.models.enforcement import Violation
from tickets.models import StoredFile


class Appeal(models.Model):
    """A seller says that a violation was found wrongly (001 section 8); one for each violation.

    `first_decider` repeats the violation's, so that the database itself refuses the same person.
    """

    class State(models.TextChoices):
        OPEN = "open", _("waiting for a decision")
        UPHELD = "upheld", _("granted")
        REJECTED = "rejected", _("rejected")

    violation = models.OneToOneField(Violation, on_delete=models.PROTECT, related_name="appeal")
    text = models.TextField(_("Why is it wrong?"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appeals_opened"
    )
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    overdue_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    first_decider = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="appeals_decided",
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reasons = models.TextField(_("reasons"), blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None)
                | Q(first_decider=None)
                | ~Q(decided_by=F("first_decider")),
                name="appeal_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_by=None, decided_at=None)
                | (
                    ~Q(state="open")
                    & ~Q(reasons="")
                    & Q(decided_by__isnull=False, decided_at__isnull=False)
                ),
                name="appeal_decided_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="appeal_open", condition=Q(state="open"))
        ]

    def __str__(self) -> str:
        return f"{self.violation_id} {self.state}"


class AppealDocument(StoredFile):
    """A file that supports an appeal."""

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="documents")
