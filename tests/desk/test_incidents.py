"""The pages of incidents: opened, given tickets from three places, ordered, watched and told."""

from __future__ import annotations

from typing import Any

import pytest

from people.actors import of_user
from tests.desk.test_ticket_page import HTMX, address
from tests.support.public import words
from tickets.models import Incident, IncidentRun, IncidentTicket
from tickets.services import attach_ticket, handle_ticket, open_incident, work_on_incidents

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(sign_in, supervisor) -> Any:
    return sign_in(supervisor)


@pytest.fixture
def incident(supervisor) -> Incident:
    return open_incident(
        actor=of_user(supervisor), title="Akun dibobol massal", words="Kami perbaiki."
    )


def test_opened_with_the_tickets_chosen_in_the_queue(lead, desk, file_ticket):
    one, two = file_ticket(), file_ticket()
    assert "/insiden/pilih/" in lead.get("/meja/").content.decode()
    chosen = {"numbers": [one.number, two.number]}
    page = words(lead.get("/insiden/pilih/", chosen))
    assert "2 tiket dipilih" in page
    data = {**chosen, "title": "", "words": "Kami perbaiki."}
    failed = lead.post("/insiden/baru/", data)
    assert failed.status_code == 400
    assert "Beri nama yang menyebut apa yang terganggu." in words(failed)
    response = lead.post("/insiden/baru/", {**data, "title": "Akun dibobol"}, follow=True)
    assert "2 tiket kini menjadi bagiannya." in words(response)
    assert IncidentTicket.objects.count() == 2
    assert desk.get("/insiden/baru/").status_code == 403
    assert "Buka insiden" not in words(desk.get("/insiden/"))
    assert "Akun dibobol" in words(desk.get("/insiden/"))


def test_attached_from_the_page_the_ticket_and_the_likely_ones(
    desk, lead, officer, file_ticket, incident
):
    likely, typed, own = file_ticket(), file_ticket(), file_ticket()
    page = desk.get(f"/insiden/{incident.pk}/")
    assert {row.pk for row in page.context["alike"]} == {likely.pk, typed.pk, own.pk}
    desk.post(f"/insiden/{incident.pk}/tiket/", {"numbers": [likely.number]})
    data = {"typed": f"{typed.number.lower()}, TUN-9"}
    page = desk.post(f"/insiden/{incident.pk}/tiket/", data, follow=True)
    assert "TUN-9: " in words(page)
    response = desk.post(address(own, "incident"), {"incident": incident.pk}, headers=HTMX)
    assert response.status_code == 200
    assert incident.title in words(response)
    assert IncidentTicket.objects.count() == 3
    page = words(desk.get(f"/insiden/{incident.pk}/"))
    assert "3 seluruhnya, 3 terbuka" in page
    desk.post(f"/insiden/{incident.pk}/lepas/", {"number": own.number})
    assert IncidentTicket.objects.count() == 2
    assert desk.post(f"/insiden/{incident.pk}/lepas/", {"number": "TUN-9"}).status_code == 404


def test_one_reply_with_a_look_beforehand(lead, desk, officer, supervisor, file_ticket, incident):
    tickets = [file_ticket(), file_ticket()]
    for ticket in tickets:
        attach_ticket(actor=of_user(officer), incident_id=incident.pk, ticket_id=ticket.pk)
    handle_ticket(actor=of_user(officer), ticket_id=tickets[0].pk)
    where = f"/insiden/{incident.pk}/semua"
    page = words(lead.get(f"{where}/close/"))
    assert "1 tiket dapat diproses" in page
    assert "Belum ditangani" in page
    page = lead.get(f"{where}/reply/")
    assert "2 tiket dapat diproses" in words(page)
    assert "Kami perbaiki." in page.content.decode()
    assert lead.post(f"{where}/reply/", {"words": "{pin}"}).status_code == 400
    response = lead.post(f"{where}/reply/", {"words": "Sudah diketahui."}, follow=True)
    run = IncidentRun.objects.get()
    assert "0 dari 2 tiket" in words(response)
    assert desk.post(f"/insiden/putaran/{run.pk}/hentikan/").status_code == 403
    work_on_incidents()
    page = words(desk.get(f"/insiden/putaran/{run.pk}/langsung/"))
    assert "2 tiket selesai" in page
    assert "Pelanggan sudah menerima kabar" in words(desk.get(address(tickets[1])))
    assert "2 dari 2 pelanggan" in words(lead.get(f"/insiden/{incident.pk}/"))
    again = lead.post(f"{where}/reply/", {"words": "Sudah diketahui."})
    assert again.status_code == 400
    assert "sudah menerima kabar ini" in words(again)
    for verb in ("sing", "closed"):
        assert lead.get(f"{where}/{verb}/").status_code == 404
    assert desk.get(f"{where}/reply/").status_code == 403


def test_too_many_chosen_do_not_open_it_twice(lead, file_ticket):
    data = {"title": "Akun dibobol", "words": "Kami perbaiki."}
    numbers = [file_ticket().number, *(f"TUN-{n}" for n in range(200))]
    page = lead.post("/insiden/baru/", {**data, "numbers": numbers}, follow=True)
    assert page.status_code == 200
    assert "Paling banyak 200 tiket sekaligus" in words(page)
    assert Incident.objects.count() == 1


def test_of_a_ticket_out_of_sight_its_number_alone_is_told(
    lead, desk, supervisor, file_ticket, incident
):
    own = file_ticket()
    theirs = file_ticket(subject="Paket", description="Paket saya belum sampai.")
    for ticket in (own, theirs):
        attach_ticket(actor=of_user(supervisor), incident_id=incident.pk, ticket_id=ticket.pk)
    form = {"root_cause": "x", "solution": "y", "confirmation": "confirmed"}
    lead.post(f"/insiden/{incident.pk}/semua/close/", form)
    work_on_incidents()
    where = f"/insiden/putaran/{IncidentRun.objects.get().pk}/langsung/"
    why = {name: page.content.decode().count('class="why"') for name, page in (
        ("lead", lead.get(where)), ("officer", desk.get(where)),
    )}  # fmt: skip
    assert why == {"lead": 2, "officer": 1}
    page = desk.get(where).content.decode()
    assert theirs.number in page
    assert "Paket" not in page
    page = desk.get(f"/insiden/{incident.pk}/")
    assert [row.ticket.pk for row in page.context["rows"]] == [own.pk]
    assert (page.context["count"], page.context["hidden"]) == (2, 1)


def test_who_joins_later_is_offered_the_words(desk, officer, file_ticket, incident):
    ticket = file_ticket()
    attach_ticket(actor=of_user(officer), incident_id=incident.pk, ticket_id=ticket.pk)
    dialog = desk.get(address(ticket, "incident_words"), headers=HTMX)
    assert dialog.context["offer"].form.initial["body"] == "Kami perbaiki."
    seen = {"body": "Kami perbaiki.", "words_at": dialog.context["offer"].form.initial["words_at"]}
    assert seen["words_at"] in dialog.content.decode()
    old = {**seen, "words_at": "2026-01-01T00:00:00+00:00"}
    refused = desk.post(address(ticket, "incident_words"), old, headers=HTMX)
    assert "Kabar insiden ini baru saja diubah" in words(refused)
    assert not ticket.messages.filter(body="Kami perbaiki.").exists()
    sent = desk.post(address(ticket, "incident_words"), seen, headers=HTMX)
    assert sent.status_code == 200
    assert "Sampaikan kabar insiden" not in words(sent)
    assert desk.get(address(ticket, "incident_words"), headers=HTMX).status_code == 409


def test_changed_by_one_at_a_time(lead, desk, incident):
    where = f"/insiden/{incident.pk}/ubah/"
    data = {"title": "Pulih", "words": "Sudah pulih.", "state": "resolved", "version": 1}
    assert lead.post(where, data).status_code == 302
    late = lead.post(where, {**data, "title": "Belum"})
    assert late.status_code == 409
    assert "Orang lain baru saja mengubah insiden ini" in words(late)
    assert desk.post(where, data).status_code == 403
    assert "pulih" in words(desk.get("/insiden/"))
    assert desk.get("/insiden/999999/").status_code == 404
