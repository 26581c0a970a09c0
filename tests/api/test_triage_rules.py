"""The triage rules in force and their versions, for other systems' eyes at the desk."""

from __future__ import annotations

from people.actors import of_user
from people.models import User
from people.services.reference import read_fixture
from tests.api.conftest import Caller, problem
from tickets.services.rulebook import edit_rules_draft, publish_rules_draft


def test_rules_versions_and_one_of_them(as_officer: Caller, supervisor: User) -> None:
    sari, shipped = of_user(supervisor), read_fixture("triage_rules.json")
    edit_rules_draft(actor=sari, change=lambda body: body["concepts"]["hack"].append("zzkodokzz"))
    assert as_officer.get("triage/rules").json()["body"] == shipped
    publish_rules_draft(actor=sari, note="Kata baru")
    answer = as_officer.get("triage/rules").json()
    assert (answer["version"], answer["note"]) == (2, "Kata baru")
    assert answer["published_by"]["name"] == supervisor.full_name
    assert "zzkodokzz" in answer["body"]["concepts"]["hack"]
    rows = as_officer.get("triage/versions?page_size=1").json()
    assert [row["version"] for row in rows["results"]] == [2]
    assert "body" not in rows["results"][0]
    assert rows["next"]
    assert as_officer.get("triage/versions/1").json()["body"] == shipped


def test_strange_questions_are_refused(as_officer: Caller) -> None:
    problem(as_officer.get("triage/versions/99"), 404, "not_found")
    problem(as_officer.get("triage/rules?version=2"), 400, "unknown_parameter")
    problem(as_officer.get("triage/versions?cursor=abc"), 400, "bad_cursor")
