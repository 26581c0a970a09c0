"""Reads about people and teams."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Prefetch, QuerySet

from helpdesk.common import clock
from people.actors import Actor
from people.models import ApiClient, ApiToken, Shift, StatusChange, Team, TeamMembership, User
from people.roles import DESK, Role


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


def on_shift(at: datetime) -> set[int]:
    """Who is at work at an instant, by user id."""
    shifts = Shift.objects.filter(starts_at__lte=at, ends_at__gt=at, user__is_active=True)
    return set(shifts.values_list("user_id", flat=True))


def shifts_between(start: datetime, end: datetime) -> QuerySet[Shift]:
    """The shifts of active people that touch the span, the earliest first."""
    return Shift.objects.filter(starts_at__lt=end, ends_at__gt=start, user__is_active=True)


def status_history(user: User, *, limit: int = 50) -> list[StatusChange]:
    """What was said of their status and by whom, the latest first."""
    rows = StatusChange.objects.filter(user=user).select_related("set_by")
    return list(rows.order_by("-id")[:limit])


def api_tokens(*, actor: Actor) -> list[ApiToken]:
    """Every token with its account, those that work first, then the latest. Raises NotAllowed."""
    actor.require("manage_tokens")
    now = clock.now()
    rows = ApiToken.objects.filter(client__isnull=True).order_by("-id")
    rows = rows.select_related("user", "created_by")
    return sorted(rows, key=lambda token: not token.works_at(now))


def api_clients(*, actor: Actor) -> list[ApiClient]:
    """Every client with its account, those that work first, then the latest. Raises NotAllowed."""
    actor.require("manage_tokens")
    rows = ApiClient.objects.select_related("user").order_by("-id")
    return sorted(rows, key=lambda client: client.revoked_at is not None)


def token_accounts(*, actor: Actor) -> list[User]:
    """Whose token the actor may make: connected systems', and their own. Raises NotAllowed."""
    actor.require("manage_tokens")
    systems = User.objects.filter(is_active=True, groups__name=Role.INTEGRATOR.value)
    found = list(systems.order_by("full_name", "pk"))
    return [*found, actor.user] if actor.user and actor.user not in found else found
