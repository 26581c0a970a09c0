"""Headers, health, request size, the visitor's address and a cache without its Redis."""

from __future__ import annotations

import logging

import psycopg2
import pytest
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.cache import caches
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory

from helpdesk.common import forgiving_cache, health
from helpdesk.common.client_address import client_address
from helpdesk.common.outage import is_outage
from helpdesk.common.request_size import RequestSizeMiddleware


@pytest.mark.django_db
def test_health_says_ok_to_a_probe_by_address():
    answer = Client(headers={"host": "10.1.2.3"}).get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_health_without_database_is_503(monkeypatch):
    def fail() -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(health.connection, "cursor", fail)
    assert Client().get("/healthz").status_code == 503


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "status", "retry_after"),
    [(OperationalError("lock timeout"), 503, "2"), (ValueError("fault"), 500, None)],
)
def test_a_page_that_met_a_lock_says_back_in_a_moment(monkeypatch, error, status, retry_after):
    def fail(*_args, **_options):
        raise error

    monkeypatch.setattr("desk.context.organisation", fail)
    answer = Client(raise_request_exception=False).get("/")
    assert (answer.status_code, answer.get("Retry-After")) == (status, retry_after)
    if status == 503:
        assert "Sebentar" in answer.content.decode()
        assert answer["Content-Type"].startswith("text/html")


def cut_off() -> DatabaseError:
    """What a session that was cut in the middle of a statement raises: no code, no kind."""
    error = DatabaseError("server closed the connection unexpectedly")
    error.__cause__ = psycopg2.DatabaseError("server closed the connection unexpectedly")
    return error


@pytest.mark.django_db
@pytest.mark.parametrize(
    "error", [OperationalError("gone"), InterfaceError("connection already closed"), cut_off()]
)
@pytest.mark.parametrize("path", ["/", "/api/v1/tickets"])
def test_a_database_that_goes_while_the_session_is_saved_is_503_too(monkeypatch, error, path):
    def fail(*_args):
        raise error

    monkeypatch.setattr(SessionMiddleware, "process_response", fail)
    answer = Client(raise_request_exception=False).get(path)
    assert (answer.status_code, answer.get("Retry-After")) == (503, "2")


def test_a_row_that_is_gone_is_no_outage():
    assert is_outage(cut_off())
    assert not is_outage(DatabaseError("Save with update_fields did not affect any rows."))
    assert not is_outage(None)


@pytest.mark.django_db
def test_every_answer_carries_the_strict_policy():
    answer = Client().get("/nothing-here")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.django_db
def test_a_foreign_host_is_refused():
    assert Client(headers={"host": "evil.example"}).get("/nothing-here").status_code == 400


@pytest.mark.parametrize(("length", "status"), [("10", 200), (str(65 * 2**20), 413), ("-1", 413)])
def test_an_oversized_body_is_refused_unread(length, status):
    middleware = RequestSizeMiddleware(lambda request: HttpResponse("in"))
    request = RequestFactory().post("/", CONTENT_LENGTH=length)
    request.META["CONTENT_LENGTH"] = length
    assert middleware(request).status_code == status


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "6.6.6.6", "10.0.0.1"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.7", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1"),
        (1, "", "10.0.0.1"),
    ],
)
def test_only_our_own_proxies_name_the_visitor(settings, proxies, forwarded, expected):
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == expected


def test_a_cache_without_redis_is_an_empty_cache(settings, tmp_path, caplog):
    settings.CACHES = {
        "default": {
            "BACKEND": "helpdesk.common.forgiving_cache.ForgivingRedisCache",
            "LOCATION": f"unix://{tmp_path}/nobody.sock?db=0",
        }
    }
    cache = caches.create_connection("default")
    forgiving_cache._ForgivingClient.resting_until = 0.0
    with caplog.at_level(logging.WARNING):
        cache.set("a", 1)
    assert "cache unavailable" in caplog.text
    assert cache.get("a", "nothing") == "nothing"
    assert cache.get_or_set("a", lambda: 5) == 5
    assert cache.get_many(["a"]) == {}
    assert cache.add("a", 1) is False
    assert cache.incr("a", 2) == 2
    assert not cache.touch("a")
    assert not cache.delete("a")
    assert not cache.has_key("a")
    cache.set_many({"a": 1})
    cache.delete_many(["a"])
    assert cache.clear() is False
    forgiving_cache._ForgivingClient.resting_until = 0.0
