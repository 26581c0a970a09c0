"""/readyz names what stalls; /healthz and the pages do not depend on it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client

from escalation.models import EscalationMatrix
from helpdesk.common import clock, health, readiness
from helpdesk.common.versioned import forget_cached_rules
from sla.canary import ABSENT_AFTER, CANARY, DUE_IN, arm_canary, canary
from sla.models import SweepPulse, Timer
from sla.punctuality import FAILING
from sla.services import sweep

pytestmark = pytest.mark.django_db


TOKEN = "read-the-details-please"


@pytest.fixture(autouse=True)
def _token(settings):
    settings.READY_TOKEN = TOKEN


def ask(path: str = "/readyz", token: str = TOKEN):
    headers = {"host": "10.1.2.3"} | ({"authorization": f"Bearer {token}"} if token else {})
    answer = Client(headers=headers).get(path)
    return answer.status_code, answer.content.decode().splitlines()


@pytest.mark.parametrize("token", ["", "wrong", "é" * 20])
def test_strangers_learn_names_alone(token, caplog, monkeypatch):
    monkeypatch.setattr(health, "_last_logged", [])
    sweep()
    assert ask(token=token) == (200, ["ready"])
    SweepPulse.objects.update(beat_at=clock.now() - timedelta(seconds=47))
    for _probe in range(3):
        assert ask(token=token) == (503, ["sweep"])
    assert caplog.text.count("not ready: sweep silent for 4") == 1


def test_without_a_token_nobody_sees_details(settings):
    settings.READY_TOKEN = ""
    sweep()
    assert ask(token="") == (200, ["ready"])
    assert ask(token=TOKEN) == (200, ["ready"])


def test_sweeps_that_fire_nothing_are_named():
    """Their pulse is fresh; what is due stays where it is."""
    now = clock.now()
    late = {"kind": CANARY, "subject_type": "canary", "due_at": now - timedelta(days=3)}
    SweepPulse.objects.create(pk=1, beat_at=now)
    timer = Timer.objects.create(**late, subject_id=1, armed_at=now - timedelta(seconds=50))
    status, lines = ask()
    assert (status, lines[0]) == (200, "ready"), "owed for 50 s, whenever it was due"
    Timer.objects.filter(pk=timer.pk).update(armed_at=now - timedelta(seconds=75))
    status, lines = ask()
    assert (status, lines[0]) == (503, "firing")
    assert any(line.startswith("firing oldest overdue for 7") for line in lines)
    sweep()
    assert ask()[0] == 200


def test_handlers_that_all_fail_are_named_and_a_single_one_is_not():
    now = clock.now()
    SweepPulse.objects.create(pk=1, beat_at=now)
    for number in range(1, FAILING + 1):
        assert ask()[0] == 200
        Timer.objects.create(
            kind=CANARY,
            subject_type="canary",
            subject_id=number,
            due_at=now - timedelta(minutes=2),
            armed_at=now - timedelta(minutes=2),
            attempts=1,
            leased_until=now + timedelta(minutes=1),
        )
    assert ask()[1][0] == "firing"
    Timer.objects.filter(subject_id=1).update(state="fired", fired_at=clock.now())
    assert ask()[0] == 200


def test_ready_while_sweeps_run():
    sweep()
    status, lines = ask()
    assert (status, lines[0]) == (200, "ready")
    assert "database ok" in lines
    assert "migrations ok" in lines
    assert "redis ok" in lines
    assert any(line.startswith("sweep ") for line in lines)


def test_rules_that_were_not_loaded_after_a_migration_are_named():
    sweep()
    assert "rules ok" in ask()[1]
    EscalationMatrix.objects.update(body={"rows": {}})
    forget_cached_rules()
    status, lines = ask()
    forget_cached_rules()
    assert status == 503
    assert lines[0] == "rules"
    assert any(line.startswith("rules not loaded, run prepare: EscalationMatrix") for line in lines)


def test_a_silent_sweep_is_named():
    sweep()
    SweepPulse.objects.update(beat_at=clock.now() - timedelta(seconds=47))
    status, lines = ask()
    assert status == 503
    assert lines[0] == "sweep"
    assert any(line.startswith("sweep silent for 4") for line in lines)
    assert ask("/healthz") == (200, ["ok"])


def test_no_sweep_ever_is_not_ready():
    status, lines = ask()
    assert (status, lines[0]) == (503, "sweep")
    assert "sweep never seen" in lines


def test_without_its_migrations_nothing_else_is_asked(monkeypatch):
    class Behind:
        def __init__(self, connection):
            self.loader = self
            self.graph = self

        def leaf_nodes(self):
            return []

        def migration_plan(self, targets):
            return ["one", "two"]

    monkeypatch.setattr(readiness, "_migrated", False)
    monkeypatch.setattr(readiness, "MigrationExecutor", Behind)
    status, lines = ask()
    assert (status, lines[0]) == (503, "migrations")
    assert "migrations missing: 2" in lines
    assert not any(line.startswith("sweep") for line in lines)


def test_a_database_that_is_gone_is_named(monkeypatch):
    def fail() -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(readiness.connection, "cursor", fail)
    monkeypatch.setattr(readiness.connection, "close", lambda: None)
    status, lines = ask()
    assert (status, lines[0]) == (503, "database")
    assert "database unreachable" in lines


def test_a_missing_redis_is_told_and_forgiven(settings, tmp_path):
    sweep()
    settings.REDIS_URL = f"unix://{tmp_path}/nobody.sock?db=0"
    status, lines = ask()
    assert status == 200
    assert "redis unreachable, pages work without it" in lines


def test_it_tells_no_address_and_no_error_text(monkeypatch):
    def fail() -> readiness.Finding:
        raise OperationalError("password authentication failed for user tuntas at 10.0.0.7")

    monkeypatch.setitem(readiness._probes, "sweep", fail)
    monkeypatch.setattr(readiness.connection, "close", lambda: None)
    status, lines = ask()
    assert status == 503
    assert "10.0.0.7" not in "\n".join(lines)


def test_the_canary_fires_and_tells_how_late():
    arm_canary()
    assert canary(clock.now()).fired_at is None
    with clock.shifted(DUE_IN + timedelta(seconds=1)):
        sweep()
        found = canary(clock.now())
        assert found.late_seconds is not None
        assert found.late_seconds >= 1
        assert not found.absent
        assert any(line.startswith("canary ") and line.endswith("s late") for line in ask()[1])


def test_two_beats_arm_one_canary():
    arm_canary()
    arm_canary()
    assert Timer.objects.filter(kind=CANARY, state="armed").count() == 1


def test_a_missing_canary_is_an_error_in_the_log_and_a_line_of_readiness(caplog):
    arm_canary()
    with clock.shifted(DUE_IN + ABSENT_AFTER + timedelta(seconds=1)):
        SweepPulse.objects.create(pk=1, beat_at=clock.now())
        arm_canary()
        assert "the canary has not fired for 25 minutes" in caplog.text
        status, lines = ask()
        assert (status, lines[0]) == (503, "firing"), "the canary itself is overdue"
        assert "canary absent for more than 25 minutes" in lines


def test_old_canaries_are_forgotten():
    for day in range(3):
        with clock.shifted(timedelta(days=day)):
            arm_canary()
            with clock.shifted(DUE_IN + timedelta(seconds=1)):
                sweep()
    assert Timer.objects.filter(kind=CANARY).count() == 2
