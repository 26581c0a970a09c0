"""What the settings refuse, and what they make of the environment."""

from __future__ import annotations

import json
import logging
import os
import pickle
import runpy
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

SETTINGS = Path(__file__).resolve().parents[2] / "helpdesk" / "settings.py"
PRODUCTION = {
    "TUNTAS_MODE": "production",
    "SECRET_KEY": "k" * 50,
    "BASE_URL": "https://bantuan.example",
    "DATABASE_URL": "postgres://u:p%40ss@db.example:5433/tuntas",
    "REDIS_URL": "redis://cache.example:6379/2",
    "EMAIL_URL": "smtp+tls://u:p%40ss@mail.example:587",
}
OURS = {
    *PRODUCTION,
    *("DEBUG", "ALLOWED_HOSTS", "PORT", "TRUSTED_PROXIES", "LOG_LEVEL", "LOG_FORMAT", "VAR_DIR"),
    *("DB_CONN_MAX_AGE", "DB_STATEMENT_TIMEOUT_MS"),
}


@pytest.fixture
def settings_from(monkeypatch):
    def read(environment: dict[str, str]) -> dict:
        for name in OURS:
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(SETTINGS))

    return read


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "short"}, "under 32 characters"),
        ({"SECRET_KEY": "tuntas-demo-key-known-to-everybody-never-for-production"}, "the demo key"),
        ({"DEBUG": "true"}, "refuses DEBUG"),
        ({"BASE_URL": "http://bantuan.example"}, "needs an https"),
        ({"BASE_URL": ""}, "BASE_URL"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"DATABASE_URL": ""}, "DATABASE_URL is not set"),
        ({"REDIS_URL": ""}, "REDIS_URL is not set"),
        ({"EMAIL_URL": ""}, "EMAIL_URL is not set"),
    ],
)
def test_a_production_start_refuses(settings_from, change, message):
    with pytest.raises(ImproperlyConfigured, match=message):
        settings_from(PRODUCTION | change)


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("TUNTAS_MODE", "prod", "expected one of production, demo, test"),
        ("DEBUG", "maybe", "DEBUG='maybe': expected true or false"),
        ("PORT", "80a", "PORT='80a': expected a whole number"),
        ("PORT", "0", "from 1 up"),
        ("DB_CONN_MAX_AGE", "-1", "DB_CONN_MAX_AGE='-1'"),
        ("LOG_LEVEL", "LOUD", "LOG_LEVEL='LOUD'"),
        ("BASE_URL", "bantuan.example", r"expected http\(s\)"),
        ("DATABASE_URL", "mysql://u@h/d", "DATABASE_URL: expected postgres"),
        ("DATABASE_URL", "postgres://u@h", "names no database"),
        ("REDIS_URL", "localhost:6379", "REDIS_URL: expected redis"),
        ("EMAIL_URL", "mail.example", "EMAIL_URL: expected smtp"),
    ],
)
def test_a_wrong_value_stops_the_start_with_its_name(settings_from, variable, value, message):
    with pytest.raises(ImproperlyConfigured, match=message):
        settings_from({"TUNTAS_MODE": "demo", variable: value})


def test_the_mode_without_a_word_is_production(settings_from):
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY"):
        settings_from({})


def test_production_settings_are_strict(settings_from):
    made = settings_from(PRODUCTION)
    assert made["SESSION_COOKIE_SECURE"]
    assert made["CSRF_COOKIE_SECURE"]
    assert made["SECURE_SSL_REDIRECT"]
    assert made["ALLOWED_HOSTS"] == ["bantuan.example"]
    assert "SECURE_PROXY_SSL_HEADER" not in made, "a forwarding header counts behind own proxies"
    assert made["LOG_FORMAT"] == "json"
    assert made["EMAIL_HOST_PASSWORD"] == "p@ss"
    database = made["DATABASES"]["default"]
    assert (database["HOST"], database["PORT"], database["PASSWORD"]) == (
        "db.example",
        5433,
        "p@ss",
    )
    assert "-c statement_timeout=30000" in database["OPTIONS"]["options"]


def test_a_demo_start_needs_no_environment(settings_from):
    made = settings_from({"TUNTAS_MODE": "demo"})
    assert made["DEBUG"] is False
    assert made["DATABASES"]["default"]["HOST"].startswith("/tmp/tuntas-")
    assert made["BASE_URL"] == "http://127.0.0.1:8000"
    assert not made["SESSION_COOKIE_SECURE"]


def test_celery_spells_a_socket_its_own_way():
    from helpdesk.celery import broker_address

    assert broker_address("unix:///tmp/x.sock?db=3") == "redis+socket:///tmp/x.sock?virtual_host=3"
    assert broker_address("redis://h:1/2") == "redis://h:1/2"


def test_every_periodic_job_names_a_task_that_exists():
    from helpdesk.celery import PERIODIC, SURELY, app

    app.loader.import_default_modules()
    for task, seconds, expires in PERIODIC.values():
        assert task in app.tasks
        # A worker's clock may be hours off (B18 in tests/faults).
        assert expires >= max(SURELY, seconds)


@pytest.mark.parametrize("name", ["JsonFormatter", "PlainFormatter"])
def test_a_log_entry_stays_one_line(name):
    from helpdesk.common import logs

    record = logging.LogRecord(
        "visitor", logging.INFO, __file__, 1, "path %s", ("/x\r\n{}\x1b[31m\u2028",), None
    )
    line = getattr(logs, name)().format(record)
    assert len(line.splitlines()) == 1
    assert "\x1b" not in line
    if name == "JsonFormatter":
        assert json.loads(line)["message"].endswith("\u2028")


def test_the_environment_of_this_run_is_left_alone():
    assert os.environ["TUNTAS_MODE"] == "test"


def test_beat_counts_by_itself_when_its_hosts_clock_is_set_back(monkeypatch):
    from helpdesk import celery, steadily

    every = celery.app.conf.beat_schedule["sweep due deadlines"]["schedule"]
    began = steadily.steady_now()
    monkeypatch.setattr(steadily.time, "time", lambda: 0.0)
    assert began <= steadily.steady_now() < began + timedelta(hours=1)
    assert not every.is_due(every.now()).is_due
    assert every.is_due(every.now() - timedelta(seconds=1)).is_due
    # As its file tells after a start with the clock set back.
    assert every.is_due(every.now() + timedelta(hours=1)).is_due
    assert pickle.loads(pickle.dumps(every)) == every
