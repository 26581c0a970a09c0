"""Reading a conversation at the desk: for a ticket or a review, and on record."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, NotAllowed
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from seller_chat.models import BuyerReport, ConversationLook, ConversationTicket, ReviewItem
from seller_chat.services.parts import record
from tickets.models import Ticket
from tickets.selectors import sees
from tickets.services import look_reasons, needs_reason

REPORT = "report"
# Going on reading the same thing is the same look.
SAME_LOOK = timedelta(minutes=15)


@transaction.atomic
def look_for_ticket(
    *, actor: Actor, link: ConversationTicket, ticket: Ticket, reason: str = ""
) -> ConversationLook:
    """Write down that somebody reads the conversation that a ticket is about."""
    person = actor.require_person("work_ticket")
    if link.ticket_id != ticket.pk or not sees(actor, ticket):
        raise NotAllowed(_("Your role does not permit this."))
    known = {row.code for row in look_reasons()}
    if (reason and reason not in known) or (not reason and needs_reason(actor)):
        message = _("Say why you look.")
        raise InvalidInput(message, code="reason_needed", fields={"reason": message})
    look = ConversationLook.objects.create(
        user=person,
        conversation_id=link.conversation_id,
        ticket=ticket,
        reason=reason,
        at=clock.now(),
    )
    record(link.conversation, actor=actor, kind="read", at=look.at, look=look.pk, ticket=ticket.pk)
    return look


@transaction.atomic
def look_for_report(*, actor: Actor, report: BuyerReport) -> ConversationLook:
    """As `look_for_ticket`, for verifying the evidence of a shop's report; going on is no new look."""
    person = actor.require_person("review_messages")
    now = clock.now()
    mine = ConversationLook.objects.filter(user=person, ticket=report.ticket, reason=REPORT)
    if found := mine.filter(conversation=report.conversation, at__gt=now - SAME_LOOK).first():
        return found
    look = ConversationLook.objects.create(
        user=person,
        conversation=report.conversation,
        ticket=report.ticket,
        reason=REPORT,
        at=now,
    )
    record(report.conversation, actor=actor, kind="read", at=now, look=look.pk, report=report.pk)
    return look


@transaction.atomic
def look_for_review(*, actor: Actor, item: ReviewItem) -> ConversationLook:
    """As `look_for_ticket`, for deciding about one of its messages; going on is no new look."""
    person = actor.require_person("review_messages")
    now = clock.now()
    lately = ConversationLook.objects.filter(user=person, review=item, at__gt=now - SAME_LOOK)
    if found := lately.first():
        return found
    conversation = item.message.conversation
    look = ConversationLook.objects.create(
        user=person, conversation=conversation, review=item, reason="review", at=now
    )
    record(conversation, actor=actor, kind="read", at=now, look=look.pk, review=item.pk)
    return look
