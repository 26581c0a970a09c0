"""Where a follow-up that is left undone goes, and when, told before it happens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from escalation.matrix import matrix, team_of
from escalation.models import Escalation
from escalation.services.follow_ups import settings_of_follow_ups
from people.models import Team


@dataclass(frozen=True)
class Climb:
    """`team` is None at the top of the chain: there leads and supervisors are told, no more."""

    at: datetime
    team: Team | None


def climb_of(escalation: Escalation, due_at: datetime) -> Climb:
    """What comes of a follow-up of the escalation that is due at `due_at`, if nobody does it."""
    _default, after = settings_of_follow_ups()
    top = matrix()["top_team"]
    return Climb(due_at + after, None if escalation.to_team.code == top else team_of(top))
