"""A complaint to a supplier about one transaction, and what was written to and fro about it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from agents_ops.models.run import PlaybookRun
from helpdesk.common.random_key import random_key
from tickets.models import Ticket


class SupplierComplaint(models.Model):
    """`since`: when the transaction was made; the hard complaint is due from there, at `hard_due_at`.

    `key` is the name of the matter outside the house. `opened_by` is None where a timer did it.
    """

    class About(models.TextChoices):
        PENDING = "pending", _("transaction pending")
        MISSING = "missing", _("successful, product missing")

    class State(models.TextChoices):
        OPEN = "open", _("waiting for the supplier")
        SETTLED = "settled", _("answered")
        ENDED = "ended", _("ended with its ticket")

    class Outcome(models.TextChoices):
        SUCCESS = "success", _("successful")
        FAILED = "failed", _("failed")

    key = models.CharField(max_length=32, unique=True, default=random_key, editable=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="supplier_complaints")
    run = models.ForeignKey(
        PlaybookRun, on_delete=models.PROTECT, related_name="complaints", db_index=False
    )
    about = models.CharField(max_length=8, choices=About.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    supplier = models.CharField(_("supplier"), max_length=120, blank=True)
    reference = models.CharField(max_length=120, blank=True)
    product = models.CharField(max_length=120, blank=True)
    destination = models.CharField(max_length=120, blank=True)
    since = models.DateTimeField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    hard_due_at = models.DateTimeField(null=True, blank=True)
    hard_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "about"],
                condition=models.Q(state="open"),
                name="one_open_supplier_complaint",
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", outcome="", ended_at__isnull=True)
                | models.Q(state="settled", ended_at__isnull=False) & ~models.Q(outcome="")
                | models.Q(state="ended", outcome="", ended_at__isnull=False),
                name="supplier_complaint_is_whole",
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="supplier_complaint_listed")]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.about} {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN


class SupplierMessage(models.Model):
    """One message of the thread. What goes out is an outbox: the same `key` at every try.

    `reference` is the supplier's number of it, `result` what it says about the transaction.
    """

    class Direction(models.TextChoices):
        OUT = "out", _("to the supplier")
        IN = "in", _("from the supplier")

    class Kind(models.TextChoices):
        COMPLAINT = "complaint", _("complaint")
        FOLLOW_UP = "follow_up", _("follow-up")
        HARD = "hard", _("hard complaint")
        ANSWER = "answer", _("answer")

    class State(models.TextChoices):
        PENDING = "pending", _("on its way")
        SENT = "sent", _("delivered")
        FAILED = "failed", _("could not be delivered")
        BY_HAND = "by_hand", _("told by hand")
        RECEIVED = "received", _("received")
        DROPPED = "dropped", _("no longer needed")

    complaint = models.ForeignKey(
        SupplierComplaint, on_delete=models.CASCADE, related_name="messages"
    )
    key = models.CharField(max_length=32, unique=True, default=random_key, editable=False)
    direction = models.CharField(max_length=3, choices=Direction.choices)
    kind = models.CharField(max_length=9, choices=Kind.choices)
    state = models.CharField(max_length=8, choices=State.choices)
    text = models.TextField(blank=True)
    result = models.CharField(max_length=8, blank=True)
    reference = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    last_trouble = models.CharField(max_length=20, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "kind"],
                condition=models.Q(kind__in=("complaint", "hard")),
                name="one_complaint_and_one_hard",
            ),
            models.UniqueConstraint(
                fields=["complaint", "reference"],
                condition=models.Q(direction="in") & ~models.Q(reference=""),
                name="one_answer_per_reference",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                name="supplier_message_owed",
                condition=models.Q(state="pending"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id}: {self.kind} {self.state}"
