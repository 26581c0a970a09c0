"""The demonstration's cast, made from fixtures/demo_people.json. Never in production."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from people.models import ApiToken, Customer, ResellerAgent, Shop, Team, TeamMembership, User
from people.roles import REPORTERS
from people.services import issue_token
from people.services.reference import read_fixture


def demo_cast() -> dict[str, Any]:
    cast: dict[str, Any] = read_fixture("demo_people.json")
    return cast


def make_people() -> dict[str, User]:
    """Every demo person with role, teams and record; returns users by first name in lower case."""
    cast = demo_cast()
    # Hashed once: they all share it, and a good hash is slow on purpose.
    encoded = make_password(cast["password"])
    return {
        row["name"].split()[0].lower(): _make(row, encoded, cast["token"]) for row in cast["people"]
    }


def _make(row: dict[str, Any], encoded_password: str, token: str) -> User:
    user = User.objects.filter(email=row["email"]).first()
    if user is None:
        user = User.objects.create(
            email=row["email"], password=encoded_password, full_name=row["name"], is_demo=True
        )
    user.groups.set([Group.objects.get(name=row["role"])])
    for code in row.get("teams", ()):
        TeamMembership.objects.update_or_create(
            team=Team.objects.get(code=code), user=user, defaults={"leads": row.get("leads", False)}
        )
    if row["role"] in REPORTERS:
        Customer.objects.update_or_create(
            user=user,
            defaults={
                "name": row["name"],
                "email": row["email"],
                "phone": row.get("phone"),
                "tier": row.get("tier", "regular"),
            },
        )
    if "shop" in row:
        shop, _made = Shop.objects.get_or_create(name=row["shop"])
        shop.sellers.add(user)
    if "agent_code" in row:
        ResellerAgent.objects.update_or_create(
            code=row["agent_code"],
            defaults={"user": user, "name": row["name"], "phone": row["phone"]},
        )
    if row["role"] == "integrator" and not ApiToken.objects.filter(user=user).exists():
        issue_token(user=user, name="Demo", key=token)
    return user
