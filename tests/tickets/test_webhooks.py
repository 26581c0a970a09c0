"""Webhooks: what is owed follows from the events; sent signed, at least once, to who may know."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, NotAllowed, WrongState
from people.actors import Actor, of_user
from people.models import User
from tests.support.receiver import Got, Receiver, receiver
from tickets.models import Ticket, TicketEvent, WebhookDelivery, WebhookEndpoint
from tickets.services import add_internal_note, handle_ticket
from tickets.webhooks import sending, verbs
from tickets.webhooks.owing import owe_deliveries
from tickets.webhooks.sending import BREAKS_AFTER, NO_ACCESS, PAUSES, send_owed

__all__ = ["receiver"]
pytestmark = pytest.mark.django_db
Hook = tuple[WebhookEndpoint, str]


@pytest.fixture
def boss(admin: User) -> Actor:
    """An administrator: sees all tickets, the desk's inner life not."""
    return of_user(admin)


@pytest.fixture
def hook(boss: Actor, receiver: Receiver) -> Hook:
    return verbs.create_webhook(actor=boss, url=receiver.url, events=["*"])


def owe() -> int:
    """Tests of other databases may be in a transaction just now: they are waited for."""
    return owe_deliveries(patience=60)


def only() -> WebhookDelivery:
    return WebhookDelivery.objects.get()


def is_signed(got: Got, secret: str, place: int = 0) -> bool:
    """What a receiver does."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.".encode() + got.body
    made = base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
    return got.headers["webhook-signature"].split(" ")[place] == f"v1,{made}"


def test_an_event_is_sent_once_and_signed(
    hook: Hook, receiver: Receiver, file_ticket: Callable[..., Ticket]
) -> None:
    ticket = file_ticket()
    assert owe() > 0
    assert owe() == 0
    count = WebhookDelivery.objects.count()
    assert send_owed() == count
    assert send_owed() == 0
    kinds = [got.document["type"] for got in receiver.got]
    assert kinds[:2] == ["ticket.received", "ticket.classified"]
    first = receiver.got[0]
    assert is_signed(first, hook[1])
    assert abs(int(first.headers["webhook-timestamp"]) - clock.now().timestamp()) < 60
    assert first.headers["webhook-id"] == WebhookDelivery.objects.earliest("id").message_id
    event = TicketEvent.objects.get(ticket=ticket, kind="received")
    assert first.document["version"] == "1"
    assert first.document["data"] == {
        "id": event.pk,
        "ticket": ticket.number,
        "url": f"http://127.0.0.1:8000/api/v1/tickets/{ticket.number}",
        "from_state": "",
        "to_state": "received",
        "actor": "customer",
    }
    assert len({got.headers["webhook-id"] for got in receiver.got}) == count


def test_words_and_the_desks_inner_life_are_never_sent(
    hook: Hook, receiver: Receiver, file_ticket: Callable[..., Ticket], officer: User
) -> None:
    ticket = file_ticket(description="Akun saya dibobol. Rahasia KENARI-9.")
    handle_ticket(actor=of_user(officer), ticket_id=ticket.pk)
    add_internal_note(actor=of_user(officer), ticket_id=ticket.pk, body="Catatan KENARI-9")
    owe()
    send_owed()
    kinds = {got.document["type"] for got in receiver.got}
    assert "ticket.handled" in kinds
    assert not kinds & {"ticket.noted", "ticket.alerted", "ticket.assigned"}
    assert not any(b"KENARI-9" in got.body for got in receiver.got)


def test_only_wanted_events_from_now_on_of_ones_own_tickets(
    receiver: Receiver, integrator: User, file_ticket: Callable[..., Ticket]
) -> None:
    file_ticket()
    owner = of_user(integrator)
    verbs.create_webhook(actor=owner, url=receiver.url, events=["ticket.received"])
    file_ticket()  # not the integrator's
    own = file_ticket(actor=owner, channel="api", email="p@example.com", name="P")
    owe()
    send_owed()
    assert [(got.document["type"], got.document["data"]["ticket"]) for got in receiver.got] == [
        ("ticket.received", own.number)
    ]


def test_who_lost_access_hears_no_more(
    receiver: Receiver, integrator: User, file_ticket: Callable[..., Ticket]
) -> None:
    owner = of_user(integrator)
    verbs.create_webhook(actor=owner, url=receiver.url, events=["received"])
    ticket = file_ticket(actor=owner, channel="api", email="p@example.com", name="P")
    owe()
    Ticket.objects.filter(pk=ticket.pk).update(created_by=None)
    send_owed()
    assert (only().state, only().last_error) == ("failed", NO_ACCESS)
    assert receiver.got == []


@pytest.mark.parametrize("status", [301, 302, 400, 404, 500, 503])
def test_a_failure_is_tried_again_later_under_the_same_id(
    hook: Hook, receiver: Receiver, status: int
) -> None:
    verbs.try_webhook(actor=of_user(hook[0].owner), pk=hook[0].pk)
    receiver.status, receiver.headers = status, {"Location": receiver.url}
    assert send_owed() == 0
    row = only()
    assert (row.state, row.attempts, row.last_status) == ("pending", 1, status)
    assert 3 <= (row.next_try_at - clock.now()).total_seconds() <= 7
    assert send_owed() == 0
    assert len(receiver.got) == 1
    receiver.status = 204
    with clock.shifted(timedelta(seconds=10)):
        assert send_owed() == 1
    one, two = receiver.got
    assert one.headers["webhook-id"] == two.headers["webhook-id"]
    assert int(two.headers["webhook-timestamp"]) > int(one.headers["webhook-timestamp"])
    assert one.body == two.body
    assert WebhookEndpoint.objects.get().failures == 0


def test_retry_after_is_kept(hook: Hook, receiver: Receiver) -> None:
    verbs.try_webhook(actor=of_user(hook[0].owner), pk=hook[0].pk)
    receiver.status, receiver.headers = 429, {"Retry-After": "7200"}
    send_owed()
    assert (only().next_try_at - clock.now()) > timedelta(minutes=119)


def test_gone_disables_at_once(hook: Hook, receiver: Receiver) -> None:
    actor = of_user(hook[0].owner)
    verbs.try_webhook(actor=actor, pk=hook[0].pk)
    receiver.status = 410
    send_owed()
    assert WebhookEndpoint.objects.get().state == "disabled"
    with pytest.raises(WrongState):
        verbs.try_webhook(actor=actor, pk=hook[0].pk)
    receiver.status = 200
    verbs.change_webhook(actor=actor, pk=hook[0].pk, active=True)
    with clock.shifted(timedelta(minutes=1)):
        assert send_owed() == 1  # what it was owed waited


def test_a_receiver_down_for_days_is_left_alone_then_disabled_and_loses_nothing(
    hook: Hook,
    receiver: Receiver,
    file_ticket: Callable[..., Ticket],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # With unlucky draws every delivery has its last try before the three days are over.
    monkeypatch.setattr(sending, "JITTER", 0)
    file_ticket()
    owe()
    owed = WebhookDelivery.objects.count()
    receiver.status = 500
    past, tries_of_an_hour = timedelta(), []
    while WebhookEndpoint.objects.get().state == "active":
        with clock.shifted(past):
            before = len(receiver.got)
            send_owed()
            tries_of_an_hour.append(len(receiver.got) - before)
        past += timedelta(minutes=20)
        assert past < timedelta(days=4)
    assert past >= timedelta(hours=72)
    # The breaker lets one try, not all that wait.
    assert max(tries_of_an_hour[BREAKS_AFTER:]) == 1
    endpoint = WebhookEndpoint.objects.get()
    assert (endpoint.state, endpoint.last_error) == ("disabled", "HTTP 500")
    assert WebhookDelivery.objects.filter(state="delivered").count() == 0

    receiver.status, receiver.got[:] = 200, []
    actor = of_user(endpoint.owner)
    with clock.shifted(past):
        verbs.change_webhook(actor=actor, pk=endpoint.pk, active=True)
        for row in WebhookDelivery.objects.filter(state="failed"):
            verbs.replay_delivery(actor=actor, pk=endpoint.pk, delivery_id=row.pk)
    with clock.shifted(past + timedelta(days=2)):
        while send_owed():
            pass
    assert len({got.headers["webhook-id"] for got in receiver.got}) == owed
    assert sum(PAUSES) > 3 * 24 * 3600


def test_a_delivery_given_up_is_replayed_by_hand(hook: Hook, receiver: Receiver) -> None:
    actor = of_user(hook[0].owner)
    verbs.try_webhook(actor=actor, pk=hook[0].pk)
    WebhookDelivery.objects.update(attempts=len(PAUSES))
    receiver.status = 500
    send_owed()
    assert only().state == "failed"
    receiver.status = 200
    verbs.replay_delivery(actor=actor, pk=hook[0].pk, delivery_id=only().pk)
    assert send_owed() == 1
    verbs.replay_delivery(actor=actor, pk=hook[0].pk, delivery_id=only().pk)
    assert send_owed() == 1
    assert len({got.headers["webhook-id"] for got in receiver.got}) == 1


def test_during_rotation_both_secrets_sign(hook: Hook, receiver: Receiver) -> None:
    endpoint, old = hook
    actor = of_user(endpoint.owner)
    _endpoint, new = verbs.rotate_secret(actor=actor, pk=endpoint.pk)
    assert new != old
    verbs.try_webhook(actor=actor, pk=endpoint.pk)
    send_owed()
    assert is_signed(receiver.got[0], new)
    assert is_signed(receiver.got[0], old, place=1)
    with clock.shifted(timedelta(hours=24, seconds=1)):
        verbs.try_webhook(actor=actor, pk=endpoint.pk)
        send_owed()
    assert is_signed(receiver.got[1], new)
    assert " " not in receiver.got[1].headers["webhook-signature"]
    kept = str(WebhookEndpoint.objects.values())
    assert old not in kept
    assert new not in kept


def test_a_paused_one_hears_nothing_of_its_pause(
    hook: Hook, receiver: Receiver, file_ticket: Callable[..., Ticket]
) -> None:
    actor = of_user(hook[0].owner)
    verbs.change_webhook(actor=actor, pk=hook[0].pk, active=False)
    file_ticket()
    assert owe() == 0
    verbs.change_webhook(actor=actor, pk=hook[0].pk, active=True)
    assert owe() == 0


def test_an_address_that_turned_inward_is_not_sent_to(
    hook: Hook, receiver: Receiver, settings: Any
) -> None:
    verbs.try_webhook(actor=of_user(hook[0].owner), pk=hook[0].pk)
    settings.WEBHOOK_LOCAL_TARGETS = False
    send_owed()
    assert only().last_error.startswith("not sent: ")
    assert receiver.got == []


def test_what_cannot_be_a_webhook_is_refused(
    boss: Actor, officer: User, customer_user: User, receiver: Receiver, settings: Any
) -> None:
    for wrong in ([], ["ticket.noted"], ["x"], [""]):
        with pytest.raises(InvalidInput) as refused:
            verbs.create_webhook(actor=boss, url=receiver.url, events=wrong)
        assert refused.value.code == "unknown_event_type"
    for user in (officer, customer_user):
        with pytest.raises(NotAllowed):
            verbs.create_webhook(actor=of_user(user), url=receiver.url, events=["*"])
    settings.WEBHOOK_LOCAL_TARGETS = False
    for url in (receiver.url, "https://169.254.169.254/", "https://tidak-ada.invalid/"):
        with pytest.raises(InvalidInput) as refused:
            verbs.create_webhook(actor=boss, url=url, events=["*"])
        assert refused.value.code == "address_refused"


def test_a_lease_that_ran_out_is_anothers(hook: Hook, receiver: Receiver) -> None:
    """Its sender died: sent once more under the same id."""
    verbs.try_webhook(actor=of_user(hook[0].owner), pk=hook[0].pk)
    leased: datetime = clock.now() + timedelta(minutes=2)
    WebhookDelivery.objects.update(leased_until=leased)
    assert send_owed() == 0
    with clock.shifted(timedelta(minutes=3)):
        assert send_owed() == 1


def test_the_documented_verifier_takes_what_is_sent_and_nothing_else(
    hook: Hook, receiver: Receiver
) -> None:
    text = Path("docs/integrators.md").read_text(encoding="utf-8")
    code = text.partition("### Verifying in Python\n")[2].partition("###")[0]
    space: dict[str, Any] = {}
    exec(dedent(code), space)
    verify = space["verify"]
    verbs.try_webhook(actor=of_user(hook[0].owner), pk=hook[0].pk)
    send_owed()
    got = receiver.got[0]
    assert verify(hook[1], got.headers, got.body)
    assert not verify(hook[1], got.headers, got.body + b" ")
    assert not verify("whsec_AAAA", got.headers, got.body)
    old = got.headers | {"webhook-timestamp": str(int(got.headers["webhook-timestamp"]) - 400)}
    assert not verify(hook[1], old, got.body)
