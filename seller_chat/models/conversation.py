"""Conversations between a buyer and a shop, and what was said in them."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from helpdesk.common.public_keys import public_key
from people.models import Customer, Shop


class Conversation(models.Model):
    """One buyer and one shop about one order or one product; `key` is its public name.

    `buyer_seen` and `shop_seen` are the newest message ids that each side has had on screen.
    """

    class Stage(models.TextChoices):
        PRE_SALE = "pre_sale", _("before the sale")
        AFTER_SALE = "after_sale", _("after the sale")

    key = models.CharField(max_length=20, unique=True, default=public_key, editable=False)
    shop = models.ForeignKey(
        Shop, on_delete=models.PROTECT, related_name="conversations", db_index=False
    )
    buyer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="conversations")
    stage = models.CharField(max_length=10, choices=Stage.choices)
    order_number = models.CharField(_("order number"), max_length=40, blank=True)
    product = models.CharField(_("product"), max_length=120, blank=True)
    opened_at = models.DateTimeField()
    last_message_at = models.DateTimeField()
    buyer_seen = models.BigIntegerField(default=0)
    shop_seen = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "buyer", "order_number", "product"],
                name="one_conversation_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(stage="pre_sale", order_number="")
                | (Q(stage="after_sale") & ~Q(order_number="")),
                name="after_a_sale_there_is_an_order",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "-last_message_at", "-id"], name="conversation_of_shop"),
        ]

    def __str__(self) -> str:
        return self.key


class ChatMessage(models.Model):
    """One message. What moderation held back was never delivered; the words of a deleted one stay
    on record and are shown to nobody but a reviewer with a reason.

    `excluded_at`: a verified report about the buyer took it out of the shop's evaluation.
    `reply_waived_at`: the seller said that it needs no answer, and the buyer did not object.
    """

    class Sender(models.TextChoices):
        BUYER = "buyer", _("buyer")
        SELLER = "seller", _("seller")
        AUTO = "auto", _("automatic reply")
        FAQ = "faq", _("FAQ answer")

    class State(models.TextChoices):
        DELIVERED = "delivered", _("delivered")
        HELD = "held", _("held back for review")
        REFUSED = "refused", _("not delivered")
        DELETED = "deleted", _("deleted by the sender")

    conversation = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, related_name="messages", db_index=False
    )
    # The conversation's, repeated so that a week of a shop is one range of one index.
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="+", db_index=False)
    sender = models.CharField(max_length=6, choices=Sender.choices)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="chat_messages"
    )
    body = models.TextField()
    masked = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    faq = models.ForeignKey(
        "seller_chat.FaqAnswer",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )
    state = models.CharField(max_length=9, choices=State.choices, default=State.DELIVERED)
    # When the sender wrote it; a held one that is released keeps this and gets `delivered_at`.
    sent_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    reply_waived_at = models.DateTimeField(null=True, blank=True)
    excluded_at = models.DateTimeField(null=True, blank=True)
    # NULL, not empty: only real keys must be unique.
    submission_key = models.CharField(  # noqa: DJ001
        max_length=64, null=True, blank=True, editable=False
    )

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "submission_key"], name="chat_message_submitted_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("held", "refused"), delivered_at__isnull=True)
                | Q(state="delivered", delivered_at__isnull=False)
                | Q(state="deleted"),
                name="delivered_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(delivered_at__isnull=True) | Q(delivered_at__gte=F("sent_at")),
                name="delivered_after_it_was_sent",
            ),
        ]
        indexes = [
            models.Index(fields=["conversation", "id"], name="chat_message_in_turn"),
            # A week of a shop, as the evaluation reads it.
            models.Index(fields=["shop", "delivered_at"], name="chat_message_of_shop"),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id} {self.sender} {self.sent_at:%Y-%m-%d %H:%M}"
