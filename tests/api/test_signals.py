"""Signals, corrections and the matrix by API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from escalation.models import Signal
from helpdesk.common import clock
from people.models import Customer
from tests.api.conftest import Caller, problem
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def body(**changes: Any) -> dict[str, Any]:
    at = clock.now() - timedelta(minutes=5)
    return {
        "kind": "failed_login",
        "reference": "login-1",
        "occurred_at": at.isoformat(),
        "email": "pembeli@example.com",
        **changes,
    }


class TestReporting:
    def test_a_signal_is_recorded_and_answers_with_its_effects(self, as_integrator: Caller) -> None:
        answer = as_integrator.post("signals", body(phone="0811-2222-3333", name="Pembeli"))
        assert answer.status_code == 201
        found = answer.json()
        assert (found["kind"], found["reference"], found["effects"]) == (
            "failed_login", "login-1", [],
        )  # fmt: skip
        customer = Signal.objects.get().customer
        assert (customer.email, customer.name) == ("pembeli@example.com", "Pembeli")

    def test_the_third_opens_a_ticket_that_the_integrator_sees(self, as_integrator: Caller) -> None:
        for number in range(3):
            answer = as_integrator.post("signals", body(reference=f"login-{number}"))
        effect = answer.json()["effects"]
        ticket = Ticket.objects.get(customer__email="pembeli@example.com")
        assert effect == [{"ticket": ticket.number, "trigger": "failed_logins", "opened": True}]
        assert as_integrator.get(f"tickets/{ticket.number}").json()["channel"] == "api"

    def test_a_repeat_changes_nothing_and_says_so(self, as_integrator: Caller) -> None:
        sent = body()
        first = as_integrator.post("signals", sent)
        again = as_integrator.post("signals", sent)
        assert (again.status_code, again.json()) == (201, first.json())
        assert again["Idempotency-Replayed"] == "true"
        answer = as_integrator.post("signals", {**sent, "kind": "account_hijacked"})
        problem(answer, 422, "reference_reused")
        assert Signal.objects.count() == 1

    def test_others_tickets_stay_unnamed(
        self, as_integrator: Caller, ticket: Ticket, customer: Customer
    ) -> None:
        answer = as_integrator.post("signals", body(email=customer.email))
        assert answer.json()["effects"] == []
        assert ticket.events.filter(kind="signalled").exists()
        problem(as_integrator.post("signals", body(reference="2", ticket=ticket.number)), 404)

    def test_the_third_says_what_it_set_off_on_a_ticket_of_others(
        self, as_integrator: Caller, ticket: Ticket, customer: Customer
    ) -> None:
        """The rule, and nothing of the ticket."""
        for number in range(3):
            answer = as_integrator.post(
                "signals", body(reference=f"n{number}", email=customer.email)
            )
        assert ticket.escalations.exists() or ticket.trigger_firings.exists()
        assert (answer.json()["effects"], answer.json()["triggers"]) == ([], ["failed_logins"])
        assert ticket.number not in answer.content.decode()
        newest, *earlier = as_integrator.get("signals").json()["results"]
        assert newest["triggers"] == ["failed_logins"]
        assert {tuple(row["triggers"]) for row in earlier} == {()}

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"kind": "rain"}, "kind"),
            ({"reference": ""}, "reference"),
            ({"reference": 5}, "reference"),
            ({"occurred_at": "yesterday"}, "occurred_at"),
            ({"occurred_at": "2001-01-01T00:00:00Z"}, "occurred_at"),
            ({"amount_idr": "5"}, "amount_idr"),
            ({"amount_idr": -5}, "amount_idr"),
            ({"email": "x"}, "contact"),
            ({"email": ""}, "contact"),
            ({"state": "x"}, "state"),
        ],
    )
    def test_what_cannot_be(
        self, as_integrator: Caller, changes: dict[str, Any], field: str
    ) -> None:
        document = problem(as_integrator.post("signals", body(**changes)), 400)
        assert field in {error["field"] for error in document["errors"]}
        assert not Signal.objects.exists()


class TestListing:
    def test_each_sees_their_own(
        self, as_integrator: Caller, as_officer: Caller, as_other_officer: Caller,
        as_supervisor: Caller, as_customer: Caller, ticket: Ticket, customer: Customer,
    ) -> None:  # fmt: skip
        as_integrator.post("signals", body(email=customer.email))
        as_integrator.post("signals", body(reference="elsewhere"))
        seen = {
            caller: [row["reference"] for row in caller.get("signals").json()["results"]]
            for caller in (as_integrator, as_officer, as_other_officer, as_supervisor)
        }
        assert seen[as_integrator] == seen[as_supervisor] == ["elsewhere", "login-1"]
        assert (seen[as_officer], seen[as_other_officer]) == (["login-1"], [])
        assert "example.com" not in as_officer.get("signals").content.decode()
        problem(as_customer.get("signals"), 403)

    def test_pages_and_kinds(self, as_integrator: Caller) -> None:
        for number in range(2):
            as_integrator.post("signals", body(reference=f"r{number}"))
        as_integrator.post("signals", body(reference="r2", kind="suspicious_transaction"))
        page = as_integrator.get("signals?page_size=2").json()
        assert [row["reference"] for row in page["results"]] == ["r2", "r1"]
        rest = as_integrator.get(page["next"].split("/api/v1/")[1]).json()
        assert [row["reference"] for row in rest["results"]] == ["r0"]
        only = as_integrator.get("signals?kind=suspicious_transaction").json()
        assert [row["reference"] for row in only["results"]] == ["r2"]


class TestCorrecting:
    def test_an_amount_above_ten_juta_escalates(self, as_officer: Caller, taken: Ticket) -> None:
        path = f"tickets/{taken.number}"
        words = {"category": "suspicious_transaction", "queue": "general", "reason": "r"}
        as_officer.post(f"{path}/classification", words)
        answer = as_officer.post(f"{path}/correction", {"amount_idr": 12_000_000, "reason": "r"})
        assert answer.status_code == 200
        assert (answer.json()["state"], answer.json()["team"]["code"]) == ("escalated", "fraud")
        form = as_officer.get(f"{path}/escalations").json()["results"][0]
        assert (form["trigger"], form["level"], form["matrix_version"]) == (
            "rule.suspicious_amount", 3, 1,
        )  # fmt: skip
        assert form["facts"] == {"amount_idr": 12_000_000, "category": "suspicious_transaction"}

    def test_absent_stays_and_null_is_not_known(self, as_officer: Caller, taken: Ticket) -> None:
        path = f"tickets/{taken.number}/correction"
        first = as_officer.post(path, {"amount_idr": 7, "reason": "r"}).json()
        assert (first["amount_idr"], first["order_number"]) == (7, taken.order_number)
        assert (
            as_officer.post(path, {"amount_idr": None, "reason": "r"}).json()["amount_idr"] is None
        )
        problem(as_officer.post(path, {"reason": "r"}), 400, "no_change")

    def test_the_version_is_looked_at(self, as_officer: Caller, taken: Ticket) -> None:
        path = f"tickets/{taken.number}/correction"
        answer = as_officer.post(path, {"amount_idr": 7, "reason": "r"}, If_Match='"1"')
        problem(answer, 412, "precondition_failed")


class TestRedirecting:
    def test_to_another_team_with_a_reason(
        self, as_officer: Caller, as_supervisor: Caller, taken: Ticket
    ) -> None:
        path = f"tickets/{taken.number}/escalation"
        form = {"summary": "s", "tried": "t", "evidence": "e", "wanted_outcome": "w"}
        asked = as_officer.post(path, {"to_team": "mediation", "reason": "Sengketa.", **form})
        assert asked.status_code == 200
        without = as_supervisor.post(f"{path}/verification", {"to_team": "fraud"})
        problem(without, 400, "redirect_reason")
        problem(as_supervisor.post(f"{path}/verification", {"to_team": "x", "reason": "r"}), 400)
        answer = as_supervisor.post(
            f"{path}/verification", {"to_team": "fraud", "reason": "Ini penipuan."}
        )
        assert answer.json()["team"]["code"] == "fraud"
        found = as_supervisor.get(f"tickets/{taken.number}/escalations").json()["results"][0]
        assert (found["to_team"]["code"], found["asked_team"]["code"]) == ("fraud", "mediation")


def test_the_matrix_in_force_is_readable(as_officer: Caller) -> None:
    found = as_officer.get("escalation/matrix").json()
    assert found["version"] == 1
    codes = [row["code"] for row in found["body"]["triggers"]]
    assert "suspicious_amount" in codes
