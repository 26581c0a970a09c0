"""Each escalation stands in the ledger once, with what caused it and proof that it arrived."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import Q
from django.utils import timezone, translation

from desk.sentences import Names, sentence
from escalation.ledger import Wanted, entries_of, ledger
from escalation.models import Escalation
from escalation.services import decline_escalation, request_escalation, verify_escalation
from escalation.services.automatic import escalate_automatically
from helpdesk.common import clock
from helpdesk.common.errors import NotAllowed
from people.actors import of_user
from people.models import Team, TeamMembership
from sla.models import Clock, ClockEvent, SlaPolicy, SweepRun, Timer
from sla.services import sweep
from tests.support.stages import form
from tickets.models import Notice, OutgoingMail, TicketEvent
from tickets.services import deliver_owed_mail, owe_mail, reclassify_ticket, reply_to_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(supervisor):
    return of_user(supervisor)


@pytest.fixture
def breached(file_ticket):
    """A first response missed an hour ago, escalated by a sweep."""
    with clock.shifted(timedelta(hours=-3)):
        ticket = file_ticket()
    sweep()
    return ticket


def lines(actor, **wanted):
    found, _more = ledger(Wanted(**wanted), actor=actor).page({"page_size": 100})
    return entries_of(found)


def summary(actor, **wanted):
    return ledger(Wanted(**wanted), actor=actor).summary()


def test_a_missed_deadline_stands_there_with_all_that_proves_it(lead, breached):
    (entry,) = lines(lead)
    line = ClockEvent.objects.get(kind="breached")
    assert entry.escalation.trigger == "breach.first_response"
    row = entry.escalation
    assert (row.due_at, row.metric) == (line.due_at, "first_response")
    assert row.late_seconds == pytest.approx(line.late_seconds, abs=0.001)
    assert row.policy_version == SlaPolicy.in_force().version
    assert row.sweep == SweepRun.objects.get()
    assert row.cause == line.cause
    assert row.origin == "breach"
    assert row.matrix_version > 0
    assert row.is_late
    told = Notice.objects.filter(event__kind__in=["breached", "escalated"])
    assert entry.notices == told.count() > 0
    assert {one.person for one in entry.told} == {str(one.recipient) for one in told}
    assert {one.at for one in entry.told} == {row.requested_at}
    assert entry.notices_read == 0


def test_who_gets_the_case_is_told_once_and_why(lead, file_ticket):
    """Who leads the squad as well: one notice, not one of the breach and one of the case."""
    with clock.shifted(timedelta(hours=-3)):
        ticket = file_ticket()
    for team in (ticket.home_team, Team.objects.get(code="fraud")):
        TeamMembership.objects.get_or_create(team=team, user=lead.user, defaults={"leads": True})
    sweep()
    (entry,) = lines(lead)
    assert entry.escalation.to_team.code == "fraud"
    assert [told.person for told in entry.told].count(str(lead.user)) == 1
    (notice,) = Notice.objects.filter(recipient=lead.user, created_at=entry.escalation.requested_at)
    assert notice.event == entry.escalation.event
    with translation.override("id"):
        said = sentence(notice.event, Names([notice.event]))
    assert said == "Dieskalasi ke Tim Investigasi Fraud. Lewat tenggat: respons pertama"


def test_a_notice_is_proven_with_the_moment_at_which_it_was_read(lead, breached):
    one = Notice.objects.filter(event__kind="escalated").first()
    Notice.objects.filter(pk=one.pk).update(read_at=timezone.now())
    one.refresh_from_db()
    (entry,) = lines(lead)
    assert entry.notices_read == 1
    assert [told.read_at for told in entry.told if told.read_at] == [one.read_at]


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


def ask(stage):
    """An officer asks; the supervisors owe an answer."""
    ticket = stage.handled()
    return request_escalation(actor=stage.actor("dimas"), ticket_id=ticket.pk, form=form())


def test_a_request_has_the_deadline_of_its_verification(lead, stage):
    asked = ask(stage)
    owed = Clock.objects.get(metric="verification")
    (entry,) = lines(lead)
    row = entry.escalation
    assert (row.due_at, row.metric, row.origin) == (owed.due_at, "verification", "hand")
    assert row.policy_version == owed.policy_version
    assert (row.late_seconds, row.sweep) == (None, None)
    assert {one.person for one in entry.told} >= {str(lead.user)}
    verify_escalation(actor=lead, escalation_id=asked.pk)
    (entry,) = lines(lead)
    assert entry.escalation.late_seconds == 0
    assert not entry.escalation.is_late


@pytest.mark.parametrize("decide", [verify_escalation, decline_escalation])
def test_a_request_decided_late_says_by_how_much(lead, stage, decide):
    asked = ask(stage)
    with clock.at(asked.due_at + timedelta(seconds=90)):
        decide(actor=lead, escalation_id=asked.pk, reason="Baru sempat.")
    (entry,) = lines(lead, trigger="hand", late=True)
    assert entry.escalation.late_seconds == 90
    assert summary(lead).verified_late == 1


def test_a_supervisors_own_hand_answers_no_deadline(lead, stage):
    stage.escalated()
    (entry,) = lines(lead)
    row = entry.escalation
    assert row.origin == "hand"
    assert (row.due_at, row.late_seconds, row.sweep) == (None, None, None)


def test_a_fact_answers_no_deadline(lead, stage):
    ticket = stage.handled()
    escalate_automatically(
        ticket, actor=lead, to_team=Team.objects.get(code="legal"), trigger="rule.x",
        at=clock.now(), cause="Fakta.",
    )  # fmt: skip
    (entry,) = lines(lead, trigger="rule")
    assert (entry.escalation.due_at, entry.escalation.late_seconds) == (None, None)


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
    (entry,) = [e for e in lines(lead) if e.escalation.origin != "breach"]
    row = entry.escalation
    assert (row.due_at, row.late_seconds, row.origin) == (timer.due_at, 5, "rule")
    assert row.sweep is not None
    assert row in [entry.escalation for entry in lines(lead, trigger="rule", late=True)]


def test_an_overdue_follow_up_has_the_moment_that_passed(lead, case):
    mine = case()
    mine.accept("fraud", "farah")
    step = mine.plan()
    timers = Timer.objects.filter(state="armed")
    timers.exclude(subject_type="follow_up", subject_id=step.pk).update(state="cancelled")
    for moment in (step.due_at, step.due_at + timedelta(hours=4, seconds=4)):
        with clock.at(moment):
            sweep()
    (entry,) = lines(lead, trigger="follow_up", late=True)
    assert entry.escalation.trigger == "follow_up"
    row = entry.escalation
    assert (row.due_at, row.late_seconds) == (step.due_at + timedelta(hours=4), 4)
    assert row.sweep is not None
    assert row.cause.kind == "follow_up_overdue"
    assert entry.notices > 0


def test_the_filters(lead, breached, stage):
    stage.escalated()
    trigger = Escalation.objects.get(requested_by=None).trigger
    now = clock.now()
    assert len(lines(lead)) == 2
    assert [e.escalation.trigger for e in lines(lead, trigger="breach")] == [trigger]
    assert len(lines(lead, trigger="hand")) == 1
    assert [e.escalation.trigger for e in lines(lead, trigger="automatic")] == [trigger]
    number = breached.number.replace("-", " ").lower()
    assert [e.escalation.trigger for e in lines(lead, ticket=number)] == [trigger]
    assert lines(lead, ticket="TUN-0") == []
    assert lines(lead, trigger="rule") == []
    assert lines(lead, trigger="follow_up") == []
    assert len(lines(lead, late=True)) == 1
    assert len(lines(lead, team="fraud")) == len(lines(lead, team="cs_account")) == 2
    assert lines(lead, team="legal") == []
    assert len(lines(lead, priority="URGENT")) == 2
    assert lines(lead, priority="LOW") == []
    assert lines(lead, since=now + timedelta(hours=1)) == []
    assert lines(lead, until=now - timedelta(hours=1)) == []
    assert len(lines(lead, since=now - timedelta(hours=1), until=now + timedelta(hours=1))) == 2


def test_the_sum_is_of_all_that_fits(lead, breached, stage):
    stage.escalated()
    whole = summary(lead)
    assert (whole.count, whole.timed, whole.on_time, whole.share) == (2, 1, 0, 0.0)
    assert whole.p99 >= 3000
    by_hand = summary(lead, trigger="hand")
    assert (by_hand.count, by_hand.timed, by_hand.p99, by_hand.share) == (1, 0, None, None)
    assert summary(lead, team="legal").count == 0
    assert (summary(lead, team="fraud").count, summary(lead, trigger="automatic").count) == (2, 1)


def test_only_who_sees_the_dashboard(officer, specialist, customer_user):
    for user in (officer, specialist, customer_user):
        with pytest.raises(NotAllowed):
            ledger(Wanted(), actor=of_user(user))


def test_few_statements_for_many_lines(lead, file_ticket, django_assert_max_num_queries):
    for _ in range(4):
        file_ticket(received_at=timezone.now() - timedelta(hours=3))  # past when it was recorded
    sweep()
    with django_assert_max_num_queries(6):
        assert len(lines(lead)) == 4


def test_pages_of_a_team_meet_without_gap_or_repeat(lead, stage):
    """What went to the team and what came from it are read apart and shown in one order."""
    stage.send(stage.monitored(), "legal")  # to the fraud team, then from it
    for to in ("supervisors", "fraud"):
        stage.escalated(to)
    book, asked, shown = ledger(Wanted(team="fraud"), actor=lead), {"page_size": 1}, []
    while asked:
        found, asked = book.page(asked)
        shown += found
    either = Escalation.objects.filter(Q(to_team__code="fraud") | Q(from_team__code="fraud"))
    assert len(shown) == 3
    assert shown == list(either.order_by("-requested_at", "-pk"))
