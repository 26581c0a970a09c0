"""What must still reach somebody: e-mails to send and notices to read, each once per event."""

from __future__ import annotations

import re
import uuid
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.common.masking import masked_email
from tickets.models.event import TicketEvent
from tickets.models.ticket import Ticket


class OutgoingMail(models.Model):
    """An e-mail owed, written with the event that caused it; rendered only when sent.

    `leased_until`: a sender has it in hand. `bundle` names the digest that it goes, or went, with:
    the Message-ID of that digest; alone it goes under its own `uuid`.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("pending")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")

    class Template(models.TextChoices):
        ACKNOWLEDGEMENT = "acknowledgement", _("acknowledgement")
        PROACTIVE = "proactive", _("opened for you")
        REPLY = "reply", _("reply")
        CONFIRMATION = "confirmation", _("confirmation question")
        CLOSED = "closed", _("closing")
        MERGED = "merged", _("tickets merged")
        UNMERGED = "unmerged", _("merge undone")
        SPLIT = "split", _("part split off")
        EXISTING = "existing", _("existing ticket")
        ESCALATION = "escalation", _("escalation")
        DECISION = "decision", _("mediation decision")
        NOTICE = "notice", _("notice")

    # To people of ours. Many at once go as one digest; a customer's letter never does.
    FOR_THE_DESK = (Template.ESCALATION, Template.NOTICE)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="outgoing_mails")
    event = models.ForeignKey(
        TicketEvent, on_delete=models.PROTECT, related_name="mails", db_index=False
    )
    template = models.CharField(max_length=16, choices=Template.choices)
    recipient = models.EmailField()
    language = models.CharField(max_length=5, default="id")
    state = models.CharField(max_length=8, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    bundle = models.UUIDField(null=True, blank=True, editable=False)

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
            models.Index(
                fields=["sent_at"],
                name="mail_bundled",
                condition=models.Q(bundle__isnull=False),
            ),
            models.Index(fields=["id"], name="mail_failed", condition=models.Q(state="failed")),
        ]

    def __str__(self) -> str:
        return f"{self.template} #{self.pk}"

    @property
    def sent_as(self) -> UUID:
        """The left part of the Message-ID under which it goes, or went."""
        return self.bundle or self.uuid

    @property
    def shown_recipient(self) -> str:
        """For the desk: a customer's address is masked, that of a colleague or team is not."""
        ours = self.template in self.FOR_THE_DESK
        return self.recipient if ours else masked_email(self.recipient)

    @property
    def shown_error(self) -> str:
        """What the mail server said, which often names the address."""
        return re.sub(
            re.escape(self.recipient),
            lambda _hit: self.shown_recipient,
            self.last_error,
            flags=re.IGNORECASE,
        )


class Notice(models.Model):
    """Something a person at the desk should know, shown until read.

    `mention`: somebody asked for this very person, by name.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="notices",
        db_index=False,
    )
    event = models.ForeignKey(TicketEvent, on_delete=models.PROTECT, related_name="notices")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="notices")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mention = models.BooleanField(default=False, db_default=False)

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
            models.Index(fields=["recipient", "-id"], name="notice_latest"),
            # Which rows of a list have news for the reader, and where somebody asked for him.
            models.Index(
                fields=["recipient", "ticket"],
                name="notice_unread_by_ticket",
                condition=models.Q(read_at__isnull=True),
            ),
            models.Index(
                fields=["recipient", "ticket"],
                name="notice_mentions",
                condition=models.Q(mention=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id}: {self.event_id}"
