"""POST /tickets/bulk-create: a result for each, one key for all, nothing when it is cut half way."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import COMPLAINT, Caller, problem, row_counts
from tests.cast import FileTicket
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
PATH = "tickets/bulk-create"


def complaint(place: int, **changes: Any) -> dict[str, Any]:
    own = {"email": f"p{place}@example.com", "order_number": f"INV/{place}"}
    return {**COMPLAINT, **own, **changes}


def test_each_has_its_result(as_integrator: Caller, file_ticket: FileTicket) -> None:
    theirs = file_ticket(order_number="INV/77")
    answer = as_integrator.post(
        PATH,
        {
            "tickets": [
                complaint(0, description="PIN saya 123456 ditolak"),
                complaint(1, amount_idr=-5, colour="red"),
                "x",
                complaint(0),
                complaint(4, email="", phone=""),
                complaint(5, email=theirs.customer.email, order_number="INV/77"),
                complaint(6, tier="gold", channel="phone"),
            ]
        },
    )
    body = answer.json()
    assert answer.status_code == 200
    assert [one["status"] for one in body["results"]] == [201, 400, 400, 200, 400, 409, 201]
    assert [one["index"] for one in body["results"]] == list(range(7))
    assert (body["created"], body["existing"], body["refused"]) == (2, 1, 4)
    first, bad, no_object, again, nobody, foreign, last = body["results"]
    assert first["masked"] == ["pin"]
    assert again["ticket"] == first["ticket"]
    errors = {error["field"]: error["code"] for error in bad["problem"]["errors"]}
    assert errors == {"tickets.1.amount_idr": "min_value", "tickets.1.colour": "unknown_field"}
    assert bad["problem"]["errors"][0]["message_id"]
    assert no_object["problem"]["code"] == "not_an_object"
    assert nobody["problem"]["code"] == "no_contact"
    assert foreign["problem"]["code"] == "open_ticket_exists"
    assert theirs.number not in answer.content.decode()
    one = as_integrator.get(f"tickets/{last['ticket']['number']}").json()
    same = ("number", "version", "state", "category", "priority", "queue", "received_at")
    assert {name: one[name] for name in same} == {name: last["ticket"][name] for name in same}
    assert one["team"]["code"] == last["ticket"]["team"]
    assert one["next_due_at"] == last["ticket"]["next_due_at"]
    assert one["links"]["self"] == last["ticket"]["url"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "tickets"),
        ({"tickets": []}, "tickets"),
        ({"tickets": {}}, "tickets"),
        ({"tickets": [{}] * 1001}, "tickets"),
        ({"tickets": [{}], "x": 1}, "x"),
    ],
)
def test_what_is_no_list_of_complaints_is_refused(
    as_integrator: Caller, body: Any, field: str
) -> None:
    before = row_counts()
    told = problem(as_integrator.post(PATH, body), 400)
    assert [error["field"] for error in told["errors"]] == [field]
    assert row_counts() == before


def test_one_key_for_all_of_it(as_integrator: Caller) -> None:
    body = {"tickets": [complaint(0), complaint(1, amount_idr=-1)]}
    first = as_integrator.post(PATH, body, **{"Idempotency-Key": "k"})
    again = as_integrator.post(PATH, body, **{"Idempotency-Key": "k"})
    assert again.json() == first.json()
    assert again["Idempotency-Replayed"] == "true"
    other = {"tickets": [complaint(2)]}
    problem(as_integrator.post(PATH, other, **{"Idempotency-Key": "k"}), 422)
    assert Ticket.objects.count() == 1


def test_cut_half_way_nothing_is_kept_and_the_key_is_free(
    as_integrator: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tickets.services import intake_many

    enter, entered, before = intake_many.enter, [], row_counts()

    def breaks(ticket: Ticket, *args: Any, **options: Any) -> None:
        entered.append(ticket)
        if len(entered) == 3:
            raise RuntimeError
        enter(ticket, *args, **options)

    body = {"tickets": [complaint(place) for place in range(4)]}
    with monkeypatch.context() as patch:
        patch.setattr(intake_many, "enter", breaks)
        assert as_integrator.post(PATH, body, **{"Idempotency-Key": "k"}).status_code == 500
    assert row_counts() == before
    assert as_integrator.post(PATH, body, **{"Idempotency-Key": "k"}).json()["created"] == 4
