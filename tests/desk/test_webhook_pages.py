"""The pages of webhooks: for administrators; what is wrong is told, each verb is there."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.receiver import Receiver, receiver
from tests.support.webhooks import webhook_with_log
from tickets.models import WebhookDelivery, WebhookEndpoint
from tickets.webhooks.sending import send_owed

__all__ = ["receiver"]
pytestmark = pytest.mark.django_db
PAGE = "/pengaturan/webhook/"


def test_an_administrator_makes_one_and_sees_its_secret_once(
    sign_in: Any, admin: Any, receiver: Receiver
) -> None:
    client = sign_in(admin)
    made = client.post(PAGE, {"url": receiver.url, "events": ["closed"], "description": "Toko"})
    assert "whsec_" in made.content.decode()
    hook = WebhookEndpoint.objects.get()
    assert (hook.owner, hook.events) == (admin, ["closed"])
    address = f"{PAGE}{hook.pk}/"
    assert "whsec_" not in client.get(address).content.decode()
    assert "whsec_" in client.post(f"{address}rahasia/").content.decode()
    for wrong in ({"url": "https://10.0.0.1/", "events": ["closed"]}, {"url": receiver.url}):
        assert client.post(PAGE, wrong).status_code == 400
    client.post(f"{address}tindakan/", {"verb": "test"})
    assert send_owed() == 1
    row = WebhookDelivery.objects.get()
    client.post(f"{address}tindakan/", {"verb": "replay", "delivery": row.pk})
    assert send_owed() == 1
    for verb, state in (("pause", "paused"), ("test", "paused"), ("on", "active"), ("x", "active")):
        assert client.post(f"{address}tindakan/", {"verb": verb}).status_code == 302
        assert WebhookEndpoint.objects.get().state == state
    for delivery in ("0", "x", str(10**30)):
        answer = client.post(f"{address}tindakan/", {"verb": "replay", "delivery": delivery})
        assert answer.status_code == 404
    client.post(f"{address}tindakan/", {"verb": "delete"})
    assert client.get(address).status_code == 404


def test_the_owner_is_told_that_it_rests_or_is_disabled(
    sign_in: Any, admin: Any, ticket_in: Any
) -> None:
    ticket_in("handled")
    hook = webhook_with_log(admin)
    client = sign_in(admin)
    shown = client.get(f"{PAGE}{hook.pk}/").content.decode()
    assert "HTTP 500" in shown
    assert "notice-amber" in shown
    WebhookEndpoint.objects.update(state="disabled")
    assert "notice-red" in client.get(f"{PAGE}{hook.pk}/").content.decode()
    assert "tag-red" in client.get(PAGE).content.decode()


def test_nobody_else_sees_them(
    sign_in: Any, admin: Any, supervisor: Any, integrator: Any, ticket_in: Any
) -> None:
    ticket_in("handled")
    hook = webhook_with_log(admin)
    for user in (supervisor, integrator):
        client = sign_in(user)
        for path in ("", f"{hook.pk}/"):
            assert client.get(PAGE + path).status_code == 403
        for path in ("", f"{hook.pk}/rahasia/", f"{hook.pk}/tindakan/"):
            assert client.post(PAGE + path, {"verb": "delete"}).status_code == 403
    assert WebhookEndpoint.objects.count() == 1
