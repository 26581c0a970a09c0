"""Quality through the API: figures, a review's way, and whose they are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from agents_ops.models import QualityRules
from helpdesk.common import clock
from people.models import User
from tests.agents_ops.conftest import agent_officer, agent_ticket
from tests.agents_ops.quality.conftest import Cases, cases
from tests.api.conftest import Caller, problem
from tickets.models import Ticket

__all__ = ["agent_officer", "agent_ticket", "cases"]


@pytest.fixture
def closed(cases: Cases) -> Ticket:
    return cases.closed()


@pytest.fixture
def teguh(calling: Callable[[User], Caller], people: dict[str, User]) -> Caller:
    return calling(people["teguh"])


@pytest.fixture
def rizal(calling: Callable[[User], Caller], people: dict[str, User]) -> Caller:
    return calling(people["rizal"])


def marks(ticket: Ticket, **changes: str) -> list[dict[str, Any]]:
    place = ticket.messages.order_by("pk")[0].pk
    return [
        {"criterion": code, "mark": changes.get(code, "met"), "message": place}
        for code in QualityRules.in_force().sheet.criteria
    ]


def test_figures_and_the_cases_behind_them(
    closed: Ticket, teguh: Caller, rizal: Caller, as_supervisor: Caller, as_officer: Caller
) -> None:
    for caller, good in ((teguh, 1), (rizal, 1), (as_supervisor, 0), (as_officer, 0)):
        found = caller.get("quality/first-contact").json()
        assert (found["whole"]["good"], found["goal"]) == (good, 0.7)
        listed = caller.get("quality/first-contact/cases").json()["results"]
        assert [row["ticket"] for row in listed] == [closed.number] * good
    row = teguh.get("quality/first-contact/cases?resolution=first_contact").json()["results"][0]
    assert (row["resolution"], row["contacts"], row["officer"]["name"]) == (
        "first_contact",
        0,
        "Rizal Hakim",
    )
    assert teguh.get("quality/first-contact/cases?resolution=reopened").json()["results"] == []
    problem(teguh.get("quality/first-contact?weeks=99"), 400)
    assert teguh.get("quality/handling-times").json()["whole"]["n"] == 0
    assert teguh.get("quality/scores").json()["whole"]["mean"] is None
    assert len(teguh.get("quality/score-sheet").json()["criteria"]) == 5


def test_an_officer_finds_nobody_elses(
    closed: Ticket, as_officer: Caller, rizal: Caller, people: dict[str, User]
) -> None:
    pk = people["rizal"].pk
    for place in ("first-contact", "first-contact/cases", "handling-times", "scores"):
        problem(as_officer.get(f"quality/{place}?officer={pk}"), 404, "not_found")
        assert rizal.get(f"quality/{place}?officer={pk}").status_code == 200


def test_a_review_from_choosing_to_settling(
    closed: Ticket, teguh: Caller, rizal: Caller, as_officer: Caller
) -> None:
    made = teguh.post("quality/reviews", {"ticket": closed.number})
    assert made.status_code == 201
    review = made.json()
    place = f"quality/reviews/{review['id']}"
    problem(rizal.get(place), 404, "not_found")
    never = problem(as_officer.get("quality/reviews/0"), 404, "not_found")
    assert problem(as_officer.get(place), 404, "not_found") == never
    lacking = teguh.post(f"{place}/marks", {"marks": marks(closed)[:3]})
    problem(lacking, 400, "sheet_incomplete")
    told = teguh.post(f"{place}/marks", {"marks": marks(closed, tone="partly"), "revision": 1})
    assert (told.json()["score"], told.json()["state"]) == (90, "told")
    problem(teguh.post(f"{place}/marks", {"marks": marks(closed)}), 409, "wrong_review_state")
    problem(teguh.post(f"{place}/answer", {"words": "Halo"}), 403)
    problem(as_officer.post(f"{place}/answer", {"words": "Halo"}), 404, "not_found")
    answered = rizal.post(f"{place}/answer", {"words": "Agen sudah saya tenangkan"})
    assert answered.json()["state"] == "answered"
    settled = teguh.post(f"{place}/settlement", {"words": "Benar", "marks": marks(closed)}).json()
    assert (settled["score"], settled["state"]) == (100, "settled")
    assert [row["id"] for row in rizal.get("quality/reviews").json()["results"]] == [review["id"]]
    assert as_officer.get("quality/reviews").json()["results"] == []


def test_a_sample_and_its_seed(closed: Ticket, teguh: Caller) -> None:
    now = clock.now()
    body = {
        "since": (now - timedelta(days=1)).isoformat(),
        "until": (now + timedelta(days=1)).isoformat(),
        "per_officer": 2,
        "seed": 7,
    }
    sample = teguh.post("quality/samples", {**body, "team": "cs_agent"}).json()
    assert [row["ticket"] for row in sample["reviews"]] == [closed.number]
    problem(teguh.post("quality/samples", body), 409, "nothing_to_draw")
    problem(teguh.post("quality/samples", {**body, "per_officer": 10**9}), 400)
    problem(teguh.post("quality/samples", {**body, "team": "cs_payment"}), 400, "unknown_team")


def test_coaching_notes(
    teguh: Caller, rizal: Caller, as_officer: Caller, people: dict[str, User]
) -> None:
    body = {"officer": people["rizal"].pk, "text": "Sapa agen lebih dulu"}
    assert teguh.post("quality/coaching-notes", body).status_code == 201
    assert rizal.get("quality/coaching-notes").json()["results"][0]["text"] == body["text"]
    assert as_officer.get("quality/coaching-notes").json()["results"] == []
    problem(as_officer.post("quality/coaching-notes", body), 404, "not_found")
    assert rizal.post("quality/coaching-notes/read").json() == {"read": 1}
    assert as_officer.post("quality/coaching-notes/read").json() == {"read": 0}


@pytest.mark.parametrize(
    "given", [[], "x", [{}], [{"criterion": "tone", "mark": 5}], [{"criterion": "\x00"}] * 5]
)
def test_hostile_marks_are_refused(closed: Ticket, teguh: Caller, given: Any) -> None:
    review = teguh.post("quality/reviews", {"ticket": closed.number}).json()
    problem(teguh.post(f"quality/reviews/{review['id']}/marks", {"marks": given}), 400)
