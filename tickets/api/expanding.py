"""This app's own expansions; each costs a fixed number of statements, however many tickets there are."""

from __future__ import annotations

from tickets.api.expansions import Expansion, expands
from tickets.api.shapes import CustomerSerializer
from tickets.api.talk import AttachmentSerializer, EventSerializer, MessageSerializer
from tickets.latest import customers_of, latest_attachments, latest_events, latest_messages

expands("customer", Expansion(CustomerSerializer, customers_of, many=False))
expands("messages", Expansion(MessageSerializer, latest_messages))
expands("events", Expansion(EventSerializer, latest_events))
expands("attachments", Expansion(AttachmentSerializer, latest_attachments))
