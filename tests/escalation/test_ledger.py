"""Each escalation stands in the ledger once, with what caused it and proof that it arrived."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from escalation.ledger import Wanted, entries_of, ledger, summary_of, with_names
from escalation.models import Escalation
from helpdesk.common import clock
from helpdesk.common.errors import NotAllowed
from people.actors import of_user
from sla.models import ClockEvent, SlaPolicy, SweepRun, Timer
from sla.services import sweep
from tickets.models import Notice, OutgoingMail, TicketEvent
from tickets.services import deliver_owed_mail, owe_mail, reclassify_ticket, reply_to_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(supervisor):
    return of_user(supervisor)


@pytest.fixture
def breached(file_ticket):
    """A first response missed an hour ago, escalated by a sweep."""
    ticket = file_ticket(received_at=timezone.now() - timedelta(hours=3))
    sweep()
    return ticket


def lines(actor, **wanted):
    rows = ledger(Wanted(**wanted), actor=actor)
    return entries_of(with_names(rows).order_by("-requested_at", "-pk"))


def test_a_missed_deadline_stands_there_with_all_that_proves_it(lead, breached):
    (entry,) = lines(lead)
    line = ClockEvent.objects.get(kind="breached")
    assert entry.escalation.trigger == "breach.first_response"
    assert (entry.deadline_at, entry.late_seconds) == (line.due_at, line.late_seconds)
    assert entry.policy_version == SlaPolicy.in_force().version
    assert entry.sweep == SweepRun.objects.get().pk
    assert entry.escalation.matrix_version > 0
    assert entry.is_late
    told = Notice.objects.filter(event__kind__in=["breached", "escalated"])
    assert entry.notices == told.count() > 0
    assert entry.notices_read == 0


def test_the_mails_are_proven_by_their_message_id(lead, breached):
    mail = OutgoingMail.objects.get(template="escalation")
    (before,) = lines(lead)[0].mails
    assert (before.state, before.sent_at, before.in_digest) == ("pending", None, False)
    with clock.shifted(timedelta(minutes=1)):
        deliver_owed_mail()
    (after,) = lines(lead)[0].mails
    assert after.state == "sent"
    assert after.sent_at is not None
    assert str(mail.uuid) in after.message_id


def test_a_mail_that_went_in_a_digest_is_proven_by_the_digests(lead, breached):
    mail = OutgoingMail.objects.get(template="escalation")
    events = TicketEvent.objects.bulk_create(
        TicketEvent(ticket=breached, at=mail.event.at, kind="breached", actor_label="sweep")
        for _ in range(6)
    )
    for event in events:
        address = mail.recipient
        owe_mail(breached, event, template="notice", recipient=address, at=event.at)
    with clock.shifted(timedelta(minutes=1)):
        deliver_owed_mail()
    mail.refresh_from_db()
    (proof,) = lines(lead)[0].mails
    assert proof.in_digest
    assert str(mail.bundle) in proof.message_id


def test_by_hand_has_no_deadline(lead, stage):
    stage.escalated()
    (entry,) = lines(lead)
    assert entry.escalation.requested_by is not None
    assert (entry.deadline_at, entry.late_seconds, entry.sweep) == (None, None, None)


def test_a_time_trigger_has_the_moment_that_passed(lead, stage):
    ticket = stage.classified(days_open=6)
    reclassify_ticket(
        actor=stage.actor("sari"), ticket_id=ticket.pk, category="dispute", priority="MEDIUM",
        queue="general", reason="Sengketa.",
    )  # fmt: skip
    timer = Timer.objects.filter(
        subject_id=ticket.pk, state="armed", kind__startswith="escalation."
    ).get()
    # Answered until shortly before, so that no missed deadline moves it first.
    for hours in (23, 1):
        with clock.at(timer.due_at - timedelta(hours=hours)):
            words = {"ticket_id": ticket.pk, "body": "Kami periksa."}
            reply_to_customer(actor=stage.actor("ayu"), **words)
    with clock.at(timer.due_at + timedelta(seconds=5)):
        sweep()
    (entry,) = [e for e in lines(lead) if not e.escalation.trigger.startswith("breach.")]
    assert (entry.deadline_at, entry.late_seconds) == (timer.due_at, 5)
    assert entry.sweep is not None
    assert entry.escalation in ledger(Wanted(trigger="rule", late=True), actor=lead)


def test_an_overdue_follow_up_has_the_moment_that_passed(lead, case):
    mine = case()
    mine.accept("fraud", "farah")
    step = mine.plan()
    timers = Timer.objects.filter(state="armed")
    timers.exclude(subject_type="follow_up", subject_id=step.pk).update(state="cancelled")
    for moment in (step.due_at, step.due_at + timedelta(hours=24, seconds=4)):
        with clock.at(moment):
            sweep()
    (entry,) = lines(lead, trigger="follow_up", late=True)
    assert entry.escalation.trigger == "follow_up"
    assert (entry.deadline_at, entry.late_seconds) == (step.due_at + timedelta(hours=24), 4)
    assert entry.sweep is not None
    assert entry.notices > 0


def test_the_filters(lead, breached, stage):
    stage.escalated()
    trigger = Escalation.objects.get(requested_by=None).trigger
    now = clock.now()
    assert len(lines(lead)) == 2
    assert [e.escalation.trigger for e in lines(lead, trigger="breach")] == [trigger]
    assert len(lines(lead, trigger="hand")) == 1
    assert lines(lead, trigger="rule") == []
    assert lines(lead, trigger="follow_up") == []
    assert len(lines(lead, late=True)) == 1
    assert len(lines(lead, team="fraud")) == 2
    assert lines(lead, team="legal") == []
    assert len(lines(lead, priority="URGENT")) == 2
    assert lines(lead, priority="LOW") == []
    assert lines(lead, since=now + timedelta(hours=1)) == []
    assert lines(lead, until=now - timedelta(hours=1)) == []
    assert len(lines(lead, since=now - timedelta(hours=1), until=now + timedelta(hours=1))) == 2


def test_the_sum_is_of_all_that_fits(lead, breached, stage):
    stage.escalated()
    whole = summary_of(ledger(Wanted(), actor=lead))
    assert (whole.count, whole.timed, whole.on_time, whole.share) == (2, 1, 0, 0.0)
    assert whole.p99 >= 3000
    by_hand = summary_of(ledger(Wanted(trigger="hand"), actor=lead))
    assert (by_hand.count, by_hand.timed, by_hand.p99, by_hand.share) == (1, 0, None, None)
    assert summary_of(ledger(Wanted(team="legal"), actor=lead)).count == 0


def test_only_who_sees_the_dashboard(officer, specialist, customer_user):
    for user in (officer, specialist, customer_user):
        with pytest.raises(NotAllowed):
            ledger(Wanted(), actor=of_user(user))


def test_few_statements_for_many_lines(lead, file_ticket, django_assert_max_num_queries):
    for _ in range(4):
        file_ticket(received_at=timezone.now() - timedelta(hours=3))
    sweep()
    with django_assert_max_num_queries(7):
        assert len(lines(lead)) == 4
