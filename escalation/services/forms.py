"""The escalation form of an automatic escalation, filled in from the record by the matrix's words."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from escalation.models import EscalationMatrix
from helpdesk.common import reads
from helpdesk.common.durations import wib_text
from helpdesk.common.money import idr_text
from helpdesk.common.placeholders import filled
from tickets.catalogue import category_name
from tickets.models import Attachment, EventKind, Ticket, TicketEvent
from tickets.states import WantedSolution

GENERAL = "general"
DESCRIPTION = 1000


def filled_form(ticket: Ticket, code: str, cause: str, rules: EscalationMatrix) -> dict[str, str]:
    """The four parts in the active language's data; an unknown code takes the general form.

    `cause` is the sentence that says which rule or deadline, always somewhere on the form.
    """
    forms = rules.body["forms"]
    template = forms.get(code) or forms[GENERAL]
    values = _values(ticket, cause)
    parts = {name: filled(template[name], values) for name in template}
    return {**parts, "tried": _tried(ticket)}


def _values(ticket: Ticket, cause: str) -> dict[str, str]:
    since = ticket.problem_since or ticket.received_at
    amount = ticket.amount_idr
    return {
        "category": category_name(ticket.category),
        "priority": ticket.priority,
        "subject": ticket.subject,
        "description": ticket.description[:DESCRIPTION],
        "evidence": _evidence(ticket),
        "solution": str(WantedSolution(ticket.wanted_solution).label).capitalize(),
        "amount": _("not filled in, see the description") if amount is None else idr_text(amount),
        "since": wib_text(since),
        "cause": cause,
    }


def _tried(ticket: Ticket) -> str:
    done = reads.of_each(_work_done, ticket)
    replies = done.count(EventKind.REPLIED)
    if not done:
        return _("Nobody has handled the ticket yet.")
    return _("Handled by the squad; replies to the customer: %(count)s.") % {"count": replies}


def _evidence(ticket: Ticket) -> str:
    lines = list(reads.of_each(_file_names, ticket))[:20]
    if ticket.order_number:
        lines.append(_("Order %(number)s") % {"number": ticket.order_number})
    return "\n".join(lines) or _("The customer's own words on the ticket.")


def _work_done(tickets: list[Ticket]) -> dict[int, list[str]]:
    """The kinds of what the squad did, by ticket."""
    done = TicketEvent.objects.filter(
        ticket__in=tickets, kind__in=[EventKind.HANDLED, EventKind.REPLIED]
    )
    return _by_ticket(tickets, done.order_by("id").values_list("ticket_id", "kind"))


def _file_names(tickets: list[Ticket]) -> dict[int, list[str]]:
    files = Attachment.objects.filter(ticket__in=tickets)
    return _by_ticket(tickets, files.values_list("ticket_id", "name"))


def _by_ticket(tickets: list[Ticket], rows: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {ticket.pk: [] for ticket in tickets}
    for ticket_id, word in rows:
        found[ticket_id].append(word)
    return found
