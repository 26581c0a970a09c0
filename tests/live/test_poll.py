"""The same news by plain requests, for pages without a stream."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from people.actors import of_user
from tickets.models import TicketEvent
from tickets.services import add_internal_note

pytestmark = pytest.mark.django_db
ADDRESS = "/meja/terkini/"


@pytest.fixture
def asks(client: Client) -> Any:
    def ask(who: Any, since: Any = "") -> dict[str, Any]:
        client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
        answer: dict[str, Any] = client.get(ADDRESS, {"since": since}).json()
        return answer

    return ask


def test_what_happened_since_and_no_more(asks, file_ticket, officer, people):
    ticket = file_ticket()
    before = TicketEvent.objects.latest("id").pk
    add_internal_note(actor=of_user(officer), ticket_id=ticket.pk, body="rahasia")
    event = TicketEvent.objects.latest("id").pk
    news = asks(officer, before)
    assert news["events"] == [[event, ticket.pk, "noted"]]
    assert news["id"] >= before
    assert "events" not in asks(people["bagus"], before)
    assert "events" not in asks(officer, event)


@pytest.mark.parametrize("since", ["", "abc", "-1", "9" * 18, "9" * 40, "1.5"])
def test_without_a_place_everything_is_drawn_anew(asks, file_ticket, officer, since):
    file_ticket()
    assert asks(officer, since)["reset"] is True


def test_strangers_are_sent_to_sign_in_and_customers_away(client, customer_user, people):
    assert client.get(ADDRESS).status_code == 302
    fragment = client.get(ADDRESS, headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment["HX-Redirect"][:7]) == (204, "/masuk/")
    client.force_login(customer_user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(ADDRESS).status_code == 403


def test_the_count_of_notices_is_a_fragment(client, officer):
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get("/pemberitahuan/lencana/")
    assert (answer.status_code, answer.content.strip()) == (200, b"")
