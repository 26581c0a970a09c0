"""The end of a ticket: confirmation, closing form, survey, reopening."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, WrongState
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import organisation
from tickets.events import ConfirmationAnswered, ConfirmationAsked, TicketClosed, TicketReopened
from tickets.models import ClosingForm, EventKind, Ticket
from tickets.services.changes import (
    lock_ticket,
    make_transition,
    record,
    require_own,
    require_unmerged,
    require_work_on,
    save_change,
    tell,
)
from tickets.services.handling import squad_member_for
from tickets.services.holding import end_hold
from tickets.services.mail import owe_mail
from tickets.services.notices import notify, notify_team
from tickets.services.words import clean_words
from tickets.states import IN_WORK_STATES, Confirmation, State


@transaction.atomic
def ask_confirmation(
    *,
    actor: Actor,
    ticket_id: int,
    root_cause: str,
    solution: str,
    expected_version: int | None = None,
) -> Ticket:
    """Ask the customer whether the solution holds, with the closing form prepared.

    Unanswered, the ticket closes by itself after the time that the SLA policy sets.
    """
    actor.require("close_ticket")
    ticket = lock_ticket(ticket_id, expected_version=expected_version)
    require_work_on(ticket, actor)
    if ticket.state not in IN_WORK_STATES:
        raise WrongState(_("Only a ticket in work can be put to the customer for confirmation."))
    now = clock.now()
    _prepare_form(ticket, actor, root_cause, solution)
    ticket.first_response_at = ticket.first_response_at or now
    ticket.confirmation_asked_at = ticket.waiting_for_customer_since = now
    save_change(ticket, "first_response_at", "confirmation_asked_at", "waiting_for_customer_since")
    event = record(ticket, actor=actor, kind=EventKind.CONFIRMATION_ASKED, at=now)
    owe_mail(ticket, event, template="confirmation", recipient=ticket.customer.email, at=now)
    tell(ConfirmationAsked, ticket, event)
    return ticket


@transaction.atomic
def answer_confirmation(
    *,
    actor: Actor,
    ticket_id: int,
    holds: bool,
    words: str = "",
    expected_version: int | None = None,
) -> Ticket:
    """The customer says whether the solution holds; the officer is told and decides."""
    ticket = lock_ticket(ticket_id, expected_version=expected_version)
    require_own(ticket, actor)
    if ticket.confirmation_asked_at is None or not ticket.is_open:
        raise WrongState(_("There is no open question to confirm on this ticket."))
    text = clean_words(words, field="words")
    end_hold(ticket, actor=actor, at=clock.now(), cause="customer")
    ticket.confirmation_asked_at = ticket.waiting_for_customer_since = None
    save_change(ticket, "confirmation_asked_at", "waiting_for_customer_since")
    answer = Confirmation.CONFIRMED if holds else Confirmation.DISPUTED
    ticket.closing_forms.filter(event__isnull=True).update(confirmation=answer)
    kind = EventKind.CONFIRMED if holds else EventKind.DISPUTED
    event = record(ticket, actor=actor, kind=kind, note=text)
    if ticket.assignee:
        notify(ticket, event, [ticket.assignee])
    tell(ConfirmationAnswered, ticket, event)
    return ticket


@transaction.atomic
def close_ticket(
    *,
    actor: Actor,
    ticket_id: int,
    root_cause: str,
    solution: str,
    confirmation: str,
    expected_version: int | None = None,
) -> Ticket:
    """Close with a complete closing form. Raises InvalidInput naming each missing part."""
    actor.require("close_ticket")
    ticket = lock_ticket(ticket_id, expected_version=expected_version)
    require_work_on(ticket, actor)
    if confirmation not in Confirmation.values:
        message = _("Say what the customer answered.")
        raise InvalidInput(message, fields={"confirmation": message})
    _close(ticket, actor, _prepare_form(ticket, actor, root_cause, solution), confirmation)
    return ticket


@transaction.atomic
def close_unanswered(*, actor: Actor, ticket_id: int) -> Ticket:
    """Close a ticket whose confirmation question got no answer, with the prepared form."""
    ticket = lock_ticket(ticket_id)
    form = ticket.closing_forms.filter(event__isnull=True).first()
    if form is None or ticket.confirmation_asked_at is None:
        raise WrongState(_("There is no open question to confirm on this ticket."))
    _close(ticket, actor, form, Confirmation.NO_ANSWER)
    return ticket


def _close(ticket: Ticket, actor: Actor, form: ClosingForm, confirmation: str) -> None:
    now = clock.now()
    before = ticket.state
    end_hold(ticket, actor=actor, at=now, cause="closing")
    make_transition(ticket, "close")
    ticket.closed_at = now
    # The closing letter answers whoever closes without having written before.
    ticket.first_response_at = ticket.first_response_at or now
    ticket.waiting_for_customer_since = ticket.confirmation_asked_at = None
    save_change(
        ticket,
        "state",
        "closed_at",
        "first_response_at",
        "waiting_for_customer_since",
        "confirmation_asked_at",
    )
    data = {"confirmation": confirmation, "closing_form": form.pk}
    event = record(ticket, actor=actor, kind=EventKind.CLOSED, at=now, from_state=before, data=data)
    form.event, form.confirmation = event, confirmation
    form.save(update_fields=["event", "confirmation"])
    owe_mail(ticket, event, template="closed", recipient=ticket.customer.email, at=now)
    tell(TicketClosed, ticket, event)


@transaction.atomic
def reopen_ticket(
    *, actor: Actor, ticket_id: int, reason: str, expected_version: int | None = None
) -> Ticket:
    """Open again: the customer within the reopen window, a supervisor at any time."""
    ticket = lock_ticket(ticket_id, expected_version=expected_version)
    require_unmerged(ticket)
    now = clock.now()
    text = clean_words(reason, field="reason")
    if not text:
        raise InvalidInput(_("Write why."), fields={"reason": _("Write why.")})
    if not actor.may("reopen_ticket"):
        require_own(ticket, actor)
        if ticket.closed_at and now > reopen_until(ticket):
            raise WrongState(_("The time to reopen this ticket has passed. Please file a new one."))
    if not ticket.is_open and ticket.assignee is None:  # brought in from elsewhere
        ticket.assignee = squad_member_for(ticket)
    make_transition(ticket, "reopen")
    ticket.closed_at = ticket.sealed_at = None
    ticket.reopen_count += 1
    ticket.team = ticket.home_team
    # Closed while a specialist had it: the squad takes it up again.
    if ticket.assignee is None or ticket.home_team_id not in ticket.assignee.team_ids:
        ticket.assignee = squad_member_for(ticket)
    save_change(ticket, "state", "closed_at", "sealed_at", "reopen_count", "team", "assignee")
    event = record(
        ticket,
        actor=actor,
        kind=EventKind.REOPENED,
        at=now,
        from_state=State.CLOSED,
        data={"count": ticket.reopen_count},
        note=text,
    )
    also = [ticket.assignee] if ticket.assignee_id else []
    if ticket.home_team:
        notify_team(ticket, event, ticket.home_team, leads_only=True, also=also)
    tell(TicketReopened, ticket, event)
    return ticket


def reopen_until(ticket: Ticket) -> datetime:
    """The last instant at which the customer may reopen (domain section 2: 7 days)."""
    if ticket.closed_at is None:
        raise WrongState(_("The ticket is not closed."))
    return ticket.closed_at + timedelta(days=organisation()["reopen_days"])


@transaction.atomic
def seal_ticket(*, actor: Actor, ticket_id: int) -> Ticket:
    """The reopen window has ended; only a supervisor can open the ticket again."""
    ticket = lock_ticket(ticket_id)
    if ticket.state != State.CLOSED or ticket.sealed_at:
        return ticket
    ticket.sealed_at = clock.now()
    save_change(ticket, "sealed_at")
    record(ticket, actor=actor, kind=EventKind.SEALED, at=ticket.sealed_at)
    return ticket


def _prepare_form(ticket: Ticket, actor: Actor, root_cause: str, solution: str) -> ClosingForm:
    parts = {
        "root_cause": clean_words(root_cause, field="root_cause"),
        "solution": clean_words(solution, field="solution"),
    }
    missing = {
        name: _("This part of the closing form is needed.")
        for name, text in parts.items()
        if not text
    }
    if missing:
        raise InvalidInput(_("The closing form is not complete."), fields=missing)
    form, _made = ClosingForm.objects.update_or_create(
        ticket=ticket,
        event=None,
        # An answer to an earlier question says nothing about this solution.
        defaults={
            **parts,
            "confirmation": "",
            "prepared_by": actor.user,
            "prepared_at": clock.now(),
        },
    )
    return form
