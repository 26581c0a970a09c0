"""Automatic assignment: a ticket that needs somebody goes to whoever `tickets.choice` says.

The decision is made under the ticket's lock and then those of all candidates, by their ids: neither
what they hold nor whether they are there can change meanwhile. It stands on the event: who was
considered, and why each got it or did not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count

from people.actors import ASSIGNMENT
from people.availability import Standing
from people.models import Team, TeamMembership, User, organisation, standings
from people.roles import Role
from tickets.choice import SKILLS, Candidate, Choice, Considered, choose
from tickets.events import TicketAssigned
from tickets.models import EventKind, Ticket, WorkProfile
from tickets.services.changes import record, save_change, tell
from tickets.services.notices import notify
from tickets.states import OPEN_STATES, State

TOLD = 12
MOMENT = timedelta(seconds=2)
# Events after which the squad's usual choice holds a ticket, not a person's own decision.
BY_DEFAULT = (EventKind.RETURNED, EventKind.REOPENED, EventKind.RECLASSIFIED)
DECIDES = (*BY_DEFAULT, EventKind.ASSIGNED, EventKind.HANDLED, EventKind.CLASSIFIED)


@dataclass(frozen=True)
class AssignmentPolicy:
    """From the organisation's profile. `back_after`: how long the one who has an unanswered ticket of
    `back_priorities` may be gone before it goes to somebody else."""

    capacity: int
    again_after: timedelta
    back_priorities: tuple[str, ...]
    back_after: timedelta


def assignment_policy() -> AssignmentPolicy:
    body = organisation().get("assignment", {})
    back = body.get("goes_back", {})
    return AssignmentPolicy(
        capacity=int(body.get("capacity", 20)),
        again_after=timedelta(minutes=body.get("again_after_minutes", 10)),
        back_priorities=tuple(back.get("priorities", ["URGENT"])),
        back_after=timedelta(minutes=back.get("after_minutes", 10)),
    )


def is_automatic(team: Team | None) -> bool:
    return team is not None and team.assignment != Team.Assignment.OFF


def give_to_somebody(ticket: Ticket, *, at: datetime) -> datetime | None:
    """Assign a locked ticket that needs somebody; when to look again if nobody could have it.

    None: somebody has it now, or it needs nobody from here.
    """
    if ticket.team is None or not is_automatic(ticket.team):
        return None
    if ticket.reply_leaves_at is not None:
        # Whoever is just answering it has it then; behind the leaving, also where that is late.
        return max(ticket.reply_leaves_at, at) + MOMENT
    cause = _needs_somebody(ticket, at)
    if not cause:
        return None
    members = members_of(ticket.team)
    # One at a time by these people, in the order of their ids; see people.services.status.
    list(User.objects.select_for_update(no_key=True).filter(pk__in=members).order_by("pk"))
    known = candidates(members, at)
    made = decide(ticket, known.values())
    data = {"auto": _told(ticket, made, cause)}
    if made.person is None:
        if not _said_already(ticket, data):
            record(ticket, actor=ASSIGNMENT, kind=EventKind.NOBODY_FREE, at=at, data=data)
        return _again(known.values(), at)
    _assign(ticket, members[made.person], at=at, data=data)
    return None


def members_of(team: Team) -> dict[int, User]:
    """The team's officers; those who lead it only where it has no others."""
    rows = TeamMembership.objects.filter(
        team=team, user__is_active=True, user__groups__name__in=[Role.OFFICER, Role.SUPERVISOR]
    )
    people = list(rows.select_related("user").distinct())
    others = [row for row in people if not row.leads]
    return {row.user_id: row.user for row in (others or people)}


@dataclass(frozen=True)
class Known:
    candidate: Candidate
    standing: Standing


def candidates(people: Iterable[int], at: datetime) -> dict[int, Known]:
    """Everything that the choice goes by, of each of these people; three statements."""
    ids = sorted(people)
    loads = dict(
        Ticket.objects.filter(assignee__in=ids, state__in=OPEN_STATES)
        .order_by()
        .values_list("assignee")
        .annotate(count=Count("pk"))
    )
    profiles = {row.user_id: row for row in WorkProfile.objects.filter(user__in=ids)}
    usual = assignment_policy().capacity
    found = {}
    for pk, standing in standings(ids, at).items():
        profile = profiles.get(pk) or WorkProfile()
        found[pk] = Known(
            Candidate(
                person=pk,
                status=standing.status,
                load=loads.get(pk, 0),
                capacity=profile.capacity or usual,
                skills={name: frozenset(getattr(profile, name)) for name in SKILLS},
                given_at=profile.given_at,
            ),
            standing,
        )
    return found


def decide(ticket: Ticket, known: Iterable[Known]) -> Choice:
    by_skill = ticket.team is not None and ticket.team.assignment == Team.Assignment.SKILL
    return choose(needs_of(ticket), [one.candidate for one in known], by_skill=by_skill)


def needs_of(ticket: Ticket) -> dict[str, str]:
    return {
        "categories": ticket.category,
        "languages": ticket.language,
        "channels": ticket.channel,
        "tiers": ticket.tier,
    }


def note_given(user_id: int, at: datetime) -> None:
    """They got one just now; the caller holds them locked."""
    WorkProfile.objects.update_or_create(user_id=user_id, defaults={"given_at": at})


def goes_back(ticket: Ticket) -> bool:
    """Whether the policy moves it on when the one who has it is gone: unanswered, and so urgent."""
    return (
        ticket.first_response_at is None and ticket.priority in assignment_policy().back_priorities
    )


def _needs_somebody(ticket: Ticket, at: datetime) -> str:
    """Why it does: `new`, `returned` or `gone`; nothing when it does not."""
    if ticket.state not in (State.CLASSIFIED, State.HANDLED) or ticket.held_until is not None:
        return ""
    if ticket.assignee_id is None:
        return "new"
    if standings([ticket.assignee_id], at)[ticket.assignee_id].available:
        return ""
    if goes_back(ticket):
        return "gone"
    latest = ticket.events.filter(kind__in=DECIDES).order_by("-id").first()
    return "returned" if latest is not None and latest.kind in BY_DEFAULT else ""


def _assign(ticket: Ticket, person: User, *, at: datetime, data: dict[str, Any]) -> None:
    before, ticket.assignee = ticket.assignee_id, person
    save_change(ticket, "assignee")
    data = {"from": before, "to": person.pk, **data}
    event = record(ticket, actor=ASSIGNMENT, kind=EventKind.ASSIGNED, at=at, data=data)
    note_given(person.pk, at)
    notify(ticket, event, [person])
    tell(TicketAssigned, ticket, event)


def _told(ticket: Ticket, made: Choice, cause: str) -> dict[str, Any]:
    """Bounded, however large the team: the first of those considered, and how many more there were."""
    return {
        "mode": ticket.team.assignment if ticket.team else "",
        "cause": cause,
        "considered": [_line(each) for each in made.considered[:TOLD]],
        "more": max(0, len(made.considered) - TOLD),
    }


def _line(each: Considered) -> list[Any]:
    return [each.person, each.verdict, each.load, each.capacity, list(each.lacks)]


def _said_already(ticket: Ticket, data: dict[str, Any]) -> bool:
    """The same reasons for the same people were recorded last; loads alone are no news."""
    kinds = (*DECIDES, EventKind.NOBODY_FREE)
    latest = ticket.events.filter(kind__in=kinds).order_by("-id").first()
    if latest is None or latest.kind != EventKind.NOBODY_FREE:
        return False
    return _gist(latest.data) == _gist(data)


def _gist(data: dict[str, Any]) -> list[tuple[int, str]]:
    return [(line[0], line[1]) for line in data.get("auto", {}).get("considered", ())]


def _again(known: Iterable[Known], at: datetime) -> datetime:
    """When one of them is back by plan or word, and at the latest after the policy's pause."""
    backs = [one.standing.until for one in known if not one.standing.available]
    latest = at + assignment_policy().again_after
    return min([latest, *(back for back in backs if back is not None and back > at)])
