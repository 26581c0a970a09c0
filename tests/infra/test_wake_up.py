"""A wake-up that cannot be sent disturbs nobody: what is due waits in the database."""

from __future__ import annotations

import pytest
from django.db import transaction
from kombu.exceptions import OperationalError

from helpdesk import celery

pytestmark = pytest.mark.django_db


@celery.app.task(name="tests.noticed")
def noticed(number: int) -> None:
    """Never runs here; only its sending is watched."""


@pytest.fixture
def sent(monkeypatch):
    monkeypatch.setattr(celery, "_broker_rests_until", 0.0)
    calls = []
    monkeypatch.setattr(noticed, "delay", calls.append)
    return calls


def test_it_is_sent_after_the_commit(sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        noticed.delay_on_commit(7)
        assert sent == []
    assert sent == [7]


def test_a_dead_broker_is_asked_once_and_then_left_alone(
    sent, monkeypatch, django_capture_on_commit_callbacks
):
    def fail(number: int) -> None:
        sent.append(number)
        raise OperationalError("no broker")

    monkeypatch.setattr(noticed, "delay", fail)
    with django_capture_on_commit_callbacks(execute=True):
        noticed.delay_on_commit(1)
        noticed.delay_on_commit(2)
    assert sent == [1]
