"""A shop that stays silent for more than five days: a ticket by itself, once for a clock."""

from __future__ import annotations

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from helpdesk.common.durations import wib_text
from people.actors import Actor
from seller_chat.models import Conversation, ConversationTicket, ReplyClock
from seller_chat.services.parts import record
from tickets.models import Ticket
from tickets.services import Report, receive_ticket
from tickets.states import Channel, Reporter

SILENCE = Actor(system="buyer_messages")


def open_silence_ticket(
    conversation: Conversation, clock: ReplyClock, *, now: datetime
) -> Ticket | None:
    """File it for the buyer and link it; None where this clock has its ticket. Under the lock."""
    if ConversationTicket.objects.filter(clock=clock).exists():
        return None
    receipt = receive_ticket(
        actor=SILENCE,
        report=_report(conversation, clock, now),
        submission_key=f"silence:{clock.pk}",
        even_if_open=True,
        received_at=now,
        proactive=True,
    )
    link_ticket(conversation, receipt.ticket, actor=SILENCE, now=now, clock=clock)
    return receipt.ticket


def link_ticket(
    conversation: Conversation,
    ticket: Ticket,
    *,
    actor: Actor,
    now: datetime,
    clock: ReplyClock | None = None,
) -> ConversationTicket:
    """Officers who see the ticket may read the conversation for it."""
    link, made = ConversationTicket.objects.get_or_create(
        conversation=conversation, ticket=ticket, defaults={"clock": clock, "linked_at": now}
    )
    if made:
        kind = "silence_ticket" if clock else "ticket_linked"
        record(
            conversation,
            actor=actor,
            kind=kind,
            at=now,
            ticket=ticket.pk,
            clock=clock.pk if clock else None,
        )
    return link


def _report(conversation: Conversation, clock: ReplyClock, now: datetime) -> Report:
    buyer = conversation.buyer
    days = (now - clock.opened_at).total_seconds() / 86_400
    # The rules of triage read Indonesian; what goes to the buyer is in their own language anyway.
    with translation.override("id"):
        subject = _("Shop %(shop)s has not answered for more than 5 days")
        words = _(
            "The shop %(shop)s (seller) has not answered a message in Buyer Messages for more than "
            "5 days, since %(since)s. We opened this ticket by ourselves."
        )
        values = {"shop": conversation.shop.name, "since": wib_text(clock.opened_at)}
        return Report(
            channel=Channel.SELLER_CENTER,
            reporter=Reporter.BUYER,
            name=buyer.name,
            email=buyer.email or "",
            phone="" if buyer.email else buyer.phone or "",
            tier=buyer.tier,
            subject=(subject % values)[:200],
            description=words % values,
            order_number=conversation.order_number,
            days_open=min(days, 3650.0),
            language=buyer.language,
        )
