from __future__ import annotations

import secrets
from typing import Protocol

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Customer
from tickets.models.ticket import Ticket


class Message(models.Model):
    """One entry of the conversation. A note is internal and never leaves the desk."""

    class Kind(models.TextChoices):
        CUSTOMER = "customer", _("from the customer")
        REPLY = "reply", _("reply to the customer")
        NOTE = "note", _("internal note")

    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="messages", db_index=False
    )
    kind = models.CharField(max_length=8, choices=Kind.choices)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="ticket_messages",
    )
    customer = models.ForeignKey(
        Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    body = models.TextField()
    masked = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    sent_at = models.DateTimeField()
    # NULL, not empty: only real keys must be unique.
    submission_key = models.CharField(  # noqa: DJ001
        max_length=64, null=True, blank=True, editable=False
    )

    class Meta:
        ordering = ("sent_at", "id")
        indexes = [models.Index(fields=["ticket", "sent_at"], name="message_by_ticket")]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "submission_key"], name="message_submitted_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.kind} {self.sent_at:%Y-%m-%d %H:%M}"

    @property
    def is_internal(self) -> bool:
        return self.kind == self.Kind.NOTE


class Stored(Protocol):
    """A file that is stored under its random key."""

    key: str


def attachment_key() -> str:
    return secrets.token_urlsafe(24)


def storage_path(attachment: Stored, _name: str) -> str:
    # The sender's file name never reaches the disk.
    return f"attachments/{attachment.key[:2]}/{attachment.key}"


class StoredFile(models.Model):
    """A file stored under its random key. Its type was decided by its content, its name is only a
    label."""

    key = models.CharField(max_length=40, unique=True, default=attachment_key, editable=False)
    file = models.FileField(upload_to=storage_path, max_length=120)
    name = models.CharField(_("file name"), max_length=120)
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")


class Attachment(StoredFile):
    """A file of a message."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="attachments")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
