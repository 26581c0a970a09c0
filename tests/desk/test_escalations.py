"""Escalating from the desk: the form, the supervisor's decision, the team's handover."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from desk.templatetags.desk_ui import form_language, said, written_in
from escalation.models import Escalation
from escalation.services import decline_escalation
from helpdesk.common.durations import wib_text
from people.actors import of_user
from people.models import Team
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def filled(ticket: Ticket, **changes: Any) -> dict[str, Any]:
    return {
        "version": ticket.version,
        "to_team": Team.objects.get(code="fraud").pk,
        "summary": "Akun diambil alih",
        "tried": "Akun dibekukan",
        "evidence": "Tangkapan layar",
        "wanted_outcome": "Pulihkan akun",
        **changes,
    }


def test_the_form_is_filled_from_the_record(desk, ticket_in):
    ticket = ticket_in("handled")
    page = desk.get(f"/meja/{ticket.number}/eskalasikan/").content.decode()
    assert ticket.order_number in page
    assert "Tim Investigasi Fraud" in page


def test_an_officer_asks_and_lands_on_the_document(desk, ticket_in):
    ticket = ticket_in("handled")
    response = desk.post(f"/meja/{ticket.number}/eskalasikan/", filled(ticket))
    escalation = Escalation.objects.get(ticket=ticket)
    assert response["Location"] == f"/eskalasi/{escalation.pk}/"
    assert escalation.state == "requested"
    assert "Akun dibekukan" in desk.get(response["Location"]).content.decode()


def test_a_missing_part_is_named_and_the_rest_kept(desk, ticket_in):
    ticket = ticket_in("handled")
    sent = filled(ticket, wanted_outcome="", tried="sudah dibekukan 13.50")
    response = desk.post(f"/meja/{ticket.number}/eskalasikan/", sent)
    page = response.content.decode()
    assert response.status_code == 400
    assert 'id="escalate_wanted_outcome_error"' in page
    assert "sudah dibekukan 13.50" in page
    assert not Escalation.objects.filter(ticket=ticket).exists()


def test_a_supervisor_verifies_on_the_document(sign_in, supervisor, ticket_in):
    ticket = ticket_in("requested")
    escalation = Escalation.objects.get(ticket=ticket)
    client = sign_in(supervisor)
    assert f"/eskalasi/{escalation.pk}/" in client.get("/eskalasi/").content.decode()
    sent = {"version": ticket.version, "escalation": escalation.pk}
    response = client.post(f"/meja/{ticket.number}/verify/", sent)
    assert response["Location"] == f"/eskalasi/{escalation.pk}/"
    assert Ticket.objects.get(pk=ticket.pk).state == "escalated"


def test_declining_needs_a_reason_said_on_the_document(sign_in, supervisor, ticket_in):
    ticket = ticket_in("requested")
    escalation = Escalation.objects.get(ticket=ticket)
    sent = {"version": ticket.version, "escalation": escalation.pk, "reason": ""}
    response = sign_in(supervisor).post(f"/meja/{ticket.number}/decline/", sent)
    assert response.status_code == 400
    assert 'id="decline_reason_error"' in response.content.decode()


def test_the_team_accepts_and_returns(sign_in, specialist, ticket_in):
    ticket = ticket_in("escalated")
    escalation = Escalation.objects.get(ticket=ticket)
    client = sign_in(specialist)
    sent = {"version": ticket.version, "escalation": escalation.pk, "plan": "Lacak perangkat"}
    missing = client.post(f"/meja/{ticket.number}/accept/", sent)
    assert missing.status_code == 400
    assert (
        client.post(f"/meja/{ticket.number}/accept/", sent | {"understood": "on"}).status_code
        == 302
    )
    ticket = Ticket.objects.get(pk=ticket.pk)
    assert ticket.state == "monitored"
    back = {"version": ticket.version, "escalation": escalation.pk, "reason": "Selesai di kami"}
    assert client.post(f"/meja/{ticket.number}/return/", back).status_code == 302
    assert Ticket.objects.get(pk=ticket.pk).state == "handled"
    assert client.get(f"/eskalasi/{escalation.pk}/").status_code == 200


def test_another_teams_escalation_is_as_if_it_never_was(sign_in, legal, other_officer, ticket_in):
    escalation = Escalation.objects.get(ticket=ticket_in("escalated"))
    assert sign_in(legal).get(f"/eskalasi/{escalation.pk}/").status_code == 404
    assert sign_in(other_officer).get(f"/eskalasi/{escalation.pk}/").status_code == 404
    assert sign_in(legal).get("/eskalasi/999999/").status_code == 404


def test_an_officer_finds_what_he_asked_for(desk, ticket_in):
    escalation = Escalation.objects.get(ticket=ticket_in("requested"))
    page = desk.get("/eskalasi/", {"tray": "asked"})
    assert page.context["tray"].rows == [escalation]
    assert f"/eskalasi/{escalation.pk}/" in desk.get("/eskalasi/").content.decode()


def test_a_target_in_the_past_is_named_above_the_form(desk, ticket_in):
    ticket = ticket_in("handled")
    sent = filled(ticket, target_at="2020-01-01T10:00")
    response = desk.post(f"/meja/{ticket.number}/eskalasikan/", sent)
    assert response.status_code == 400
    page = response.content.decode()
    assert page.index('<a href="#escalate_target_at">') < page.index('id="escalate_target_at"')


def test_an_officer_writes_why_a_level_is_skipped_and_the_supervisor_reads_it(
    desk, sign_in, supervisor, ticket_in
):
    ticket = ticket_in("handled")
    address = f"/meja/{ticket.number}/eskalasikan/"
    sent = filled(ticket, to_team=Team.objects.get(code="legal").pk)
    refused = desk.post(address, sent)
    page = refused.content.decode()
    assert refused.status_code == 400
    assert 'id="escalate_reason_error"' in page
    assert '<details class="more" open>' in page
    asked = desk.post(address, sent | {"reason": "Ada ancaman gugatan"})
    client = sign_in(supervisor)
    document = client.get(asked["Location"]).content.decode()
    assert document.count("Ada ancaman gugatan") == 2
    escalation = Escalation.objects.get(ticket=ticket)
    ticket.refresh_from_db()
    verified = {"version": ticket.version, "escalation": escalation.pk}
    assert client.post(f"/meja/{ticket.number}/verify/", verified).status_code == 302
    escalation.refresh_from_db()
    assert escalation.state == "sent"


def test_an_error_is_said_at_its_field_and_above_the_form_alone(sign_in, supervisor, ticket_in):
    ticket = ticket_in("requested")
    Escalation.objects.filter(ticket=ticket).update(follows_matrix=False)
    escalation = Escalation.objects.get(ticket=ticket)
    client = sign_in(supervisor)
    sent = {"version": ticket.version, "escalation": escalation.pk, "reason": ""}
    refused = client.post(f"/meja/{ticket.number}/verify/", sent)
    assert refused.status_code == 400
    assert refused.content.decode().count("melompati satu tingkat matriks eskalasi") == 2
    again = client.get(f"/meja/{ticket.number}/verify/", follow=True)
    assert again.status_code == 200
    assert "do=verify" in again.request["QUERY_STRING"]


def test_the_page_says_where_an_undone_follow_up_goes(sign_in, specialist, officer, ticket_in):
    ticket = ticket_in("monitored")
    escalation = Escalation.objects.get(ticket=ticket)
    at = wib_text(escalation.follow_up_at + timedelta(hours=4))
    for reader, address in (
        (specialist, f"/eskalasi/{escalation.pk}/"),
        (officer, f"/meja/{ticket.number}/"),
    ):
        page = sign_in(reader).get(address).content.decode()
        assert "Jika dibiarkan, naik ke Manajemen Operasional pada" in page
        assert at in page


def test_the_list_of_a_team_has_its_name(sign_in, supervisor):
    page = sign_in(supervisor).get("/meja/", {"view": "all", "team": "fraud"}).content.decode()
    assert '<span class="tag">Tim Investigasi Fraud</span>' in page


def test_reloading_a_refused_acceptance_shows_its_form_again(sign_in, specialist, ticket_in):
    ticket = ticket_in("escalated")
    escalation = Escalation.objects.get(ticket=ticket)
    client = sign_in(specialist)
    address = f"/meja/{ticket.number}/accept/"
    sent = {"version": ticket.version, "escalation": escalation.pk, "plan": ""}
    assert client.post(address, sent).status_code == 400
    again = client.get(address, follow=True)
    assert again.status_code == 200
    assert 'id="do-accept-title"' in again.content.decode()


def test_a_form_that_filled_itself_in_says_its_language():
    automatic, asked = Escalation(), Escalation(requested_by_id=1)
    assert (form_language(automatic), form_language(asked)) == ("id", "")
    assert said("Tenggat terlewat", lang="id") == '<p class="said" lang="id">Tenggat terlewat</p>'
    assert written_in(automatic) == ""
    with translation.override("en"):
        assert "in Indonesian" in written_in(automatic)
        assert written_in(asked) == ""


def test_what_was_sent_back_waits_for_whoever_asked_until_it_goes_up_again(
    desk, sign_in, supervisor, officer, ticket_in
):
    ticket = ticket_in("requested")
    asked = Escalation.objects.get(ticket=ticket)
    Escalation.objects.filter(pk=asked.pk).update(request_reason="Nilainya besar.")
    decline_escalation(
        actor=of_user(supervisor), escalation_id=asked.pk, reason="Tanyakan nomor pesanan."
    )
    tray = {row.pk for row in desk.get("/eskalasi/?tray=advised").context["tray"].rows}
    assert tray == {asked.pk}
    # Each with their own words, in the report and in the book.
    words = [(one.by, one.words) for one in Escalation.objects.get(pk=asked.pk).said]
    assert words == [
        (str(officer), "Nilainya besar."),
        (str(supervisor), "Tanyakan nomor pesanan."),
    ]
    book = sign_in(supervisor).get("/eskalasi/buku/").content.decode()
    assert f"{officer}: Nilainya besar." in book
    desk.post(f"/meja/{ticket.number}/eskalasikan/", filled(Ticket.objects.get(pk=ticket.pk)))
    trays = {tray.code: tray for tray in desk.get("/eskalasi/").context["trays"]}
    assert trays["advised"].rows == []
