"""A version applied to running clocks: seen beforehand, moved once, resumed after a kill."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection

from helpdesk.common import clock, versioned
from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed, WrongState
from people.actors import Actor, of_user
from people.models import User
from sla.models import Clock, ClockEvent, PolicyApplication, PolicyMove, SlaPolicy
from sla.services import apply_work, applying, audit_deadlines, sweep
from sla.services.applying import cancel_application, prepare_application, start_application
from sla.services.policy_work import work_on_policies
from sla.services.publishing import edit_draft, publish_draft
from tests.concurrency.conftest import at_once
from tests.support.stages import Stage, fresh
from tickets.models import EventKind, Ticket, TicketEvent
from tickets.services import reply_to_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def sari(supervisor: User) -> Actor:
    return of_user(supervisor)


def resolution_in(hours: int) -> Callable[[dict[str, Any]], None]:
    def change(body: dict[str, Any]) -> None:
        row = next(row for row in body["targets"] if row["code"] == "resolve-urgent")
        row["within"] = {"hours": hours}

    return change


def publish(actor: Actor, hours: int) -> int:
    edit_draft(actor=actor, change=resolution_in(hours))
    return publish_draft(actor=actor, note=f"Selesai dalam {hours} jam").version


def applied(actor: Actor, version: int) -> PolicyApplication:
    job = prepare_application(actor=actor, version=version)
    work_on_policies()
    start_application(actor=actor, pk=job.pk)
    for _wake_up in range(apply_work.ROUNDS):
        work_on_policies()
    job.refresh_from_db()
    return job


def resolution_of(ticket: Ticket) -> Clock:
    return Clock.objects.get(ticket=ticket, metric="resolution")


def test_publishing_moves_no_running_deadline(stage: Stage, sari: Actor) -> None:
    ticket = stage.classified()
    before = resolution_of(ticket)
    publish(sari, 12)
    sweep()
    after = resolution_of(ticket)
    assert (after.due_at, after.policy_id) == (before.due_at, before.policy_id)
    assert resolution_of(stage.classified()).policy_version == 2


def test_the_preview_says_what_moves_and_moves_nothing(stage: Stage, sari: Actor) -> None:
    now = clock.now()
    young, old = stage.classified(), stage.classified(received_at=now - timedelta(hours=13))
    sweep()
    dues = {row.pk: row.due_at for row in Clock.objects.all()}
    job = prepare_application(actor=sari, version=publish(sari, 12))
    work_on_policies()
    job.refresh_from_db()
    assert job.state == "ready"
    rows = {row["metric"]: row for row in job.preview["rows"]}
    assert rows["resolution"]["earlier"] == 2
    assert rows["resolution"]["at_once"] == 1
    assert rows["first_response"]["same"] == 1
    # What hurts comes first, though both move equally far.
    listed = [(move.ticket, move.place) for move in job.moves.all()]
    assert listed == [
        (old.number, PolicyMove.Place.AT_ONCE),
        (young.number, PolicyMove.Place.OTHER),
    ]
    assert {row.pk: row.due_at for row in Clock.objects.all()} == dues


def test_applying_moves_deadlines_records_it_and_fires_what_is_past_once(
    stage: Stage, sari: Actor
) -> None:
    now = clock.now()
    young, old = stage.classified(), stage.classified(received_at=now - timedelta(hours=13))
    sweep()
    job = applied(sari, publish(sari, 12))
    assert (job.state, job.moved, job.skipped) == ("done", 2, 0)
    assert resolution_of(young).due_at == young.received_at + timedelta(hours=12)
    event = TicketEvent.objects.get(ticket=young, kind=EventKind.RECOMPUTED)
    assert event.actor == sari.user
    assert event.data["policy_version"] == 2
    (move,) = event.data["moves"]
    assert move["metric"] == "resolution"
    assert move["to"] == resolution_of(young).due_at.isoformat()
    log = ClockEvent.objects.filter(clock=resolution_of(young), kind="recomputed")
    assert [line.cause for line in log] == [event]
    for _again in range(2):
        sweep()
    assert resolution_of(old).state == "breached"
    missed = TicketEvent.objects.filter(ticket=old, kind="breached", data__metric="resolution")
    assert missed.count() == 1
    assert list(audit_deadlines()) == []


def test_applying_again_changes_nothing(stage: Stage, sari: Actor) -> None:
    ticket = stage.classified()
    version = publish(sari, 12)
    applied(sari, version)
    lines = ClockEvent.objects.count()
    again = applied(sari, version)
    assert (again.state, again.moved, again.preview["rows"]) == ("done", 0, [])
    assert ClockEvent.objects.count() == lines
    assert fresh(ticket).events.filter(kind=EventKind.RECOMPUTED).count() == 1


def test_closed_tickets_are_left_alone(stage: Stage, sari: Actor) -> None:
    ticket = stage.closed()
    job = applied(sari, publish(sari, 12))
    assert job.moved == 0
    assert not ticket.events.filter(kind=EventKind.RECOMPUTED).exists()


def test_a_ticket_that_closes_between_is_skipped_in_peace(
    stage: Stage, sari: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = stage.handled()
    job = prepare_application(actor=sari, version=publish(sari, 12))
    work_on_policies()
    start_application(actor=sari, pk=job.pk)
    monkeypatch.setattr(apply_work, "_ids_after", lambda application: iter([ticket.pk]))
    stage.close(ticket)
    work_on_policies()
    job.refresh_from_db()
    assert (job.state, job.moved, job.skipped) == ("done", 0, 0)


def test_after_a_kill_it_goes_on_where_it_was(
    stage: Stage, sari: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    tickets = [stage.classified() for _n in range(4)]
    job = prepare_application(actor=sari, version=publish(sari, 12))
    work_on_policies()
    start_application(actor=sari, pk=job.pk)
    real, seen = apply_work._apply_to, []

    def deadly(application: PolicyApplication, pk: int) -> int:
        seen.append(pk)
        if len(seen) == 3:
            raise KeyboardInterrupt
        return real(application, pk)

    monkeypatch.setattr(apply_work, "BEAT_SECONDS", 0)
    monkeypatch.setattr(apply_work, "_apply_to", deadly)
    with pytest.raises(KeyboardInterrupt):
        work_on_policies()
    job.refresh_from_db()
    assert (job.state, job.moved, job.last_ticket) == ("running", 2, tickets[1].pk)
    work_on_policies()
    job.refresh_from_db()
    assert (job.state, job.moved, job.done) == ("done", 4, 4)
    assert seen == [tickets[0].pk, tickets[1].pk, tickets[2].pk, tickets[2].pk, tickets[3].pk]


def test_a_ticket_that_fails_hurts_no_other(
    stage: Stage, sari: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison, well = stage.classified(), stage.classified()
    real = apply_work._apply_to

    def failing(application: PolicyApplication, pk: int) -> int:
        if pk == poison.pk:
            raise ValueError("poison")
        return real(application, pk)

    monkeypatch.setattr(apply_work, "_apply_to", failing)
    job = applied(sari, publish(sari, 12))
    assert (job.state, job.moved, job.skipped) == ("done", 1, 1)
    assert resolution_of(well).policy_version == 2


def test_it_can_be_stopped(stage: Stage, sari: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    for _n in range(3):
        stage.classified()
    job = prepare_application(actor=sari, version=publish(sari, 12))
    work_on_policies()
    start_application(actor=sari, pk=job.pk)
    real = apply_work._apply_to

    def stopped_meanwhile(application: PolicyApplication, pk: int) -> int:
        cancel_application(actor=sari, pk=job.pk)
        return real(application, pk)

    monkeypatch.setattr(apply_work, "BEAT_SECONDS", 0)
    monkeypatch.setattr(apply_work, "_apply_to", stopped_meanwhile)
    work_on_policies()
    job.refresh_from_db()
    assert job.state == "cancelled"
    assert Clock.objects.filter(policy__version=2).values("ticket").distinct().count() == 1
    cancel_application(actor=sari, pk=job.pk)
    with pytest.raises(WrongState):
        start_application(actor=sari, pk=job.pk)


def test_only_one_runs_and_only_the_version_in_force(stage: Stage, sari: Actor) -> None:
    stage.classified()
    first = publish(sari, 12)
    jobs = [prepare_application(actor=sari, version=first) for _n in range(2)]
    work_on_policies()
    start_application(actor=sari, pk=jobs[0].pk)
    with pytest.raises(WrongState):
        start_application(actor=sari, pk=jobs[0].pk)
    with pytest.raises(Conflict):
        start_application(actor=sari, pk=jobs[1].pk)
    work_on_policies()
    publish(sari, 10)
    with pytest.raises(WrongState):
        prepare_application(actor=sari, version=first)
    with pytest.raises(WrongState):
        start_application(actor=sari, pk=jobs[1].pk)
    with pytest.raises(InvalidInput):
        prepare_application(actor=sari, version=99)


def test_others_may_not(officer: User) -> None:
    actor = of_user(officer)
    with pytest.raises(NotAllowed):
        prepare_application(actor=actor, version=1)
    with pytest.raises(NotAllowed):
        start_application(actor=actor, pk=1)
    with pytest.raises(NotAllowed):
        cancel_application(actor=actor, pk=1)


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_while_one_worker_works_another_leaves_it_alone(stage: Stage, supervisor: User) -> None:
    sari = of_user(supervisor)
    for _n in range(3):
        stage.classified()
    job = prepare_application(actor=sari, version=publish(sari, 12))
    work_on_policies()
    start_application(actor=sari, pk=job.pk)
    at_once([work_on_policies] * 3)
    job.refresh_from_db()
    assert (job.state, job.moved) == ("done", 3)
    assert TicketEvent.objects.filter(kind=EventKind.RECOMPUTED).count() == 3


def pausing(*reasons: str) -> Callable[[dict[str, Any]], None]:
    def change(body: dict[str, Any]) -> None:
        body["pauses"]["resolution"] = list(reasons)

    return change


def test_other_pauses_hold_from_the_moment_of_applying(stage: Stage, sari: Actor) -> None:
    """What has run has run: the preview, the clock and the audit say the same."""
    begin = clock.now()
    with clock.at(begin):
        ticket = stage.handled()
        reply_to_customer(
            actor=stage.actor("dimas"), ticket_id=ticket.pk, body="Foto?", wait_for_customer=True
        )
    assert resolution_of(ticket).state == "paused"
    with clock.at(begin + timedelta(hours=5)):
        edit_draft(actor=sari, change=pausing())
        job = applied(sari, publish_draft(actor=sari, note="Tanpa jeda").version)
        (row,) = [row for row in job.preview["rows"] if row["metric"] == "resolution"]
        assert (row["goes_on"], row["stops"], row["same"]) == (1, 0, 1)
        running = resolution_of(ticket)
        assert (running.state, running.stood_still) == ("running", timedelta(hours=5))
        assert running.due_at == ticket.received_at + timedelta(hours=24 + 5)
        event = TicketEvent.objects.get(ticket=ticket, kind=EventKind.RECOMPUTED)
        assert event.data["moves"][0]["then"] == "running"
        assert list(audit_deadlines()) == []
    with clock.at(begin + timedelta(hours=7)):
        edit_draft(actor=sari, change=pausing("customer"))
        job = applied(sari, publish_draft(actor=sari, note="Dengan jeda").version)
        (row,) = [row for row in job.preview["rows"] if row["metric"] == "resolution"]
        assert (row["goes_on"], row["stops"], row["same"]) == (0, 1, 1)
        paused = resolution_of(ticket)
        assert (paused.state, paused.paused_at) == ("paused", begin + timedelta(hours=7))
        assert list(audit_deadlines()) == []


def test_what_was_locked_or_failed_is_tried_again(
    stage: Stage, sari: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    late, well = stage.classified(), stage.classified()
    real, seen = apply_work._apply_to, []

    def busy_at_first(application: PolicyApplication, pk: int) -> int:
        seen.append(pk)
        if seen == [late.pk]:
            raise OperationalError("lock timeout")
        return real(application, pk)

    monkeypatch.setattr(apply_work, "_apply_to", busy_at_first)
    job = applied(sari, publish(sari, 12))
    assert seen == [late.pk, well.pk, late.pk]
    assert (job.state, job.moved, job.skipped, job.done) == ("done", 2, 0, 2)
    assert resolution_of(late).policy_version == 2


def test_an_old_count_is_made_anew_before_it_is_confirmed(stage: Stage, sari: Actor) -> None:
    stage.classified()
    job = prepare_application(actor=sari, version=publish(sari, 12))
    work_on_policies()
    with clock.shifted(timedelta(minutes=16)):
        with pytest.raises(Conflict) as refused:
            start_application(actor=sari, pk=job.pk)
        assert refused.value.code == "count_stale"
        job.refresh_from_db()
        assert job.state == "counting"
        work_on_policies()
        assert start_application(actor=sari, pk=job.pk).state == "running"


def test_a_count_of_another_load_of_work_is_made_anew(
    stage: Stage, sari: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "A_FEW", 1)
    stage.classified()
    job = prepare_application(actor=sari, version=publish(sari, 12))
    work_on_policies()
    stage.classified()
    job.refresh_from_db()
    assert not applying.is_stale(job, clock.now())
    stage.classified()
    with pytest.raises(Conflict):
        start_application(actor=sari, pk=job.pk)


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_lost_its_connection_leaves_the_work_to_another(
    stage: Stage, supervisor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its lock went with the connection: it must not go on as if it had it."""
    sari = of_user(supervisor)
    tickets = [stage.classified() for _n in range(3)]
    job = prepare_application(actor=sari, version=publish(sari, 12))
    work_on_policies()
    start_application(actor=sari, pk=job.pk)
    real, seen = apply_work._apply_to, []

    def cut_off(application: PolicyApplication, pk: int) -> int:
        seen.append(pk)
        if len(seen) == 2:
            connection.close()
        return real(application, pk)

    monkeypatch.setattr(apply_work, "_apply_to", cut_off)
    work_on_policies()
    assert seen == [tickets[0].pk, tickets[1].pk]
    job.refresh_from_db()
    assert (job.state, job.skipped) == ("running", 0)
    work_on_policies()
    job.refresh_from_db()
    assert job.state == "done"
    assert not Clock.objects.filter(state="running", policy__version=1).exists()


@pytest.mark.django_db(transaction=True)
def test_a_version_of_another_process_holds_at_once(stage: Stage, supervisor: User) -> None:
    """This process read the version before it a moment ago."""
    stage.classified()
    assert SlaPolicy.in_force().version == 1
    kept = dict(versioned._in_force)
    publish(of_user(supervisor), 12)
    versioned._in_force.update(kept)
    assert SlaPolicy.in_force().version == 1
    assert resolution_of(stage.classified()).policy_version == 2
