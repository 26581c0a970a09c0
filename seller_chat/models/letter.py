from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from seller_chat.models.event import ChatEvent


class ChatLetter(models.Model):
    """A mail owed to a person about an event of a shop; written with it, rendered when sent."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.ForeignKey(
        ChatEvent, on_delete=models.PROTECT, related_name="letters", db_index=False
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="chat_letters"
    )
    next_try_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "person"], name="one_letter_per_event_person"),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                name="chat_letter_due",
                condition=Q(next_try_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id}: {self.person_id}"
