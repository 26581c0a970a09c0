from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from seller_chat.models.conversation import ChatMessage
from tickets.models import attachment_key, storage_path


class ChatAttachment(models.Model):
    """A file of a chat message. Its type was decided by its content, its name is only a label."""

    key = models.CharField(max_length=40, unique=True, default=attachment_key, editable=False)
    message = models.ForeignKey(ChatMessage, on_delete=models.PROTECT, related_name="attachments")
    file = models.FileField(upload_to=storage_path, max_length=120)
    name = models.CharField(_("file name"), max_length=120)
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")
