"""How tickets are given out, through the API."""

from __future__ import annotations

from typing import Any

import pytest

from people.models import User
from tests.api.conftest import Caller, problem
from tickets.models import WorkProfile

pytestmark = pytest.mark.django_db


def test_a_teams_way_and_its_members(as_supervisor: Caller, officer: User) -> None:
    said = {"team": "cs_account", "mode": "load"}
    answer = as_supervisor.request("PUT", "assignment", said).json()
    assert (answer["team"], answer["mode"]) == ("cs_account", "load")
    me = {"id": officer.pk, "name": officer.full_name}
    assert answer["members"] == [{"person": me, "status": "available", "open": 0, "capacity": 20}]
    assert answer in as_supervisor.get("assignment").json()["results"]
    for wrong in ({"team": "nobody", "mode": "load"}, {"team": "cs_account", "mode": "magic"}, {}):
        problem(as_supervisor.request("PUT", "assignment", wrong), 400)


def test_what_somebody_takes(as_supervisor: Caller, officer: User) -> None:
    path = f"people/{officer.pk}/work"
    said = {"capacity": 5, "languages": ["en", "en"], "revision": 0}
    answer = as_supervisor.request("PUT", path, said).json()
    assert (answer["capacity"], answer["languages"], answer["revision"]) == (5, ["en"], 1)
    assert as_supervisor.get(path).json() == answer
    problem(as_supervisor.request("PUT", path, said), 409, "conflict")


@pytest.mark.parametrize(
    "wrong",
    [
        {"capacity": 0},
        {"capacity": "5"},
        {"capacity": 10**9},
        {"tiers": "gold"},
        {"tiers": ["gilded"]},
        {"categories": ["\x00"]},
        {"team": "x"},
    ],
)
def test_nonsense_is_refused(as_supervisor: Caller, officer: User, wrong: dict[str, Any]) -> None:
    problem(as_supervisor.request("PUT", f"people/{officer.pk}/work", wrong), 400)
    assert not WorkProfile.objects.exists()
