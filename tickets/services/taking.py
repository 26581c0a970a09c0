"""Take the next one: the most urgent ticket of one's teams that nobody has and nobody is just
answering, in the queue's order, of those that one takes by one's skills.

1. Lock the taker: what they hold is counted for one request at a time.
2. One statement: for each team a probe of one index, the heads of all teams merged, the first one
   that nobody else is just taking locked (`SKIP LOCKED`): two people at once get two tickets.
3. Handling starts, and the event says by which rule this one was next.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from helpdesk.common import clock
from helpdesk.common.errors import WrongState
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import User, organisation, standings
from people.services import lock_person
from tickets.choice import SKILLS
from tickets.models import Ticket, WorkProfile
from tickets.services.assigning import note_given
from tickets.services.changes import lock_ticket
from tickets.services.handling import start_handling
from tickets.states import OPEN_STATES

AWAY = "not_available"
MOST_OPEN = 40
# How many heads of a team's queue are looked at: more only while all of them are being taken.
WINDOWS = (20, 400)

_NEXT = """
SELECT t.id FROM tickets_ticket t JOIN (
    SELECT head.id FROM unnest(%(teams)s::bigint[]) AS mine(team_id) CROSS JOIN LATERAL (
        SELECT id FROM tickets_ticket
        WHERE team_id = mine.team_id AND state = 'classified'
          AND assignee_id IS NULL AND held_until IS NULL AND reply_leaves_at IS NULL
          AND (%(categories)s::text[] = '{}' OR category = ANY(%(categories)s))
          AND (%(languages)s::text[] = '{}' OR language = ANY(%(languages)s))
          AND (%(channels)s::text[] = '{}' OR channel = ANY(%(channels)s))
          AND (%(tiers)s::text[] = '{}' OR tier = ANY(%(tiers)s))
        ORDER BY team_id, expedited DESC, next_due_at ASC NULLS LAST, id LIMIT %(window)s
    ) head
) heads USING (id)
WHERE t.state = 'classified' AND t.assignee_id IS NULL AND t.held_until IS NULL
  AND t.reply_leaves_at IS NULL
  AND t.team_id = ANY(%(teams)s)
ORDER BY t.expedited DESC, t.next_due_at ASC NULLS LAST, t.id
LIMIT 1 FOR NO KEY UPDATE OF t SKIP LOCKED
"""


@dataclass(frozen=True)
class Taken:
    """`why`: by which rule it was the next one (`rule`: expedited, due or oldest; see `_why`)."""

    ticket: Ticket
    why: dict[str, Any]


@transaction.atomic
def take_next(*, actor: Actor, even_if_away: bool = False) -> Taken | None:
    """The actor's next ticket, handled by them from now on; None when there is none left.

    Raises NotAllowed, WrongState (`not_available`: away or off shift, unless `even_if_away`;
    `too_many_open`: the organisation's limit is reached).
    """
    person = lock_person(actor.require_person("handle_ticket").pk)
    now = clock.now()
    _require_available(person, now, even_if_away=even_if_away)
    _require_room(person)
    profile = WorkProfile.objects.filter(user=person).first() or WorkProfile()
    pk = _lock_next(sorted(person.team_ids), {name: getattr(profile, name) for name in SKILLS})
    if pk is None:
        return None
    ticket = lock_ticket(pk)
    ticket.assignee = person
    note_given(person.pk, now)
    why = _why(ticket)
    start_handling(ticket, actor=actor, at=now, because={"next": why})
    return Taken(ticket, why)


def open_limit() -> int:
    """How many open tickets one person may hold before they take another."""
    return int(organisation().get("assignment", {}).get("most_open_per_person", MOST_OPEN))


def _require_available(person: User, now: datetime, *, even_if_away: bool) -> None:
    standing = standings([person.pk], now)[person.pk]
    if not (standing.available or even_if_away):
        raise WrongState(
            _("You are %(status)s. Take a ticket all the same?") % {"status": standing.label},
            code=AWAY,
        )


def _require_room(person: User) -> None:
    limit = open_limit()
    held = Ticket.objects.filter(assignee=person, state__in=OPEN_STATES)
    if len(held.order_by().values_list("pk")[:limit]) >= limit:
        raise WrongState(
            _(
                "You hold %(number)s open tickets, as many as one person may. "
                "Close one or hand one on, then take the next."
            )
            % {"number": limit},
            code="too_many_open",
        )


def _lock_next(teams: list[int], skills: dict[str, list[str]]) -> int | None:
    for window in WINDOWS:
        with connection.cursor() as cursor:
            cursor.execute(_NEXT, {"teams": teams, "window": window, **skills})
            row = cursor.fetchone()
        if row is not None:
            return int(row[0])
    return None


def _why(ticket: Ticket) -> dict[str, Any]:
    """By which rule it was the first: `expedited`, `due` with promise and deadline, or `oldest`."""
    due = ticket.next_due_at
    if ticket.expedited:
        return {"rule": "expedited"}
    if due is None:
        return {"rule": "oldest"}
    return {"rule": "due", "promise": ticket.next_due_kind, "due_at": due.isoformat()}
