"""What is said and done on a ticket: messages, attachments, events."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from helpdesk.common.outputs import Moment
from tickets.models import Attachment, EventKind, Message, TicketEvent


class AttachmentSerializer(serializers.Serializer[Attachment]):
    key = serializers.CharField()
    name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    sha256 = serializers.CharField()
    url = serializers.SerializerMethodField(help_text="Needs the same token as everything else.")

    @extend_schema_field(serializers.URLField())
    def get_url(self, attachment: Attachment) -> str:
        return f"{settings.BASE_URL.rstrip('/')}/api/v1/attachments/{attachment.key}"


class AuthorSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=[("customer", "customer"), ("desk", "desk")])
    name = serializers.CharField(
        help_text="Outside the desk: an officer's first name, and only one's own as a customer."
    )


class MessageSerializer(serializers.Serializer[Message]):
    id = serializers.IntegerField()
    ticket = serializers.CharField(
        source="ticket.number", help_text="Where it was written: this ticket or one merged into it."
    )
    kind = serializers.ChoiceField(choices=Message.Kind.choices)
    author = serializers.SerializerMethodField()
    body = serializers.CharField()
    masked = serializers.ListField(child=serializers.CharField())
    sent_at = Moment()
    attachments = AttachmentSerializer(many=True)

    @extend_schema_field(AuthorSerializer)
    def get_author(self, message: Message) -> dict[str, str]:
        if message.author is None:
            return {"kind": "customer", "name": self._customer_name(message)}
        full = self.context["at_desk"]
        name = message.author.get_full_name() if full else message.author.get_short_name()
        return {"kind": "desk", "name": name}

    def _customer_name(self, message: Message) -> str:
        """For the desk and the customer: nobody learns a name by typing its owner's address."""
        customer, reader = message.customer, self.context["reader"]
        if customer is None or not (self.context["at_desk"] or customer.user_id == reader):
            return ""
        return customer.name if customer.user_id == reader else customer.shown_name


class ActorSerializer(serializers.Serializer[Any]):
    label = serializers.CharField(  # type: ignore[assignment]
        help_text="A role, or a part of the system such as `sweep`."
    )
    id = serializers.IntegerField(allow_null=True, required=False, help_text="Only for the desk.")
    name = serializers.CharField(required=False, help_text="Only for the desk.")


class EventSerializer(serializers.Serializer[TicketEvent]):
    """What happened. The desk also sees who, why, and the data of the event."""

    id = serializers.IntegerField()
    at = Moment()
    kind = serializers.ChoiceField(choices=EventKind.choices)
    actor = serializers.SerializerMethodField()
    from_state = serializers.CharField(allow_blank=True)
    to_state = serializers.CharField(allow_blank=True)
    data = serializers.DictField(  # type: ignore[assignment]
        required=False, help_text="Only for the desk."
    )
    note = serializers.SerializerMethodField(required=False, help_text="Only for the desk.")

    @extend_schema_field(ActorSerializer)
    def get_actor(self, event: TicketEvent) -> dict[str, Any]:
        if not self.context["at_desk"]:
            return {"label": event.actor_label}
        name = event.actor.get_full_name() if event.actor else ""
        return {"label": event.actor_label, "id": event.actor_id, "name": name}

    def get_note(self, event: TicketEvent) -> str:
        note = getattr(event, "note", None)
        return note.text if note else ""

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        if not self.context.get("at_desk", True):
            del fields["data"], fields["note"]
        return fields


class EventPageSerializer(serializers.Serializer[Any]):
    results = EventSerializer(many=True)
    next = serializers.URLField(allow_null=True)


class MessagePageSerializer(serializers.Serializer[Any]):
    results = MessageSerializer(many=True)
    next = serializers.URLField(allow_null=True)
