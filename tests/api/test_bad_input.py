"""Hostile bodies at every place that reads one: a problem document, nothing stored, never a 500."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from helpdesk.common.strict_json import MAX_BYTES
from helpdesk.common.wsgi_request import ForgivingRequest
from tests.api.conftest import COMPLAINT, Caller, problem, row_counts
from tickets.models import Ticket

FORM = {"to_team": "fraud", "summary": "s", "tried": "t", "evidence": "e", "wanted_outcome": "w"}
CLOSING = {"root_cause": "r", "solution": "s"}
# Every place that reads a body, with one text field of it.
PLACES: list[tuple[str, dict[str, Any], str]] = [
    ("tickets", COMPLAINT, "description"),
    ("tickets/{number}/messages", {"body": "b"}, "body"),
    ("tickets/{number}/handle", {}, ""),
    ("tickets/{number}/assign", {}, ""),
    ("tickets/{number}/classification", {"priority": "HIGH", "reason": "r"}, "reason"),
    ("tickets/{number}/escalation", FORM, "summary"),
    ("tickets/{number}/escalation/verification", {"reason": "r"}, "reason"),
    ("tickets/{number}/escalation/decline", {"reason": "r"}, "reason"),
    ("tickets/{number}/acceptance", {"plan": "p"}, "plan"),
    ("tickets/{number}/progress", {"report": "p"}, "report"),
    ("tickets/{number}/return", {"reason": "r"}, "reason"),
    ("tickets/{number}/confirmation-request", CLOSING, "solution"),
    ("tickets/{number}/confirmation", {"holds": True, "words": "w"}, "words"),
    ("tickets/{number}/closing", {**CLOSING, "confirmation": "confirmed"}, "solution"),
    ("tickets/{number}/reopening", {"reason": "r"}, "reason"),
    ("tickets/{number}/survey", {"score": 5, "comment": "c"}, "comment"),
]
RAW = {
    "empty": (b" ", 400, "malformed_json"),
    "broken": (b'{"a": ', 400, "malformed_json"),
    "rest": (b"{} {}", 400, "malformed_json"),
    "single quotes": (b"{'a': 1}", 400, "malformed_json"),
    "not UTF-8": (b'{"a": "\xff\xfe"}', 400, "not_utf8"),
    "UTF-16": ('{"a": 1}'.encode("utf-16"), 400, "not_utf8"),
    "raw NUL": (b'{"a": "\x00"}', 400, "malformed_json"),
    "escaped NUL": (rb'{"a": "\u0000"}', 400, "null_character"),
    "NUL in a key": (rb'{"\u0000": 1}', 400, "null_character"),
    "lone surrogate": (rb'{"a": "\ud83d"}', 400, "broken_character"),
    "surrogate in a key": (rb'{"\ud83d": 1}', 400, "broken_character"),
    "NaN": (b'{"a": NaN}', 400, "not_a_number"),
    "Infinity": (b'{"a": -Infinity}', 400, "not_a_number"),
    "1e400": (b'{"a": 1e400}', 400, "number_too_large"),
    "10,000 digits": (b'{"a": ' + b"9" * 10_000 + b"}", 400, "malformed_json"),
    "key twice": (b'{"a": 1, "a": 2}', 400, "duplicate_key"),
    "deep list": (b"[" * 10_000 + b"]" * 10_000, 400, "too_deep"),
    "deep object": (b'{"a":' * 60 + b"1" + b"}" * 60, 400, "too_deep"),
    "a list": (b"[]", 400, "not_an_object"),
    "a text": (b'"x"', 400, "not_an_object"),
    "null": (b"null", 400, "not_an_object"),
    "too large": (b'{"a": "' + b"x" * MAX_BYTES + b'"}', 413, "too_large"),
}


@pytest.mark.parametrize("path", [place[0] for place in PLACES])
def test_a_body_that_cannot_be_read(as_supervisor: Caller, ticket: Ticket, path: str) -> None:
    before = row_counts()
    for name, (raw, status, code) in RAW.items():
        answer = as_supervisor.send(path.format(number=ticket.number), raw)
        assert answer.status_code == status, (name, answer.content[:300])
        problem(answer, status, code)
    assert row_counts() == before


@pytest.mark.parametrize(("path", "good", "text"), PLACES)
def test_a_field_that_cannot_be_taken(
    as_supervisor: Caller, ticket: Ticket, path: str, good: dict[str, Any], text: str
) -> None:
    before, version = row_counts(), Ticket.objects.get(pk=ticket.pk).version
    bad: list[dict[str, Any]] = [{**good, "unheard_of": 1}]
    if text:
        bad += [{**good, text: value} for value in (1, True, None, ["x"], {"a": "b"}, "x" * 10**6)]
        if text not in ("comment", "words"):
            bad += [{name: value for name, value in good.items() if name != text}]
    if text and "verification" in path:
        bad.pop()  # its reason may be left out
    for body in bad:
        answer = as_supervisor.post(path.format(number=ticket.number), body)
        document = problem(answer, 400)
        assert document["errors"], body
        assert document["errors"][0]["field"] in (text, "unheard_of")
    assert row_counts() == before
    assert Ticket.objects.get(pk=ticket.pk).version == version


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("amount_idr", [True, -1, 10**18, 1.5, "5000000", "Rp 5 juta", "1e3", [], 10**400]),
        ("days_open", [True, -1, 4_000, "5", [], {}]),
        ("channel", ["fax", "", 1, None, [], {}, "web\n"]),
        ("tier", ["vip", 1]),
        ("reporter", ["nobody"]),
        ("wanted_solution", ["jail"]),
        ("language", ["fr", ""]),
        ("email", ["x", "a@b", "a@b.c\r\nBcc: x@y.z", "x" * 300, 1]),
        ("phone", ["abc", "1", "0" * 31, 62812]),
        ("name", ["x" * 151, 1]),
        ("subject", ["x" * 201, []]),
        ("order_number", ["x" * 61, 5]),
        ("description", ["", "   ", "\u200b\u200b", "x" * 20_001]),
        ("even_if_open", ["true", 1, None, "yes"]),
    ],
)
def test_a_complaints_fields_one_by_one(
    as_integrator: Caller, field: str, values: list[Any]
) -> None:
    before = row_counts()
    for value in values:
        answer = as_integrator.post("tickets", {**COMPLAINT, field: value})
        document = problem(answer, 400)
        assert {error["field"] for error in document["errors"]} <= {field, "contact"}, value
        assert document["errors"]
    assert row_counts() == before


def test_the_boundary_is_exact(as_integrator: Caller) -> None:
    stored = []
    for index, amount in enumerate((5_000_000, 5_000_001)):
        body = {**COMPLAINT, "order_number": f"INV/{index}", "amount_idr": amount}
        stored.append(as_integrator.post("tickets", body).json()["amount_idr"])
    assert stored == [5_000_000, 5_000_001]


def test_no_contact_is_said(as_integrator: Caller) -> None:
    body = {"description": "Paket belum sampai"}
    document = problem(as_integrator.post("tickets", body), 400, "no_contact")
    assert document["errors"][0]["field"] == "contact"


def test_fields_of_the_ticket_cannot_be_set(as_customer: Caller, as_integrator: Caller) -> None:
    before = row_counts()
    forbidden = {
        "priority": "URGENT", "state": "closed", "category": "press", "team": 1, "assignee": 1,
        "is_staff": True, "verified": True, "created_at": "2020-01-01", "received_at": "2020-01-01",
        "id": 1, "number": "TUN-1", "due_at": "2030-01-01", "customer": 1, "created_by": 1,
        "expedited": True, "submission_key": "x", "version": 9, "shop": 1, "agent": 1,
    }  # fmt: skip
    for caller in (as_customer, as_integrator):
        answer = caller.post("tickets", {**COMPLAINT, **forbidden})
        document = problem(answer, 400, "unknown_field")
        assert {error["field"] for error in document["errors"]} == set(forbidden)
    assert row_counts() == before


@pytest.mark.parametrize("claim", [{"tier": "diamond"}, {"channel": "live_chat"}])
def test_a_customer_makes_no_claims(as_customer: Caller, claim: dict[str, str]) -> None:
    before = row_counts()
    answer = as_customer.post("tickets", {"description": "Halo", **claim})
    document = problem(answer, 400, "not_yours_to_set")
    assert {error["field"] for error in document["errors"]} == set(claim)
    assert row_counts() == before


def test_direction_tricks_are_cleaned(as_integrator: Caller) -> None:
    body = {**COMPLAINT, "name": "Budi\u202egnp.exe", "subject": "a\u200bb\u2066c"}
    answer = as_integrator.post("tickets", body).json()
    assert answer["subject"] == "abc"


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/xml", "application/x-www-form-urlencoded", "x", "a/" + "b" * 300],
)
def test_another_content_type_is_refused(as_integrator: Caller, content_type: str) -> None:
    before = row_counts()
    raw = json.dumps(COMPLAINT)
    answer = as_integrator.send("tickets", raw, content_type=content_type)
    problem(answer, 415, "unsupported_media_type")
    assert row_counts() == before


@pytest.mark.parametrize(
    ("raw", "content_type"),
    [
        (b"nonsense", "multipart/form-data"),
        (b"nonsense", "multipart/form-data; boundary=x"),
        (b"--x\r\nContent-Disposition: form-data\r\n\r\n", "multipart/form-data; boundary=x"),
        (b"--x", "multipart/form-data; boundary=" + "x" * 300),
        (b"--x--", "multipart/form-data; boundary=x; charset=bz2"),
    ],
)
def test_a_broken_form_is_refused(as_integrator: Caller, raw: bytes, content_type: str) -> None:
    before = row_counts()
    answer = as_integrator.send("tickets", raw, content_type=content_type)
    problem(answer, answer.status_code)
    assert answer.status_code in (400, 415)
    assert row_counts() == before


def test_a_form_is_read_as_strictly(as_integrator: Caller) -> None:
    before = row_counts()
    bad: list[dict[str, Any]] = [
        {**COMPLAINT, "unheard_of": "1"},
        {**COMPLAINT, "subject": ["a", "b"]},
        {**COMPLAINT, "amount_idr": "1.000"},
        {**COMPLAINT, "amount_idr": "\u0661"},
        {**COMPLAINT, "days_open": "nan"},
        {**COMPLAINT, "even_if_open": "on"},
        {**COMPLAINT, "subject": "a\x00b"},
        {**COMPLAINT, "files": "not a file"},
        {**COMPLAINT, "evidence": SimpleUploadedFile("a.png", b"x")},
        {
            **COMPLAINT,
            "files": [SimpleUploadedFile(f"{i}.png", b"\x89PNG\r\n\x1a\n") for i in range(11)],
        },
    ]
    bad.append({**COMPLAINT, "days_open": "1,5"})
    for body in bad:
        problem(as_integrator.send_form("tickets", body), 400)
    assert row_counts() == before


def test_a_request_that_is_far_too_large_is_not_read(as_integrator: Caller) -> None:
    answer = as_integrator.client.generic(
        "POST",
        "/api/v1/tickets",
        b"x",
        "application/json",
        headers=as_integrator.headers,
        CONTENT_LENGTH=str(10**10),
    )
    problem(answer, 413, "too_large")


@pytest.mark.parametrize("charset", ["bz2", "zip", "rot13", "utf-16", "nonsense", "\u00e9", ""])
def test_a_charset_that_decodes_no_text_breaks_no_request(charset: str) -> None:
    """Django looks the charset up, and then fails while it makes the request object."""
    from helpdesk.wsgi import application

    assert application.request_class is ForgivingRequest
    environ = RequestFactory().get("/api/v1/tickets?a=b").environ
    environ["CONTENT_TYPE"] = f"application/json; charset={charset}"
    assert ForgivingRequest(environ).path == "/api/v1/tickets"


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "nonsense"])
def test_json_is_utf_8_whatever_is_claimed(as_integrator: Caller, charset: str) -> None:
    content_type = f"application/json; charset={charset}"
    answer = as_integrator.send("tickets", json.dumps(COMPLAINT), content_type=content_type)
    assert answer.status_code == 201
