"""Reads about people and teams."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet

from people.models import Team, TeamMembership, User
from people.roles import DESK


def membership_of(user: User) -> list[TeamMembership]:
    return list(user.memberships.select_related("team").order_by("team__position", "team__code"))


def teams_with_members() -> QuerySet[Team]:
    """Every team with its active members; two queries."""
    members = (
        TeamMembership.objects.filter(user__is_active=True)
        .select_related("user")
        .order_by("user__full_name", "user_id")
    )
    return Team.objects.prefetch_related(Prefetch("memberships", queryset=members))


def team_of_code(code: str) -> Team | None:
    return Team.objects.filter(code=code).first()


def desk_person(pk: int) -> User | None:
    """An active person with a role at the desk."""
    roles = [role.value for role in DESK]
    return User.objects.filter(pk=pk, is_active=True, groups__name__in=roles).distinct().first()
