"""How tickets are given out: each team's way, and what each person takes and how much."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction

from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import Team, Tier
from people.services import lock_person
from tickets.catalogue import categories
from tickets.choice import SKILLS
from tickets.models import WorkProfile
from tickets.states import Channel

PERMISSION = "assign_others"
MOST = 500
LANGUAGES = ("id", "en")


def known_skills() -> dict[str, list[str]]:
    """What each of SKILLS may name."""
    return {
        "categories": list(categories()),
        "languages": list(LANGUAGES),
        "channels": list(Channel.values),
        "tiers": list(Tier.values),
    }


@transaction.atomic
def set_team_assignment(*, actor: Actor, team_code: str, mode: str) -> Team:
    """Off, by load, or by skill and load; tickets that wait are looked at within seconds.

    Raises NotAllowed, InvalidInput (team, mode).
    """
    actor.require(PERMISSION)
    team = Team.objects.select_for_update(no_key=True).filter(code=team_code).first()
    if team is None:
        message = _("Unknown team.")
        raise InvalidInput(message, fields={"team": message})
    if mode not in Team.Assignment.values:
        message = _("Choose off, by load, or by skill and load.")
        raise InvalidInput(message, fields={"mode": message})
    team.assignment = mode
    team.save(update_fields=["assignment"])
    return team


@transaction.atomic
def set_profile(
    *,
    actor: Actor,
    user_id: int,
    capacity: int | None,
    skills: Mapping[str, Iterable[str]],
    expected_revision: int | None = None,
) -> WorkProfile:
    """What a person takes: an empty list of a skill means everything, no capacity the usual one.

    Raises NotAllowed, InvalidInput (person, capacity, each skill), Conflict (changed since then).
    """
    actor.require(PERMISSION)
    person = lock_person(user_id)
    profile = WorkProfile.objects.filter(user=person).first() or WorkProfile(user=person)
    if expected_revision is not None and expected_revision != profile.revision:
        raise Conflict(_("Somebody else changed this meanwhile. Look at it again, then decide."))
    _require_sensible(capacity, skills)
    profile.capacity = capacity
    for name in SKILLS:
        setattr(profile, name, sorted(set(skills.get(name, ()))))
    profile.revision += 1
    profile.changed_at, profile.changed_by = clock.now(), actor.user
    profile.save()
    return profile


def _require_sensible(capacity: int | None, skills: Mapping[str, Iterable[str]]) -> None:
    problems = {}
    if capacity is not None and not 1 <= capacity <= MOST:
        problems["capacity"] = _("Choose a number from 1 to %(most)s.") % {"most": MOST}
    known = known_skills()
    for name in SKILLS:
        if not set(skills.get(name, ())) <= set(known[name]):
            problems[name] = _("This value is not known.")
    if problems:
        raise InvalidInput(_("Please mend the marked fields."), fields=problems)
