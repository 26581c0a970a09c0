"""What an officer has written and the ticket does not have yet: drafts, replies about to leave, files."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tickets.models.macro import Macro
from tickets.models.message import Message, StoredFile
from tickets.models.ticket import Ticket


class Draft(models.Model):
    """What one person has begun to write on a ticket, of one kind; `version` grows with each saving."""

    class Mode(models.TextChoices):
        REPLY = "reply", _("reply to the customer")
        NOTE = "note", _("internal note")

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="drafts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    mode = models.CharField(max_length=5, choices=Mode.choices)
    body = models.TextField(blank=True)
    waiting = models.BooleanField(default=False)
    macro = models.ForeignKey(
        Macro, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    version = models.BigIntegerField(default=1)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "ticket", "mode"], name="one_draft_of_a_kind"),
            models.CheckConstraint(
                condition=Q(mode__in=["reply", "note"]), name="draft_mode_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.user_id} {self.mode} {self.version}"


class OutgoingReply(models.Model):
    """A reply that its author has sent and may take back until `leaves_at`; then it is a message.

    Until then it is nowhere but here: no page of the customer, no mail, no clock knows of it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("leaves in a moment")
        SENT = "sent", _("sent")
        TAKEN_BACK = "taken_back", _("taken back")
        REFUSED = "refused", _("could not be sent")

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="outgoing_replies")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    body = models.TextField()
    waiting = models.BooleanField(default=False)
    macro = models.ForeignKey(
        Macro, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    seen = models.BigIntegerField(null=True, blank=True)
    # NULL, not empty: only real keys must be unique.
    submission_key = models.CharField(  # noqa: DJ001
        max_length=64, null=True, blank=True, editable=False
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    written_at = models.DateTimeField()
    leaves_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    message = models.OneToOneField(
        Message, null=True, blank=True, on_delete=models.CASCADE, related_name="outgoing"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(state="waiting"), name="one_reply_leaves_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["ticket", "submission_key"], name="outgoing_reply_submitted_once"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", settled_at=None)
                | (Q(state__in=["sent", "taken_back", "refused"]) & Q(settled_at__isnull=False)),
                name="outgoing_reply_settled_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", message__isnull=False)
                | (~Q(state="sent") & Q(message=None)),
                name="outgoing_reply_sent_has_message",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.state} {self.leaves_at:%Y-%m-%d %H:%M:%S}"


class KeptFile(StoredFile):
    """A checked file of a draft, or of a reply about to leave, stored where an attachment is."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="kept_files")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # None: of the user's draft of a reply on this ticket.
    outgoing = models.ForeignKey(
        OutgoingReply, null=True, blank=True, on_delete=models.CASCADE, related_name="files"
    )

    class Meta:
        ordering = ("id",)
