"""Long orders on many tickets: frozen, tried, confirmed, done once each, stopped, given again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404

from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed, TooMany, WrongState
from people.models import User
from tests.support.stages import Stage, fresh
from tickets.bulk_reads import counts_of_job, items_in_order, jobs_of, reasons_of
from tickets.models import BulkJob, Message, OutgoingMail, TicketEvent
from tickets.services import (
    Order,
    again_bulk_job,
    confirm_bulk_job,
    reply_to_customer,
    start_bulk_job,
    stop_bulk_job,
    work_on_bulk_jobs,
    work_on_job,
)
from tickets.services import bulk_jobs as services

pytestmark = pytest.mark.django_db

CLOSING = {"root_cause": "Bank terlambat", "solution": "Dana dikirim", "confirmation": "no_answer"}


def give(stage: Stage, name: str, order: Order, *tickets: Any, **options: Any) -> BulkJob:
    numbers = [getattr(ticket, "number", ticket) for ticket in tickets]
    return start_bulk_job(actor=stage.actor(name), order=order, numbers=numbers, **options)


def states(job: BulkJob) -> list[str]:
    return list(job.items.order_by("place").values_list("state", flat=True))


def test_it_is_tried_first_and_nothing_is_changed_by_that(stage: Stage) -> None:
    handled, closed, new = stage.handled(), stage.closed(), stage.classified()
    before = TicketEvent.objects.count(), OutgoingMail.objects.count()
    job = give(stage, "dimas", Order("close", parts=CLOSING), handled, closed, new, "TUN-2222-2222")
    assert work_on_bulk_jobs() == 3
    job.refresh_from_db()
    assert job.state == "ready"
    assert states(job) == ["fits", "unfit", "unfit", "refused"]
    assert (TicketEvent.objects.count(), OutgoingMail.objects.count()) == before
    counts = counts_of_job(job)
    assert (counts.fits, counts.would_be_refused) == (1, 3)
    assert {reason.code for reason in reasons_of(job)} == {"wrong_state", "not_found"}
    assert all(reason.why.said_in("en") != reason.why.said_in("id") for reason in reasons_of(job))


def test_confirmed_it_does_what_it_said(stage: Stage) -> None:
    handled, closed = stage.handled(), stage.closed()
    job = give(stage, "dimas", Order("close", parts=CLOSING), handled, closed)
    work_on_bulk_jobs()
    for _again in range(2):
        confirm_bulk_job(actor=stage.actor("dimas"), job_id=job.pk)
    work_on_bulk_jobs()
    confirm_bulk_job(actor=stage.actor("dimas"), job_id=job.pk)
    assert work_on_bulk_jobs() == 0
    job.refresh_from_db()
    assert (job.state, states(job)) == ("done", ["done", "refused"])
    assert fresh(handled).state == "closed"
    assert [item.number for item in items_in_order(job)] == [closed.number, handled.number]


def test_an_officer_may_what_he_may_on_each(stage: Stage, other_officer: User) -> None:
    mine, closed = stage.classified(), stage.closed()
    order = Order("assign", assignee=stage.actor("dimas").user)
    job = give(stage, "dimas", order, mine, closed, confirmed=True)
    work_on_bulk_jobs()
    assert states(job) == ["done", "refused"]
    with pytest.raises(NotAllowed):
        give(stage, "dimas", Order("assign", assignee=other_officer), mine)
    with pytest.raises(NotAllowed):
        give(stage, "dimas", Order("pull_forward", reason="r"), mine)


@pytest.mark.parametrize("name", ["admin", "sistem", "ratna"])
def test_others_may_not(stage: Stage, name: str) -> None:
    with pytest.raises(NotAllowed):
        give(stage, name, Order("close", parts=CLOSING), stage.handled())
    assert not jobs_of(stage.actor(name)).exists()


def test_a_job_is_its_owners_and_those_who_direct_work(stage: Stage, other_officer: User) -> None:
    from people.actors import of_user

    job = give(stage, "dimas", Order("close", parts=CLOSING), stage.handled())
    assert list(jobs_of(stage.actor("sari"))) == [job]
    with pytest.raises(NotAllowed):
        confirm_bulk_job(actor=stage.actor("sari"), job_id=job.pk)
    for verb in (confirm_bulk_job, stop_bulk_job, again_bulk_job):
        with pytest.raises(Http404):
            verb(actor=of_user(other_officer), job_id=job.pk)


def test_replies_are_filled_in_for_each_and_sent_once(stage: Stage) -> None:
    tickets = [stage.handled(), stage.handled()]
    order = Order("reply", parts={"body": "Halo, tiket {ticket_number} kami periksa."})
    job = give(stage, "dimas", order, *tickets, confirmed=True)
    work_on_bulk_jobs()
    for ticket in tickets:
        said = Message.objects.get(ticket=ticket, kind="reply")
        assert said.body == f"Halo, tiket {ticket.number} kami periksa."
    assert states(job) == ["done", "done"]


def test_a_placeholder_that_a_ticket_does_not_tell_refuses_that_ticket(stage: Stage) -> None:
    ticket = stage.handled(order_number="", description="Akun saya diretas, tolong.")
    job = give(stage, "dimas", Order("reply", parts={"body": "Pesanan {order_number}"}), ticket)
    work_on_bulk_jobs()
    assert [reason.code for reason in reasons_of(job)] == ["placeholder_left"]


def test_what_somebody_wrote_in_the_meantime_is_not_answered_blindly(stage: Stage) -> None:
    ticket = stage.handled()
    job = give(stage, "dimas", Order("reply", parts={"body": "Sabar ya."}), ticket, confirmed=True)
    reply_to_customer(actor=stage.actor("sari"), ticket_id=ticket.pk, body="Dana sudah dikirim.")
    work_on_bulk_jobs()
    assert [reason.code for reason in reasons_of(job)] == ["reply_crossed"]


def test_escalating_fills_the_teams_form_for_each(stage: Stage) -> None:
    tickets = [stage.handled(), stage.handled()]
    order = Order("escalate", reason="Pola penipuan yang sama", parts={"to_team": "fraud"})
    job = give(stage, "dimas", order, *tickets, stage.closed(), confirmed=True)
    work_on_bulk_jobs()
    assert states(job) == ["done", "done", "refused"]
    for ticket in tickets:
        asked = ticket.escalations.get()
        assert (asked.state, asked.to_team.code) == ("requested", "fraud")
        assert ticket.subject in asked.summary
        assert asked.requested_by == stage.actor("dimas").user


@pytest.mark.parametrize(
    ("order", "field"),
    [
        (Order("close"), "root_cause"),
        (Order("close", parts={**CLOSING, "confirmation": "x"}), "confirmation"),
        (Order("reply"), "body"),
        (Order("reply", parts={"body": "\x00"}), "body"),
        (Order("reply", parts={"body": "{nothing_known}"}), "body"),
        (Order("reply", parts={"macro": 999_999}), "macro"),
        (Order("escalate", reason="r", parts={"to_team": "nobody"}), "to_team"),
        (Order("escalate", reason="r", parts={"to_team": "cs_account"}), "to_team"),
        (Order("escalate", parts={"to_team": "fraud"}), "reason"),
        (Order("explode"), "verb"),
    ],
)
def test_what_is_wrong_for_all_is_refused_once(stage: Stage, order: Order, field: str) -> None:
    ticket = stage.handled()
    with pytest.raises(InvalidInput) as refused:
        give(stage, "dimas", order, ticket)
    assert field in refused.value.fields
    assert not BulkJob.objects.exists()


def test_ten_thousand_fit_and_one_more_does_not(stage: Stage) -> None:
    order, dimas = Order("close", parts=CLOSING), stage.actor("dimas")
    numbers = [f"X{n}" for n in range(10_001)]
    with pytest.raises(InvalidInput) as refused:
        start_bulk_job(actor=dimas, order=order, numbers=numbers)
    assert refused.value.code == "too_many_chosen"
    with pytest.raises(InvalidInput):
        start_bulk_job(actor=dimas, order=order, ticket_ids=range(1, 10_002))
    with pytest.raises(InvalidInput):
        start_bulk_job(actor=dimas, order=order, numbers=[])
    job = start_bulk_job(actor=dimas, order=order, numbers=numbers[:-1])
    assert counts_of_job(job).refused == job.total == 10_000
    work_on_bulk_jobs()
    job.refresh_from_db()
    assert job.state == "ready"


def test_the_same_key_is_one_job(stage: Stage) -> None:
    ticket, order = stage.handled(), Order("close", parts=CLOSING)
    first = give(stage, "dimas", order, ticket, submission_key="k" * 64)
    assert give(stage, "dimas", order, ticket, submission_key="k" * 64) == first
    with pytest.raises(Conflict):
        give(stage, "dimas", order, stage.handled(), submission_key="k" * 64)


def test_nobody_floods_the_workers(stage: Stage) -> None:
    ticket, order = stage.handled(), Order("close", parts=CLOSING)
    for _n in range(services.MOST_AT_WORK):
        give(stage, "dimas", order, ticket)
    with pytest.raises(TooMany):
        give(stage, "dimas", order, ticket)


def test_stopped_it_ends_and_the_rest_is_given_again(stage: Stage) -> None:
    tickets = [stage.handled() for _n in range(3)]
    dimas = stage.actor("dimas")
    job = give(stage, "dimas", Order("close", parts=CLOSING), *tickets, confirmed=True)
    work_on_job(job, within=0)
    with pytest.raises(WrongState):
        again_bulk_job(actor=dimas, job_id=job.pk)
    for _again in range(2):
        stop_bulk_job(actor=dimas, job_id=job.pk)
    assert work_on_bulk_jobs() == 0
    with pytest.raises(WrongState):
        confirm_bulk_job(actor=dimas, job_id=job.pk)
    again = again_bulk_job(actor=dimas, job_id=job.pk)
    assert (again.total, again.state) == (2, "checking")
    work_on_bulk_jobs()
    confirm_bulk_job(actor=dimas, job_id=again.pk)
    work_on_bulk_jobs()
    assert states(again) == ["done"] * 2
    with pytest.raises(WrongState):
        again_bulk_job(actor=dimas, job_id=again.pk)


def test_jobs_take_turns(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    from tickets.services import bulk_work

    monkeypatch.setattr(bulk_work, "SLICE_SECONDS", 0.0001)
    order = Order("close", parts=CLOSING)
    long = give(stage, "dimas", order, *(stage.handled() for _n in range(4)), confirmed=True)
    short = give(stage, "dimas", order, stage.handled(), confirmed=True)
    work_on_bulk_jobs()
    ends = {job.pk: BulkJob.objects.get(pk=job.pk).ended_at for job in (long, short)}
    assert ends[short.pk] < ends[long.pk]


def test_a_fault_of_ours_is_told_and_the_others_go_on(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tickets.services import bulk_work

    bad, good = stage.handled(), stage.handled()
    real = bulk_work.refusal_of

    def faulty(actor: Any, pk: int | None, order: Order) -> Any:
        result = real(actor, pk, order)
        if pk == bad.pk:
            raise RuntimeError("half way")
        return result

    monkeypatch.setattr(bulk_work, "refusal_of", faulty)
    job = give(stage, "dimas", Order("close", parts=CLOSING), bad, good, confirmed=True)
    work_on_bulk_jobs()
    assert states(job) == ["refused", "done"]
    assert (fresh(bad).state, fresh(good).state) == ("handled", "closed")
    assert reasons_of(job)[0].code == "fault"
    assert again_bulk_job(actor=stage.actor("dimas"), job_id=job.pk).total == 1


def test_whoever_lost_the_right_changes_nothing_more(stage: Stage) -> None:
    ticket, dimas = stage.handled(), stage.actor("dimas").user
    assert dimas is not None
    job = give(stage, "dimas", Order("close", parts=CLOSING), ticket, confirmed=True)
    dimas.is_active = False
    dimas.save()
    work_on_bulk_jobs()
    assert states(job) == ["refused"]
    assert fresh(ticket).state == "handled"


def test_a_job_that_kills_its_worker_is_given_up(stage: Stage) -> None:
    job = give(stage, "dimas", Order("close", parts=CLOSING), stage.handled(), confirmed=True)
    BulkJob.objects.filter(pk=job.pk).update(attempts=3)
    work_on_bulk_jobs()
    job.refresh_from_db()
    assert (job.state, states(job)) == ("failed", ["waiting"])


def test_a_person_who_is_gone_ends_the_job(stage: Stage) -> None:
    job = give(stage, "sari", Order("assign", assignee=stage.actor("sari").user), stage.handled())
    BulkJob.objects.filter(pk=job.pk).update(order={"assignee": 999_999_999})
    work_on_bulk_jobs()
    job.refresh_from_db()
    assert job.state == "failed"


def test_old_jobs_are_shown_no_more(stage: Stage) -> None:
    job = give(stage, "dimas", Order("close", parts=CLOSING), stage.handled())
    BulkJob.objects.filter(pk=job.pk).update(created_at=clock.now() - timedelta(days=91))
    assert not jobs_of(stage.actor("dimas")).exists()


def test_a_hold_keeps_its_moment(stage: Stage) -> None:
    ticket = stage.handled()
    reply_to_customer(actor=stage.actor("dimas"), ticket_id=ticket.pk, body="Kami periksa.")
    until = clock.now() + timedelta(days=2)
    give(stage, "sari", Order("hold", reason="Libur", until=until), ticket, confirmed=True)
    work_on_bulk_jobs()
    assert fresh(ticket).held_until == until
