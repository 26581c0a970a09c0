"""Escalations that nobody asks for: a trigger or a missed deadline fills the form from the record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from escalation.models import Escalation, EscalationMatrix
from escalation.services.sending import ask_supervisor, default_target, send_to_team
from helpdesk.common import reads
from people.actors import Actor, of_user
from people.models import Team, User
from tickets.catalogue import category_name
from tickets.models import Attachment, EventKind, Ticket, TicketEvent
from tickets.states import WantedSolution


def escalate_automatically(
    ticket: Ticket, *, actor: Actor, to_team: Team, trigger: str, at: datetime, cause: str
) -> Escalation | None:
    """Send a locked, open ticket to `to_team`; None when it lies there already.

    `cause` is one sentence for people: which rule, which deadline.
    """
    if ticket.team_id == to_team.pk or not ticket.is_open:
        return None
    with translation.override("id"):  # the form is a paper of the house, in the house's language
        form = _filled(ticket, cause)
    escalation = Escalation(
        ticket=ticket,
        to_team=to_team,
        trigger=trigger,
        matrix_version=EscalationMatrix.in_force().version,
        **form,
        target_at=default_target(to_team, at),
        requested_at=at,
        decided_at=at,
        decision_reason=cause,
    )
    send_to_team(ticket, escalation, actor=actor, at=at)
    return escalation


def request_by_rule(ticket: Ticket, *, to_team: Team, asked_by: User, at: datetime) -> None:
    """A rule leads to `to_team`, but an officer's hand set it off: a supervisor verifies first."""
    waits = ticket.escalations.filter(state=Escalation.State.REQUESTED).exists()
    if waits or ticket.team is None or ticket.team_id == to_team.pk:
        return
    with translation.override("id"):
        form = _filled(ticket, _("Reclassified by an officer."))
    escalation = Escalation.objects.create(
        ticket=ticket,
        state=Escalation.State.REQUESTED,
        from_team=ticket.team,
        to_team=to_team,
        trigger="reclassified",
        matrix_version=EscalationMatrix.in_force().version,
        **form,
        target_at=default_target(to_team, at),
        requested_by=asked_by,
        requested_at=at,
    )
    ask_supervisor(ticket, escalation, actor=of_user(asked_by))


def _filled(ticket: Ticket, cause: str) -> dict[str, str]:
    summary = _("%(category)s, priority %(priority)s. %(subject)s\n%(description)s") % {
        "category": category_name(ticket.category),
        "priority": ticket.priority,
        "subject": ticket.subject,
        "description": ticket.description[:1000],
    }
    return {
        "summary": summary,
        "tried": _tried(ticket),
        "evidence": _evidence(ticket),
        "wanted_outcome": f"{WantedSolution(ticket.wanted_solution).label.capitalize()}. {cause}",
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
