"""The escalation document as the team's working page, its dialogs, the panel and the case report."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from escalation.models import Decision, Escalation, FollowUp, FreezeRequest
from escalation.services import release_relay
from helpdesk.common import clock
from helpdesk.common.durations import WIB
from people.actors import of_user
from people.models import Team
from tickets.models import Ticket
from tickets.services import add_internal_note

pytestmark = pytest.mark.django_db


def page_of(ticket: Ticket) -> str:
    return f"/eskalasi/{ticket.escalations.get(state__in=['sent', 'accepted']).pk}/"


def sent(ticket: Ticket, **words: Any) -> dict[str, Any]:
    escalation = ticket.escalations.first()
    return {"version": ticket.version, "escalation": escalation.pk, **words}


def typed(hours: int) -> str:
    return (clock.now() + timedelta(hours=hours)).astimezone(WIB).strftime("%Y-%m-%dT%H:%M")


def test_accepting_names_a_target_that_is_filled_in(sign_in, specialist, ticket_in):
    ticket = ticket_in("escalated")
    client = sign_in(specialist)
    page = client.get(page_of(ticket))
    target = ticket.escalations.get().target_at.astimezone(WIB)
    assert f'value="{target:%Y-%m-%dT%H:%M}"' in page.content.decode()
    words = {"plan": "Lacak", "understood": "on", "target_at": typed(30)}
    words |= {"target_reason": "Menunggu bank."}
    assert client.post(f"/meja/{ticket.number}/accept/", sent(ticket, **words)).status_code == 302
    made = ticket.escalations.get()
    assert made.agreed_target_at.astimezone(WIB).strftime("%Y-%m-%dT%H:%M") == words["target_at"]


def test_a_follow_up_is_planned_done_and_moved_from_the_page(sign_in, specialist, ticket_in):
    ticket, client = ticket_in("planned"), sign_in(specialist)
    step = FollowUp.objects.get(kind="step")
    page = client.get(page_of(ticket)).content.decode()
    assert "Cek mutasi" in page
    assert f"?do=follow_up_done&amp;follow_up={step.pk}" in page
    opened = client.get(page_of(ticket), {"do": "follow_up_done", "follow_up": step.pk})
    text = opened.content.decode()
    assert 'id="do-follow_up_done"' in text
    assert "data-open" in text
    assert f'<option value="{step.pk}" selected>' in text
    move = sent(ticket, follow_up=step.pk, due_at=typed(9), reason="Bank tutup")
    assert client.post(f"/meja/{ticket.number}/follow_up_move/", move).status_code == 302
    ticket.refresh_from_db(fields=["version"])
    missing = client.post(
        f"/meja/{ticket.number}/follow_up_done/", sent(ticket, follow_up=step.pk, result="")
    )
    assert missing.status_code == 400
    assert 'id="follow_up_done_result_error"' in missing.content.decode()
    done = sent(ticket, follow_up=step.pk, result="Aman")
    response = client.post(f"/meja/{ticket.number}/follow_up_done/", done)
    assert response["Location"] == page_of(ticket)
    assert "Aman" in client.get(page_of(ticket)).content.decode()


@pytest.mark.parametrize("strange", ["x", "99999999999999999999999", "-1", "²"])
def test_a_strange_follow_up_in_the_address_opens_an_ordinary_dialog(
    sign_in, specialist, ticket_in, strange
):
    ticket = ticket_in("planned")
    address = {"do": "follow_up_done", "follow_up": strange}
    assert sign_in(specialist).get(page_of(ticket), address).status_code == 200


def test_a_mediation_is_heard_and_decided_from_the_page(sign_in, mediator, ticket_in):
    ticket, client = ticket_in("mediated"), sign_in(mediator)
    text = client.get(page_of(ticket)).content.decode()
    assert 'id="do-hearing"' in text
    assert 'id="do-decide"' not in text
    for party in ("buyer", "seller"):
        words = sent(ticket, party=party, notes=f"Kata {party}")
        assert client.post(f"/meja/{ticket.number}/hearing/", words).status_code == 302
        ticket.refresh_from_db(fields=["version"])
    ruling = sent(
        ticket, outcome="split", amount_idr="1,5 juta", reasons_buyer="A", reasons_seller="B"
    )
    wrong = client.post(f"/meja/{ticket.number}/decide/", ruling | {"amount_idr": "1,5 lusin"})
    assert wrong.status_code == 400
    assert 'id="decide_amount_idr_error"' in wrong.content.decode()
    assert client.post(f"/meja/{ticket.number}/decide/", ruling).status_code == 302
    assert Decision.objects.get().amount_idr == 1_500_000
    text = client.get(page_of(ticket)).content.decode()
    assert "Kata buyer" in text
    assert 'id="do-hearing"' not in text


def test_a_freeze_is_asked_on_the_ticket_and_decided_by_another(
    desk, sign_in, supervisor, ticket_in
):
    ticket = ticket_in("handled")
    words = {"subject": "account", "reference": "ratna", "reason": "Dibobol"}
    asked = desk.post(f"/meja/{ticket.number}/freeze/", {"version": ticket.version, **words})
    assert asked.status_code == 302
    request = FreezeRequest.objects.get()
    assert "ratna" in desk.get(f"/meja/{ticket.number}/").content.decode()
    assert 'id="do-freeze_decide"' not in desk.get(f"/meja/{ticket.number}/").content.decode()
    client = sign_in(supervisor)
    assert 'id="do-freeze_decide"' in client.get(f"/meja/{ticket.number}/").content.decode()
    ticket.refresh_from_db(fields=["version"])
    answer = {"version": ticket.version, "freeze": request.pk, "approved": "yes"}
    assert client.post(f"/meja/{ticket.number}/freeze_decide/", answer).status_code == 302
    request.refresh_from_db()
    assert (request.approved, request.decided_by) == (True, supervisor)
    assert 'id="do-unfreeze"' in desk.get(f"/meja/{ticket.number}/").content.decode()
    ticket.refresh_from_db(fields=["version"])
    wanted = {"version": ticket.version, "freeze": request.pk, "reason": "Beres"}
    assert desk.post(f"/meja/{ticket.number}/unfreeze/", wanted).status_code == 302
    assert FreezeRequest.objects.get(action="unfreeze").lifts == request
    assert 'id="do-unfreeze"' not in desk.get(f"/meja/{ticket.number}/").content.decode()


def test_another_tickets_freeze_is_shown_but_not_its_number_to_everybody(
    sign_in, supervisor, people, ticket_in
):
    mine, other, ayu = ticket_in("frozen"), ticket_in("frozen"), people["ayu"]
    page = sign_in(supervisor).get(f"/meja/{mine.number}/").content.decode()
    assert f"/meja/{other.number}/" in page.split('id="teamwork"')[1]
    Ticket.objects.filter(pk=mine.pk).update(team=Team.objects.get(code="cs_order"))
    page = sign_in(ayu).get(f"/meja/{mine.number}/").content.decode()
    assert other.number not in page
    assert "1 tiket yang tidak boleh Anda lihat" in page


def test_the_officer_finds_what_legal_released(desk, sign_in, legal, ticket_in):
    ticket = ticket_in("with_legal")
    release_relay(actor=of_user(legal), ticket_id=ticket.pk, text="<b>Kami</b> periksa.")
    page = desk.get(f"/meja/{ticket.number}/").content.decode()
    assert 'data-put="compose"' in page
    assert "&lt;b&gt;Kami&lt;/b&gt; periksa." in page
    ticket.refresh_from_db(fields=["version"])
    desk.post(
        f"/meja/{ticket.number}/reply/",
        {"version": ticket.version, "body": "<b>Kami</b> periksa.", "mode": "reply"},
    )
    assert 'data-put="compose"' not in desk.get(f"/meja/{ticket.number}/").content.decode()
    # Legal itself has no box to put it into.
    seen = sign_in(legal).get(f"/meja/{ticket.number}/").content.decode()
    assert "data-put=" not in seen


class TestCaseReport:
    def test_it_tells_the_case_and_leaves_notes_out_when_asked(self, sign_in, officer, ticket_in):
        ticket = ticket_in("heard")
        add_internal_note(actor=of_user(officer), ticket_id=ticket.pk, body="KENARI-79")
        client = sign_in(officer)
        path = f"{page_of(ticket)}laporan/"
        with_notes = client.get(path).content.decode()
        for part in (ticket.number, "KENARI-79", "Kami periksa.", "Begitu.", ticket.order_number):
            assert part in with_notes, part
        without = client.get(path, {"notes": "0"}).content.decode()
        assert "KENARI-79" not in without
        assert ticket.number in without

    def test_who_may_not_see_the_ticket_gets_none(
        self, sign_in, legal, other_officer, customer_user, ticket_in
    ):
        path = f"{page_of(ticket_in('monitored'))}laporan/"
        for user, status in ((legal, 404), (other_officer, 404), (customer_user, 403)):
            assert sign_in(user).get(path).status_code == status
        assert sign_in(legal).get("/eskalasi/999999/laporan/").status_code == 404

    def test_a_long_conversation_is_cut(self, sign_in, officer, ticket_in):
        ticket = ticket_in("escalated")
        for number in range(20):
            add_internal_note(
                actor=of_user(officer), ticket_id=ticket.pk, body=f"Catatan {number}!"
            )
        text = sign_in(officer).get(f"{page_of(ticket)}laporan/").content.decode()
        assert "Catatan 0!" in text
        assert "Catatan 19!" in text
        assert "Catatan 8!" not in text

    def test_the_teams_letter_links_it(self, ticket_in, mailoutbox):
        from tickets.services import deliver_owed_mail

        ticket = ticket_in("escalated")
        deliver_owed_mail()
        letter = next(
            m for m in mailoutbox if m.to == ["fraud@tokopedia.com"] and "/laporan/" in m.body
        )
        assert f"{page_of(ticket)}laporan/" in letter.body
        assert Escalation.objects.count() == 1


def test_few_queries(sign_in, mediator, ticket_in, django_assert_max_num_queries):
    ticket, client = ticket_in("heard"), sign_in(mediator)
    path = page_of(ticket)
    client.get(path)
    with django_assert_max_num_queries(42):
        client.get(path)
    with django_assert_max_num_queries(34):
        client.get(f"{path}laporan/")


class TestTheRowsOfATray:
    """The row shows whichever is due first: a clock, a follow-up, the team's own date."""

    def test_an_overdue_follow_up_goes_before_a_clock(self, sign_in, specialist, ticket_in):
        ticket, client = ticket_in("planned"), sign_in(specialist)
        step = FollowUp.objects.get(kind="step")
        FollowUp.objects.filter(pk=step.pk).update(due_at=clock.now() - timedelta(hours=1))
        page = client.get("/eskalasi/?tray=monitored")
        (row,) = page.context["tray"].rows
        assert row.ticket == ticket
        assert row.due_first.kind == "Tindak lanjut"
        assert row.due_first.at < clock.now()
        assert "lewat 1 j" in page.content.decode()

    def test_a_request_shows_until_when_the_supervisor_decides(
        self, sign_in, supervisor, ticket_in
    ):
        ticket = ticket_in("requested")
        owed = ticket.clocks.get(metric="verification")
        (row,) = sign_in(supervisor).get("/eskalasi/?tray=verify").context["tray"].rows
        assert (row.due_first.at, row.due_first.kind) == (owed.due_at, "verification")


def test_the_next_news_is_that_of_the_news_not_of_another_step(sign_in, specialist, ticket_in):
    ticket = ticket_in("planned")
    news = FollowUp.objects.get(kind="news")
    FollowUp.objects.filter(kind="step").update(due_at=clock.now() - timedelta(hours=1))
    page = sign_in(specialist).get(page_of(ticket))
    assert page.context["next_news"] == news
    assert not page.context["next_news_late"]


def test_everything_that_is_missing_is_said_at_once(sign_in, specialist, ticket_in):
    ticket = ticket_in("escalated")
    answer = sign_in(specialist).post(f"/meja/{ticket.number}/accept/", sent(ticket))
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "Tulis apa yang akan dilakukan tim" in text
    assert "Nyatakan bahwa masalah dan target penyelesaian dipahami" in text


@pytest.mark.parametrize(("state", "there"), [("monitored", True), ("heard", False)])
def test_freezing_stands_below_and_only_with_the_team_that_freezes(
    sign_in, supervisor, ticket_in, state, there
):
    text = sign_in(supervisor).get(page_of(ticket_in(state))).content.decode()
    assert ('id="do-freeze"' in text) == there
    assert 'id="h-freezes"' not in text
    assert ('<details class="more no-print" id="freezes">' in text) == there
