from __future__ import annotations

from django.db import models

from seller_chat.models.conversation import ChatMessage
from tickets.models import StoredFile


class ChatAttachment(StoredFile):
    """A file of a chat message."""

    message = models.ForeignKey(ChatMessage, on_delete=models.PROTECT, related_name="attachments")
