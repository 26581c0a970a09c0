from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, QuerySet

from people.models import TeamMembership, User
from people.roles import DESK
from tickets.models import Ticket


def desk_people() -> QuerySet[User]:
    """Active people with a role at the desk, by name."""
    people = User.objects.filter(is_active=True, groups__name__in=[role.value for role in DESK])
    return people.distinct().order_by("full_name", "pk")


def fitting(ticket_ids: Sequence[int], people: Sequence[int]) -> dict[int, int]:
    """How many of these tickets each person may be given: those of their teams, or all for whom sees
    all; three queries."""
    of_team = dict(
        Ticket.objects.filter(pk__in=ticket_ids)
        .order_by()
        .values_list("team")
        .annotate(number=Count("pk"))
    )
    found = dict.fromkeys(people, 0)
    rows = TeamMembership.objects.filter(user__in=people, team__in=[t for t in of_team if t])
    for person, team in rows.values_list("user_id", "team_id"):
        found[person] += of_team[team]
    everywhere = User.objects.filter(
        pk__in=people, groups__permissions__codename="see_all_tickets"
    ).values_list("pk", flat=True)
    return found | dict.fromkeys(everywhere, len(ticket_ids))
