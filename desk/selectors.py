from __future__ import annotations

from django.db.models import QuerySet

from people.models import User
from people.roles import DESK


def desk_people() -> QuerySet[User]:
    """Active people with a role at the desk, by name."""
    people = User.objects.filter(is_active=True, groups__name__in=[role.value for role in DESK])
    return people.distinct().order_by("full_name", "pk")
