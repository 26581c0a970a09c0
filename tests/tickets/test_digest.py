"""Many mails for one person of ours go as one; a customer's letter never does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.db.models import F

from helpdesk.common import clock
from tests.support.smtp import mail_server
from tickets.models import OutgoingMail, TicketEvent
from tickets.services import deliver_owed_mail, retry_mail
from tickets.services.parcels import BUNDLE_FROM, BUNDLE_REST

pytestmark = pytest.mark.django_db
LEAD = "lead@example.com"


@pytest.fixture
def server():
    with mail_server() as running:
        yield running


@pytest.fixture
def owe(stage):
    """Owe `count` mails about tickets of ever other priorities; every earlier mail is gone."""
    tickets = [stage.classified() for _ in range(3)]
    for ticket, priority in zip(tickets, ("LOW", "URGENT", "HIGH"), strict=True):
        type(ticket).objects.filter(pk=ticket.pk).update(priority=priority)
    OutgoingMail.objects.all().delete()

    def owed(count: int, recipient: str = LEAD, template: str = "notice") -> list[OutgoingMail]:
        at = clock.now()
        events = TicketEvent.objects.bulk_create(
            TicketEvent(ticket=tickets[n % 3], at=at, kind="breached", actor_label="sweep")
            for n in range(count)
        )
        return OutgoingMail.objects.bulk_create(
            OutgoingMail(
                ticket_id=event.ticket_id, event=event, template=template,
                recipient=recipient, next_try_at=at,
            )
            for event in events
        )  # fmt: skip

    return owed


def deliver(server, later: timedelta = timedelta(seconds=1)) -> int:
    with clock.shifted(later):
        return deliver_owed_mail(connection=server.connection())


def body_of(message) -> str:
    return message.get_payload(decode=True).decode()


def test_after_an_outage_a_person_gets_one_mail(server, owe):
    owe(500)
    assert deliver(server) == 500
    assert deliver(server) == 0
    (digest,) = server.messages
    assert digest["To"] == LEAD
    bundle = digest["Message-ID"].strip("<>").split("@")[0]
    sent = OutgoingMail.objects.values_list("state", "bundle", "leased_until", "attempts")
    assert {(s, str(b), lease, a) for s, b, lease, a in sent} == {("sent", bundle, None, 1)}
    assert digest["Auto-Submitted"] == "auto-generated"


def test_a_digest_begins_with_the_most_urgent_and_links_each_ticket(server, owe):
    owed = owe(9)
    deliver(server)
    text = body_of(server.messages[0])
    assert text.index("[URGENT]") < text.index("[HIGH]") < text.index("[LOW]")
    for mail in owed:
        assert f"{settings.BASE_URL}/meja/{mail.ticket.number}/" in text
    assert text.count("[URGENT]") == 1, "a ticket stands in it once, with its latest event"


def test_a_digest_has_an_end(server, owe, monkeypatch):
    monkeypatch.setattr("tickets.services.letters.DIGEST_LINES", 2)
    owe(9)
    deliver(server)
    text = body_of(server.messages[0])
    assert "[LOW]" not in text
    assert "dan 1 tiket lain" in text


def test_a_handful_goes_one_by_one(server, owe):
    owe(BUNDLE_FROM - 1)
    deliver(server)
    assert len(server.messages) == BUNDLE_FROM - 1
    assert not OutgoingMail.objects.filter(bundle__isnull=False).exists()


def test_each_person_gets_a_digest_of_their_own(server, owe):
    owe(20, "a@example.com")
    owe(20, "b@example.com", template="escalation")
    deliver(server)
    assert sorted(message["To"] for message in server.messages) == [
        "a@example.com",
        "b@example.com",
    ]


def test_a_customers_letters_are_never_bundled(server, owe):
    owe(20, template="acknowledgement")
    deliver(server)
    assert len(server.messages) == 20
    assert not OutgoingMail.objects.filter(bundle__isnull=False).exists()


def test_the_next_digest_waits_until_the_last_could_be_read(server, owe):
    owe(20)
    deliver(server)
    owe(20)
    assert deliver(server, timedelta(seconds=10)) == 0
    assert set(OutgoingMail.objects.filter(state="pending").values_list("attempts")) == {(0,)}
    owe(20)
    assert deliver(server, BUNDLE_REST + timedelta(seconds=20)) == 40
    assert len(server.messages) == 2


def test_what_rests_after_a_refusal_goes_with_what_is_new(server, owe):
    owe(8)
    server.refuse = True
    assert deliver(server) == 0
    server.refuse = False
    owe(1)
    assert deliver(server, timedelta(seconds=2)) == 9
    assert len(server.messages) == 1


def test_a_server_that_cannot_be_reached_bundles_nothing_for_good(owe):
    owe(8)
    with mail_server() as gone:
        address = gone.connection()
    with clock.shifted(timedelta(seconds=1)):
        assert deliver_owed_mail(connection=address) == 0
    assert set(OutgoingMail.objects.values_list("bundle", "attempts", "leased_until")) == {
        (None, 1, None)
    }
    owe(1)
    with mail_server() as back:
        assert deliver(back, timedelta(seconds=2)) == 9, "the resting ones go along"
        assert len(back.messages) == 1
    assert OutgoingMail.objects.filter(attempts=1).count() == 9, "and no attempt is counted twice"


def test_a_digest_sent_twice_is_the_same_letter(server, owe):
    """The server took it and died before saying so: what comes again has the same Message-ID."""
    owe(8)
    server.hang_up_after_data = True
    assert deliver(server) == 0
    server.hang_up_after_data = False
    assert deliver(server, timedelta(hours=1)) == 8
    first, second = server.messages
    assert first["Message-ID"] == second["Message-ID"]
    assert body_of(first) == body_of(second)


def test_a_killed_senders_digest_is_sent_as_it_was(server, owe):
    from tickets.services.parcels import claim

    owe(8)
    with clock.shifted(timedelta(seconds=1)):
        ((parcel,), _lease) = claim(100)
    assert deliver(server, timedelta(seconds=30)) == 0, "leased"
    owe(30)
    assert deliver(server, timedelta(minutes=5)) == 38
    ids = {message["Message-ID"].strip("<>").split("@")[0] for message in server.messages}
    assert str(parcel.bundle) in ids
    assert len(server.messages) == 2


def test_what_was_given_up_is_owed_again_by_hand(server, owe, as_actor, supervisor, officer):
    from helpdesk.common.errors import NotAllowed, WrongState

    (mail,) = owe(1)
    OutgoingMail.objects.filter(pk=mail.pk).update(state="failed", attempts=80)
    with pytest.raises(NotAllowed):
        retry_mail(actor=as_actor(officer), mail_id=mail.pk)
    retry_mail(actor=as_actor(supervisor), mail_id=mail.pk)
    with pytest.raises(WrongState):
        retry_mail(actor=as_actor(supervisor), mail_id=mail.pk)
    assert deliver(server) == 1


def test_few_statements_for_many_mails(owe, django_assert_max_num_queries, server):
    owe(300)
    with django_assert_max_num_queries(20):
        deliver(server)
    assert OutgoingMail.objects.filter(state="sent", bundle=F("bundle")).count() == 300
