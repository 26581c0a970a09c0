"""A receiving team's work through the API: plan, mediation, freezes, what may be told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from helpdesk.common import clock
from people.models import Team, User
from tests.api.conftest import Caller, problem
from tests.support.receiving import Receiving
from tickets.models import Ticket

Make = Callable[[str, str], Receiving]


@pytest.fixture
def sent(taken: Ticket, people: dict[str, User]) -> Make:
    """Dimas's ticket, sent to a team; accepted by somebody when one is named."""

    def make(team: str, by: str = "") -> Receiving:
        case = Receiving(taken, people)
        if by:
            case.accept(team, by)
        else:
            case.send(team)
        return case

    return make


@pytest.fixture
def as_(calling: Any, people: dict[str, User]) -> Callable[[str], Caller]:
    return lambda name: calling(people[name])


def moment(hours: int) -> str:
    return (clock.now() + timedelta(hours=hours)).isoformat()


def test_a_plan_from_acceptance_to_done(sent: Make, as_: Any) -> None:
    case = sent("fraud", "")
    farah, path = as_("farah"), f"tickets/{case.ticket.number}"
    target = moment(48)
    words = {"plan": "Periksa log", "target_at": target}
    problem(farah.post(f"{path}/acceptance", words), 400, "later_target")
    accepted = farah.post(f"{path}/acceptance", words | {"target_reason": "Menunggu bank."})
    assert accepted.status_code == 200, accepted.content
    shown = farah.get(f"{path}/escalations").json()["results"][0]
    assert shown["assignee"]["name"] == "Farah Nabila"
    assert shown["agreed_target_at"]
    assert shown["target_reason"] == "Menunggu bank."
    moved = {"target_at": moment(60), "reason": "Bank tutup."}
    assert farah.post(f"{path}/target", moved).status_code == 200
    shown = farah.get(f"{path}/escalations").json()["results"][0]
    assert (shown["target_reason"], shown["target_missed_at"]) == ("Bank tutup.", None)
    made = farah.post(f"{path}/follow-ups", {"what": "Cek mutasi", "due_at": moment(5)})
    assert made["ETag"] == f'"{made.json()["version"]}"'
    rows = farah.get(f"{path}/follow-ups").json()["results"]
    step = next(row for row in rows if row["kind"] == "step")
    assert (step["state"], step["owner"]["name"]) == ("open", "Farah Nabila")
    assert sorted(row["kind"] for row in rows) == ["news", "step"]
    moved = {"follow_up": step["id"], "due_at": moment(9), "reason": "Bank tutup"}
    assert farah.post(f"{path}/follow-ups/move", moved).status_code == 200
    done = {"follow_up": step["id"], "result": "Aman"}
    assert farah.post(f"{path}/follow-ups/done", done).status_code == 200
    problem(farah.post(f"{path}/follow-ups/done", done), 409, "wrong_state")
    unknown = {"follow_up": 999_999, "result": "Aman"}
    problem(farah.post(f"{path}/follow-ups/done", unknown), 400, "unknown_follow_up")


def test_whose_follow_up_is_checked(sent: Make, as_: Any, people: dict[str, User]) -> None:
    case = sent("fraud", "farah")
    body = {"what": "Cek", "due_at": moment(5)}
    path = f"tickets/{case.ticket.number}/follow-ups"
    for owner, code in ((people["ratna"], "unknown_person"), (people["leo"], "not_a_member")):
        problem(as_("farah").post(path, body | {"owner": owner.pk}), 400, code)


def test_a_version_long_gone_is_refused(sent: Make, as_: Any) -> None:
    case = sent("mediation", "maya")
    path = f"tickets/{case.ticket.number}/hearings"
    body = {"party": "buyer", "notes": "Rusak"}
    problem(as_("maya").post(path, body, If_Match='"1"'), 412)


def test_a_mediation_to_its_decision(sent: Make, as_: Any) -> None:
    case = sent("mediation", "maya")
    maya, path = as_("maya"), f"tickets/{case.ticket.number}"
    ruling = {
        "outcome": "split",
        "amount_idr": 500_000,
        "reasons_buyer": "Sebagian benar.",
        "reasons_seller": "Sebagian salah.",
    }
    maya.post(f"{path}/hearings", {"party": "buyer", "notes": "Rusak"})
    problem(maya.post(f"{path}/decisions", ruling), 409, "not_both_heard")
    silent = {"party": "seller", "notes": "Tidak menjawab", "silent": True}
    assert maya.post(f"{path}/hearings", silent).status_code == 200
    assert [row["silent"] for row in maya.get(f"{path}/hearings").json()["results"]] == [
        False,
        True,
    ]
    problem(maya.post(f"{path}/decisions", ruling | {"amount_idr": None}), 400)
    assert maya.post(f"{path}/decisions", ruling).status_code == 200
    problem(maya.post(f"{path}/decisions", ruling), 409, "decided_already")
    shown = maya.get(f"{path}/decisions").json()["results"]
    assert [(row["outcome"], row["amount_idr"]) for row in shown] == [("split", 500_000)]


def test_the_customer_reads_no_papers_of_the_mediation(
    sent: Make, as_: Any, as_customer: Caller
) -> None:
    case = sent("mediation", "maya")
    path = f"tickets/{case.ticket.number}"
    as_("maya").post(f"{path}/hearings", {"party": "seller", "notes": "KENARI-77"})
    for part in ("", "/messages", "/events", "/actions"):
        assert "KENARI-77" not in as_customer.get(path + part).content.decode(), part
    problem(as_customer.get(f"{path}/hearings"), 403)


class TestFreezes:
    BODY = {"subject": "account", "reference": "A1", "reason": "KENARI-78"}

    def test_asked_decided_and_read_by_the_system_that_executes_it(
        self, taken: Ticket, as_: Any, as_integrator: Caller
    ) -> None:
        path = f"tickets/{taken.number}/freezes"
        assert as_("dimas").post(path, self.BODY).status_code == 200
        asked = as_("dimas").get(path).json()["results"][0]
        assert asked["state"] == "pending"
        assert as_integrator.get("freezes").json()["results"] == []
        verdict = {"freeze": asked["id"], "approved": True}
        problem(as_("dimas").post(f"{path}/decision", verdict), 403)
        assert as_("sari").post(f"{path}/decision", verdict).status_code == 200
        read = as_integrator.get("freezes").json()["results"]
        assert [(row["reference"], row["state"], row["ticket"]) for row in read] == [
            ("A1", "approved", taken.number)
        ]
        assert "KENARI-78" not in as_integrator.get("freezes").content.decode()
        problem(as_integrator.get(path), 404)

    def test_the_executing_system_frees_only_what_no_ticket_holds(
        self, taken: Ticket, file_ticket: Any, as_: Any, as_integrator: Caller
    ) -> None:
        numbers = [taken.number, file_ticket().number]

        def decided(number: str, place: str, body: dict[str, Any]) -> int:
            path = f"tickets/{number}/freezes"
            assert as_("dimas").post(f"{path}{place}", body).status_code == 200
            asked = as_("sari").get(path).json()["results"][0]["id"]
            verdict = {"freeze": asked, "approved": True}
            assert as_("sari").post(f"{path}/decision", verdict).status_code == 200
            return int(asked)

        freezes = [decided(number, "", self.BODY) for number in numbers]
        decided(numbers[0], "/lift", {"freeze": freezes[0], "reason": "KENARI-79"})
        shown = as_("sari").get(f"tickets/{numbers[0]}/freezes").json()
        assert shown["elsewhere"] == [
            {"subject": "account", "reference": "A1", "tickets": [numbers[1]], "hidden": 0}
        ]
        read = as_integrator.get("freezes").json()["results"]
        assert [(row["action"], row["lifts"], row["frozen"]) for row in read] == [
            ("freeze", None, True), ("freeze", None, True), ("unfreeze", freezes[0], True),
        ]  # fmt: skip
        decided(numbers[1], "/lift", {"freeze": freezes[1], "reason": "Beres."})
        last = as_integrator.get("freezes").json()["results"][-1]
        assert (last["action"], last["frozen"]) == ("unfreeze", False)
        assert "KENARI-79" not in as_integrator.get("freezes").content.decode()
        problem(as_("dimas").post(f"tickets/{numbers[1]}/freezes/lift",
                                  {"freeze": freezes[0], "reason": "r"}), 400)  # fmt: skip

    def test_pages_and_filter(self, taken: Ticket, as_: Any) -> None:
        for number in range(3):
            body = {**self.BODY, "reference": f"A{number}"}
            as_("dimas").post(f"tickets/{taken.number}/freezes", body)
        first = as_("sari").get("freezes?page_size=2").json()
        assert [row["reference"] for row in first["results"]] == ["A0", "A1"]
        rest = as_("sari").get(first["next"].split("/api/v1/")[1]).json()
        assert [row["reference"] for row in rest["results"]] == ["A2"]
        assert rest["next"] is None
        assert as_("sari").get("freezes?state=approved").json()["results"] == []
        assert len(as_("sari").get("freezes?state=pending").json()["results"]) == 3
        problem(as_("sari").get("freezes?state=melted"), 400)

    def test_a_desk_sees_only_those_of_its_tickets(self, taken: Ticket, as_: Any) -> None:
        as_("dimas").post(f"tickets/{taken.number}/freezes", self.BODY)
        assert as_("ayu").get("freezes").json()["results"] == []
        assert len(as_("farah").get("freezes").json()["results"]) == 1  # told, to decide


def test_legal_releases_and_the_squad_reads(sent: Make, as_: Any) -> None:
    case = sent("legal", "leo")
    path = f"tickets/{case.ticket.number}/relays"
    assert as_("leo").post(path, {"text": "Kami periksa."}).status_code == 200
    problem(as_("dimas").post(path, {"text": "Saya saja."}), 403)
    assert [row["text"] for row in as_("dimas").get(path).json()["results"]] == ["Kami periksa."]
    assert Team.objects.get(code="legal").talks_to_customer is False
