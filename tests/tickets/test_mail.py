"""The letters: each template in both languages, to the right address, with nothing that is not theirs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail as outbox

from helpdesk.common import clock
from people.actors import VISITOR
from tests.support.stages import CLOSING
from tickets.models import OutgoingMail
from tickets.services import (
    Report,
    add_internal_note,
    ask_confirmation,
    deliver_owed_mail,
    delivery,
    owe_mail,
    receive_ticket,
    reply_to_customer,
)

pytestmark = pytest.mark.django_db
CANARY = "kenari-catatan-rahasia"
TO_CUSTOMER = [
    "acknowledgement",
    "reply",
    "split",
    "confirmation",
    "closed",
    "existing",
    "merged",
    "proactive",
    "unmerged",
]


def sent(template: str) -> outbox.EmailMessage:
    """Deliver everything owed and give the one letter of this template."""
    uuid = OutgoingMail.objects.filter(template=template).latest("id").uuid
    with clock.shifted(timedelta(minutes=1)):
        deliver_owed_mail()
    assert not OutgoingMail.objects.filter(state="pending").exists(), OutgoingMail.objects.filter(
        state="pending"
    ).values_list("template", "last_error")
    return next(m for m in outbox.outbox if str(uuid) in m.extra_headers["Message-ID"])


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("template", OutgoingMail.Template.values)
def test_every_template_renders_in_both_languages(stage, template, language):
    ticket = stage.escalated(language=language)
    add_internal_note(actor=stage.actor("farah"), ticket_id=ticket.pk, body=CANARY)
    event = ticket.events.filter(kind="escalated").get()
    owe_mail(ticket, event, template=template, recipient="uji@example.com", at=event.at)
    letter = sent(template)
    assert ticket.number in letter.subject
    assert "\n" not in letter.subject
    assert "&quot;" not in letter.body
    assert CANARY not in letter.subject + letter.body
    assert ("/lacak/" in letter.body) == (template in TO_CUSTOMER)
    if "/lacak/" in letter.body:
        assert f"{settings.BASE_URL}/lacak/" in letter.body


def test_the_language_is_the_customers(stage):
    ticket = stage.handled(language="en")
    letter = sent("acknowledgement")
    assert f"Your report is received: {ticket.number}" == letter.subject


def test_a_reply_carries_the_words_that_were_written(stage):
    ticket = stage.handled()
    body = 'Saldo "Rp 2.300.000" <aman> & sudah kembali.'
    reply_to_customer(actor=stage.actor("dimas"), ticket_id=ticket.pk, body=body)
    letter = sent("reply")
    assert body in letter.body
    assert letter.to == [ticket.customer.email]


def test_the_closing_tells_the_solution_and_not_the_root_cause(stage):
    stage.closed()
    letter = sent("closed")
    assert CLOSING["solution"] in letter.body
    assert CLOSING["root_cause"] not in letter.body


def test_the_question_carries_the_way_to_answer(stage):
    ticket = stage.handled()
    ask_confirmation(actor=stage.actor("dimas"), ticket_id=ticket.pk, **CLOSING)
    assert f"{settings.BASE_URL}/lacak/" in sent("confirmation").body


def test_a_strangers_words_are_never_sent_on(db):
    evil = "klik https://evil.example sekarang"
    report = Report(
        channel="web", description=evil, subject=evil, name=evil, order_number="INV/1",
        email="korban@example.com",
    )  # fmt: skip
    receive_ticket(actor=VISITOR, report=report)
    letter = sent("acknowledgement")
    assert letter.to == ["korban@example.com"]
    assert "evil" not in letter.subject + letter.body


def test_one_address_gets_one_strangers_letter_an_hour(db):
    for number in range(5):
        report = Report(
            channel="web", description=f"Aduan {number}", order_number=f"INV/{number}",
            email="korban@example.com",
        )  # fmt: skip
        receive_ticket(actor=VISITOR, report=report)
    assert OutgoingMail.objects.filter(template="acknowledgement").count() == 1


def test_our_letters_say_that_a_machine_sent_them(stage):
    stage.handled()
    letter = sent("acknowledgement")
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"


def test_the_teams_letter_is_the_case_report(stage):
    stage.escalated()
    letter = sent("escalation")
    assert letter.to == ["fraud@tokopedia.com"]
    assert "Identitas sudah diperiksa." in letter.body
    assert "/lacak/" not in letter.body


class DeafServer:
    """Takes no mail, and takes its time to say so."""

    def __init__(self, seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        self._seconds = seconds
        monkeypatch.setattr(delivery.time, "monotonic", lambda: self.now)

    def send_messages(self, messages: list[outbox.EmailMessage]) -> int:
        self.now += self._seconds
        raise TimeoutError("timed out")


def test_what_a_deaf_server_left_no_time_for_counts_as_not_tried(stage, monkeypatch):
    ticket = stage.handled()
    event = ticket.events.first()
    for number in range(5):
        owe_mail(ticket, event, template="notice", recipient=f"{number}@example.com", at=event.at)
    owed = OutgoingMail.objects.filter(state="pending")
    count = owed.count()
    with clock.shifted(timedelta(minutes=1)):
        deliver_owed_mail(connection=DeafServer(10.0, monkeypatch))
        assert owed.filter(attempts=1).count() == 4
        assert owed.filter(attempts=0, next_try_at__lte=clock.now()).count() == count - 4


def test_a_server_that_is_down_for_a_day_loses_no_mail(stage, monkeypatch):
    stage.handled()
    deaf = DeafServer(0.0, monkeypatch)
    for hour in range(25):
        with clock.shifted(timedelta(hours=hour, minutes=1)):
            deliver_owed_mail(connection=deaf)
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {"pending"}
    with clock.shifted(timedelta(hours=27)):
        deliver_owed_mail()
    assert not OutgoingMail.objects.exclude(state="sent").exists()
