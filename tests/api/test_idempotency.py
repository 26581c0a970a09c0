from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client

from helpdesk.common import clock
from helpdesk.common.idempotency import KEPT, forget_answers
from helpdesk.common.models import KeptAnswer
from people.actors import of_user
from people.models import ApiToken, User
from people.services import issue_token, revoke_token, rotate_token
from tests.api.conftest import COMPLAINT, Caller, problem, row_counts
from tickets.models import Attachment, Message, Ticket


def test_a_repeat_gets_the_same_answer_and_files_nothing(as_integrator: Caller) -> None:
    body = {**COMPLAINT, "description": "Akun dibobol, password: rahasia123"}
    first = as_integrator.post("tickets", body, Idempotency_Key="order-1")
    assert (first.status_code, "Idempotency-Replayed" in first) == (201, False)
    before = row_counts()
    for _ in range(2):
        again = as_integrator.post("tickets", body, Idempotency_Key="order-1")
        assert (again.status_code, again["Idempotency-Replayed"]) == (201, "true")
        assert again.content == first.content
        assert all(again[name] == first[name] for name in ("ETag", "Location"))
    assert row_counts() == before


def test_the_key_with_another_body_is_refused(as_integrator: Caller) -> None:
    as_integrator.post("tickets", COMPLAINT, Idempotency_Key="order-1")
    before = row_counts()
    for changed in ({"description": "Lain"}, {"amount_idr": 1}, {"email": "lain@example.com"}):
        answer = as_integrator.post("tickets", {**COMPLAINT, **changed}, Idempotency_Key="order-1")
        problem(answer, 422, "idempotency_key_reused")
    assert row_counts() == before


def test_a_key_belongs_to_its_token_and_goes_on_with_its_rotation(
    integrator: User, admin: User
) -> None:
    token, key = issue_token(user=integrator, name="a")
    _other, other_key = issue_token(user=integrator, name="b")
    first = Caller(key).post("tickets", COMPLAINT, Idempotency_Key="k").json()
    body = {**COMPLAINT, "email": "lain@example.com", "order_number": "INV/2"}
    other = Caller(other_key).post("tickets", body, Idempotency_Key="k")
    assert other.status_code == 201
    assert "Idempotency-Replayed" not in other
    assert other.json()["number"] != first["number"]
    _new, new_key = rotate_token(actor=of_user(admin), token_id=token.pk, overlap_hours=1)
    again = Caller(new_key).post("tickets", COMPLAINT, Idempotency_Key="k")
    assert again["Idempotency-Replayed"] == "true"
    assert again.json() == first


def test_the_key_at_another_address_is_refused(as_officer: Caller, ticket: Ticket) -> None:
    handle = f"tickets/{ticket.number}/handle"
    first = as_officer.post(handle, {}, Idempotency_Key="k")
    assert first.status_code == 200
    again = as_officer.post(handle, {}, Idempotency_Key="k")
    assert (again.status_code, again.content) == (200, first.content)
    problem(as_officer.post(handle), 409, "wrong_state")
    problem(as_officer.post("tickets", {}, Idempotency_Key="k"), 422, "idempotency_key_reused")


def test_members_in_another_order_are_the_same_request(as_integrator: Caller) -> None:
    as_integrator.post("tickets", COMPLAINT, Idempotency_Key="k")
    turned = dict(reversed(COMPLAINT.items()))
    assert "Idempotency-Replayed" in as_integrator.post("tickets", turned, Idempotency_Key="k")


def test_files_count_as_what_was_sent(as_integrator: Caller) -> None:
    def send(content: bytes) -> Any:
        file = SimpleUploadedFile("bukti.png", b"\x89PNG\r\n\x1a\n" + content)
        form = {**COMPLAINT, "files": file}
        return as_integrator.send_form("tickets", form, Idempotency_Key="k")

    first = send(b"satu")
    assert first.status_code == 201, first.content
    # The client draws a new boundary each time.
    assert send(b"satu").content == first.content
    problem(send(b"dua"), 422, "idempotency_key_reused")
    assert Attachment.objects.count() == 1


def test_a_session_has_keys_of_its_own(officer: User, as_officer: Caller) -> None:
    client = Client()
    client.force_login(officer)
    for caller_is_new in (True, False):
        answer = client.post(
            "/api/v1/tickets",
            json.dumps(COMPLAINT),
            content_type="application/json",
            headers={"Idempotency-Key": "k"},
        )
        assert ("Idempotency-Replayed" not in answer) == caller_is_new
    assert "Idempotency-Replayed" not in as_officer.post("tickets", COMPLAINT, Idempotency_Key="k")


def test_nothing_is_replayed_to_who_may_not_act(integrator: User, admin: User) -> None:
    token, key = issue_token(user=integrator, name="a")
    Caller(key).post("tickets", COMPLAINT, Idempotency_Key="k")
    ApiToken.objects.filter(pk=token.pk).update(scopes=["tickets:read"])
    problem(Caller(key).post("tickets", COMPLAINT, Idempotency_Key="k"), 403, "insufficient_scope")
    revoke_token(actor=of_user(admin), token_id=token.pk)
    problem(Caller(key).post("tickets", COMPLAINT, Idempotency_Key="k"), 401)


def test_neither_key_nor_request_nor_secret_is_kept(as_integrator: Caller) -> None:
    body = {**COMPLAINT, "description": "Akun dibobol, password: rahasia123, PIN saya 123456"}
    as_integrator.post("tickets", body, Idempotency_Key="order-7-of-toko")
    kept = str(list(KeptAnswer.objects.values()))
    assert not any(word in kept for word in ("order-7", "rahasia123", "123456"))


def test_answers_are_kept_for_their_term_and_then_forgotten(as_integrator: Caller) -> None:
    first = as_integrator.post("tickets", COMPLAINT, Idempotency_Key="k").json()
    with clock.shifted(timedelta(hours=47)):
        assert forget_answers() == 0
        again = as_integrator.post("tickets", COMPLAINT, Idempotency_Key="k")
        assert again["Idempotency-Replayed"] == "true"
    with clock.shifted(KEPT + timedelta(seconds=1)):
        other = {**COMPLAINT, "email": "lain@example.com"}
        fresh = as_integrator.post("tickets", other, Idempotency_Key="k")
        assert fresh.status_code == 201
        assert fresh.json()["number"] != first["number"]
        assert forget_answers() == 0
    with clock.shifted(2 * KEPT + timedelta(seconds=2)):
        assert forget_answers() == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "x" * 300, "kunci\u00e9", "a\tb"])
def test_a_key_that_is_none_is_refused(as_integrator: Caller, key: str) -> None:
    before = row_counts()
    answer = as_integrator.post("tickets", COMPLAINT, Idempotency_Key=key)
    problem(answer, 400, "bad_idempotency_key")
    assert row_counts() == before


def test_a_refused_request_does_not_use_the_key_up(as_integrator: Caller) -> None:
    problem(as_integrator.post("tickets", {**COMPLAINT, "tier": "x"}, Idempotency_Key="k"), 400)
    assert as_integrator.post("tickets", COMPLAINT, Idempotency_Key="k").status_code == 201


def test_a_message_is_written_once(as_officer: Caller, as_customer: Caller, taken: Ticket) -> None:
    path = f"tickets/{taken.number}/messages"
    for caller, body in (
        (as_officer, {"body": "Kami cek."}),
        (as_officer, {"body": "Catatan", "kind": "note"}),
        (as_customer, {"body": "Terima kasih"}),
    ):
        key = body.get("kind", "m")
        first = caller.post(path, body, Idempotency_Key=key)
        again = caller.post(path, body, Idempotency_Key=key)
        assert (first.status_code, again.status_code) == (201, 201)
        assert first.json() == again.json()
        changed = caller.post(path, {**body, "body": "Lain"}, Idempotency_Key=key)
        problem(changed, 422, "idempotency_key_reused")
    assert Message.objects.filter(ticket=taken).count() == 4


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_eight_at_once_file_one_ticket(integrator: User) -> None:
    _token, key = issue_token(user=integrator, name="test")
    caller = Caller(key)

    def file(_attempt: int) -> tuple[int, dict[str, Any]]:
        try:
            answer = Caller(key).post("tickets", COMPLAINT, Idempotency_Key="once")
            return answer.status_code, answer.json()
        finally:
            connections.close_all()

    assert caller.get("categories").status_code == 200  # rules are read before the race
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(file, range(8)))
    assert {status for status, _answer in answers} == {201}
    assert all(answer == answers[0][1] for _status, answer in answers)
    assert Ticket.objects.count() == 1
    assert Message.objects.count() == 1
