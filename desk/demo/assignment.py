"""Two squads of the demonstration that give their tickets out by themselves, and who is away."""

from __future__ import annotations

from people.actors import of_user
from people.models import StatusChange, Team, User
from people.services import set_status
from sla.services.assignment_rounds import look_again
from tickets.models import WorkProfile
from tickets.services.profiles import set_profile, set_team_assignment

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
    set_status(actor=lead, user_id=people["ayu"].pk, status="away")
    for code, mode in MODES.items():
        set_team_assignment(actor=lead, team_code=code, mode=mode)
    look_again()
