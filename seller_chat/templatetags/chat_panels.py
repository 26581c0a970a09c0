"""`{% load chat_panels %}`: what Buyer Messages shows beside a ticket."""

from __future__ import annotations

from typing import Any

from django import template

from people.actors import Actor
from seller_chat.talks import reports_of_ticket
from tickets.models import Ticket

register = template.Library()


@register.inclusion_tag("seller_chat/panel.html")
def chat_panel(ticket: Ticket, actor: Actor) -> dict[str, Any]:
    """The conversations of a Seller Center ticket, and the shops' reports about buyers on them."""
    return {
        "ticket": ticket,
        "reports": reports_of_ticket(ticket),
        "reviews": actor.may("review_messages"),
    }
