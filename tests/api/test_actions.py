"""The verbs: a ticket's whole life through the API, and each verb out of its place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from desk.api.views import PLACES
from escalation.models import FollowUp, FreezeRequest
from helpdesk.common import clock
from people.actors import of_user
from people.models import User
from sla.services import sweep
from tests.api.conftest import Caller, problem, row_counts
from tests.cast import FileTicket
from tickets.models import SatisfactionSurvey, Ticket
from tickets.services import open_incident

FORM = {
    "to_team": "fraud",
    "summary": "Akun diambil alih",
    "tried": "Akun dikunci",
    "evidence": "Log masuk",
    "wanted_outcome": "Akun kembali",
}
FREEZE = {"subject": "account", "reference": "A1", "reason": "r"}
LATER = "2036-11-17T09:30:00+07:00"
HOLD = {"reason": "r", "until": (datetime.now(UTC) + timedelta(days=1)).isoformat()}
CLOSING = {"root_cause": "Kata sandi bocor", "solution": "Akun dipulihkan"}


def _done(answer: Any, state: str) -> dict[str, Any]:
    assert answer.status_code == 200, answer.content
    body: dict[str, Any] = answer.json()
    assert body["state"] == state
    assert answer["ETag"] == f'"{body["version"]}"'
    return body


def test_a_whole_life(
    as_officer: Caller, as_supervisor: Caller, as_specialist: Caller, as_customer: Caller,
    ticket: Ticket,
) -> None:  # fmt: skip
    path = f"tickets/{ticket.number}"
    _done(as_officer.post(f"{path}/handle"), "handled")
    reply = as_officer.post(f"{path}/messages", {"body": "Kami bantu, mohon tunggu."})
    assert (reply.status_code, reply.json()["kind"]) == (201, "reply")
    _done(as_officer.post(f"{path}/escalation", FORM), "handled")
    problem(as_officer.post(f"{path}/escalation", FORM), 409, "wrong_state")
    problem(as_officer.post(f"{path}/escalation/verification"), 403)
    sent = _done(as_supervisor.post(f"{path}/escalation/verification"), "escalated")
    assert sent["team"]["code"] == "fraud"
    _done(as_specialist.post(f"{path}/acceptance", {"plan": "Periksa log"}), "monitored")
    _done(as_specialist.post(f"{path}/progress", {"report": "Pelaku ditemukan"}), "monitored")
    _done(as_specialist.post(f"{path}/return", {"reason": "Selesai"}), "handled")
    asked = _done(as_officer.post(f"{path}/confirmation-request", CLOSING), "handled")
    assert asked["confirmation_asked_at"]
    _done(as_customer.post(f"{path}/confirmation", {"holds": True}), "handled")
    closing = {**CLOSING, "confirmation": "confirmed"}
    _done(as_officer.post(f"{path}/closing", closing), "closed")
    _done(as_customer.post(f"{path}/survey", {"score": 5, "comment": "Cepat"}), "closed")
    _done(as_customer.post(f"{path}/survey", {"score": 4}), "closed")  # a changed mind
    SatisfactionSurvey.objects.update(answered_at=clock.now() - timedelta(days=8))
    problem(as_customer.post(f"{path}/survey", {"score": 5}), 409, "already_answered")
    again = _done(as_customer.post(f"{path}/reopening", {"reason": "Terulang"}), "handled")
    assert again["reopen_count"] == 1

    forms = as_officer.get(f"{path}/escalations").json()["results"]
    assert forms[0]["state"] == "returned"
    assert forms[0]["requested_by"]["name"] == "Dimas Pratama"
    assert forms[0]["decided_by"]["name"] == "Sari Wulandari"
    metrics = {row["metric"]: row for row in as_officer.get(f"{path}/clocks").json()["results"]}
    assert metrics["first_response"]["met_at"]
    assert "fraud_response" in metrics
    seen = {row["metric"] for row in as_customer.get(f"{path}/clocks").json()["results"]}
    assert "fraud_response" not in seen


def test_declining_an_escalation(as_officer: Caller, as_supervisor: Caller, taken: Ticket) -> None:
    path = f"tickets/{taken.number}"
    _done(as_officer.post(f"{path}/escalation", FORM), "handled")
    _done(as_supervisor.post(f"{path}/escalation/decline", {"reason": "Belum perlu"}), "handled")
    problem(as_supervisor.post(f"{path}/escalation/decline", {"reason": "x"}), 409, "wrong_state")
    assert as_officer.get(f"{path}/escalations").json()["results"][0]["state"] == "declined"


def test_an_officer_who_skips_a_level_says_why(
    as_officer: Caller, as_supervisor: Caller, taken: Ticket
) -> None:
    path, form = f"tickets/{taken.number}", {**FORM, "to_team": "legal"}
    document = problem(as_officer.post(f"{path}/escalation", form), 400, "level_skipped")
    assert document["errors"][0]["field"] == "reason"
    _done(as_officer.post(f"{path}/escalation", {**form, "reason": "Ada gugatan"}), "handled")
    shown = as_supervisor.get(f"{path}/escalations").json()["results"][0]
    assert (shown["follows_matrix"], shown["request_reason"]) == (False, "Ada gugatan")
    _done(as_supervisor.post(f"{path}/escalation/verification", {}), "escalated")


def test_a_level_is_skipped_with_a_reason_alone(as_supervisor: Caller, taken: Ticket) -> None:
    path, form = f"tickets/{taken.number}", {**FORM, "to_team": "legal"}
    document = problem(as_supervisor.post(f"{path}/escalation", form), 400, "level_skipped")
    assert document["errors"][0]["field"] == "reason"
    _done(as_supervisor.post(f"{path}/escalation", {**form, "reason": "Polisi"}), "escalated")


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("acceptance", {"plan": "p"}),
        ("progress", {"report": "p"}),
        ("return", {"reason": "r"}),
        ("handle", {}),
        ("reopening", {"reason": "r"}),
        ("escalation/verification", {}),
        ("escalation/decline", {"reason": "r"}),
    ],
)
def test_a_verb_in_the_wrong_state_changes_nothing(
    as_supervisor: Caller, taken: Ticket, verb: str, body: dict[str, Any]
) -> None:
    before = row_counts()
    problem(as_supervisor.post(f"tickets/{taken.number}/{verb}", body), 409, "wrong_state")
    assert row_counts() == before


def test_a_lead_assigns_to_a_member(
    as_supervisor: Caller, as_officer: Caller, taken: Ticket, supervisor: User, officer: User
) -> None:
    path = f"tickets/{taken.number}/assign"
    mine = _done(as_supervisor.post(path, {}), "handled")
    assert mine["assignee"]["id"] == supervisor.pk
    given = _done(as_supervisor.post(path, {"assignee": officer.pk}), "handled")
    assert given["assignee"] == {"id": officer.pk, "name": "Dimas Pratama"}


def test_reclassifying_keeps_what_is_absent(as_officer: Caller, taken: Ticket) -> None:
    body = {"priority": "HIGH", "reason": "Saldo aman"}
    answer = _done(as_officer.post(f"tickets/{taken.number}/classification", body), "handled")
    assert (answer["priority"], answer["category"]) == ("HIGH", taken.category)
    assert answer["reasons"][0]["rule"] == "override"
    problem(as_officer.post(f"tickets/{taken.number}/classification", body), 400, "no_change")


def test_reclassifying_out_of_ones_own_squad_still_answers(
    as_officer: Caller, taken: Ticket
) -> None:
    body = {"category": "seller_fraud", "queue": "general", "reason": "Penipuan toko"}
    answer = as_officer.post(f"tickets/{taken.number}/classification", body)
    assert answer.status_code == 200
    assert answer.json()["team"]["code"] == "cs_order"


def test_an_older_version_is_412(as_officer: Caller, as_supervisor: Caller, ticket: Ticket) -> None:
    path = f"tickets/{ticket.number}"
    seen = as_officer.get(path)["ETag"]
    _done(as_supervisor.post(f"{path}/assign", {}, If_Match=seen), "classified")
    before = row_counts()
    problem(as_officer.post(f"{path}/handle", If_Match=seen), 412, "precondition_failed")
    assert row_counts() == before
    fresh = as_officer.get(path)["ETag"]
    _done(as_officer.post(f"{path}/handle", If_Match=fresh), "handled")
    assert as_officer.get(path).json()["assignee"]["name"] == "Dimas Pratama"


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("messages", {"body": "b"}),
        ("messages", {"body": "b", "kind": "note"}),
        ("assign", {}),
        ("classification", {"priority": "LOW", "reason": "r"}),
        ("escalation", FORM),
        ("confirmation-request", CLOSING),
        ("closing", {**CLOSING, "confirmation": "confirmed"}),
    ],
)
def test_every_verb_heeds_if_match(
    as_supervisor: Caller, taken: Ticket, verb: str, body: dict[str, Any]
) -> None:
    before, path = row_counts(), f"tickets/{taken.number}/{verb}"
    problem(as_supervisor.post(path, body, If_Match='"1"'), 412, "precondition_failed")
    for header in ("7", '"x"', 'W/"1"', '"1", "2"', '""', '"-1"'):
        problem(as_supervisor.post(path, body, If_Match=header), 400, "bad_if_match")
    assert row_counts() == before
    assert as_supervisor.post(path, body, If_Match="*").status_code in (200, 201)


def test_a_reporters_verbs_heed_if_match(as_customer: Caller, taken: Ticket) -> None:
    before, path = row_counts(), f"tickets/{taken.number}"
    for verb, body in (
        ("messages", {"body": "b"}),
        ("confirmation", {"holds": True}),
        ("survey", {"score": 5}),
        ("reopening", {"reason": "r"}),
    ):
        problem(as_customer.post(f"{path}/{verb}", body, If_Match='"1"'), 412)
    assert row_counts() == before


def test_who_may_write_what(as_officer: Caller, as_customer: Caller, taken: Ticket) -> None:
    path = f"tickets/{taken.number}/messages"
    for kind in ("reply", "note"):
        problem(as_customer.post(path, {"body": "b", "kind": kind}), 403, "not_allowed")
    problem(as_officer.post(path, {"body": "b", "kind": "customer"}), 403, "not_allowed")
    body = {"body": "b", "kind": "note", "wait_for_customer": True}
    problem(as_officer.post(path, body), 400)
    waiting = {"body": "Mohon foto KTP", "wait_for_customer": True}
    assert as_officer.post(path, waiting).status_code == 201
    assert as_officer.get(f"tickets/{taken.number}").json()["waiting_for_customer_since"]
    seen = as_customer.get(path).json()["results"]
    assert [message["author"]["name"] for message in seen] == ["Ratna Dewi", "Dimas"]


def test_a_reply_that_crosses_anothers_is_not_sent(
    as_officer: Caller, as_supervisor: Caller, taken: Ticket
) -> None:
    path = f"tickets/{taken.number}/messages"
    seen = as_officer.get(path).json()["results"][-1]["id"]
    between = as_supervisor.post(path, {"body": "Sebentar ya."})
    assert between.status_code == 201
    problem(as_officer.post(path, {"body": "b", "seen_message": seen}), 409, "reply_crossed")
    note = {"body": "b", "kind": "note", "seen_message": seen}
    problem(as_officer.post(path, note), 400)
    newest = between.json()["id"]
    assert as_officer.post(path, {"body": "b", "seen_message": newest}).status_code == 201


@pytest.mark.parametrize("who", ["officer", "supervisor", "specialist", "customer"])
def test_what_is_offered_is_what_is_accepted(
    who: str, as_officer: Caller, as_supervisor: Caller, as_specialist: Caller, as_customer: Caller,
    ticket: Ticket, file_ticket: FileTicket, supervisor: User,
) -> None:  # fmt: skip
    path = f"tickets/{ticket.number}"
    twin = file_ticket()
    incident = open_incident(actor=of_user(supervisor), title="t", words="w")
    bodies: dict[str, dict[str, Any]] = {
        "handle": {}, "take": {}, "assign": {}, "reply": {"body": "b"},
        "note": {"body": "b", "kind": "note"}, "write": {"body": "b"},
        "reclassify": {"priority": "LOW", "reason": "r"}, "escalate": {**FORM, "to_team": "legal", "reason": "r"},
        "correct": {"amount_idr": 5, "reason": "r"},
        "verify": {}, "redirect": {"to_team": "legal", "reason": "r"}, "decline": {"reason": "r"},
        "accept": {"plan": "p"},
        "progress": {"report": "r"}, "return": {"reason": "r"}, "confirm": CLOSING,
        "answer": {"holds": True}, "close": {**CLOSING, "confirmation": "confirmed"},
        "reopen": {"reason": "r"}, "survey": {"score": 5},
        "follow_up": {"what": "w", "due_at": LATER},
        "follow_up_done": {"follow_up": 1, "result": "r"},
        "follow_up_move": {"follow_up": 1, "due_at": LATER, "reason": "r"},
        "target": {"target_at": LATER, "reason": "r"},
        "hearing": {"party": "buyer", "notes": "n"},
        "decide": {"outcome": "seller", "reasons_buyer": "b", "reasons_seller": "s"},
        "freeze": FREEZE | {"reference": "A2"}, "freeze_decide": {"freeze": 1, "approved": True},
        "unfreeze": {"freeze": 1, "reason": "r"}, "relay": {"text": "t"},
        "hold": HOLD, "release": {}, "forward": {"reason": "r"}, "put_back": {"on": False},
        "no_reply": {}, "need_reply": {},
        "merge": {"numbers": [twin.number]}, "undo_merge": {},
        "tag": {"add": ["vip"]},
        "split": {"messages": [ticket.messages.get().pk]},
        "link": {"number": twin.number, "kind": "related"}, "unlink": {"link": 1},
        "incident": {"incident": incident.pk}, "leave_incident": {},
        "incident_words": {"body": "b"}, "watch": {}, "unwatch": {}, "ask_to_watch": {"person": supervisor.pk},
    }  # fmt: skip
    assert set(bodies) == set(PLACES)
    from django.db import transaction

    caller = {
        "officer": as_officer, "supervisor": as_supervisor,
        "specialist": as_specialist, "customer": as_customer,
    }[who]  # fmt: skip
    steps = [
        (as_officer, "handle", {}),
        (as_supervisor, "pull-forward", {"reason": "r"}),
        (as_officer, "escalation", FORM),
        (as_supervisor, "escalation/verification", {}),
        (as_specialist, "acceptance", {"plan": "p"}),
        (as_specialist, "return", {"reason": "r"}),
        (as_officer, "confirmation-request", CLOSING),
        (as_supervisor, "hold", HOLD),
        (as_officer, "closing", {**CLOSING, "confirmation": "confirmed"}),
        (as_customer, "survey", {"score": 5}),
    ]
    assert as_officer.post(f"{path}/freezes", FREEZE).status_code == 200
    for step in [None, *steps]:
        if step is not None:
            assert step[0].post(f"{path}/{step[1]}", step[2]).status_code == 200, step[1]
        offered = {row["action"]: row for row in caller.get(f"{path}/actions").json()["results"]}
        # The one row there is, if there is one.
        for action, body in bodies.items():
            for name, rows in (("follow_up", FollowUp), ("freeze", FreezeRequest)):
                if name in body:
                    body[name] = rows.objects.values_list("pk", flat=True).first() or 1
            with transaction.atomic():
                answer = caller.post(f"{path}/{PLACES[action]}", body)
                transaction.set_rollback(True)
            row = offered.get(action, {"allowed": False})
            if row["allowed"]:
                assert answer.status_code in (200, 201), (step, action, answer.content)
                assert row["url"].endswith(f"{path}/{PLACES[action]}")
            elif action not in ("take", "assign", "reply", "write"):
                # (taking again is harmless; reply and write share an address with note)
                assert answer.status_code in (403, 409), (step, action, answer.content)


def test_how_late_deadlines_fired(as_supervisor: Caller, ticket: Ticket) -> None:
    nothing = {"count": 0, "median": None, "p99": None, "worst": None}
    assert as_supervisor.get("sla/lateness").json() == nothing
    with clock.shifted(timedelta(hours=30)):
        for _ in range(6):  # two warnings come before each deadline
            sweep()
        answer = as_supervisor.get("sla/lateness?hours=1").json()
        assert answer["count"] >= 2
        assert answer["worst"] >= answer["median"] > 0
    for query in ("hours=0", "hours=x", "hours=1000000", "days=1", "hours=1.000"):
        problem(as_supervisor.get(f"sla/lateness?{query}"), 400)


def test_the_queries_of_a_look_do_not_grow(
    as_officer: Caller, taken: Ticket, django_assert_max_num_queries: Any
) -> None:
    path = f"tickets/{taken.number}"
    for index in range(12):
        as_officer.post(f"{path}/messages", {"body": f"Kabar {index}"})
    for part, limit in (("", 8), ("/events", 8), ("/messages", 9), ("/clocks", 9)):
        with django_assert_max_num_queries(limit):
            assert as_officer.get(path + part).status_code == 200
