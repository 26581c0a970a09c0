"""Whose work somebody may look at: one's own, that of the teams one leads, or everybody's."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from helpdesk.common.errors import NotAllowed
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import Team, User
from people.selectors import team_of_code


@dataclass(frozen=True)
class Scope:
    """`teams`: ids of squads, None for all of them. `person`: this one's work alone."""

    teams: frozenset[int] | None
    person: int | None = None

    def where(self, officer: str, team: str) -> Q:
        """The condition on rows that name the officer and the squad in these columns."""
        own = Q() if self.person is None else Q(**{officer: self.person})
        return own if self.teams is None else own & Q(**{f"{team}__in": self.teams})


def scope_of(actor: Actor) -> Scope:
    """Everything that the actor may look at of others. Raises NotAllowed to who leads nobody."""
    if actor.user is None or not actor.user.is_active:
        raise NotAllowed(_("Your role does not permit this."))
    if actor.may("see_all_quality"):
        return Scope(None)
    actor.require("review_quality")
    return Scope(led_teams(actor.user))


def scope_of_own(actor: Actor) -> Scope:
    """The actor's own work. Raises NotAllowed to who does not work at the desk."""
    if actor.user is None or not actor.at_desk:
        raise NotAllowed(_("Your role does not permit this."))
    return Scope(None, actor.user.pk)


def led_teams(user: User) -> frozenset[int]:
    return frozenset(Team.objects.filter(code__in=user.led_team_codes).values_list("pk", flat=True))


def narrowed(scope: Scope, *, person: int | None = None, team: str = "") -> Scope:
    """What of the scope is this person's and this squad's; an unknown squad leaves nothing."""
    teams = scope.teams
    if team:
        found = team_of_code(team)
        wanted = frozenset({found.pk} if found else ())
        teams = wanted if teams is None else teams & wanted
    return Scope(teams, person if scope.person is None else scope.person)


def teams_in(scope: Scope) -> list[Team]:
    squads = Team.objects.filter(kind=Team.Kind.SQUAD)
    return list(squads if scope.teams is None else squads.filter(pk__in=scope.teams))


def leads_officer(actor: Actor, officer: User) -> bool:
    """Whether the officer's work is the actor's to lead: never one's own."""
    if actor.user is None or actor.user.pk == officer.pk or not actor.may("review_quality"):
        return False
    if actor.may("see_all_quality"):
        return True
    return officer.memberships.filter(team__in=led_teams(actor.user)).exists()
