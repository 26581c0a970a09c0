"""Many tickets at once at the desk, without script: choose, say what for, read what became of each."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from desk.views import bulk as views
from helpdesk.common import clock
from helpdesk.common.durations import WIB
from tickets.models import BulkJob, Ticket, TicketEvent
from tickets.services import index_marked, work_on_bulk_jobs

pytestmark = pytest.mark.django_db
MANY = "/meja/massal/"


@pytest.fixture
def lead(sign_in, supervisor):
    return sign_in(supervisor)


def text_of(response: Any) -> str:
    return re.sub(r"<[^>]+>", " ", response.content.decode())


def moment(**span: float) -> str:
    return (clock.now() + timedelta(**span)).astimezone(WIB).strftime("%Y-%m-%dT%H:%M")


def go(client: Any, form: dict[str, Any], query: str = "") -> Any:
    """Try it on each ticket, then do it; the page of results."""
    preview = client.post(f"{MANY}{query}", form, follow=True)
    assert preview.status_code == 200, text_of(preview)
    page = preview.redirect_chain[-1][0]
    return client.post(f"{page}mulai/", follow=True)


def test_officers_choose_what_they_may_do_on_each(desk, lead, ticket_in):
    ticket = ticket_in("handled")
    for client in (desk, lead):
        page = client.get("/meja/?view=team:cs_account").content.decode()
        assert 'name="numbers"' in page
        assert ('value="pull_forward"' in page) is (client is lead)
        assert 'value="close"' in page
    asked = {"verb": "release", "numbers": [ticket.number]}
    assert desk.get(MANY, asked).status_code == 403
    assert desk.post(MANY, asked).status_code == 403
    assert desk.get(MANY, asked | {"verb": "close"}).status_code == 200


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
    preview = lead.post(f"{MANY}?view=all", form, follow=True)
    shown = text_of(preview)
    assert "1 akan diubah, 1 ditolak" in shown
    assert "Pelanggan belum mendapat jawaban pertama" in shown
    answered.refresh_from_db(fields=["held_until"])
    assert not answered.held_until
    told = lead.post(f"{preview.redirect_chain[-1][0]}mulai/", follow=True)
    shown = text_of(told)
    assert "1 selesai, 1 ditolak" in shown
    assert shown.index(unanswered.number) < shown.index(answered.number)
    answered.refresh_from_db(fields=["held_until"])
    assert answered.held_until
    held = lead.get("/meja/?view=held").content.decode()
    assert answered.number in held
    assert unanswered.number not in held


def test_what_there_is_no_time_for_is_the_workers(lead, ticket_in, monkeypatch):
    monkeypatch.setattr(views, "AT_ONCE_SECONDS", 0)
    numbers = [ticket_in("written").number for _n in range(3)]
    form = {"verb": "hold", "numbers": numbers, "reason": "Libur bank", "until": moment(days=2)}
    page = lead.post(MANY, form, follow=True)
    assert "1 dari 3 tiket" in text_of(page)
    work_on_bulk_jobs()
    job = BulkJob.objects.get()
    page = lead.post(f"{MANY}{job.pk}/mulai/", follow=True)
    assert "1 dari 3 tiket" in text_of(page)
    lead.post(f"{MANY}{job.pk}/hentikan/")
    page = lead.get(f"{MANY}{job.pk}/")
    assert "1 sudah selesai saat itu dan tetap begitu; 2 belum mendapat giliran" in text_of(page)
    again = lead.post(f"{MANY}{job.pk}/lagi/", follow=True)
    work_on_bulk_jobs()
    assert "2 akan diubah, 0 ditolak" in text_of(lead.get(again.redirect_chain[-1][0]))


def test_all_that_match_are_frozen_when_the_order_is_given(desk, ticket_in):
    tickets = [ticket_in("handled") for _n in range(3)]
    asked = {"verb": "close", "all": "1"}
    page = desk.get(f"{MANY}?view=team:cs_account", asked | {"view": "team:cs_account"})
    assert "Semua 3 tiket yang cocok" in text_of(page)
    form = asked | {"root_cause": "r", "solution": "s", "confirmation": "no_answer"}
    preview = desk.post(f"{MANY}?view=team:cs_account", form, follow=True)
    later = ticket_in("handled")
    assert "3 akan diubah" in text_of(preview)
    desk.post(f"{preview.redirect_chain[-1][0]}mulai/")
    closed = set(Ticket.objects.filter(state="closed").values_list("pk", flat=True))
    assert closed == {ticket.pk for ticket in tickets}
    assert later.pk not in closed


def test_the_count_of_all_that_match_is_bounded_honestly(desk, ticket_in, monkeypatch):
    for _n in range(3):
        ticket_in("handled")
    address = f"{MANY}hitung/?view=team:cs_account"
    assert text_of(desk.get(address)).strip().endswith(": 3")
    monkeypatch.setattr("desk.bulk.JOB_MOST", 2)
    assert text_of(desk.get(address)).strip().endswith(": 2+")
    page = desk.get(MANY, {"verb": "close", "all": "1", "view": "team:cs_account"})
    assert "Lebih dari" in text_of(page)


def test_all_that_a_search_finds(desk, ticket_in):
    ticket_in("handled")
    index_marked()
    page = desk.get(MANY, {"verb": "close", "all": "1", "q": "status:ditangani"})
    assert page.status_code == 200
    assert "Semua 1 tiket yang cocok" in text_of(page)
    assert desk.get(MANY, {"verb": "close", "all": "1", "q": "status:entahlah"}).status_code == 302


def test_the_results_are_filtered_and_exported(desk, ticket_in):
    done, refused = ticket_in("handled"), ticket_in("classified")
    form = {
        "verb": "close",
        "numbers": [done.number, refused.number],
        "root_cause": "r",
        "solution": "s",
        "confirmation": "no_answer",
    }
    go(desk, form)
    job = BulkJob.objects.get()
    only = text_of(desk.get(f"{MANY}{job.pk}/", {"outcome": "refused"}))
    assert refused.number in only
    assert done.number not in only
    lines = b"".join(desk.get(f"{MANY}{job.pk}/hasil.csv").streaming_content).decode()
    assert lines.splitlines()[1].startswith(refused.number)
    assert "wrong_state" in lines
    assert text_of(desk.get(f"{MANY}semua/")).count("2 tiket") == 1
    for odd in ("0", "x", "-1", "9" * 9):
        assert desk.get(f"{MANY}{job.pk}/", {"page": odd, "outcome": odd}).status_code == 200


def test_a_job_of_somebody_else_is_not_there(desk, sign_in, other_officer, lead, ticket_in):
    form = {"verb": "close", "numbers": [ticket_in("handled").number]}
    form |= {"root_cause": "r", "solution": "s", "confirmation": "no_answer"}
    desk.post(MANY, form)
    page = f"{MANY}{BulkJob.objects.get().pk}/"
    stranger = sign_in(other_officer)
    for path in ("", "langsung/", "hasil.csv"):
        assert stranger.get(page + path).status_code == 404
    for path in ("mulai/", "hentikan/", "lagi/"):
        assert stranger.post(page + path).status_code == 404
        assert stranger.get(page + path).status_code == 405
    assert lead.get(page).status_code == 200


def test_what_a_page_asks_does_not_grow_with_the_tickets(
    desk, ticket_in, django_assert_max_num_queries
):
    numbers = [ticket_in("handled").number for _n in range(4)]
    form = {"verb": "close", "numbers": numbers}
    form |= {"root_cause": "r", "solution": "s", "confirmation": "no_answer"}
    desk.post(MANY, form)
    with django_assert_max_num_queries(14):
        desk.get(f"{MANY}{BulkJob.objects.get().pk}/")


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
    address = f"?view=all&officer={officer.pk}"
    page = lead.get(f"{MANY}{address}&verb=assign&all=1")
    assert "Semua 2 tiket yang cocok" in text_of(page)
    go(lead, {"verb": "assign", "all": "1", "assignee": supervisor.pk}, address)
    assert {Ticket.objects.get(pk=ticket.pk).assignee for ticket in tickets} == {supervisor}


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"verb": "explode"},
        {"verb": "\x00"},
    ],
)
def test_an_unknown_verb_is_not_there(lead, asked):
    assert lead.get(MANY, asked).status_code == 404
    assert lead.post(MANY, asked).status_code == 404


@pytest.mark.parametrize("odd", ["\x00", "%", "9" * 30, "a" * 5000, "😀", "-1"])
def test_odd_numbers_and_officers_answer(lead, odd):
    assert lead.get(MANY, {"verb": "release", "numbers": [odd]}).status_code == 200
    assert lead.get(MANY, {"verb": "release", "all": odd, "view": odd}).status_code == 404
    assert lead.get("/meja/", {"view": "all", "officer": odd}).status_code == 200
    assert lead.post(MANY, {"verb": "release", "numbers": [odd]}).status_code == 400
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


def test_who_may_take_the_tickets_stands_first(lead, officer, supervisor, ticket_in):
    """Nobody is offered as though they could who would be refused on each."""
    numbers = [ticket_in("handled").number, ticket_in("classified").number]
    page = lead.get(MANY, {"verb": "assign", "numbers": numbers})
    groups = dict(page.context["form"].fields["assignee"].choices[1:])
    everybody = {group: [pk for pk, _label in people] for group, people in groups.items()}
    assert next(iter(everybody)) == "Bisa menerima semuanya"
    assert {officer.pk, supervisor.pk} <= set(everybody["Bisa menerima semuanya"])
    useless = everybody["Bukan anggota tim tiket-tiket ini"]
    assert useless
    assert '<optgroup label="Bukan anggota tim tiket-tiket ini">' in page.content.decode()
    refused = go(lead, {"verb": "assign", "numbers": numbers, "assignee": useless[0]})
    assert Ticket.objects.filter(assignee=useless[0]).count() == 0
    assert "tidak ada di tim" in text_of(refused) or "bukan anggota" in text_of(refused).lower()
