"""Status and the next ticket through the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from people.models import StatusChange, User
from tests.api.conftest import Caller, problem
from tests.cast import FileTicket
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def test_away_until_and_what_was_said(as_officer: Caller, officer: User) -> None:
    until = (timezone.now() + timedelta(hours=1)).replace(microsecond=0)
    answer = as_officer.request(
        "PUT", "me/status", {"status": "away", "until": until.isoformat()}
    ).json()
    assert (answer["status"], answer["by_plan"]) == ("away", False)
    assert answer["until"] == until.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert answer["person"] == {"id": officer.pk, "name": officer.full_name}
    assert as_officer.get("me/status").json() == answer
    as_officer.request("PUT", "me/status", {"status": "available", "until": None})
    history = as_officer.get(f"people/{officer.pk}/status").json()["history"]
    assert [line["status"] for line in history] == ["available", "away"]
    assert {line["by"] for line in history} == {officer.full_name}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"status": "asleep"},
        {"status": 1},
        {"status": "away", "until": "soon"},
        {"status": "away", "until": "2020-01-01T00:00:00Z"},
        {"status": "available", "until": "2036-01-01T00:00:00Z"},
        {"status": "away", "at": "2020-01-01T00:00:00Z"},
        {"status": "away\x00"},
    ],
)
def test_nonsense_is_refused(as_officer: Caller, body: dict[str, Any]) -> None:
    problem(as_officer.request("PUT", "me/status", body), 400)
    assert not StatusChange.objects.exists()


def test_a_supervisor_says_it_for_another(
    as_supervisor: Caller, supervisor: User, officer: User, customer_user: User
) -> None:
    answer = as_supervisor.request("PUT", f"people/{officer.pk}/status", {"status": "off"}).json()
    assert (answer["status"], answer["history"][0]["by"]) == ("off", supervisor.full_name)
    for nobody in (customer_user.pk, 999_999):
        problem(as_supervisor.get(f"people/{nobody}/status"), 404, "not_found")


def test_the_next_ticket_and_why(as_officer: Caller, file_ticket: FileTicket) -> None:
    ticket = file_ticket()
    answer = as_officer.post("tickets/next").json()
    assert answer["ticket"]["number"] == ticket.number
    assert answer["ticket"]["state"] == "handled"
    assert (answer["why"]["rule"], answer["why"]["promise"]) == ("due", "first_response")
    assert as_officer.post("tickets/next").json() == {"ticket": None, "why": None}


def test_whoever_is_away_says_that_they_mean_it(
    as_officer: Caller, file_ticket: FileTicket
) -> None:
    file_ticket()
    as_officer.request("PUT", "me/status", {"status": "away"})
    problem(as_officer.post("tickets/next"), 409, "not_available")
    assert Ticket.objects.get().assignee is None
    assert as_officer.post("tickets/next", {"even_if_away": True}).status_code == 200
    problem(as_officer.post("tickets/next", {"even_if_away": "yes"}), 400)
