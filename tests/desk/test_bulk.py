"""Many tickets at once at the desk, without script: choose, say what for, read what became of each."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from desk import bulk
from helpdesk.common import clock
from helpdesk.common.durations import WIB
from tickets.models import Ticket, TicketEvent

pytestmark = pytest.mark.django_db
MANY = "/meja/massal/"


@pytest.fixture
def lead(sign_in, supervisor):
    return sign_in(supervisor)


def text_of(response: Any) -> str:
    return re.sub(r"<[^>]+>", " ", response.content.decode())


def moment(**span: float) -> str:
    return (clock.now() + timedelta(**span)).astimezone(WIB).strftime("%Y-%m-%dT%H:%M")


def test_only_leads_choose(desk, lead, ticket_in):
    ticket = ticket_in("handled")
    assert 'name="numbers"' in lead.get("/meja/?view=all").content.decode()
    assert 'name="numbers"' not in desk.get("/meja/").content.decode()
    asked = {"verb": "release", "numbers": [ticket.number]}
    assert desk.get(MANY, asked).status_code == 403
    assert desk.post(MANY, asked).status_code == 403


@pytest.mark.parametrize("role", ["specialist", "legal", "admin", "customer_user"])
def test_others_are_refused(sign_in, role, request, ticket_in):
    client = sign_in(request.getfixturevalue(role))
    asked = {"verb": "put_back", "numbers": [ticket_in("forward").number]}
    assert client.post(MANY, asked).status_code == 403
    assert Ticket.objects.get().expedited


def test_a_stranger_signs_in_first(client):
    assert client.post(MANY, {"verb": "release"}).status_code == 302


def test_the_chosen_are_held_and_the_refused_are_named(lead, ticket_in):
    answered, unanswered = ticket_in("written"), ticket_in("handled")
    numbers = [answered.number, unanswered.number]
    page = lead.get(MANY, {"verb": "hold", "numbers": numbers, "view": "all"})
    assert all(f'value="{number}" checked' in page.content.decode() for number in numbers)
    form = {"verb": "hold", "numbers": numbers, "reason": "Libur bank", "until": moment(days=2)}
    told = lead.post(f"{MANY}?view=all", form)
    assert told.status_code == 200
    shown = text_of(told)
    assert shown.index(unanswered.number) < shown.index(answered.number)
    assert "Pelanggan belum mendapat jawaban pertama" in shown
    assert "/meja/?view=all" in told.content.decode()
    answered.refresh_from_db(fields=["held_until"])
    assert answered.held_until
    held = lead.get("/meja/?view=held").content.decode()
    assert answered.number in held
    assert unanswered.number not in held


def test_what_there_was_no_time_for_goes_on_with_what_was_typed(lead, ticket_in, monkeypatch):
    monkeypatch.setattr(bulk, "act_on_many", partial(bulk.act_on_many, within=0))
    numbers = [ticket_in("written").number for _n in range(3)]
    form = {"verb": "hold", "numbers": numbers, "reason": "Libur bank", "until": moment(days=2)}
    page = lead.post(MANY, form).content.decode()
    assert "Waktunya tidak cukup untuk 2 tiket" in page
    assert Ticket.objects.filter(held_until=None).count() == 2
    sent = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    again = {name: [v for n, v in sent if n == name] for name, _value in sent}
    assert again["numbers"] == numbers[1:]
    assert again["reason"] == ["Libur bank"]
    for left in (1, 0):
        page = lead.post(MANY, again | {"numbers": numbers[-left - 1 :]}).content.decode()
        assert Ticket.objects.filter(held_until=None).count() == left
    assert "tiket selesai" in page


def test_a_missing_reason_comes_back_with_what_was_typed(lead, ticket_in):
    ticket = ticket_in("written")
    form = {"verb": "hold", "numbers": [ticket.number], "reason": "", "until": moment(days=2)}
    response = lead.post(MANY, form)
    assert response.status_code == 400
    assert form["until"] in response.content.decode()
    assert f'value="{ticket.number}" checked' in response.content.decode()
    assert not TicketEvent.objects.filter(kind="held").exists()


def test_everything_of_one_is_found_and_given_to_another(lead, officer, supervisor, ticket_in):
    tickets = [ticket_in("handled"), ticket_in("handled")]
    other = ticket_in("classified")
    queue = lead.get("/meja/", {"view": "all", "officer": officer.pk}).content.decode()
    assert all(ticket.number in queue for ticket in tickets)
    assert other.number not in queue
    page = lead.get(MANY, {"verb": "assign", "officer": officer.pk}).content.decode()
    numbers = re.findall(r'value="(TUN-[^"]+)" checked', page)
    assert sorted(numbers) == sorted(ticket.number for ticket in tickets)
    lead.post(MANY, {"verb": "assign", "numbers": numbers, "assignee": supervisor.pk})
    assert {Ticket.objects.get(pk=ticket.pk).assignee for ticket in tickets} == {supervisor}


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"verb": "close"},
        {"verb": "\x00"},
    ],
)
def test_an_unknown_verb_is_not_there(lead, asked):
    assert lead.get(MANY, asked).status_code == 404
    assert lead.post(MANY, asked).status_code == 404


@pytest.mark.parametrize("odd", ["\x00", "%", "9" * 30, "a" * 5000, "😀", "-1"])
def test_odd_numbers_and_officers_answer(lead, odd):
    assert lead.get(MANY, {"verb": "release", "numbers": [odd]}).status_code == 200
    assert lead.get(MANY, {"verb": "release", "officer": odd}).status_code == 200
    assert lead.get("/meja/", {"view": "all", "officer": odd}).status_code == 200
    assert lead.post(MANY, {"verb": "release", "numbers": [odd]}).status_code == 200
    assert lead.post(MANY, {"verb": "release"}).status_code == 400


def test_looking_changes_nothing(lead, ticket_in):
    ticket = ticket_in("held")
    lead.get(MANY, {"verb": "release", "numbers": [ticket.number]})
    ticket.refresh_from_db(fields=["held_until"])
    assert ticket.held_until


def test_the_ticket_page_shows_the_hold_and_ends_it(lead, desk, ticket_in):
    ticket = ticket_in("held")
    address = f"/meja/{ticket.number}/"
    assert "dijeda sampai" in text_of(desk.get(address))
    assert f"{address}release/" not in desk.get(address).content.decode()
    assert f"{address}release/" in lead.get(address).content.decode()
    lead.post(f"{address}release/", {"version": ticket.version})
    assert "dijeda sampai" not in text_of(desk.get(address))
    refused = lead.post(f"{address}hold/", {"reason": "", "until": "", "version": ""})
    assert refused.status_code == 400


def test_the_officer_leaves_a_message_unanswered(desk, ticket_in):
    ticket = ticket_in("written")
    address = f"/meja/{ticket.number}/"
    assert f"{address}no_reply/" in desk.get(address).content.decode()
    done = desk.post(f"{address}no_reply/", {"version": ticket.version}, follow=True)
    assert f"{address}need_reply/" in done.content.decode()


def test_a_thanks_is_marked_at_the_desk(desk, customer, ticket_in):
    from people.actors import Actor
    from tickets.services import add_customer_message

    ticket = ticket_in("held")
    wrote = Actor(customer=customer)
    add_customer_message(actor=wrote, ticket_id=ticket.pk, body="Baik, terima kasih")
    assert "Terima kasih, tidak perlu dibalas" in text_of(desk.get(f"/meja/{ticket.number}/"))
