"""Duplicates become one ticket; for a day that can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from helpdesk.common import clock
from helpdesk.common.durations import wib_text
from helpdesk.common.errors import InvalidInput, WrongState
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import organisation
from tickets.events import MergeUndone, TicketMerged
from tickets.models import EventKind, Ticket, TicketEvent, TicketLink
from tickets.services.changes import make_transition, record, require_work_on, save_change, tell
from tickets.services.mail import owe_mail
from tickets.services.notices import notify
from tickets.services.together import ids_of_numbers, lock_tickets, merge_of
from tickets.services.words import clean_words
from tickets.states import MERGEABLE_STATES

MERGED_INTO = TicketLink.Kind.MERGED_INTO
# What a merge empties and its undoing brings back.
_KEPT = ("waiting_for_customer_since", "confirmation_asked_at")


@transaction.atomic
def merge_tickets(
    *,
    actor: Actor,
    ticket_id: int,
    numbers: Sequence[str],
    reason: str = "",
    expected_version: int | None = None,
) -> Ticket:
    """Merge the tickets with these numbers into `ticket_id`, which goes on for all of them.

    All of one customer: nobody must read another's words. Each is closed as a duplicate; its
    number goes on working and its messages are read in the ticket that stays. The customer is told
    once. Raises NothingThere, InvalidInput, NotAllowed and WrongState, each with a code of its own.
    """
    actor.require("close_ticket")
    ids = ids_of_numbers(actor, numbers, field="numbers")
    return _merge(actor, ticket_id, ids, reason, {ticket_id: expected_version})


@transaction.atomic
def merge_into(
    *,
    actor: Actor,
    ticket_id: int,
    number: str,
    reason: str = "",
    expected_version: int | None = None,
) -> Ticket:
    """The other way round: `ticket_id` is merged into the ticket with this number, which stays."""
    actor.require("close_ticket")
    (target,) = ids_of_numbers(actor, [number], field="numbers")
    return _merge(actor, target, [ticket_id], reason, {ticket_id: expected_version})


@transaction.atomic
def undo_merge(*, actor: Actor, ticket_id: int, expected_version: int | None = None) -> Ticket:
    """Open a merged ticket again exactly as it was; only for a day after the merge.

    What was written in the other ticket since stays there.
    """
    actor.require("close_ticket")
    target_id = _target_of(ticket_id)
    tickets = lock_tickets([ticket_id, target_id], versions={ticket_id: expected_version})
    ticket, target = tickets[ticket_id], tickets[target_id]
    require_work_on(ticket, actor)
    link = merge_of(ticket)
    if link is None or link.to_ticket_id != target_id:
        raise _not_merged()
    now, until = clock.now(), undo_until(link)
    if now > until:
        message = _(
            "The time to undo this merge ended %(until)s. Link the tickets or file a new one."
        )
        raise WrongState(message % {"until": wib_text(until)}, code="undo_expired")
    merge = ticket.events.filter(kind=EventKind.MERGED).latest("id")
    ticket.undo_merge(merge.from_state)
    ticket.closed_at = None
    for name in _KEPT:
        kept = merge.data.get(name)
        setattr(ticket, name, datetime.fromisoformat(kept) if kept else None)
    save_change(ticket, "state", "closed_at", *_KEPT)
    link.delete()
    data = {"ticket": target.pk, "number": target.number, "merge": merge.pk}
    event = record(
        ticket, actor=actor, kind=EventKind.UNMERGED, at=now, from_state="closed", data=data
    )
    tell(MergeUndone, ticket, event)
    data = {"ticket": ticket.pk, "number": ticket.number}
    separated = record(target, actor=actor, kind=EventKind.SEPARATED, at=now, data=data)
    save_change(target)
    owe_mail(ticket, event, template="unmerged", recipient=ticket.customer.email, at=now)
    _tell_assignees(ticket, event)
    _tell_assignees(target, separated)
    return ticket


def undo_until(link: TicketLink) -> datetime:
    """The last instant at which this merge can be undone."""
    return link.made_at + timedelta(hours=organisation().get("undo_merge_hours", 24))


def _merge(
    actor: Actor, target_id: int, ids: Sequence[int], reason: str, versions: dict[int, int | None]
) -> Ticket:
    words = clean_words(reason, field="reason")
    if target_id in ids:
        raise _refused(_("A ticket cannot be merged into itself."), "same_ticket")
    tickets = lock_tickets([target_id, *ids], versions=versions)
    target, others = tickets[target_id], [tickets[pk] for pk in ids]
    _require_target(target, actor)
    for other in others:
        _require_mergeable(other, target, actor)
    now = clock.now()
    for other in others:
        _close_as_duplicate(other, target, actor, now, words)
    data = {
        "tickets": [other.pk for other in others],
        "numbers": [other.number for other in others],
    }
    save_change(target)
    event = record(target, actor=actor, kind=EventKind.ABSORBED, at=now, data=data, note=words)
    owe_mail(target, event, template="merged", recipient=target.customer.email, at=now)
    _tell_assignees(target, event)
    return target


def _require_target(target: Ticket, actor: Actor) -> None:
    require_work_on(target, actor)
    if link := merge_of(target):
        message = _("%(number)s was itself merged into %(into)s. Merge into that one.") % {
            "number": target.number,
            "into": link.to_ticket.number,
        }
        raise WrongState(message, code="target_merged")
    if not target.is_open:
        message = _("%(number)s is closed. Reopen it, or keep the open ticket.")
        raise WrongState(message % {"number": target.number}, code="target_closed")


def _require_mergeable(ticket: Ticket, target: Ticket, actor: Actor) -> None:
    require_work_on(ticket, actor)
    named = {"number": ticket.number}
    if ticket.customer_id != target.customer_id:
        message = _(
            "%(number)s is of another customer, who would read what is not theirs. Link the two"
            " tickets instead."
        )
        raise _refused(message % named, "different_customers")
    if link := merge_of(ticket):
        named["into"] = link.to_ticket.number
        message = _("%(number)s was already merged into %(into)s.") % named
        raise WrongState(message, code="already_merged")
    if not ticket.is_open:
        raise WrongState(_("%(number)s is closed already.") % named, code="ticket_closed")
    if ticket.links_in.filter(kind=MERGED_INTO).exists():
        message = _("Others were merged into %(number)s. Keep that one and merge this one into it.")
        raise WrongState(message % named, code="holds_merged")
    if ticket.held_until is not None:
        raise WrongState(_("%(number)s is on hold. Take it off hold first.") % named, code="held")
    if ticket.state not in MERGEABLE_STATES:
        message = _(
            "%(number)s is with a specialist team. Keep that one and merge this one into it."
        )
        raise WrongState(message % named, code="with_a_team")


def _close_as_duplicate(
    ticket: Ticket, target: Ticket, actor: Actor, now: datetime, words: str
) -> None:
    before = ticket.state
    data = {"ticket": target.pk, "number": target.number, "reason": "duplicate"}
    for name in _KEPT:
        if moment := getattr(ticket, name):
            data[name] = moment.isoformat()
            setattr(ticket, name, None)
    make_transition(ticket, "merge")
    ticket.closed_at = now
    save_change(ticket, "state", "closed_at", *_KEPT)
    TicketLink.objects.create(
        from_ticket=ticket, to_ticket=target, kind=MERGED_INTO, made_by=actor.user, made_at=now
    )
    event = record(
        ticket,
        actor=actor,
        kind=EventKind.MERGED,
        at=now,
        from_state=before,
        data=data,
        note=words,
    )
    tell(TicketMerged, ticket, event)
    _tell_assignees(ticket, event)


def _tell_assignees(ticket: Ticket, event: TicketEvent) -> None:
    if ticket.assignee:
        notify(ticket, event, [ticket.assignee])


def _target_of(ticket_id: int) -> int:
    """Read before locking: both are locked in one order."""
    links = TicketLink.objects.filter(from_ticket=ticket_id, kind=MERGED_INTO)
    target = links.values_list("to_ticket", flat=True).first()
    if target is None:
        raise _not_merged()
    return target


def _not_merged() -> WrongState:
    return WrongState(_("This ticket is not merged into another one."), code="not_merged")


def _refused(message: str, code: str) -> InvalidInput:
    return InvalidInput(message, code=code, fields={"numbers": message})
