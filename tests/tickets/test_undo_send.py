"""A reply that its author may still take back: nothing happens, then everything, once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404

from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed, WrongState
from people.actors import Actor
from sla.models import Timer
from sla.services import audit_deadlines
from sla.services.sweep import sweep
from tests.support.stages import CLOSING, Stage, fresh
from tickets.models import Draft, KeptFile, Macro, MacroUse, OutgoingReply, Ticket
from tickets.selectors import newest_message
from tickets.services import (
    MacroDraft,
    Written,
    add_customer_message,
    add_internal_note,
    archive_macro,
    close_ticket,
    create_macro,
    merge_tickets,
    reply_to_customer,
    save_draft,
    send_reply,
    send_waiting_reply,
    take_back_reply,
)

pytestmark = pytest.mark.django_db

WORDS = "Terima kasih, kami periksa sekarang."
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 32


def sent(stage: Stage, ticket: Ticket, who: str = "dimas", **more: Any) -> OutgoingReply:
    ends = more.pop("ends_draft", False)
    return send_reply(
        Written(**({"body": WORDS} | more)),
        actor=stage.actor(who),
        ticket_id=ticket.pk,
        undo_seconds=10,
        ends_draft=ends,
    )


def taken_back(stage: Stage, reply: OutgoingReply) -> OutgoingReply:
    return take_back_reply(
        actor=stage.actor("dimas"), ticket_id=reply.ticket_id, outgoing_id=reply.pk
    )


def replies(ticket: Ticket) -> list[str]:
    return [message.body for message in ticket.messages.filter(kind="reply")]


def kinds(ticket: Ticket) -> list[str]:
    return list(ticket.events.order_by("id").values_list("kind", flat=True))


def after_undo_time() -> None:
    with clock.shifted(timedelta(seconds=11)):
        sweep()


def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("bukti.png", PNG, "image/png")


def test_until_it_leaves_nothing_has_happened(stage: Stage) -> None:
    ticket = stage.classified()
    clocks = list(ticket.clocks.values_list("metric", "state", "due_at"))
    sent(stage, ticket, waiting=True)
    now = fresh(ticket)
    assert replies(now) == []
    assert not now.outgoing_mails.filter(template="reply").exists()
    assert (now.state, now.first_response_at, now.waiting_for_customer_since) == (
        "classified",
        None,
        None,
    )
    assert list(now.clocks.values_list("metric", "state", "due_at")) == clocks
    assert now.reply_leaves_at is not None
    assert kinds(now)[-1] == "reply_waits"
    assert list(audit_deadlines()) == []


def test_the_sweep_sends_it_once_when_its_time_is_up(stage: Stage) -> None:
    ticket = stage.classified()
    reply = sent(stage, ticket, files=[picture()])
    sweep()
    assert replies(ticket) == []
    after_undo_time()
    after_undo_time()
    now = fresh(ticket)
    assert replies(now) == [WORDS]
    assert (now.state, now.reply_leaves_at) == ("handled", None)
    assert now.first_response_at == now.messages.get(kind="reply").sent_at
    assert now.outgoing_mails.filter(template="reply").count() == 1
    file = now.attachments.get()
    assert file.file.read() == PNG
    assert not KeptFile.objects.exists()
    reply.refresh_from_db()
    assert (reply.state, reply.message) == ("sent", now.messages.get(kind="reply"))
    assert list(audit_deadlines()) == []


def test_taking_back_returns_text_files_and_macro_to_the_draft(stage: Stage) -> None:
    ticket = stage.classified()
    macro = create_macro(
        actor=stage.actor("sari"),
        draft=MacroDraft(
            name="Tunggu", kind="reply", body="Halo", scope="all", effects={"then": "wait"}
        ),
    )
    reply = sent(stage, ticket, files=[picture()], macro_id=macro.pk)
    taken_back(stage, reply)
    draft = Draft.objects.get()
    assert (draft.mode, draft.body, draft.macro) == ("reply", WORDS, macro)
    kept = KeptFile.objects.get(outgoing=None)
    assert kept.name == "bukti.png"
    assert fresh(ticket).reply_leaves_at is None
    assert kinds(ticket)[-2:] == ["reply_waits", "reply_taken_back"]
    assert not Timer.objects.filter(kind="sla.reply_leaves", state="armed").exists()
    after_undo_time()
    assert replies(ticket) == []
    assert not MacroUse.objects.exists()
    assert list(audit_deadlines()) == []
    # And again, with the file that was kept.
    sent(stage, ticket, kept=[kept.key], macro_id=macro.pk, ends_draft=True)
    after_undo_time()
    assert replies(ticket) == [WORDS]
    assert ticket.attachments.get().key == kept.key
    assert MacroUse.objects.count() == 1
    assert not Draft.objects.exists()


def test_twice_is_once_and_too_late_is_said(stage: Stage) -> None:
    ticket = stage.handled()
    reply = sent(stage, ticket)
    assert taken_back(stage, reply) == taken_back(stage, reply)
    assert kinds(ticket).count("reply_taken_back") == 1
    assert Draft.objects.get().body == WORDS
    late = sent(stage, ticket)
    after_undo_time()
    with pytest.raises(Conflict) as refused:
        taken_back(stage, late)
    assert refused.value.code == "reply_left"
    assert replies(ticket) == [WORDS]


@pytest.mark.parametrize("who", ["sari", "farah"])
def test_nobody_else_takes_it_back_or_hurries_it(stage: Stage, who: str) -> None:
    ticket = stage.handled()
    reply = sent(stage, ticket)
    for verb in (take_back_reply, send_waiting_reply):
        with pytest.raises(NotAllowed):
            verb(actor=stage.actor(who), ticket_id=ticket.pk, outgoing_id=reply.pk)
    with pytest.raises(Http404):
        taken_back(stage, OutgoingReply(pk=reply.pk + 1, ticket=ticket))
    other = stage.classified(order_number="INV/2")
    with pytest.raises(Http404):
        take_back_reply(actor=stage.actor("dimas"), ticket_id=other.pk, outgoing_id=reply.pk)


def test_its_author_may_send_it_now(stage: Stage) -> None:
    ticket = stage.handled()
    reply = sent(stage, ticket)
    for _time in range(2):
        again = send_waiting_reply(
            actor=stage.actor("dimas"), ticket_id=ticket.pk, outgoing_id=reply.pk
        )
        assert again.state == "sent"
    assert replies(ticket) == [WORDS]
    assert list(audit_deadlines()) == []


def test_the_same_submission_is_one_reply(stage: Stage) -> None:
    ticket = stage.handled()
    first = sent(stage, ticket, submission_key="k1")
    assert sent(stage, ticket, submission_key="k1") == first
    assert replies(ticket) == []
    after_undo_time()
    again = Written(body=WORDS, submission_key="k1")
    same = send_reply(again, actor=stage.actor("dimas"), ticket_id=ticket.pk)
    assert (same, same.state) == (first, "sent")
    assert replies(ticket) == [WORDS]
    with pytest.raises(Conflict) as reused:
        sent(stage, ticket, submission_key="k1", body="Lain.")
    assert reused.value.code == "submission_key_reused"


def test_a_key_whose_reply_was_taken_back_sends_nothing_in_silence(stage: Stage) -> None:
    ticket = stage.handled()
    taken_back(stage, sent(stage, ticket, submission_key="k1"))
    with pytest.raises(Conflict) as refused:
        sent(stage, ticket, submission_key="k1")
    assert refused.value.code == "reply_taken_back"


def test_a_second_reply_lets_the_first_leave_before_it(stage: Stage) -> None:
    ticket = stage.handled()
    first = sent(stage, ticket, body="Satu.", seen=newest_message(ticket))
    second = sent(stage, ticket, body="Dua.", seen=newest_message(ticket))
    assert replies(ticket) == ["Satu."]
    with pytest.raises(Conflict):
        taken_back(stage, first)
    taken_back(stage, second)
    assert replies(ticket) == ["Satu."]
    assert list(audit_deadlines()) == []


def test_what_the_customer_writes_meanwhile_comes_after_it(stage: Stage) -> None:
    ticket = stage.handled()
    reply = sent(stage, ticket, waiting=True)
    wrote = Actor(customer=ticket.customer)
    add_customer_message(actor=wrote, ticket_id=ticket.pk, body="Sudah saya bayar.")
    told = list(ticket.messages.order_by("id").values_list("body", flat=True))
    assert told[-2:] == [WORDS, "Sudah saya bayar."]
    assert fresh(ticket).waiting_for_customer_since is None
    with pytest.raises(Conflict):
        taken_back(stage, reply)
    assert list(audit_deadlines()) == []


def test_closing_merging_and_escalating_let_it_leave_first(stage: Stage) -> None:
    closed = stage.handled()
    sent(stage, closed)
    version = fresh(closed).version
    close_ticket(
        actor=stage.actor("dimas"),
        ticket_id=closed.pk,
        confirmation="confirmed",
        expected_version=version,
        **CLOSING,
    )
    assert replies(closed) == [WORDS]
    target, merged = stage.handled(), stage.handled()
    sent(stage, merged)
    merge_tickets(actor=stage.actor("sari"), ticket_id=target.pk, numbers=[merged.number])
    assert replies(merged) == [WORDS]
    escalated = stage.handled()
    sent(stage, escalated)
    stage.send(escalated)
    assert replies(escalated) == [WORDS]
    after_undo_time()
    for ticket in (closed, merged, escalated):
        assert fresh(ticket).reply_leaves_at is None
        assert ticket.outgoing_mails.filter(template="reply").count() == 1
    assert list(audit_deadlines()) == []


def test_a_note_leaves_it_waiting(stage: Stage) -> None:
    ticket = stage.handled()
    reply = sent(stage, ticket)
    add_internal_note(actor=stage.actor("sari"), ticket_id=ticket.pk, body="Catatan.")
    taken_back(stage, reply)
    assert replies(ticket) == []


def test_a_refused_change_leaves_it_waiting_too(stage: Stage) -> None:
    ticket = stage.handled()
    reply = sent(stage, ticket)
    with pytest.raises(InvalidInput):
        close_ticket(
            actor=stage.actor("dimas"),
            ticket_id=ticket.pk,
            root_cause="",
            solution="",
            confirmation="confirmed",
        )
    taken_back(stage, reply)
    assert replies(ticket) == []


def test_anothers_answer_would_cross_it(stage: Stage) -> None:
    ticket = stage.handled()
    seen = newest_message(ticket)
    sent(stage, ticket, seen=seen)
    where = {"actor": stage.actor("sari"), "ticket_id": ticket.pk}
    with pytest.raises(Conflict) as crossed:
        send_reply(Written(body="Sebentar.", seen=seen), **where)
    assert crossed.value.code == "reply_crossed"
    with pytest.raises(Conflict) as at_once:
        reply_to_customer(body="Sebentar.", seen=seen, **where)
    assert at_once.value.code == "reply_crossed"
    after_undo_time()
    assert replies(ticket) == [WORDS]


def test_what_would_be_refused_is_refused_when_it_is_written(stage: Stage) -> None:
    closed = stage.closed()
    with pytest.raises(WrongState) as refused:
        sent(stage, closed)
    assert refused.value.code == "wrong_state"
    ticket = stage.handled()
    for body, code in (("", "empty"), ("x" * 20_001, "too_long")):
        with pytest.raises(InvalidInput) as wrong:
            sent(stage, ticket, body=body)
        assert wrong.value.code == code
    with pytest.raises(InvalidInput):
        sent(stage, ticket, files=[SimpleUploadedFile("a.png", b"<html>")])
    with pytest.raises(InvalidInput) as gone:
        sent(stage, ticket, kept=["nothing-there"])
    assert gone.value.code == "file_gone"
    with pytest.raises(Http404):
        sent(stage, ticket, macro_id=999_999)
    assert not OutgoingReply.objects.exists()
    assert fresh(ticket).reply_leaves_at is None


def test_what_is_refused_later_all_the_same_is_a_draft_again_and_told(stage: Stage) -> None:
    ticket = stage.handled()
    macro = create_macro(
        actor=stage.actor("sari"),
        draft=MacroDraft(name="Sapa", kind="reply", body="Halo", scope="all"),
    )
    sent(stage, ticket, macro_id=macro.pk, files=[picture()])
    archive_macro(actor=stage.actor("sari"), macro_id=macro.pk)
    after_undo_time()
    assert replies(ticket) == []
    assert fresh(ticket).reply_leaves_at is None
    assert (Draft.objects.get().body, KeptFile.objects.get().outgoing) == (WORDS, None)
    event = ticket.events.latest("id")
    assert (event.kind, event.data["code"]) == ("reply_not_sent", "not_found")
    assert event.note.text
    assert list(audit_deadlines()) == []


def test_what_was_begun_since_stays_behind_the_text(stage: Stage) -> None:
    ticket = stage.handled()
    reply = sent(stage, ticket)
    save_draft(actor=stage.actor("dimas"), number=ticket.number, mode="reply", body="Lalu ini.")
    taken_back(stage, reply)
    assert Draft.objects.get().body == f"{WORDS}\n\nLalu ini."


def test_a_promise_that_ends_meanwhile_is_kept_by_sending_at_once(stage: Stage) -> None:
    ticket = stage.classified()
    due_at = ticket.clocks.get(metric="first_response").due_at
    with clock.shifted(due_at - clock.now() - timedelta(seconds=5)):
        reply = send_reply(Written(body=WORDS), actor=stage.actor("dimas"), ticket_id=ticket.pk)
    assert reply.state == "sent"
    assert ticket.clocks.get(metric="first_response").state == "met"


def closing_macro(stage: Stage) -> Macro:
    effects = {"then": "close", "confirmation": "confirmed", **CLOSING}
    draft = MacroDraft(name="Selesai", kind="reply", body="Halo", scope="all", effects=effects)
    return create_macro(actor=stage.actor("sari"), draft=draft)


@pytest.mark.parametrize("closes", [True, False])
def test_a_macro_that_closes_in_time_waits_for_no_undo(stage: Stage, closes: bool) -> None:
    ticket = stage.handled()
    due_at = ticket.clocks.get(metric="resolution").due_at
    ticket.clocks.exclude(metric="resolution").update(due_at=due_at + timedelta(days=1))
    written = Written(body=WORDS, macro_id=closing_macro(stage).pk if closes else None)
    with clock.shifted(due_at - clock.now() - timedelta(seconds=5)):
        reply = send_reply(
            written, actor=stage.actor("dimas"), ticket_id=ticket.pk, undo_seconds=10
        )
    assert reply.state == ("sent" if closes else "waiting")
    if closes:
        assert ticket.clocks.get(metric="resolution").state == "met"


def test_macros_steps_belong_to_the_sending(stage: Stage) -> None:
    ticket, macro = stage.handled(), closing_macro(stage)
    sent(stage, ticket, macro_id=macro.pk)
    assert fresh(ticket).state == "handled"
    after_undo_time()
    assert fresh(ticket).state == "closed"
    assert replies(ticket) == [WORDS]
    assert Macro.objects.get(pk=macro.pk).uses.count() == 1


def test_secrets_are_masked_before_they_are_kept(stage: Stage) -> None:
    ticket = stage.handled()
    reply = sent(stage, ticket, body="PIN Anda 123456 jangan diberikan.")
    assert "123456" not in reply.body
    save_draft(
        actor=stage.actor("dimas"), number=ticket.number, mode="note", body="PIN-nya 123456."
    )
    assert "123456" not in Draft.objects.get().body
