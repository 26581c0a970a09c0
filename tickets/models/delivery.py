"""What must still reach somebody: e-mails to send and notices to read, each once per event."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tickets.models.event import TicketEvent
from tickets.models.ticket import Ticket


class OutgoingMail(models.Model):
    """An e-mail owed, written with the event that caused it; rendered only when sent."""

    class State(models.TextChoices):
        PENDING = "pending", _("pending")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")

    class Template(models.TextChoices):
        ACKNOWLEDGEMENT = "acknowledgement", _("acknowledgement")
        REPLY = "reply", _("reply")
        CONFIRMATION = "confirmation", _("confirmation question")
        CLOSED = "closed", _("closing")
        EXISTING = "existing", _("existing ticket")
        ESCALATION = "escalation", _("escalation")
        NOTICE = "notice", _("notice")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="outgoing_mails")
    event = models.ForeignKey(TicketEvent, on_delete=models.PROTECT, related_name="mails")
    template = models.CharField(max_length=16, choices=Template.choices)
    recipient = models.EmailField()
    language = models.CharField(max_length=5, default="id")
    state = models.CharField(max_length=8, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "template", "recipient"], name="one_mail_per_event_and_person"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"], name="mail_pending", condition=models.Q(state="pending")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} #{self.pk}"


class Notice(models.Model):
    """Something a person at the desk should know, shown until read."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices"
    )
    event = models.ForeignKey(TicketEvent, on_delete=models.PROTECT, related_name="notices")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="notices")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "event"], name="one_notice_per_event_and_person"
            ),
        ]
        indexes = [
            models.Index(
                fields=["recipient", "-id"],
                name="notice_unread",
                condition=models.Q(read_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id}: {self.event_id}"
