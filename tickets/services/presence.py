"""Who looks at a ticket or writes on it: told by open pages every few seconds, forgotten soon after."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection

from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, NotAllowed
from helpdesk.common.telling import PRESENCE
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import User
from tickets.models import Presence
from tickets.selectors import present_at, ticket_id_for_actor_or_404

FORGOTTEN = timedelta(minutes=1)
TOLD_AT_MOST = 50


def show_presence(*, actor: Actor, number: str, doing: str) -> list[Presence]:
    """The actor looks at the ticket, or writes on it; answers with the others who do.

    Raises Http404, NotAllowed, InvalidInput.
    """
    user = _person(actor)
    if doing not in Presence.Doing.values:
        raise InvalidInput(_("This is nothing that can be done at a ticket."), code="bad_presence")
    ticket_id = ticket_id_for_actor_or_404(actor, number)
    now = clock.now()
    before = list(present_at(ticket_id, now))
    Presence.objects.bulk_create(
        [Presence(ticket_id=ticket_id, user=user, doing=doing, seen_at=now)],
        update_conflicts=True,
        unique_fields=["ticket", "user"],
        update_fields=["doing", "seen_at"],
    )
    others = [presence for presence in before if presence.user_id != user.pk]
    was = next((presence.doing for presence in before if presence.user_id == user.pk), None)
    if was is None:
        Presence.objects.filter(seen_at__lt=now - FORGOTTEN).delete()
    if was != doing:
        _call(ticket_id, others)
    return others


def end_presence(*, actor: Actor, number: str) -> None:
    """The actor's page was closed or left."""
    user = _person(actor)
    ticket_id = ticket_id_for_actor_or_404(actor, number)
    gone, _each = Presence.objects.filter(ticket_id=ticket_id, user=user).delete()
    if gone:
        _call(ticket_id, list(present_at(ticket_id, clock.now())))


def _person(actor: Actor) -> User:
    if actor.user is None:
        raise NotAllowed(_("Your role does not permit this."))
    return actor.user


def _call(ticket_id: int, others: list[Presence]) -> None:
    """Tell the open pages of those who are there, by ids alone; they ask who it is."""
    if not others:
        return
    people = ",".join(str(presence.user_id) for presence in others[:TOLD_AT_MOST])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [PRESENCE, f"{ticket_id}:{people}"])
