"""Saying that two tickets, which look alike, are two problems."""

from __future__ import annotations

from django.db import transaction

from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from tickets.models import EventKind, NotAlike, Ticket
from tickets.services.changes import record
from tickets.services.together import ids_of_numbers, lock_tickets


@transaction.atomic
def dismiss_duplicate(*, actor: Actor, ticket_id: int, number: str) -> Ticket:
    """The two are not shown to each other any more; both tell who said so. Saying it again changes
    nothing.

    Raises NothingThere (unknown, or not to be seen), NotAllowed, InvalidInput (`same_ticket`).
    """
    person = actor.require_person("work_ticket")
    (other_id,) = ids_of_numbers(actor, [number], field="number")
    if other_id == ticket_id:
        message = _("A ticket cannot be another one than itself.")
        raise InvalidInput(message, code="same_ticket", fields={"number": message})
    tickets = lock_tickets([ticket_id, other_id], versions={})
    one, other = sorted((ticket_id, other_id))
    now = clock.now()
    _row, made = NotAlike.objects.get_or_create(
        one_id=one, other_id=other, defaults={"said_by": person, "said_at": now}
    )
    if made:
        for mine, theirs in ((ticket_id, other_id), (other_id, ticket_id)):
            data = {"ticket": theirs, "number": tickets[theirs].number}
            record(tickets[mine], actor=actor, kind=EventKind.NOT_DUPLICATE, at=now, data=data)
    return tickets[ticket_id]
