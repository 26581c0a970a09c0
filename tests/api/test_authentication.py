from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from helpdesk.common import clock
from people.actors import of_user
from people.models import User
from people.services import issue_token, revoke_token
from tests.api.conftest import Caller, problem
from tickets.models import Ticket


def test_a_token_tells_who_calls(as_officer: Caller, officer: User) -> None:
    answer = as_officer.get("me").json()
    assert answer["email"] == officer.email
    assert answer["roles"] == ["officer"]
    assert {team["code"] for team in answer["teams"]} == {"cs_account", "cs_general"}
    assert "handle_ticket" in answer["permissions"]


def test_without_a_token_the_challenge_is_named(nobody: Caller) -> None:
    answer = nobody.get("me")
    problem(answer, 401, "not_authenticated")
    assert answer["WWW-Authenticate"] == 'Bearer realm="tuntas"'


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Bearer tnt_unknown",
        "Bearer " + "x" * 5_000,
        "bearer tnt_\u00e9",
        "Bearer tnt_\x00",
        "Bearer a b",
    ],
)
def test_a_wrong_token_is_refused(db: None, header: str) -> None:
    answer = Caller(Authorization=header).get("me")
    problem(answer, 401, "invalid_token")
    assert answer["WWW-Authenticate"]


@pytest.mark.parametrize("header", ["Basic YTpi", "Token tnt_x", "tnt_x"])
def test_another_scheme_is_no_sign_in(db: None, header: str) -> None:
    problem(Caller(Authorization=header).get("me"), 401, "not_authenticated")


@pytest.mark.parametrize(
    "name", ["X-Remote-User", "Remote-User", "X-Forwarded-User", "X-User-Id", "X-Api-User"]
)
def test_no_header_of_a_proxy_signs_in(admin: User, name: str) -> None:
    for value in (admin.email, str(admin.pk)):
        problem(Caller(**{name: value}).get("me"), 401, "not_authenticated")
    client = Client(REMOTE_USER=admin.email)
    assert client.get("/api/v1/me").status_code == 401


def test_a_revoked_expired_or_orphaned_token_is_dead(integrator: User, admin: User) -> None:
    token, key = issue_token(user=integrator, name="a")
    caller = Caller(key)
    assert caller.get("me").status_code == 200
    revoke_token(actor=of_user(admin), token_id=token.pk)
    problem(caller.get("me"), 401, "invalid_token")

    ends = clock.now() + timedelta(seconds=60)
    caller = Caller(issue_token(user=integrator, name="b", expires_at=ends)[1])
    assert caller.get("me").status_code == 200
    with clock.shifted(timedelta(seconds=61)):
        problem(caller.get("me"), 401, "invalid_token")

    caller = Caller(issue_token(user=integrator, name="c")[1])
    integrator.is_active = False
    integrator.save()
    problem(caller.get("me"), 401, "invalid_token")


def test_a_session_needs_its_csrf_token(officer: User, ticket: Ticket) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(officer)
    assert client.get("/api/v1/me").status_code == 200
    address = f"/api/v1/tickets/{ticket.number}/handle"
    answer = client.post(address, "{}", content_type="application/json")
    problem(answer, 403, "csrf_failed")
    ticket = Ticket.objects.get(pk=ticket.pk)
    assert ticket.state == "classified"


def test_members_are_shown_to_the_desk_alone(
    as_officer: Caller, as_customer: Caller, officer: User
) -> None:
    teams = as_officer.get("teams").json()
    squad = next(team for team in teams if team["code"] == "cs_account")
    assert {"id": officer.pk, "name": officer.full_name} in squad["members"]
    assert set(squad["members"][0]) == {"id", "name"}
    assert all("members" not in team for team in as_customer.get("teams").json())


def test_the_profile_shows_its_public_parts(as_customer: Caller) -> None:
    answer = as_customer.get("organisation").json()
    assert answer["hashtag"] == "#TolongTokopedia"
    assert answer["call_center"]["number"] == "1500-600"
    assert not {"routing", "wanted_solution_words", "quick_code", "specialists"} & set(answer)


def test_categories_speak_the_callers_language(as_customer: Caller) -> None:
    names = [
        as_customer.get("categories", Accept_Language=language).json()[0]["name"]
        for language in ("id", "en")
    ]
    assert len(set(names)) == 2


def test_a_list_of_teams_takes_few_queries(
    as_officer: Caller, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    with django_assert_max_num_queries(5):  # type: ignore[attr-defined]
        assert len(as_officer.get("teams").json()) == 16
