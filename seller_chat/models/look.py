"""Why somebody at the desk may read a conversation, and who did."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from seller_chat.models.conversation import Conversation
from seller_chat.models.reply_clock import ReplyClock
from seller_chat.models.review import ReviewItem
from tickets.models import Ticket


class ConversationTicket(models.Model):
    """A ticket about what was said, or not said, in a conversation.

    `clock`: the shop was silent on it for so long that the ticket came by itself.
    """

    conversation = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, related_name="ticket_links"
    )
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="conversation_links")
    clock = models.OneToOneField(
        ReplyClock, null=True, blank=True, on_delete=models.PROTECT, related_name="silence_ticket"
    )
    linked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "ticket"], name="conversation_linked_to_ticket_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id} - {self.ticket_id}"


class ConversationLook(models.Model):
    """Somebody at the desk read a conversation, for a ticket or a review; the database refuses changes."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="conversation_looks"
    )
    conversation = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, related_name="looks", db_index=False
    )
    ticket = models.ForeignKey(
        Ticket, null=True, blank=True, on_delete=models.PROTECT, related_name="conversation_looks"
    )
    review = models.ForeignKey(
        ReviewItem, null=True, blank=True, on_delete=models.PROTECT, related_name="looks"
    )
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(ticket__isnull=False, review__isnull=True)
                | Q(ticket__isnull=True, review__isnull=False),
                name="conversation_read_for_one_thing",
            ),
        ]
        indexes = [models.Index(fields=["at", "id"], name="conversation_look_by_time")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.conversation_id}"
