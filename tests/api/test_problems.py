from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404
from django.test import Client
from django.utils import translation
from rest_framework import exceptions

from helpdesk.common.errors import Conflict, InvalidInput, TooMany
from helpdesk.common.problems import exception_handler, problem_of
from helpdesk.common.wording import gettext as _
from helpdesk.common.wording import said_in
from tests.api.conftest import Caller, problem
from tickets.models import Ticket


def test_both_languages_are_in_every_answer(as_officer: Caller, ticket: Ticket) -> None:
    answers = {
        language: problem(
            as_officer.post(f"tickets/{ticket.number}/closing", {}, Accept_Language=language), 400
        )
        for language in ("id", "en", "fr")
    }
    assert answers["en"]["detail"] == answers["en"]["detail_en"]
    assert answers["id"]["detail"] == answers["id"]["detail_id"] == answers["fr"]["detail"]
    parts = answers["en"]["errors"]
    assert {part["field"] for part in parts} == {"root_cause", "solution", "confirmation"}
    assert {part["code"] for part in parts} == {"required"}
    assert parts[0]["message"] == parts[0]["message_en"] == "This field is required."


def test_a_sentence_with_values_is_said_in_both() -> None:
    with translation.override("en"):
        sentence = _("The JSON is nested deeper than %(limit)s levels.") % {"limit": 50}
    assert sentence == "The JSON is nested deeper than 50 levels."
    assert "50" in said_in(sentence, "id")
    assert said_in("plain", "id") == "plain"


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Http404("x"), 404, "not_found"),
        (PermissionDenied(), 403, "not_allowed"),
        (RequestDataTooBig(), 413, "too_large"),
        (SuspiciousOperation(), 400, "malformed_request"),
        (OperationalError("lock timeout"), 503, "busy"),
        (exceptions.ParseError(), 400, "malformed_request"),
        (exceptions.NotAcceptable(), 406, "not_acceptable"),
        (exceptions.ValidationError({"a": ["x"]}), 400, "refused"),
        (Conflict("x"), 409, "conflict"),
        (Conflict("x", code="idempotency_key_reused"), 422, "idempotency_key_reused"),
    ],
)
def test_what_each_error_becomes(error: Exception, status: int, code: str) -> None:
    found = problem_of(error)
    assert found is not None
    assert (found.status, found.code) == (status, code)
    assert found.document()["type"] == f"/problems/{code}"


def test_too_many_says_when_to_come_back() -> None:
    for error in (TooMany("x", retry_after=30), exceptions.Throttled(wait=29.5)):
        answer = exception_handler(error, {})
        assert answer is not None
        assert (answer.status_code, answer["Retry-After"]) == (429, "30")


def test_a_fault_of_ours_is_not_dressed_up() -> None:
    assert exception_handler(RuntimeError("secret"), {}) is None


def test_an_older_version_is_412_only_by_if_match() -> None:
    assert problem_of(Conflict("x"), has_precondition=True).status == 412  # type: ignore[union-attr]
    reused = Conflict("x", code="idempotency_key_reused")
    assert problem_of(reused, has_precondition=True).status == 422  # type: ignore[union-attr]
    assert problem_of(InvalidInput("x"), has_precondition=True).status == 400  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "path", ["/api/v1/nothing", "/api/", "/api/v2/tickets", "/api/v1/tickets/"]
)
def test_an_address_that_does_not_exist(as_officer: Caller, path: str) -> None:
    problem(as_officer.get(path), 404, "not_found")


def test_another_format_is_refused(as_officer: Caller) -> None:
    problem(as_officer.get("me", Accept="text/html"), 406, "not_acceptable")


def test_a_fault_tells_nothing(
    as_officer: Caller, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_options: object) -> None:
        raise RuntimeError("SECRET")

    monkeypatch.setattr("tickets.api.actions.handle_ticket", broken)
    answer = as_officer.post(f"tickets/{ticket.number}/handle")
    problem(answer, 500, "fault")
    assert b"SECRET" not in answer.content


def test_a_foreign_host_is_refused(as_officer: Caller, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["ours.example"]
    problem(as_officer.get("me", Host="evil.example"), 400, "malformed_request")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_an_address_that_is_none_answers_as_the_api_does(db: None, method: str) -> None:
    """No page about cookies for who sends a token to a mistyped address."""
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    answer = strict.generic(method, "/api/v1/people/null/status", "{}", "application/json")
    problem(answer, 404, "not_found")
