"""An upgrade writes on each line what the ledger had to look up before, and loses no follow-up."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from escalation.models import Escalation
from escalation.services import request_escalation, verify_escalation
from helpdesk.common import clock
from people.actors import of_user
from sla.models import Timer
from sla.services import sweep
from tests.support.stages import form

pytestmark = pytest.mark.django_db
LEDGER = import_module("escalation.migrations.0008_fill_deadlines_answered")
FOLLOW_UPS = import_module("escalation.migrations.0010_follow_ups_without_timer")
FILLED = ("origin", "due_at", "metric", "policy_version", "late_seconds", "sweep", "cause")


def told() -> list[tuple]:
    return list(Escalation.objects.order_by("pk").values_list(*FILLED))


def as_before() -> None:
    empty = dict.fromkeys(FILLED) | {"origin": "", "metric": ""}
    Escalation.objects.update(**empty)


@pytest.fixture
def every_kind(file_ticket, stage, case, supervisor):
    """A missed deadline, an overdue follow-up, requests: decided, waiting and none at all."""
    mine = case()
    mine.accept("fraud", "farah")
    step = mine.plan()
    timers = Timer.objects.filter(state="armed")
    timers.exclude(subject_type="follow_up", subject_id=step.pk).update(state="cancelled")
    for moment in (step.due_at, step.due_at + timedelta(hours=24, seconds=4)):
        with clock.at(moment):
            sweep()
    with clock.shifted(timedelta(hours=-3)):
        file_ticket()
    sweep()
    asked = [
        request_escalation(actor=stage.actor("dimas"), ticket_id=stage.handled().pk, form=form())
        for _ in range(2)
    ]
    verify_escalation(actor=of_user(supervisor), escalation_id=asked[0].pk)


def test_the_lines_say_the_same_as_if_written_today(every_kind):
    written = told()
    assert {row[0] for row in written} == {"breach", "follow_up", "hand"}
    as_before()
    for _again in range(2):
        LEDGER.fill(apps, connection.schema_editor())
        for filled, line in zip(told(), written, strict=True):
            *known, late, sweep_id, cause = filled
            *expected, seconds, sweep_then, cause_then = line
            assert (known, sweep_id, cause) == (expected, sweep_then, cause_then)
            assert late == pytest.approx(seconds, abs=0.002)


def test_a_time_trigger_finds_its_timer(stage):
    row = stage.monitored().escalations.get()
    Timer.objects.create(
        kind="escalation.age", subject_type="ticket", subject_id=row.ticket_id, state="fired",
        due_at=row.requested_at - timedelta(seconds=3), armed_at=row.requested_at,
        fired_at=row.requested_at,
    )  # fmt: skip
    as_before()
    Escalation.objects.update(trigger="rule.dispute_age", requested_by=None)
    LEDGER.fill(apps, connection.schema_editor())
    row.refresh_from_db()
    assert (row.origin, row.late_seconds) == ("rule", 3)
    assert row.due_at == row.requested_at - timedelta(seconds=3)


def test_a_follow_up_that_had_reminded_becomes_overdue_once(stage, supervisor):
    ticket = stage.monitored()
    news = ticket.escalations.get().follow_ups.get()
    Timer.objects.filter(subject_type="follow_up").update(state="cancelled")
    Timer.objects.filter(subject_type="ticket", state="armed").update(state="cancelled")
    type(news).objects.update(due_at=clock.now() - timedelta(hours=30))
    for _again in range(2):
        FOLLOW_UPS.arm_what_follows(apps, None)
    armed = Timer.objects.get(subject_type="follow_up", state="armed")
    assert armed.kind == "escalation.follow_up_overdue"
    for _again in range(2):
        sweep()
    assert ticket.escalations.filter(origin="follow_up").count() == 1


def test_a_follow_up_ahead_reminds_at_its_moment(stage):
    news = stage.monitored().escalations.get().follow_ups.get()
    Timer.objects.filter(subject_type="follow_up").update(state="cancelled")
    FOLLOW_UPS.arm_what_follows(apps, None)
    armed = Timer.objects.get(subject_type="follow_up", state="armed")
    assert (armed.kind, armed.due_at) == ("escalation.follow_up", news.due_at)


def test_of_what_is_over_nothing_is_promised(stage):
    row = stage.monitored().escalations.get()
    Escalation.objects.update(state="returned")
    FOLLOW_UPS.promise_nothing_more(apps, None)
    row.refresh_from_db()
    assert row.follow_up_at is None
