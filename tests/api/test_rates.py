"""How many requests a token may make, and what it is told of that."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from people.actors import of_user
from people.models import User
from people.services import issue_token, rotate_token
from tests.api.conftest import Caller, problem


@pytest.fixture(autouse=True)
def few(settings: Any, db: None) -> None:
    settings.API_RATE_PER_MINUTE = 3
    cache.clear()


def test_a_token_is_told_what_is_left_and_then_refused(as_integrator: Caller) -> None:
    for left in (2, 1, 0):
        answer = as_integrator.get("me")
        assert (answer.status_code, answer["RateLimit-Remaining"]) == (200, str(left))
        assert answer["RateLimit-Limit"] == "3"
        assert answer["RateLimit-Policy"] == "3;w=60"
        assert 1 <= int(answer["RateLimit-Reset"]) <= 60
    refused = as_integrator.get("me")
    problem(refused, 429, "too_many_requests")
    assert refused["RateLimit-Remaining"] == "0"
    assert 1 <= int(refused["Retry-After"]) <= 60


def test_each_token_is_counted_by_itself_and_rotation_is_no_way_out(
    integrator: User, admin: User
) -> None:
    token, key = issue_token(user=integrator, name="a")
    _other, other_key = issue_token(user=integrator, name="b")
    for _time in range(3):
        Caller(key).get("me")
    problem(Caller(key).get("me"), 429)
    assert Caller(other_key).get("me").status_code == 200
    _new, new_key = rotate_token(actor=of_user(admin), token_id=token.pk, overlap_hours=1)
    problem(Caller(new_key).get("me"), 429)


def test_a_page_is_not_counted(officer: User) -> None:
    client = Client()
    client.force_login(officer)
    for _time in range(5):
        answer = client.get("/api/v1/me")
        assert answer.status_code == 200
        assert "RateLimit-Limit" not in answer


def test_without_redis_nobody_is_refused(as_integrator: Caller, settings: Any) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "helpdesk.common.forgiving_cache.ForgivingRedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
            "OPTIONS": {"socket_connect_timeout": 0.2, "socket_timeout": 0.2},
        }
    }
    for _time in range(5):
        assert as_integrator.get("me").status_code == 200
