from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk.common import clock
from sla.services import sweep
from tests.api.conftest import Caller, problem
from tests.cast import FileTicket


@pytest.fixture
def filled(file_ticket: FileTicket) -> None:
    with clock.shifted(timedelta(hours=-3)):
        for _ in range(3):
            file_ticket()
    sweep()


def test_it_lists_each_escalation_with_its_proof(as_supervisor: Caller, filled: None) -> None:
    told = as_supervisor.get("escalation/ledger").json()
    assert told["summary"]["count"] == told["summary"]["timed"] == 3
    assert told["summary"]["on_time"] == 0
    assert told["next"] is None
    line = told["results"][0]
    assert line["trigger"] == "breach.first_response"
    assert line["deadline_at"] < line["at"]
    assert line["late_seconds"] > 3000
    assert line["past_deadline_seconds"] == pytest.approx(line["late_seconds"], abs=0.01)
    assert line["moved_by"] is None
    assert line["sweep"]
    assert line["to_team"]["code"] == "fraud"
    assert line["mails"][0]["state"] == "pending"
    assert line["mails"][0]["message_id"].startswith("<")
    assert line["notices"] == len(line["told"]) > 0
    assert line["told"][0]["at"] == line["at"]
    assert line["told"][0]["read_at"] is None
    assert (line["origin"], line["metric"]) == ("breach", "first_response")


def test_pages_by_cursor(as_supervisor: Caller, filled: None) -> None:
    first = as_supervisor.get("escalation/ledger?page_size=2").json()
    path = first["next"].split("/api/v1/")[1]
    second = as_supervisor.get(path).json()
    ids = [line["id"] for line in (*first["results"], *second["results"])]
    assert len(set(ids)) == 3
    assert ids == sorted(ids, reverse=True)


def test_filters(as_supervisor: Caller, filled: None) -> None:
    def count(query: str) -> int:
        return len(as_supervisor.get(f"escalation/ledger?{query}").json()["results"])

    assert count("late=true") == 3
    assert count("trigger=hand") == 0
    assert count("trigger=automatic") == 3
    number = as_supervisor.get("escalation/ledger").json()["results"][0]["ticket"]
    assert count(f"ticket={number}") == 1
    assert count("ticket=TUN-XXXX-XXXX") == 0
    assert count("priority=LOW") == 0
    assert count("team=fraud&trigger=breach&priority=URGENT") == 3
    assert count("until=2020-01-01T00:00:00Z") == 0


@pytest.mark.parametrize(
    "query",
    ["trigger=all", "priority=HUGE", "since=yesterday", "late=1", "page_size=0", "cursor=x"],
)
def test_a_wrong_query_is_refused(as_supervisor: Caller, query: str) -> None:
    problem(as_supervisor.get(f"escalation/ledger?{query}"), 400)
