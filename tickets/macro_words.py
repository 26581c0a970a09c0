"""What a macro's placeholders stand for on a ticket, and a macro's words for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from helpdesk.common.durations import wib_text
from helpdesk.common.money import idr_text
from helpdesk.common.placeholders import filled, names_in
from people.models import User, organisation
from tickets.catalogue import category_name
from tickets.models import Macro, Ticket
from tickets.states import Priority, WantedSolution
from tickets.tracking import finding_url

Value = Callable[[Ticket, User], str]


def _deadline(ticket: Ticket, _user: User) -> str:
    return wib_text(ticket.next_due_at) if ticket.next_due_at else ""


def _name(ticket: Ticket, _user: User) -> str:
    """Never the contact of somebody who gave no name: at the desk it is masked."""
    return ticket.customer.own_name or str(_("Customer"))


def _solution(ticket: Ticket, _user: User) -> str:
    wanted = ticket.wanted_solution
    return str(WantedSolution(wanted).label) if wanted else ""


_VALUES: dict[str, tuple[object, Value]] = {
    "customer_name": (_("the customer's name"), _name),
    "ticket_number": (_("the ticket's number"), lambda t, _u: t.number),
    "subject": (_("the subject"), lambda t, _u: t.subject),
    "category": (_("the category"), lambda t, _u: category_name(t.category)),
    "priority": (
        _("the priority"),
        lambda t, _u: str(Priority(t.priority).label) if t.priority else "",
    ),
    "order_number": (_("the order number"), lambda t, _u: t.order_number),
    "amount": (
        _("the amount"),
        lambda t, _u: "" if t.amount_idr is None else idr_text(t.amount_idr),
    ),
    "wanted_solution": (_("the wanted solution"), _solution),
    "officer_name": (_("your name"), lambda _t, u: u.get_full_name()),
    "team": (_("the team that has the ticket"), lambda t, _u: t.team.name if t.team else ""),
    "organisation": (_("the organisation's name"), lambda _t, _u: str(organisation()["name"])),
    "deadline": (_("the next deadline"), _deadline),
    "tracking_link": (_("the link to the ticket's page"), lambda t, _u: finding_url(t)),
}
NAMES = frozenset(_VALUES)


@dataclass(frozen=True)
class Words:
    """A macro's text for one ticket; `missing` names what the ticket does not tell."""

    text: str
    missing: list[str]


def placeholder_meanings() -> Mapping[str, object]:
    """Each placeholder's name with what it stands for, in the reader's language."""
    return {name: meaning for name, (meaning, _value) in _VALUES.items()}


def words_for(macro: Macro, ticket: Ticket, user: User) -> Words:
    """The text in the customer's language. What is not known stays in its braces, to be seen."""
    return fill(macro.text_for(ticket.language), ticket, user)


def fill(template: str, ticket: Ticket, user: User) -> Words:
    wanted = [name for name in names_in(template) if name in NAMES]
    with translation.override(ticket.language):
        values = {name: _VALUES[name][1](ticket, user) for name in wanted}
    known = {name: value for name, value in values.items() if value}
    return Words(filled(template, known), [name for name in wanted if name not in known])


def unfilled(text: str) -> list[str]:
    """Placeholders that nobody filled in: such a text must not reach a customer."""
    return [name for name in names_in(text) if name in NAMES]
