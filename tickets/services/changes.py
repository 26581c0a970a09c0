"""The one way to change a ticket: lock it, change it, save it, append the event, tell the others."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django_fsm import TransitionNotAllowed, can_proceed

from helpdesk.common import clock, writes
from helpdesk.common.errors import Conflict, NotAllowed, WrongState
from helpdesk.common.events import publish
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from tickets.events import ReplyMustLeave, TicketNews
from tickets.models import EventKind, EventNote, Ticket, TicketEvent, TicketLink
from tickets.services.watchers import tell_watchers
from tickets.states import State

# What `stop_waiting` changes, to be saved with the change.
WAITING = ("waiting_for_customer_since", "confirmation_asked_at")


def lock_ticket(
    ticket_id: int, *, expected_version: int | None = None, reply_leaves: bool = True
) -> Ticket:
    """The ticket, locked until the transaction ends; rows that merely name it need not wait.

    A reply that its author may still take back leaves first: it was sent before this change. Raises
    Conflict when the actor looked at an older version than the one on record.
    """
    ticket = _locked(ticket_id)
    require_version(ticket, expected_version)
    if ticket.reply_leaves_at is not None and reply_leaves:
        return after_waiting_reply(ticket)
    return ticket


def after_waiting_reply(ticket: Ticket) -> Ticket:
    """The locked ticket anew, once the reply that waited on it is sent."""
    publish(ReplyMustLeave(ticket))
    fresh = _locked(ticket.pk)
    fresh.version_before_reply = ticket.version
    return fresh


def _locked(ticket_id: int) -> Ticket:
    return (
        Ticket.objects.select_for_update(of=("self",), no_key=True)
        .select_related("team", "home_team", "customer", "assignee")
        .get(pk=ticket_id)
    )


def require_version(ticket: Ticket, expected: int | None) -> None:
    """That a reply left meanwhile, which the actor knew to be on its way, is no change."""
    if expected not in (None, ticket.version, ticket.version_before_reply):
        raise Conflict(
            _("Somebody else changed this ticket a moment ago. Look at it again, then decide.")
        )


def make_transition(ticket: Ticket, verb: str) -> None:
    """Call the state machine's method, or raise WrongState with the state in words."""
    method = getattr(ticket, verb)
    if not can_proceed(method):
        state = State(ticket.state).label
        raise WrongState(
            _("This is not possible while the ticket is '%(state)s'.") % {"state": state}
        )
    try:
        method()
    except TransitionNotAllowed as error:
        raise WrongState(str(error)) from error


def stop_waiting(ticket: Ticket) -> bool:
    """The ball is ours: nothing waits for the customer any more. Whether something did.

    The caller saves `WAITING`, and tells of it by `WaitingEnded`.
    """
    waited = ticket.waiting_for_customer_since is not None
    ticket.waiting_for_customer_since = ticket.confirmation_asked_at = None
    return waited


def require_unmerged(ticket: Ticket) -> None:
    """What goes on in another ticket is dealt with there."""
    merged = ticket.links_out.filter(kind=TicketLink.Kind.MERGED_INTO)
    number = merged.values_list("to_ticket__number", flat=True).first()
    if number is not None:
        message = _("This ticket was merged into %(number)s. Go on there.") % {"number": number}
        raise WrongState(message, code="merged")


def require_open(ticket: Ticket) -> None:
    if not ticket.is_open:
        require_unmerged(ticket)
        raise WrongState(_("The ticket is closed."))


def works_on(ticket: Ticket, actor: Actor) -> bool:
    """The actor's team holds the ticket, or is its home squad; supervisors may anywhere."""
    everywhere = actor.may("see_all_tickets") and actor.may("work_ticket")
    return everywhere or actor.belongs_to(ticket.team_id) or actor.belongs_to(ticket.home_team_id)


def require_work_on(ticket: Ticket, actor: Actor) -> None:
    if not works_on(ticket, actor):
        raise NotAllowed(_("This ticket lies with another team."))


def has_voice(ticket: Ticket, actor: Actor) -> bool:
    """A team such as legal never talks to the customer; the officer relays (domain section 4)."""
    return actor.may("handle_ticket") or ticket.team is None or bool(ticket.team.talks_to_customer)


def require_voice(ticket: Ticket, actor: Actor) -> None:
    if not has_voice(ticket, actor):
        raise NotAllowed(
            _("This team does not write to customers. Leave an internal note for the officer.")
        )


def require_own(ticket: Ticket, actor: Actor) -> None:
    """The actor is the customer, or the connected system that filed the ticket for them.

    An officer who took a call is neither: what the customer said goes into the closing form.
    """
    if actor.customer is not None and actor.customer == ticket.customer:
        return
    user = actor.user
    if user is not None and user.pk == ticket.customer.user_id:
        return
    if user is not None and user.pk == ticket.created_by_id and not actor.at_desk:
        return
    raise NotAllowed(_("This is not your ticket."))


def record(
    ticket: Ticket,
    *,
    actor: Actor,
    kind: str,
    at: datetime | None = None,
    from_state: str = "",
    data: dict[str, Any] | None = None,
    note: str = "",
) -> TicketEvent:
    """Append one event; `note` holds the words (why), kept apart because they can be erased."""
    event = TicketEvent(
        ticket=ticket,
        at=at or clock.now(),
        kind=kind,
        actor=actor.user,
        actor_label=actor.label,
        from_state=from_state,
        to_state=ticket.state if from_state or kind == EventKind.RECEIVED else "",
        data=data or {},
    )
    writes.insert(event)
    if note:
        writes.insert(EventNote(event=event, text=note))
    tell_watchers(ticket, event)
    return event


def save_change(ticket: Ticket, *fields: str) -> None:
    """Save the named fields of a locked ticket and count its version up."""
    ticket.version += 1
    writes.update(ticket, *fields, "version")


def tell(news: type[TicketNews], ticket: Ticket, event: TicketEvent) -> None:
    publish(news(ticket=ticket, event=event))
