"""Orders on many tickets as jobs of the API."""

from __future__ import annotations

from typing import Any

import pytest
from kombu.exceptions import OperationalError

from people.models import User
from tests.api.conftest import Caller, problem, row_counts
from tickets.models import BulkJob, Ticket
from tickets.services import handle_ticket, work_on_bulk_jobs
from tickets.tasks import work_on_bulk_jobs as task

pytestmark = pytest.mark.django_db
CLOSE = {"verb": "close", "root_cause": "r", "solution": "s", "confirmation": "no_answer"}


@pytest.fixture
def handled(ticket: Ticket, officer: User) -> Ticket:
    from people.actors import of_user

    handle_ticket(actor=of_user(officer), ticket_id=ticket.pk)
    return ticket


def test_a_job_is_accepted_worked_and_told(as_officer: Caller, handled: Ticket) -> None:
    body = {**CLOSE, "numbers": [handled.number, "TUN-2222-2222"]}
    answer = as_officer.post("bulk-jobs", body)
    assert answer.status_code == 202
    made = answer.json()
    assert answer["Location"].endswith(f"/api/v1/bulk-jobs/{made['id']}")
    assert made["state"] == "running"
    work_on_bulk_jobs()
    told = as_officer.get(f"bulk-jobs/{made['id']}").json()
    assert (told["state"], told["counts"]["done"], told["counts"]["refused"]) == ("done", 1, 1)
    assert told["reasons"][0]["code"] == "not_found"
    page = as_officer.get(f"bulk-jobs/{made['id']}/results?page_size=1").json()
    assert [row["state"] for row in page["results"]] == ["done"]
    second = as_officer.get(page["next"].partition("/api/v1/")[2]).json()
    assert [row["code"] for row in second["results"]] == ["not_found"]
    assert second["next"] is None
    refused = as_officer.get(f"bulk-jobs/{made['id']}/results?outcome=refused").json()
    assert len(refused["results"]) == 1
    assert [row["id"] for row in as_officer.get("bulk-jobs").json()["results"]] == [made["id"]]


def test_a_preview_waits_for_its_word(as_officer: Caller, handled: Ticket) -> None:
    body = {**CLOSE, "view": "team:cs_account", "preview": True}
    made = as_officer.post("bulk-jobs", body).json()
    place = f"bulk-jobs/{made['id']}"
    problem(as_officer.post(f"{place}/confirm"), 409, "wrong_state")
    work_on_bulk_jobs()
    assert as_officer.get(place).json()["state"] == "ready"
    assert Ticket.objects.get(pk=handled.pk).state == "handled"
    assert as_officer.post(f"{place}/confirm").json()["state"] == "running"
    work_on_bulk_jobs()
    assert Ticket.objects.get(pk=handled.pk).state == "closed"
    problem(as_officer.post(f"{place}/again"), 409, "nothing_left")


def test_the_same_key_is_the_same_job(as_officer: Caller, handled: Ticket) -> None:
    body = {"verb": "reply", "body": "Halo", "numbers": [handled.number]}
    ids = {
        as_officer.post("bulk-jobs", body, idempotency_key="satu").json()["id"]
        for _again in range(3)
    }
    assert len(ids) == 1
    other = {**body, "body": "Hai"}
    problem(
        as_officer.post("bulk-jobs", other, idempotency_key="satu"), 422, "idempotency_key_reused"
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"numbers": ["X"] * 10_001}, None),
        ({"numbers": []}, None),
        ({"numbers": None}, None),
        ({"verb": "explode"}, None),
        ({"view": "mine"}, "choose_one"),
        ({"numbers": [5]}, None),
        ({"root_cause": ""}, None),
        ({"to_team": "\x00"}, "null_character"),
        ({"nothing": 1}, "unknown_field"),
    ],
)
def test_what_is_wrong_makes_no_job(
    as_officer: Caller, change: dict[str, Any], code: str | None
) -> None:
    before = row_counts()
    answer = as_officer.post("bulk-jobs", {**CLOSE, "numbers": ["TUN-2222-2222"], **change})
    problem(answer, 400, *([code] if code else []))
    assert row_counts() == before


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"view": "nobodys"}, "unknown_view"),
        ({"view": "saved:999999"}, "unknown_view"),
        ({"search": "status:entahlah"}, "bad_filter"),
        ({"search": "kata-yang-tidak-ada"}, "none_chosen"),
    ],
)
def test_a_view_or_search_must_be_one(as_officer: Caller, given: Any, code: str) -> None:
    problem(as_officer.post("bulk-jobs", {**CLOSE, **given}), 400, code)


def test_a_cursor_is_ours(as_officer: Caller, handled: Ticket) -> None:
    made = as_officer.post("bulk-jobs", {**CLOSE, "numbers": [handled.number]}).json()
    for cursor in ("x", "-1", "9" * 20):
        answer = as_officer.get(f"bulk-jobs/{made['id']}/results?cursor={cursor}")
        problem(answer, 400, "bad_cursor")


@pytest.mark.django_db(transaction=True)
def test_without_a_broker_the_job_stands_and_the_next_wake_up_does_it(
    as_officer: Caller, handled: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise OperationalError("broker gone")

    monkeypatch.setattr(task, "delay", broken)
    answer = as_officer.post("bulk-jobs", {**CLOSE, "numbers": [handled.number]})
    assert answer.status_code == 202
    work_on_bulk_jobs()
    assert BulkJob.objects.get().state == "done"
