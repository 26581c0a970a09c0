"""The policy in force and its versions, for other systems' eyes at the desk."""

from __future__ import annotations

from people.actors import of_user
from people.models import User
from people.services.reference import read_fixture
from sla.services.publishing import edit_draft, publish_draft, roll_back
from tests.api.conftest import Caller, problem


def test_the_policy_in_force_with_its_version(as_officer: Caller) -> None:
    answer = as_officer.get("sla/policy").json()
    assert answer["version"] == 1
    assert answer["published_by"] is None
    assert answer["body"] == read_fixture("sla_policy.json")
    assert answer["published_at"].endswith("Z")


def test_versions_come_page_by_page_the_latest_first(as_officer: Caller, supervisor: User) -> None:
    sari = of_user(supervisor)

    def change(body: dict) -> None:
        body["confirmation_hours"] = 48

    edit_draft(actor=sari, change=change)
    publish_draft(actor=sari, note="Konfirmasi dua hari")
    roll_back(actor=sari, version=1, note="Kembali", seen=2)
    first = as_officer.get("sla/policies?page_size=2").json()
    assert [row["version"] for row in first["results"]] == [3, 2]
    assert first["results"][0]["published_by"]["name"] == supervisor.full_name
    assert first["results"][1]["note"] == "Konfirmasi dua hari"
    assert "body" not in first["results"][0]
    cursor = first["next"].split("cursor=")[1]
    second = as_officer.get(f"sla/policies?page_size=2&cursor={cursor}").json()
    assert [row["version"] for row in second["results"]] == [1]
    assert second["next"] is None


def test_the_version_says_which_one_a_draft_is_not(as_officer: Caller, supervisor: User) -> None:
    """A draft is nobody's business yet."""
    edit_draft(actor=of_user(supervisor), change=lambda body: body["targets"].clear())
    assert as_officer.get("sla/policy").json()["body"] == read_fixture("sla_policy.json")


def test_strange_questions_are_refused(as_officer: Caller) -> None:
    problem(as_officer.get("sla/policy?version=2"), 400, "unknown_parameter")
    problem(as_officer.get("sla/policies?cursor=abc"), 400, "bad_cursor")
    problem(as_officer.get("sla/policies?page_size=1000"), 400)
