from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Shop
from seller_chat.models.conversation import Conversation


class ChatEvent(models.Model):
    """What happened in a conversation or to a shop; the database refuses changes.

    `kind` is a word of `seller_chat.kinds`; `data` holds ids, codes and numbers only, never words
    of people or personal data.
    """

    shop = models.ForeignKey(
        Shop, on_delete=models.PROTECT, related_name="chat_events", db_index=False
    )
    conversation = models.ForeignKey(
        Conversation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="events",
        db_index=False,
    )
    at = models.DateTimeField()
    kind = models.CharField(_("what happened"), max_length=30)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="chat_events"
    )
    actor_label = models.CharField(max_length=24)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ("id",)
        indexes = [
            models.Index(fields=["conversation", "id"], name="chat_event_of_conversation"),
            models.Index(fields=["shop", "id"], name="chat_event_of_shop"),
        ]

    def __str__(self) -> str:
        return f"{self.shop_id}: {self.kind}"
