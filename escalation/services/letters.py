"""The letters of a mediation: to the customer as a reply on the ticket, to the other side by e-mail."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from escalation.models import Decision, Party
from helpdesk.common.money import idr_text
from people.actors import Actor
from people.models import User
from tickets.models import Ticket
from tickets.services import add_internal_note, owe_mail, reply_to_customer
from tickets.states import Reporter


def send_decision(ticket: Ticket, decision: Decision, *, actor: Actor) -> None:
    """Tell both sides, each its own reasons, and note on the ticket what the other side was told."""
    mine, other = parties_of(ticket)
    with translation.override(ticket.language):
        letter = letter_to(ticket, decision, mine)
    with translation.override("id"):
        note = _note(ticket, decision, other)
    for address, language in addresses_of(ticket, other):
        owe_mail(
            ticket,
            decision.event,
            template="decision",
            recipient=address,
            at=decision.event.at,
            language=language,
        )
    reply_to_customer(actor=actor, ticket_id=ticket.pk, body=letter)
    add_internal_note(actor=actor, ticket_id=ticket.pk, body=note)


def parties_of(ticket: Ticket) -> tuple[str, str]:
    """The side that the ticket's customer is, and the other one."""
    if ticket.reporter == Reporter.SELLER:
        return Party.SELLER, Party.BUYER
    return Party.BUYER, Party.SELLER


def reasons_for(decision: Decision, party: str) -> str:
    return decision.reasons_buyer if party == Party.BUYER else decision.reasons_seller


def letter_to(ticket: Ticket, decision: Decision, party: str) -> str:
    """The letter's text in the active language."""
    lines = [outcome_line(decision)]
    if decision.amount_idr is not None:
        lines.append(
            _("Amount to the buyer: %(amount)s.") % {"amount": idr_text(decision.amount_idr)}
        )
    return "\n".join(
        [
            _("The mediation of ticket %(number)s is decided.") % {"number": ticket.number},
            *lines,
            "",
            _("The reasons:"),
            reasons_for(decision, party),
        ]
    )


def outcome_line(decision: Decision) -> str:
    label = Decision.Outcome(decision.outcome).label
    return _("Decision: %(outcome)s.") % {"outcome": label}


def addresses_of(ticket: Ticket, party: str) -> list[tuple[str, str]]:
    """Where the other side is reached, each with their language: the sellers of the shop. A buyer
    who is not the customer is not on record."""
    if party != Party.SELLER or ticket.shop is None:
        return []
    sellers = User.objects.filter(shops=ticket.shop, is_active=True).order_by("pk")
    return list(sellers.values_list("email", "language"))


def _note(ticket: Ticket, decision: Decision, other: str) -> str:
    told = (
        _("Letter of the decision to the other side (%(party)s), sent by e-mail:")
        if addresses_of(ticket, other)
        else _(
            "Letter of the decision to the other side (%(party)s). No address is on record: "
            "pass it on by message or phone:"
        )
    )
    return "\n".join([told % {"party": Party(other).label}, "", letter_to(ticket, decision, other)])
