"""Two squads of the demonstration that give their tickets out by themselves, and who is away."""

from __future__ import annotations

from helpdesk.common import clock
from people.actors import Actor, of_user
from people.models import StatusChange, Team, User, standings
from people.services import set_status
from sla.services.assignment_rounds import look_again
from tickets.models import WorkProfile
from tickets.services.profiles import set_profile, set_team_assignment

AWAY = ("ayu", "rizal", "nadia")
MODES = {"cs_account": Team.Assignment.SKILL, "cs_payment": Team.Assignment.LOAD}


def make_assignment(people: dict[str, User]) -> None:
    """Once; what waits for somebody is then given out by the workers."""
    if StatusChange.objects.exists() or WorkProfile.objects.exclude(revision=0).exists():
        return
    lead = of_user(people["sari"])
    set_profile(
        actor=lead,
        user_id=people["dimas"].pk,
        capacity=25,
        skills={"languages": ["id", "en"], "channels": ["web", "email", "live_chat", "api"]},
    )
    set_profile(actor=lead, user_id=people["bagus"].pk, capacity=15, skills={})
    _send_one_away(lead, people)
    for code, mode in MODES.items():
        set_team_assignment(actor=lead, team_code=code, mode=mode)
    look_again()


def _send_one_away(lead: Actor, people: dict[str, User]) -> None:
    """One of those who are at work at this hour, if any is: nobody can leave when they are not there."""
    now = standings([people[name].pk for name in AWAY], clock.now())
    there = [name for name in AWAY if now[people[name].pk].available]
    if there:
        set_status(actor=lead, user_id=people[there[0]].pk, status="away")
