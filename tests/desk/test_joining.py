"""Merging on the ticket page: what is offered, what both pages tell, how it is undone."""

from __future__ import annotations

from typing import Any

import pytest

from people.actors import Actor, of_user
from tests.desk.test_ticket_page import HTMX, address
from tests.support.public import link, words
from tickets.models import Ticket, TicketLink
from tickets.services import add_internal_note, handle_ticket, merge_into

pytestmark = pytest.mark.django_db


@pytest.fixture
def target(file_ticket, officer) -> Ticket:
    ticket = file_ticket(subject="Akun dibobol orang")
    return handle_ticket(actor=of_user(officer), ticket_id=ticket.pk)


@pytest.fixture
def double(file_ticket, target) -> Ticket:
    return file_ticket(order_number=target.order_number)


def form_of(client: Any, ticket: Ticket) -> Any:
    return client.get(address(ticket, "merge"), headers=HTMX)


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
    page = words(desk.get(address(double)))
    assert f"Digabungkan ke {target.number}" in page
    assert "Penggabungan dapat diurungkan sampai" in page
    assert "Buka lagi" not in page


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
