"""Loads teams, roles and the organisation's profile from `fixtures/`; running it again is harmless."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, Permission

from people.models import OrganisationProfile, Team
from people.roles import PERMISSIONS


def read_fixture(name: str) -> Any:
    return json.loads((Path(settings.BASE_DIR) / "fixtures" / name).read_text(encoding="utf-8"))


def load_people_reference() -> list[str]:
    """Returns one line for people per thing loaded."""
    teams = read_fixture("teams.json")
    for position, row in enumerate(teams):
        code = row.pop("code")
        Team.objects.update_or_create(code=code, defaults={**row, "position": position})
    for role, permissions in PERMISSIONS.items():
        group, _made = Group.objects.get_or_create(name=role.value)
        group.permissions.set(
            Permission.objects.filter(content_type__app_label="tickets", codename__in=permissions)
        )
    profile = OrganisationProfile.publish(read_fixture("organisation.json"))
    return [
        f"{len(teams)} teams, {len(PERMISSIONS)} roles",
        f"organisation profile v{profile.version}",
    ]
