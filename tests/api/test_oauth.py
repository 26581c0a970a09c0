"""Client credentials: a token for an hour that reaches as far as any other, and no other grant."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from helpdesk.common import clock
from people.actors import of_user
from people.api import authentication, oauth
from people.models import ApiClient, ApiToken, User
from people.services import create_client, forget_ended_tokens, revoke_client
from tests.api.conftest import COMPLAINT, Caller, problem

pytestmark = pytest.mark.django_db
PATH = "/api/oauth/token"
GRANT = {"grant_type": "client_credentials"}
HOUR = timedelta(hours=1)


@pytest.fixture
def pair(admin: User, integrator: User) -> tuple[ApiClient, str]:
    return create_client(
        actor=of_user(admin),
        user=integrator,
        name="CRM",
        scopes=["tickets:read", "tickets:write"],
        rate_per_minute=77,
    )


def ask(body: dict[str, str], basic: tuple[str, str] | None = None, **extra: Any) -> Any:
    headers = {}
    if basic:
        coded = base64.b64encode(":".join(basic).encode()).decode()
        headers["Authorization"] = f"Basic {coded}"
    return Client(raise_request_exception=False).post(
        PATH, urlencode(body), "application/x-www-form-urlencoded", headers=headers, **extra
    )


def test_a_token_for_an_hour(pair: tuple[ApiClient, str], integrator: User) -> None:
    client, secret = pair
    answer = ask(GRANT, (client.client_id, secret))
    body = answer.json()
    assert answer.status_code == 200
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 3600)
    assert set(body["scope"].split()) == {"tickets:read", "tickets:write"}
    assert "refresh_token" not in body
    assert answer["Cache-Control"] == "no-store"
    caller = Caller(body["access_token"])
    made = caller.post("tickets", COMPLAINT)
    assert made.status_code == 201
    assert made["RateLimit-Limit"] == "77"
    assert caller.get("me").json()["email"] == integrator.email
    problem(caller.get("events"), 403, "insufficient_scope")
    client.refresh_from_db()
    assert client.last_used_at is not None
    kept = str(list(ApiToken.objects.values())) + str(list(ApiClient.objects.values()))
    assert body["access_token"] not in kept
    assert secret not in kept
    with clock.shifted(HOUR):
        problem(caller.get("me"), 401, "invalid_token")
    with clock.shifted(HOUR + timedelta(days=2)):
        assert forget_ended_tokens() == 1


def test_id_and_secret_in_the_body_and_fewer_scopes(pair: tuple[ApiClient, str]) -> None:
    client, secret = pair
    own = {"client_id": client.client_id, "client_secret": secret}
    body = ask({**GRANT, **own, "scope": "tickets:read"}).json()
    assert body["scope"] == "tickets:read"
    problem(Caller(body["access_token"]).post("tickets", COMPLAINT), 403, "insufficient_scope")
    for wanted in ("rules:write", "*", "tickets:read rules:write", "x"):
        refused = ask({**GRANT, **own, "scope": wanted})
        assert (refused.status_code, refused.json()["error"]) == (400, "invalid_scope"), wanted


def test_idempotency_keys_outlive_the_hour(pair: tuple[ApiClient, str]) -> None:
    first, second = (
        Caller(ask(GRANT, (pair[0].client_id, pair[1])).json()["access_token"]) for _n in "12"
    )
    made = first.post("tickets", COMPLAINT, **{"Idempotency-Key": "k"}).json()
    again = second.post("tickets", COMPLAINT, **{"Idempotency-Key": "k"})
    assert again.json() == made
    assert again["Idempotency-Replayed"] == "true"


def test_who_is_not_the_client_gets_nothing(pair: tuple[ApiClient, str], integrator: User) -> None:
    client, secret = pair
    wrong: list[Any] = [
        None,
        (client.client_id, "x"),
        (client.client_id, ""),
        ("tnc_unknown", secret),
        (client.client_id, secret + "\x00"),
        ("\u00e9", "\U0001f600"),
    ]
    for basic in wrong:
        answer = ask(GRANT, basic)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client"), basic
        assert answer["WWW-Authenticate"].startswith("Basic")
    both = {**GRANT, "client_id": client.client_id, "client_secret": secret}
    assert ask(both, (client.client_id, secret)).status_code == 401
    integrator.is_active = False
    integrator.save()
    assert ask(GRANT, (client.client_id, secret)).status_code == 401
    assert not ApiToken.objects.filter(client=client).exists()


@pytest.mark.parametrize(
    "grant",
    [
        "password",
        "authorization_code",
        "refresh_token",
        "implicit",
        "urn:ietf:params:oauth:grant-type:device_code",
        "",
        "\x00",
        "x" * 9_000,
    ],
)
def test_no_other_grant_is_known(pair: tuple[ApiClient, str], grant: str) -> None:
    body = {"grant_type": grant, "username": "admin@demo.tuntas.id", "password": "tuntas-demo"}
    answer = ask(body, (pair[0].client_id, pair[1]))
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert Client().get(PATH).status_code == 405
    assert Client().get("/api/oauth/authorize").status_code == 404


def test_a_revoked_client_opens_nothing_at_once(pair: tuple[ApiClient, str], admin: User) -> None:
    client, secret = pair
    caller = Caller(ask(GRANT, (client.client_id, secret)).json()["access_token"])
    assert caller.get("me").status_code == 200
    for _time in range(2):
        revoke_client(actor=of_user(admin), client_id=client.pk)
        problem(caller.get("me"), 401, "invalid_token")
        assert ask(GRANT, (client.client_id, secret)).status_code == 401


def test_too_many_attempts_rest(
    pair: tuple[ApiClient, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    count = oauth.count_attempt
    monkeypatch.setattr(
        oauth,
        "count_attempt",
        lambda what, source, **how: count(what, source, **{**how, "limit": 2}),
    )
    for _time in range(2):
        assert ask(GRANT, (pair[0].client_id, "x")).status_code == 401
    limited = ask(GRANT, (pair[0].client_id, pair[1]))
    problem(limited, 429, "too_many_requests")
    assert int(limited["Retry-After"]) > 3_500
    # From elsewhere nobody can lock it out.
    assert ask(GRANT, (pair[0].client_id, pair[1]), REMOTE_ADDR="10.9.8.7").status_code == 200


def test_refused_tokens_of_one_address_rest(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authentication, "REFUSED_A_MINUTE", 2)
    for _time in range(2):
        problem(Caller("tnt_x").get("me"), 401)
    limited = Caller("tnt_x").get("me")
    problem(limited, 429, "too_many_requests")
    assert 1 <= int(limited["Retry-After"]) <= 60


def test_an_administrator_makes_and_ends_one_on_the_page(
    client: Client, admin: User, integrator: User, officer: User
) -> None:
    page, form = "/pengaturan/token/", "/pengaturan/token/klien/"
    values = {
        "client-user": integrator.pk,
        "client-name": "CRM baru",
        "client-scopes": ["tickets:read"],
        "client-rate_per_minute": "100",
    }
    client.force_login(officer)
    assert client.post(form, values).status_code == 403
    client.force_login(admin)
    shown = client.post(form, values)
    made = ApiClient.objects.get()
    assert (made.name, made.rate_per_minute, made.created_by) == ("CRM baru", 100, admin)
    secret = shown.context["secret"]
    assert secret in shown.content.decode()
    assert ask(GRANT, (made.client_id, secret)).status_code == 200
    again = client.get(page).content.decode()
    assert made.client_id in again
    assert secret not in again
    assert client.post(form, {**values, "client-scopes": []}).status_code == 400
    assert client.post(form, {**values, "client-rate_per_minute": "0"}).status_code == 400
    client.post(f"/pengaturan/token/klien/{made.pk}/cabut/")
    assert ask(GRANT, (made.client_id, secret)).status_code == 401
    assert client.post("/pengaturan/token/klien/999999/cabut/").status_code == 302


def test_a_tokens_own_rate(admin: User, integrator: User, client: Client) -> None:
    client.force_login(admin)
    shown = client.post(
        "/pengaturan/token/",
        {
            "user": integrator.pk,
            "name": "Sibuk",
            "lasts": "90",
            "scopes": ["*"],
            "rate_per_minute": "2",
        },
    )
    caller = Caller(shown.context["key"])
    assert [caller.get("me").status_code for _time in range(3)] == [200, 200, 429]
    limited = caller.get("me")
    assert limited["RateLimit-Policy"] == "2;w=60"
    assert int(limited["Retry-After"]) <= 60
