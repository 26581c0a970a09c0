"""Merging, splitting, linking, watching on the ticket page: what is offered, told and undone."""

from __future__ import annotations

from typing import Any

import pytest

from people.actors import Actor, of_user
from tests.desk.test_ticket_page import HTMX, address
from tests.support.public import link, words
from tickets.models import Ticket, TicketLink
from tickets.services import add_customer_message, add_internal_note, handle_ticket, merge_into

pytestmark = pytest.mark.django_db


@pytest.fixture
def target(file_ticket, officer) -> Ticket:
    ticket = file_ticket(subject="Akun dibobol orang")
    return handle_ticket(actor=of_user(officer), ticket_id=ticket.pk)


@pytest.fixture
def double(file_ticket, target) -> Ticket:
    return file_ticket(order_number=target.order_number)


def form_of(client: Any, ticket: Ticket, verb: str = "merge") -> Any:
    return client.get(address(ticket, verb), headers=HTMX)


def test_the_likely_same_stand_first(desk, file_ticket, target, double, other_customer):
    other_kind = file_ticket(description="Paket saya belum sampai.", subject="Paket")
    same_kind = file_ticket()
    stranger = file_ticket(actor=Actor(customer=other_customer))
    form = form_of(desk, target).context["offer"].form
    offered = [number for number, _label in form.fields["chosen"].choices]
    assert offered[:2] == [double.number, same_kind.number]
    assert stranger.number not in offered
    assert target.number not in offered
    # Another squad's: Dimas does not see it.
    assert other_kind.number not in offered


def test_chosen_and_typed_are_merged_and_both_pages_tell(
    desk, officer, file_ticket, target, double
):
    typed = file_ticket()
    add_internal_note(actor=of_user(officer), ticket_id=double.pk, body="Catatan dari kembarannya.")
    data = {"chosen": [double.number], "numbers": typed.number.lower(), "keep": "this"}
    response = desk.post(address(target, "merge"), data, headers=HTMX)
    assert response.status_code == 200
    merged = set(TicketLink.objects.filter(to_ticket=target).values_list("from_ticket", flat=True))
    assert merged == {double.pk, typed.pk}
    told = words(response)
    assert "Catatan dari kembarannya." in told
    assert f"dari {double.number}" in told
    assert f"digabungkan ke sini: {double.number}" in told
    answer = desk.get(address(double))
    page = words(answer)
    assert f"Digabungkan ke {target.number}" in page
    assert "Penggabungan dapat diurungkan sampai" in page
    assert 'data-dialog="do-reopen"' not in answer.content.decode()


def test_the_other_may_be_the_one_that_stays(desk, target, double):
    data = {"numbers": target.number, "keep": "other", "version": double.version}
    assert desk.post(address(double, "merge"), data, headers=HTMX).status_code == 200
    assert TicketLink.objects.get(from_ticket=double).to_ticket == target
    two = {"numbers": f"{target.number}, {double.number}", "keep": "other"}
    response = desk.post(address(target, "merge"), two, headers=HTMX)
    assert response.status_code == 400
    assert "hanya satu yang dapat dilanjutkan" in words(response)


@pytest.mark.parametrize(
    ("numbers", "status", "said"),
    [
        ("", 400, "Sebutkan nomor tiketnya"),
        ("TUN-2222-222X", 404, "Tidak ada tiket dengan nomor ini"),
        ("TUN-2222-2222", 404, "Tidak ada tiket dengan nomor ini"),
    ],
)
def test_what_is_wrong_is_said_in_the_form(desk, target, numbers, status, said):
    data = {"numbers": numbers, "keep": "this", "reason": "Laporan ganda."}
    response = desk.post(address(target, "merge"), data, headers=HTMX)
    assert response.status_code == status
    assert said in words(response)
    assert "Laporan ganda." in response.content.decode()


def test_undo_by_one_press(desk, officer, target, double):
    merge_into(actor=of_user(officer), ticket_id=double.pk, number=target.number)
    response = desk.post(address(double, "undo_merge"), headers=HTMX)
    assert response.status_code == 200
    assert "tiket dilanjutkan sendiri" in words(response)
    assert Ticket.objects.get(pk=double.pk).state == "classified"
    assert desk.post(address(double, "undo_merge"), headers=HTMX).status_code == 409


def test_the_customers_page_leads_to_the_ticket_that_stays(client, desk, officer, target, double):
    merge_into(actor=of_user(officer), ticket_id=double.pk, number=target.number)
    page = client.get(link(double), headers={"Accept-Language": "en"})
    assert page.status_code == 200
    assert f"We go on in ticket {target.number}" in words(page)
    # Two links to one ticket differ by their moment: the way is walked, not compared.
    onward = client.get(page.context["goes_on_path"], headers={"Accept-Language": "en"})
    assert onward.context["ticket"] == target
    assert f"from {double.number}" in words(onward)
    assert "We joined your tickets about the same problem here" in words(onward)
    written = client.post(link(double, "balas"), {"body": "Halo?"})
    assert written.status_code in (404, 409)


def test_split_by_ticking_messages(desk, officer, customer, target):
    who = Actor(customer=customer)
    said = add_customer_message(actor=who, ticket_id=target.pk, body="Paket saya belum sampai.")
    add_internal_note(actor=of_user(officer), ticket_id=target.pk, body="Dua masalah.")
    form = form_of(desk, target, "split").context["offer"].form
    shown = [label for _pk, label in form.fields["messages"].choices]
    assert len(shown) == 3
    assert "Paket saya belum sampai." in shown[1]
    assert "catatan internal" in shown[2]
    failed = desk.post(address(target, "split"), {"reason": "Lain."}, headers=HTMX)
    assert failed.status_code == 400
    assert "Pilih setidaknya satu pesan." in words(failed)
    response = desk.post(address(target, "split"), {"messages": [said.pk]}, headers=HTMX)
    assert response.status_code == 200
    made = TicketLink.objects.get(kind="split_from").from_ticket
    told = words(response)
    assert f"juga di {made.number}" in told
    assert f"Sebagian dipisahkan menjadi {made.number}" in told
    assert f"dipisahkan dari sini: {made.number}" in told
    page = words(desk.get(address(made)))
    assert f"Dipisahkan dari {target.number}" in page
    assert "Paket saya belum sampai." in page


def test_the_customer_reads_of_the_split_on_both_pages(client, desk, target):
    first = target.messages.get()
    desk.post(address(target, "split"), {"messages": [first.pk]}, headers=HTMX)
    made = TicketLink.objects.get(kind="split_from").from_ticket
    english = {"Accept-Language": "en"}
    told = words(client.get(link(target), headers=english))
    assert f"We opened ticket {made.number} for another problem" in told
    told = words(client.get(link(made), headers=english))
    assert f"for a problem that you wrote of in {target.number}" in told
    assert first.body in told


def test_link_and_untie(desk, target, double):
    data = {"number": double.number.lower(), "kind": "related"}
    response = desk.post(address(target, "link"), data, headers=HTMX)
    assert response.status_code == 200
    assert f"terkait dengan {double.number}" in words(response)
    assert f"terkait dengan {target.number}" in words(desk.get(address(double)))
    tied = TicketLink.objects.get()
    assert len(form_of(desk, double, "unlink").context["offer"].form.fields["link"].choices) == 1
    response = desk.post(address(double, "unlink"), {"link": tied.pk}, headers=HTMX)
    assert response.status_code == 200
    assert not TicketLink.objects.exists()
    assert desk.post(address(double, "unlink"), {"link": tied.pk}, headers=HTMX).status_code == 400


def test_the_advice_to_link_instead_of_merging_holds(
    supervisor, sign_in, file_ticket, target, other_customer
):
    lead, foreign = sign_in(supervisor), file_ticket(actor=Actor(customer=other_customer))
    data = {"numbers": foreign.number, "keep": "this"}
    refused = lead.post(address(target, "merge"), data, headers=HTMX)
    assert "Tautkan" in words(refused)
    data = {"number": foreign.number, "kind": "duplicate"}
    assert lead.post(address(target, "link"), data, headers=HTMX).status_code == 200
    assert f"masalah yang sama dengan {foreign.number}" in words(lead.get(address(target)))


def test_watch_by_one_press_and_see_it_in_the_queue(desk, officer, supervisor, target):
    assert "Dipantau" in words(desk.get("/meja/"))
    response = desk.post(address(target, "watch"), headers=HTMX)
    assert response.status_code == 200
    told = words(response)
    assert "Yang memantau" in told
    assert "Berhenti memantau" in told
    rows = desk.get("/meja/", {"view": "watched"}).context["rows"]
    assert [row.pk for row in rows] == [target.pk]
    form = form_of(desk, target, "ask_to_watch").context["offer"].form
    assert officer not in form.fields["person"].queryset
    asked = desk.post(address(target, "ask_to_watch"), {"person": supervisor.pk}, headers=HTMX)
    assert f"{supervisor} diminta ikut memantau" in words(asked)
    assert desk.post(address(target, "unwatch"), headers=HTMX).status_code == 200
    assert desk.get("/meja/", {"view": "watched"}).context["rows"] == []
