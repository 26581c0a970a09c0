"""Watching a ticket: begun and ended by oneself, or asked of a colleague."""

from __future__ import annotations

from django.db import transaction

from helpdesk.common import clock, writes
from helpdesk.common.errors import InvalidInput, NotAllowed, WrongState
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import User
from tickets.models import EventKind, Ticket, Watch
from tickets.selectors import people_who_see, sees
from tickets.services.changes import lock_ticket, record
from tickets.services.notices import notify

MOST_WATCHERS = 50


@transaction.atomic
def watch_ticket(*, actor: Actor, ticket_id: int, expected_version: int | None = None) -> Ticket:
    """The actor hears of what happens on the ticket from now on; a second time changes nothing.

    A matter between the reader and the ticket, like reading it: no event tells of it.
    Raises NotAllowed and WrongState (`too_many_watchers`).
    """
    ticket = _seen(actor, ticket_id, expected_version)
    if actor.user is not None:
        _begin(ticket, actor.user)
    return ticket


@transaction.atomic
def unwatch_ticket(*, actor: Actor, ticket_id: int, expected_version: int | None = None) -> Ticket:
    """The actor hears no more of it. Raises NotAllowed and WrongState (`not_watching`)."""
    ticket = _seen(actor, ticket_id, expected_version)
    gone, _rows = Watch.objects.filter(ticket=ticket, person=actor.user).delete()
    if not gone:
        raise WrongState(_("You do not watch this ticket."), code="not_watching")
    if not ticket.watches.exists():
        _mark(ticket, watched=False)
    return ticket


@transaction.atomic
def ask_to_watch(
    *, actor: Actor, ticket_id: int, person: User, expected_version: int | None = None
) -> Ticket:
    """A colleague who may see the ticket watches it too, and is told who asked for that.

    Raises NotAllowed, InvalidInput (`cannot_see_it`) and WrongState (`too_many_watchers`).
    """
    ticket = _seen(actor, ticket_id, expected_version)
    if not people_who_see(ticket).filter(pk=person.pk).exists():
        message = _("%(person)s does not see this ticket.") % {"person": person}
        raise InvalidInput(message, code="cannot_see_it", fields={"person": message})
    if _begin(ticket, person) and person != actor.user:
        data = {"people": [person.pk], "to": person.pk}
        event = record(ticket, actor=actor, kind=EventKind.WATCHED, data=data)
        notify(ticket, event, [person])
    return ticket


def _seen(actor: Actor, ticket_id: int, expected_version: int | None) -> Ticket:
    actor.require("work_ticket")
    ticket = lock_ticket(ticket_id, expected_version=expected_version)
    if not sees(actor, ticket):
        raise NotAllowed(_("This ticket lies with another team."))
    return ticket


def _begin(ticket: Ticket, person: User) -> bool:
    """False when the person watches it already."""
    if ticket.watches.filter(person=person).exists():
        return False
    if ticket.watches.count() >= MOST_WATCHERS:
        message = _("At most %(most)s people can watch a ticket.") % {"most": MOST_WATCHERS}
        raise WrongState(message, code="too_many_watchers")
    Watch.objects.create(ticket=ticket, person=person, since=clock.now())
    if not ticket.watched:
        _mark(ticket, watched=True)
    return True


def _mark(ticket: Ticket, *, watched: bool) -> None:
    """Without a new version: what others have open of the ticket is as true as before."""
    ticket.watched = watched
    writes.update(ticket, "watched")
