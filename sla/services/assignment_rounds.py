"""What changed while tickets wait for somebody: who came, who went, who has room again.

Looks at how things are, not at what happened, so that nothing lost is lost for longer than a round.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from helpdesk.common import clock
from people.models import Team, standings
from sla.kinds import ASSIGNMENT
from sla.models import Timer
from sla.services.firing_points import TICKET
from sla.timers import arm
from tickets.models import Ticket
from tickets.services.assigning import (
    assignment_policy,
    candidates,
    decide,
    members_of,
)
from tickets.states import State, rank_of

HEADS = 50


def look_again(*, only: int | None = None) -> int:
    """Arm what can go to somebody now, and what waits with somebody who is gone; how many.

    `only`: the teams of this person. Locks no ticket that is busy, so whoever holds a person's lock may
    call it; what it passed over comes with the next round. Team by team, and where somebody can take
    one: a ticket that is locked here is not found by who takes the next.
    """
    now = clock.now()
    teams = Team.objects.exclude(assignment=Team.Assignment.OFF).order_by("pk")
    if only is not None:
        teams = teams.filter(memberships__user=only)
    return sum(_of_team(team, now) for team in teams)


@transaction.atomic
def _of_team(team: Team, now: datetime) -> int:
    known = candidates(members_of(team), now)
    takers = [one for one in known.values() if one.standing.available]
    waiting = _heads(team) if takers else []
    ready = [ticket for ticket in waiting if decide(ticket, takers).person is not None]
    later = now + assignment_policy().back_after
    return _arm(ready, now, now) + _arm(_with_the_gone(team, now), later, now)


def _heads(team: Team) -> list[Ticket]:
    """The first of the tickets that nobody has, in the queue's order; locked, unless busy."""
    rows = (
        Ticket.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
        .filter(team=team, state=State.CLASSIFIED, assignee=None, held_until=None)
        .order_by("-expedited", "next_due_at", "pk")
    )
    found = list(rows[:HEADS])
    for ticket in found:
        ticket.team = team
    return found


def _with_the_gone(team: Team, now: datetime) -> list[Ticket]:
    """Unanswered and, by the policy, too urgent to wait for one who is away or off shift."""
    members = team.memberships.filter(user__is_active=True).values_list("user_id", flat=True)
    gone = [pk for pk, standing in standings(members, now).items() if not standing.available]
    rows = Ticket.objects.select_for_update(of=("self",), skip_locked=True, no_key=True).filter(
        team=team,
        assignee__in=gone,
        state__in=[State.CLASSIFIED, State.HANDLED],
        first_response_at=None,
        held_until=None,
        priority__in=assignment_policy().back_priorities,
    )
    return list(rows.order_by("pk")[:HEADS]) if gone else []


def _arm(tickets: list[Ticket], due_at: datetime, now: datetime) -> int:
    """Unless a timer is armed for no later."""
    ids = [ticket.pk for ticket in tickets]
    armed = Timer.objects.filter(
        kind=ASSIGNMENT,
        subject_type=TICKET,
        subject_id__in=ids,
        state=Timer.State.ARMED,
        due_at__lte=due_at,
    )
    have = set(armed.values_list("subject_id", flat=True)) if ids else set()
    wanted = [ticket for ticket in tickets if ticket.pk not in have]
    for ticket in wanted:
        arm(ASSIGNMENT, TICKET, ticket.pk, due_at, urgency=rank_of(ticket.priority), at=now)
    return len(wanted)
