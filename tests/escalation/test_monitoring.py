"""While a team has the case its customer hears something every day, whoever must say it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from helpdesk.common import clock
from people.models import Team
from sla.models import Clock, Timer
from sla.services import audit_deadlines, sweep
from tests.support.receiving import Receiving
from tests.support.stages import fresh
from tickets.models import Message, Notice, OutgoingMail, Ticket
from tickets.services import add_customer_message, mark_no_reply_needed, reply_to_customer

pytestmark = pytest.mark.django_db
Case = Callable[..., Receiving]
DAY = timedelta(hours=24)
TEAMS = [("fraud", "farah"), ("mediation", "maya"), ("legal", "leo"), ("supervisors", "sari")]


@pytest.fixture(autouse=True)
def audited(db: None) -> Iterator[None]:
    """Whatever happens to the case, the second account knows of the same news that is owed."""
    yield
    found = [str(difference) for difference in audit_deadlines()]
    assert [what for what in found if "next_update" in what] == []


@pytest.fixture
def monitored(case: Case, request: pytest.FixtureRequest) -> Receiving:
    to, by = request.param
    mine = case()
    reply_to_customer(actor=mine.actor("dimas"), ticket_id=mine.ticket.pk, body="Kami cek.")
    # Legal promises a date of its own; missed, it would take the case upstairs in the middle of a test.
    later = {"target_at": clock.now() + 3 * DAY, "target_reason": "Menunggu notaris."}
    mine.accept(to, by, **(later if to == "legal" else {}))
    return mine


def owed(case: Receiving) -> Clock | None:
    return case.ticket.clocks.filter(metric="next_update", state="running").first()


def due_in_a_day(case: Receiving) -> bool:
    running = owed(case)
    assert running is not None
    return clock.now() < running.due_at <= clock.now() + DAY


@pytest.mark.parametrize("monitored", TEAMS, indirect=True, ids=[to for to, _by in TEAMS])
def test_news_is_owed_within_a_day_whichever_team_has_it(monitored: Receiving) -> None:
    assert fresh(monitored.ticket).state == "monitored"
    assert due_in_a_day(monitored)
    assert Timer.objects.filter(
        subject_type="ticket", subject_id=monitored.ticket.pk, kind="sla.next_update", state="armed"
    ).exists()


@pytest.mark.parametrize("waited", [True, False])
def test_what_was_asked_of_the_customer_before_is_no_excuse(case: Case, *, waited: bool) -> None:
    mine = case()
    reply_to_customer(
        actor=mine.actor("dimas"),
        ticket_id=mine.ticket.pk,
        body="Mohon fotonya.",
        wait_for_customer=waited,
    )
    mine.accept("fraud", "farah")
    assert due_in_a_day(mine)


@pytest.mark.parametrize("monitored", [("fraud", "farah")], indirect=True)
def test_a_question_of_the_team_to_the_customer_stops_no_news(monitored: Receiving) -> None:
    farah = monitored.actor("farah")
    with clock.shifted(timedelta(hours=5)):
        reply_to_customer(
            actor=farah,
            ticket_id=monitored.ticket.pk,
            body="Nomor rekening?",
            wait_for_customer=True,
        )
        assert due_in_a_day(monitored)
        assert list(audit_deadlines()) == []


@pytest.mark.parametrize("monitored", [("fraud", "farah")], indirect=True)
def test_words_that_want_no_answer_stop_no_news(monitored: Receiving) -> None:
    ticket = Ticket.objects.get(pk=monitored.ticket.pk)
    add_customer_message(
        actor=monitored.actor("ratna"), ticket_id=ticket.pk, body="Baik, saya tunggu."
    )
    before = owed(monitored)
    mark_no_reply_needed(actor=monitored.actor("farah"), ticket_id=ticket.pk)
    assert owed(monitored) == before is not None
    assert list(audit_deadlines()) == []


@pytest.mark.parametrize("monitored", [("legal", "leo")], indirect=True)
def test_for_legal_the_officer_owes_the_news_and_is_warned(monitored: Receiving) -> None:
    started = owed(monitored).started_at
    for percent, told in ((50, {"dimas"}), (80, {"dimas", "sari"})):
        with clock.at(started + DAY * percent / 100 + timedelta(seconds=1)):
            sweep()
        warned = monitored.ticket.events.filter(
            kind="warned", data__metric="next_update", data__percent=percent
        )
        people = Notice.objects.filter(event__in=warned)
        names = {notice.recipient.get_short_name().lower() for notice in people}
        assert told <= names
        assert "leo" not in names


@pytest.mark.parametrize("monitored", [("legal", "leo")], indirect=True)
def test_the_officers_news_is_news_from_legal(monitored: Receiving) -> None:
    with clock.shifted(timedelta(hours=20)):
        reply_to_customer(
            actor=monitored.actor("dimas"), ticket_id=monitored.ticket.pk, body="Masih diperiksa."
        )
        assert due_in_a_day(monitored)
        assert owed(monitored).due_at > clock.now() + timedelta(hours=23)


@pytest.mark.parametrize("monitored", [("legal", "leo")], indirect=True)
def test_without_news_the_chain_goes_on_to_operations_once(monitored: Receiving) -> None:
    others = Timer.objects.filter(state="armed").exclude(kind="sla.next_update")
    others.update(state="cancelled")
    with clock.at(owed(monitored).due_at + timedelta(seconds=1)):
        for _again in range(3):
            sweep()
    after = fresh(monitored.ticket)
    assert (after.state, after.team.code) == ("escalated", "operations")
    assert after.escalations.filter(trigger="breach.next_update").count() == 1


def test_the_team_reads_of_it_in_the_language_of_the_house(case: Case) -> None:
    """Not in the customer's."""
    mine = case()
    Ticket.objects.filter(pk=mine.ticket.pk).update(language="en")
    mine.send("fraud")
    (letter,) = OutgoingMail.objects.filter(template="escalation", ticket=mine.ticket)
    assert (letter.recipient, letter.language) == (Team.objects.get(code="fraud").email, "id")
    assert not mine.ticket.messages.filter(kind=Message.Kind.REPLY).exists()
