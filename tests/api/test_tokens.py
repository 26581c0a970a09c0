"""API tokens: scopes, rotation with overlap, revocation, last use; and the page and the command."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, NotAllowed, WrongState
from people.actors import of_user
from people.models import ApiToken, User
from people.services import create_token, issue_token, revoke_token, rotate_token
from tests.api.conftest import COMPLAINT, Caller, problem
from tickets.models import Ticket

PAGE = "/pengaturan/token/"


def limited(user: User, *scopes: str) -> Caller:
    return Caller(issue_token(user=user, name="limited", scopes=scopes)[1])


@pytest.mark.parametrize(
    ("scope", "method", "path", "allowed"),
    [
        ("tickets:read", "GET", "tickets", True),
        ("tickets:read", "POST", "tickets", False),
        ("tickets:write", "GET", "tickets", False),
        ("tickets:write", "POST", "tickets", True),
        ("reports:read", "GET", "escalation/ledger", True),
        ("reports:read", "GET", "sla/engine", True),
        ("reports:read", "GET", "sla/lateness", True),
        ("tickets:read", "GET", "sla/engine", False),
        ("rules:read", "GET", "sla/policy", True),
        ("rules:read", "GET", "sla/policies", True),
        ("rules:read", "GET", "escalation/matrix", True),
        ("reports:read", "GET", "escalation/matrix", False),
        ("tickets:read", "GET", "me", True),
    ],
)
def test_a_scope_opens_its_operations_and_no_other(
    integrator: User, scope: str, method: str, path: str, allowed: bool
) -> None:
    answer = limited(integrator, scope).request(
        method, path, COMPLAINT if method == "POST" else None
    )
    if allowed:
        assert answer.status_code in (200, 201), answer.content
    else:
        problem(answer, 403, "insufficient_scope")
        assert Ticket.objects.count() == 0


def test_a_scope_gives_no_more_than_its_account_may(customer_user: User, officer: User) -> None:
    problem(limited(customer_user, "reports:read").get("sla/engine"), 403, "not_allowed")
    problem(limited(officer, "reports:read").get("escalation/ledger"), 403, "not_allowed")


def test_head_needs_what_get_needs(integrator: User) -> None:
    assert limited(integrator, "rules:read").request("HEAD", "tickets").status_code == 403


def test_a_session_has_no_scopes(officer: User) -> None:
    client = Client()
    client.force_login(officer)
    assert client.get("/api/v1/tickets").status_code == 200


def test_an_integrator_reads_all_clocks_of_its_ticket(as_integrator: Caller) -> None:
    number = as_integrator.post("tickets", COMPLAINT).json()["number"]
    metrics = {
        row["metric"] for row in as_integrator.get(f"tickets/{number}/clocks").json()["results"]
    }
    assert "first_response" in metrics


def test_a_rotated_key_overlaps_and_then_ends(integrator: User, admin: User) -> None:
    actor = of_user(admin)
    old, old_key = issue_token(user=integrator, name="a", scopes=["tickets:read"])
    new, new_key = rotate_token(actor=actor, token_id=old.pk, overlap_hours=24)
    assert (new.scopes, new.lineage, new.user) == (old.scopes, old.lineage, old.user)
    for key in (old_key, new_key):
        assert Caller(key).get("tickets").status_code == 200
    with pytest.raises(WrongState):
        rotate_token(actor=actor, token_id=old.pk, overlap_hours=24)
    with clock.shifted(timedelta(hours=24, seconds=1)):
        problem(Caller(old_key).get("tickets"), 401, "invalid_token")
        assert Caller(new_key).get("tickets").status_code == 200
    for hours in (-1, 169):
        with pytest.raises(InvalidInput):
            rotate_token(actor=actor, token_id=new.pk, overlap_hours=hours)


def test_rotation_never_lengthens_the_old_key(integrator: User, admin: User) -> None:
    ends = clock.now() + timedelta(hours=1)
    old, _key = issue_token(user=integrator, name="a", expires_at=ends)
    new, _key = rotate_token(actor=of_user(admin), token_id=old.pk, overlap_hours=24)
    old.refresh_from_db()
    assert old.expires_at == new.expires_at == ends


def test_revoked_is_ended_at_once_and_twice_is_once(integrator: User, admin: User) -> None:
    token, key = issue_token(user=integrator, name="a")
    caller = Caller(key)
    assert caller.get("tickets").status_code == 200
    first = revoke_token(actor=of_user(admin), token_id=token.pk)
    problem(caller.get("tickets"), 401, "invalid_token")
    assert revoke_token(actor=of_user(admin), token_id=token.pk).revoked_at == first.revoked_at
    with pytest.raises(WrongState):
        rotate_token(actor=of_user(admin), token_id=token.pk, overlap_hours=1)


def test_last_use_is_written_at_most_once_a_minute(integrator: User) -> None:
    token, key = issue_token(user=integrator, name="a")
    caller, seen = Caller(key), []
    for _time in range(2):
        caller.get("me")
        token.refresh_from_db()
        seen.append(token.last_used_at)
    assert seen[0] is not None
    assert seen[0] == seen[1]
    with clock.shifted(timedelta(seconds=61)):
        caller.get("me")
    token.refresh_from_db()
    assert token.last_used_at - seen[0] > timedelta(seconds=60)


def test_only_administrators_make_them_and_for_systems_alone(
    admin: User, supervisor: User, integrator: User
) -> None:
    wanted: dict[str, Any] = {"name": "a", "scopes": ["tickets:read"], "expires_at": None}
    with pytest.raises(NotAllowed):
        create_token(actor=of_user(supervisor), user=integrator, **wanted)
    with pytest.raises(InvalidInput) as refused:
        create_token(actor=of_user(admin), user=supervisor, **wanted)
    assert refused.value.code == "not_a_system"
    create_token(actor=of_user(admin), user=integrator, **wanted)
    create_token(actor=of_user(admin), user=admin, **wanted)
    for wrong in ([], ["tickets:delete"], ["tickets:read", ""]):
        with pytest.raises(InvalidInput):
            create_token(actor=of_user(admin), user=integrator, **{**wanted, "scopes": wrong})
    past = {"expires_at": clock.now() - timedelta(days=1)}
    with pytest.raises(InvalidInput):
        create_token(actor=of_user(admin), user=integrator, **wanted | past)


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


def test_the_page_shows_a_key_once(
    signed_in: Callable[[User], Client], admin: User, integrator: User
) -> None:
    client = signed_in(admin)
    form = {"user": integrator.pk, "name": "Toko", "lasts": "90", "scopes": ["tickets:read"]}
    page = client.post(PAGE, form)
    assert page.status_code == 200
    token = ApiToken.objects.latest("id")
    assert (token.scopes, token.created_by) == (["tickets:read"], admin)
    key = page.context["key"]
    assert key in page.content.decode()
    assert Caller(key).get("tickets").status_code == 200
    assert key not in client.get(PAGE).content.decode()

    rotated = client.post(f"{PAGE}{token.pk}/ganti/", {"overlap_hours": "24"})
    assert Caller(rotated.context["key"]).get("tickets").status_code == 200
    assert client.post(f"{PAGE}{token.pk}/ganti/", {"overlap_hours": "x"}).status_code == 302
    assert client.post(f"{PAGE}{token.pk}/cabut/").status_code == 302
    problem(Caller(key).get("tickets"), 401)
    assert client.post(f"{PAGE}999999/cabut/").status_code == 302
    assert client.post(PAGE, {**form, "scopes": ["x"]}).status_code == 400
    assert client.post(PAGE, {**form, "user": admin.pk + 10_000}).status_code == 400


def test_the_page_is_for_administrators(
    signed_in: Callable[[User], Client], supervisor: User, integrator: User
) -> None:
    for user in (supervisor, integrator):
        client = signed_in(user)
        assert client.get(PAGE).status_code == 403
        for path in ("", "1/ganti/", "1/cabut/"):
            assert client.post(PAGE + path, {}).status_code == 403
    assert Client().get(PAGE).status_code == 302


def _said(*words: str) -> str:
    out = StringIO()
    call_command("token", *words, stdout=out)
    return out.getvalue()


def test_the_command_does_the_same(integrator: User, officer: User) -> None:
    made = _said("create", "--user", integrator.email, "--name", "CLI", "--scopes", "tickets:read")
    key = made.splitlines()[-1]
    assert Caller(key).get("tickets").status_code == 200
    token = ApiToken.objects.latest("id")
    listed = _said("list")
    assert token.hint in listed
    assert key not in listed
    new = _said("rotate", str(token.pk), "--overlap", "1").splitlines()[-1]
    _said("revoke", str(token.pk))
    problem(Caller(key).get("tickets"), 401)
    assert Caller(new).get("tickets").status_code == 200
    for words in (
        ("create", "--user", "x@example.com", "--name", "n"),
        ("create", "--user", officer.email, "--name", "n", "--scopes", "x"),
        ("revoke", "999999"),
    ):
        with pytest.raises(CommandError):
            _said(*words)
