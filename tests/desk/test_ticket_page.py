"""The ticket page: the whole story, and its forms with what was typed kept."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from desk.timeline import who_did
from escalation.services import return_escalation
from people.actors import of_user
from people.models import Team
from sla.models import Timer
from tickets.models import Message, Ticket, TicketEvent
from tickets.services import add_internal_note, ask_confirmation, handle_ticket, reply_to_customer

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Target": "pane"}
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
    b"\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa7\x35\x81\x84"
    b"\x00\x00\x00\x00IEND\xaeB`\x82"
)


def address(ticket: Ticket, verb: str = "") -> str:
    return f"/meja/{ticket.number}/{verb + '/' if verb else ''}"


def text_of(response: Any) -> str:
    return re.sub(r"<[^>]+>", "", response.content.decode())


def test_the_page_tells_why_and_marks_the_words(desk, file_ticket):
    ticket = file_ticket()
    page = desk.get(address(ticket)).content.decode()
    assert 'class="rules"' in page
    assert "<mark>" in page
    assert "URGENT" in page


def test_another_teams_ticket_is_as_if_it_never_was(sign_in, other_officer, file_ticket):
    client = sign_in(other_officer)
    hidden = client.get(address(file_ticket()))
    missing = client.get("/meja/TUN-2222-2222/")
    assert hidden.status_code == missing.status_code == 404
    same = [
        re.sub(r"/meja/[^/\"]+/|[A-Za-z0-9]{64}|20\d\d-[^\"]+", "", r.content.decode())
        for r in (hidden, missing)
    ]
    assert same[0] == same[1]


def test_taking_handles_and_tells(desk, officer, file_ticket):
    ticket = file_ticket()
    response = desk.post(address(ticket, "handle"), {"version": ticket.version}, follow=True)
    ticket = Ticket.objects.get(pk=ticket.pk)
    assert (ticket.state, ticket.assignee) == ("handled", officer)
    assert f'data-draft-done="handle-{ticket.number}"' in response.content.decode()


def test_htmx_gets_the_pane_and_the_list_hears_of_it(desk, file_ticket):
    ticket = file_ticket()
    response = desk.post(address(ticket, "handle"), {"version": ticket.version}, headers=HTMX)
    page = response.content.decode()
    assert response["HX-Trigger"] == "queue-changed"
    assert 'id="pane"' in page
    assert "<html" not in page


def test_replying_shows_the_words_escaped_and_sends_once(desk, officer, file_ticket):
    ticket = file_ticket()
    said = {"mode": "reply", "body": "<b>Halo</b> & tenang", "submission_key": "k1"}
    desk.post(address(ticket, "reply"), said)
    desk.post(address(ticket, "reply"), said)
    assert ticket.messages.filter(kind="reply").count() == 1
    page = desk.get(address(ticket)).content.decode()
    assert "&lt;b&gt;Halo&lt;/b&gt; &amp; tenang" in page


def test_a_note_never_becomes_a_reply(desk, file_ticket):
    ticket = file_ticket()
    desk.post(address(ticket, "reply"), {"mode": "note", "body": "rahasia regu"})
    assert ticket.messages.get(body="rahasia regu").kind == Message.Kind.NOTE


def test_an_empty_reply_is_explained_in_place(desk, file_ticket):
    response = desk.post(
        address(file_ticket(), "reply"), {"mode": "reply", "body": " "}, headers=HTMX
    )
    assert response.status_code == 400
    assert response["X-Fragment"] == "1"
    assert 'id="compose_error"' in response.content.decode()


def test_a_wrong_file_is_refused_and_the_text_kept(desk, file_ticket):
    ticket = file_ticket()
    bad = SimpleUploadedFile("foto.png", b"<html>", content_type="image/png")
    sent = {"mode": "reply", "body": "Lihat lampiran", "files": [bad]}
    response = desk.post(address(ticket, "reply"), sent)
    assert response.status_code == 400
    assert "Lihat lampiran" in response.content.decode()
    assert not ticket.messages.filter(kind="reply").exists()


def test_attachments_open_for_those_who_see_the_ticket_alone(
    desk, sign_in, other_officer, client, file_ticket
):
    ticket = file_ticket()
    good = SimpleUploadedFile("foto.png", PNG, content_type="image/png")
    desk.post(address(ticket, "note"), {"mode": "note", "body": "bukti", "files": [good]})
    kept = ticket.attachments.get()
    response = desk.get(f"/lampiran/{kept.key}/")
    assert b"".join(response.streaming_content) == PNG
    assert response["Content-Disposition"].startswith("inline")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert sign_in(other_officer).get(f"/lampiran/{kept.key}/").status_code == 404
    assert client.get(f"/lampiran/{kept.key}/").status_code == 302


def test_a_conflict_shows_the_fresh_ticket_and_keeps_what_was_typed(
    desk, officer, supervisor, file_ticket
):
    ticket = file_ticket()
    handle_ticket(actor=of_user(officer), ticket_id=ticket.pk)
    stale = {"version": ticket.version, "root_cause": "akar yang diketik", "solution": "selesai"}
    response = desk.post(address(ticket, "close"), stale | {"confirmation": "confirmed"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "akar yang diketik" in page
    fresh = Ticket.objects.get(pk=ticket.pk)
    assert fresh.state == "handled"
    assert f'name="version" value="{fresh.version}"' in page
    again = stale | {"version": fresh.version, "confirmation": "confirmed"}
    assert desk.post(address(ticket, "close"), again).status_code == 302


def test_closing_names_each_missing_part(desk, officer, file_ticket):
    ticket = file_ticket()
    handle_ticket(actor=of_user(officer), ticket_id=ticket.pk)
    fresh = Ticket.objects.get(pk=ticket.pk)
    sent = {"version": fresh.version, "confirmation": "confirmed"}
    response = desk.post(address(ticket, "close"), sent)
    page = response.content.decode()
    assert response.status_code == 400
    assert 'id="close_root_cause_error"' in page
    assert 'id="close_solution_error"' in page


def test_what_the_role_excludes_is_neither_offered_nor_done(desk, officer, file_ticket):
    ticket = file_ticket()
    assert "do-assign" not in desk.get(address(ticket)).content.decode()
    response = desk.post(address(ticket, "assign"), {"assignee": officer.pk})
    assert response.status_code in (302, 400, 403)
    response = desk.post(address(ticket, "verify"), {"version": ticket.version})
    assert response.status_code in (403, 409)
    assert Ticket.objects.get(pk=ticket.pk).state == "classified"


def test_reclassifying_keeps_what_the_rules_said(desk, file_ticket):
    ticket = file_ticket()
    sent = {
        "version": ticket.version,
        "category": ticket.category,
        "priority": "HIGH",
        "queue": ticket.queue,
        "reason": "kerugian sudah berhenti",
    }
    assert desk.post(address(ticket, "reclassify"), sent).status_code == 302
    page = desk.get(address(ticket)).content.decode()
    assert "kerugian sudah berhenti" in page
    assert "<details" in page


def test_legal_reads_and_notes_but_writes_no_customer(sign_in, legal, file_ticket):
    ticket = file_ticket()
    team = Team.objects.get(code="legal")
    Ticket.objects.filter(pk=ticket.pk).update(team=team)
    page = sign_in(legal).get(address(ticket)).content.decode()
    assert 'id="mode-reply"' not in page
    assert 'id="mode-note"' in page
    response = sign_in(legal).post(address(ticket, "reply"), {"mode": "reply", "body": "Halo"})
    assert response.status_code == 403


def test_unknown_verbs_and_get_change_nothing(desk, file_ticket):
    ticket = file_ticket()
    assert desk.post(address(ticket, "seal")).status_code == 404
    assert desk.get(address(ticket, "handle")).status_code == 302
    assert Ticket.objects.get(pk=ticket.pk).state == "classified"


def test_without_script_a_forms_address_opens_it(desk, officer, file_ticket):
    ticket = file_ticket()
    handle_ticket(actor=of_user(officer), ticket_id=ticket.pk)
    page = desk.get(address(ticket, "close"), follow=True).content.decode()
    assert re.search(r'id="do-close"[^>]* open', page)


def test_the_page_has_no_inline_script_style_or_handler(desk, file_ticket):
    page = desk.get(address(file_ticket())).content.decode()
    assert not re.search(
        r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|hx-on|javascript:", page
    )


def test_queries_do_not_grow_with_the_conversation(
    desk, officer, file_ticket, django_assert_max_num_queries
):
    ticket = file_ticket()
    actor = of_user(officer)
    for number in range(12):
        reply_to_customer(actor=actor, ticket_id=ticket.pk, body=f"kabar {number}")
        add_internal_note(actor=actor, ticket_id=ticket.pk, body=f"catatan {number}")
    desk.get(address(ticket))
    with django_assert_max_num_queries(5):
        assert desk.get(address(ticket), headers=HTMX).status_code == 200
    with django_assert_max_num_queries(10):
        assert desk.get(address(ticket)).status_code == 200


@pytest.mark.parametrize("state", ["requested", "monitored", "written", "held", "closed", "merged"])
def test_nor_with_what_happened_to_the_ticket(
    desk, ticket_in, state, django_assert_max_num_queries
):
    ticket = ticket_in(state)
    desk.get(address(ticket))
    # One more where an event names somebody who has done nothing here yet.
    with django_assert_max_num_queries(6):
        assert desk.get(address(ticket), headers=HTMX).status_code == 200
    with django_assert_max_num_queries(11):
        assert desk.get(address(ticket)).status_code == 200


def test_a_form_is_made_when_its_dialog_opens(desk, officer, file_ticket):
    ticket = file_ticket()
    assert 'id="reclassify_reason"' not in desk.get(address(ticket)).content.decode()
    opened = desk.get(address(ticket, "reclassify"), headers=HTMX)
    assert 'id="reclassify_reason"' in opened.content.decode()
    assert "<html" not in opened.content.decode()
    # Locked, pressed without a form, not this reader's.
    for verb in ("close", "handle", "assign"):
        assert desk.get(address(ticket, verb), headers=HTMX).status_code == 409
    # On a page of its own, and no verb at all.
    for verb in ("escalate", "seal"):
        assert desk.get(address(ticket, verb), headers=HTMX).status_code == 404


def test_another_teams_forms_are_not_shown(sign_in, other_officer, file_ticket):
    client = sign_in(other_officer)
    assert client.get(address(file_ticket(), "reclassify"), headers=HTMX).status_code == 404


def test_after_a_return_the_stage_names_who_has_it_now(desk, officer, specialist, ticket_in):
    ticket = ticket_in("monitored")
    return_escalation(actor=of_user(specialist), ticket_id=ticket.pk, reason="Selesai")
    stages = {s.state: s for s in desk.get(address(ticket)).context["stages"]}
    assert Ticket.objects.get(pk=ticket.pk).assignee == officer
    assert stages["handled"].who == officer.get_short_name()


def test_the_banner_tells_when_the_ticket_closes_by_itself(desk, officer, ticket_in):
    ticket = ticket_in("handled")
    ask_confirmation(
        actor=of_user(officer), ticket_id=ticket.pk, root_cause="SIM swap", solution="Akun pulih"
    )
    timer = Timer.objects.get(kind="sla.confirmation", subject_id=ticket.pk)
    page = desk.get(address(ticket))
    assert page.context["confirmation_ends"] == timer.due_at
    assert timer.due_at.isoformat() in page.content.decode()


def test_whoever_is_unknown_is_called_customer(file_ticket):
    ticket = file_ticket()
    for label in ("visitor", "demo", "customer"):
        assert who_did(TicketEvent(ticket=ticket, actor_label=label)) == "pelanggan"


def test_a_reply_that_would_cross_anothers_asks_first_and_keeps_the_box(
    desk, officer, supervisor, file_ticket
):
    ticket = file_ticket()
    handle_ticket(actor=of_user(officer), ticket_id=ticket.pk)
    shown = re.search(
        r'id="composer-seen" value="(\d+)"', desk.get(address(ticket)).content.decode()
    )
    assert shown
    reply_to_customer(
        actor=of_user(supervisor), ticket_id=ticket.pk, body="Sudah <b>saya</b> jawab."
    )
    sent = {"mode": "reply", "body": "Jawaban lain.", "seen": shown[1], "version": ticket.version}
    asked = desk.post(address(ticket, "reply"), sent, headers=HTMX)
    page = asked.content.decode()
    assert (asked.status_code, asked["HX-Retarget"]) == (409, "#crossing")
    assert "Sudah &lt;b&gt;saya&lt;/b&gt; jawab." in page
    newest = Message.objects.latest("id").pk
    assert f'id="composer-seen" value="{newest}" hx-swap-oob="true"' in page
    assert not Message.objects.filter(body="Jawaban lain.").exists()
    # Without a script the whole page comes back with the words and the new message.
    whole = desk.post(address(ticket, "reply"), sent)
    assert whole.status_code == 409
    assert "Jawaban lain.</textarea>" in whole.content.decode()
    assert f'id="composer-seen" value="{newest}"' in whole.content.decode()
    anyway = desk.post(address(ticket, "reply"), sent | {"seen": newest}, headers=HTMX)
    assert anyway.status_code == 200
    assert Message.objects.filter(body="Jawaban lain.").count() == 1


def test_a_deadline_that_fired_meanwhile_stops_no_reply(desk, officer, file_ticket):
    ticket = file_ticket()
    handle_ticket(actor=of_user(officer), ticket_id=ticket.pk)
    old = ticket.version
    add_internal_note(actor=of_user(officer), ticket_id=ticket.pk, body="catatan")
    seen = Message.objects.latest("id").pk
    sent = {"mode": "reply", "body": "Kami periksa.", "seen": seen, "version": old}
    assert desk.post(address(ticket, "reply"), sent, headers=HTMX).status_code == 200


def test_an_odd_place_in_the_conversation_is_refused_in_words(desk, officer, file_ticket):
    ticket = file_ticket()
    handle_ticket(actor=of_user(officer), ticket_id=ticket.pk)
    for seen in ("-1", "abc", "9" * 30):
        sent = {"mode": "reply", "body": "Kami periksa.", "seen": seen}
        assert desk.post(address(ticket, "reply"), sent, headers=HTMX).status_code == 400
