"""Drafts and replies that may be taken back, through the API."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.api.conftest import Caller, problem
from tickets.models import Draft, KeptFile, Ticket

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 32


def test_a_draft_is_kept_changed_and_thrown_away(as_officer: Caller, ticket: Ticket) -> None:
    path = f"tickets/{ticket.number}/draft"
    assert as_officer.get(path).json()["version"] == 0
    first = as_officer.request("PUT", path, {"body": "Halo"}, If_Match='"0"')
    assert (first.status_code, first.json()["body"]) == (200, "Halo")
    second = as_officer.request("PUT", path, {"body": "Halo, Ibu"}, If_Match=first["ETag"])
    assert second.json()["version"] > first.json()["version"]
    for stale in ('"0"', first["ETag"]):
        behind = as_officer.request("PUT", path, {"body": "Lama"}, If_Match=stale)
        problem(behind, 409, "draft_stale")
    problem(as_officer.request("DELETE", path, If_Match=first["ETag"]), 409, "draft_stale")
    assert as_officer.get(path).json()["body"] == "Halo, Ibu"
    note = as_officer.request("PUT", path, {"body": "Catatan", "mode": "note"})
    assert note.json()["mode"] == "note"
    assert as_officer.request("DELETE", path).status_code == 204
    assert as_officer.request("DELETE", path).status_code == 204
    assert [draft.mode for draft in Draft.objects.all()] == ["note"]


def test_a_draft_is_its_writers_alone(
    as_officer: Caller, as_supervisor: Caller, ticket: Ticket
) -> None:
    path = f"tickets/{ticket.number}/draft"
    as_officer.request("PUT", path, {"body": "Rahasia saya"})
    assert as_supervisor.get(path).json()["body"] == ""


def test_odd_drafts_are_refused_in_words(as_officer: Caller, ticket: Ticket) -> None:
    path = f"tickets/{ticket.number}/draft"
    for body in ({"body": "x" * 20_001}, {"body": "\x00"}, {"body": "a", "mode": "customer"}, {}):
        assert as_officer.request("PUT", path, body).status_code == 400
    assert as_officer.get(f"{path}?mode=other").status_code == 400
    assert not Draft.objects.exists()


def test_a_reply_is_taken_back_with_its_files(as_officer: Caller, ticket: Ticket) -> None:
    path = f"tickets/{ticket.number}/outgoing-replies"
    file = SimpleUploadedFile("bukti.png", PNG, "image/png")
    sent = as_officer.send_form(path, {"body": "Halo", "undo_seconds": 30, "files": [file]})
    assert (sent.status_code, sent.json()["state"]) == (201, "waiting")
    back = as_officer.post(f"{path}/{sent.json()['id']}/undo")
    assert (back.status_code, back.json()["state"]) == (200, "taken_back")
    draft = as_officer.get(f"tickets/{ticket.number}/draft").json()
    assert (draft["body"], draft["files"][0]["name"]) == ("Halo", "bukti.png")
    again = {"body": "Halo", "undo_seconds": 0, "kept_files": [draft["files"][0]["key"]]}
    done = as_officer.post(path, again)
    assert done.json()["state"] == "sent"
    message = ticket.messages.get(pk=done.json()["message"])
    assert message.attachments.get().name == "bukti.png"
    assert not KeptFile.objects.exists()
    problem(as_officer.post(f"{path}/{done.json()['id']}/undo"), 409, "reply_left")


def test_the_same_key_is_one_reply(as_officer: Caller, ticket: Ticket) -> None:
    path = f"tickets/{ticket.number}/outgoing-replies"
    body = {"body": "Halo", "undo_seconds": 30}
    both = [as_officer.post(path, body, Idempotency_Key="k").json()["id"] for _time in range(2)]
    assert both[0] == both[1]
    now = as_officer.post(f"{path}/{both[0]}/send")
    assert now.json()["state"] == "sent"
    assert ticket.messages.filter(kind="reply").count() == 1
    assert as_officer.post(path, {"body": "x", "undo_seconds": 61}).status_code == 400
