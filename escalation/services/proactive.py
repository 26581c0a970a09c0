"""A ticket that nobody asked for: received in the customer's name because a system noticed first."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from escalation.models import Signal
from escalation.triggers import Trigger
from helpdesk.common.money import idr_text
from people.actors import ESCALATION_RULES, Actor
from tickets.models import Ticket
from tickets.services import Report, lock_ticket, receive_ticket, reclassify_ticket
from tickets.states import Channel, Priority, WantedSolution, rank_of


def open_ticket_for(actor: Actor, trigger: Trigger, signal: Signal, count: int) -> Ticket:
    """Receive a ticket about the signal, of the category that its trigger opens; locked."""
    customer = signal.customer
    with translation.override(customer.language):
        subject, description = _subject(signal), _description(signal, count)
    receipt = receive_ticket(
        actor=actor,
        report=Report(
            channel=Channel.API,
            subject=subject,
            description=description,
            name=customer.name,
            email=customer.email or "",
            phone=customer.phone or "",
            wanted_solution=WantedSolution.INFORMATION,
            amount_idr=signal.amount_idr,
            language=customer.language,
        ),
        even_if_open=True,
        proactive=True,
    )
    ticket = lock_ticket(receipt.ticket.pk)
    if ticket.category != trigger.opens:
        _set_right(ticket, trigger)
        ticket = lock_ticket(ticket.pk)
    return ticket


def _set_right(ticket: Ticket, trigger: Trigger) -> None:
    """Triage read our own words; what the signal is about is known better."""
    urgent = min(ticket.priority, Priority.HIGH, key=rank_of)
    with translation.override("id"):
        reason = _("Opened by the trigger '%(name)s'.") % {"name": trigger.name_id}
    reclassify_ticket(
        actor=ESCALATION_RULES,
        ticket_id=ticket.pk,
        category=trigger.opens,
        priority=urgent,
        queue="general",
        reason=reason,
    )


def _subject(signal: Signal) -> str:
    return {
        Signal.Kind.FAILED_LOGIN: _("Failed logins to your account"),
        Signal.Kind.SENSITIVE_DATA_CHANGED: _("Important data of your account were changed"),
        Signal.Kind.ACCOUNT_HIJACKED: _("Your account may have been taken over"),
        Signal.Kind.SUSPICIOUS_TRANSACTION: _("Suspicious transaction on your account"),
    }[Signal.Kind(signal.kind)]


def _description(signal: Signal, count: int) -> str:
    """What the customer reads as the beginning of their ticket."""
    kind = Signal.Kind(signal.kind)
    if kind == Signal.Kind.FAILED_LOGIN:
        noticed = _("Somebody tried in vain to log in to your account %(count)s times.") % {
            "count": count
        }
    elif kind == Signal.Kind.SENSITIVE_DATA_CHANGED:
        noticed = _("Important data of your account, such as its contact, were changed suddenly.")
    elif kind == Signal.Kind.ACCOUNT_HIJACKED:
        noticed = _("There are signs that another person has taken over your account.")
    elif signal.amount_idr is None:
        noticed = _("A suspicious transaction was noticed on your account.")
    else:
        noticed = _("A suspicious transaction of %(amount)s was noticed on your account.") % {
            "amount": idr_text(signal.amount_idr)
        }
    opened = _("Our security system noticed this and opened the ticket for you.")
    return f"{noticed}\n{opened}"
