"""Saying something: moderated before delivery, masked, once, within its limits, answered by itself."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import time
from functools import partial
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed, TooMany, WrongState
from helpdesk.common.events import hears
from people.actors import of_user
from people.models import Shop, User
from seller_chat import judging
from seller_chat.events import MessageJudged, ReplyMissed
from seller_chat.masking import mask_contacts
from seller_chat.models import ChatMessage, ReviewItem
from seller_chat.services import (
    Faq,
    ask_second_look,
    begin_holiday,
    change_faq,
    change_reply_settings,
    decide_review,
    delete_message,
    end_holiday,
    mark_seen,
    open_conversation,
    send_message,
    undo_waiver,
    waive_reply,
)
from tests.support.chat import ANSWER, DIVERSION, INSULT, QUESTION, Talk, at, moment, sweep_at

pytestmark = pytest.mark.django_db
State = ChatMessage.State
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
NOBODYS = {"when": "always", "text": "Sebentar ya kak, kami segera balas.", "days": [0, 1, 2, 3, 4]}
HOURS = {"opens": time(8), "closes": time(17)}


@pytest.fixture
def heard() -> Iterator[list[Any]]:
    from helpdesk.common import events

    found: list[Any] = []
    kept = {kind: list(events._receivers[kind]) for kind in (ReplyMissed, MessageJudged)}
    for kind in kept:
        hears(kind)(found.append)
    yield found
    events._receivers.update(kept)


def decide(officer: User, message: ChatMessage, outcome: str, hours: float, **more: Any) -> None:
    with moment(hours):
        decide_review(
            actor=of_user(officer),
            review_id=ReviewItem.objects.get(message=message).pk,
            outcome=outcome,
            reason="Sudah dibaca.",
            **more,
        )


def test_a_clear_violation_is_held_and_says_why(talk: Talk) -> None:
    held = talk.shop_says(DIVERSION)
    verdict = held.moderation
    assert (held.state, held.delivered_at) == (State.HELD, None)
    assert "081234567890" not in held.body
    assert held.masked == ["phone"]
    assert "off_platform_diversion" in verdict.labels
    assert judging.guideline_of("off_platform_diversion").number == "4.2.2"
    spans = [span for reason in verdict.reasons for span in reason["spans"]]
    quoted = {held.body[start:end] for start, end in spans}
    assert "[nomor telepon disamarkan]" in quoted
    assert held.review.cause == ReviewItem.Cause.HELD
    assert "081234567890" not in str(verdict.reasons)


def test_a_clean_message_is_delivered_and_reviewed_by_nobody(talk: Talk) -> None:
    message = talk.buyer_says()
    assert message.state == State.DELIVERED
    assert not ReviewItem.objects.filter(message=message).exists()
    assert message.moderation.rules_version > 0
    assert message.moderation.model_version


def test_a_doubtful_one_is_delivered_and_queued(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "_verdict", lambda _decision: judging.Verdict.DOUBTFUL)
    message = talk.buyer_says()
    assert message.state == State.DELIVERED
    assert message.review.cause == ReviewItem.Cause.DOUBTFUL
    assert talk.clock().opened_by == message


def test_a_broken_engine_loses_nothing(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_args: object) -> None:
        raise RuntimeError("no model")

    monkeypatch.setattr(judging, "moderate", breaks)
    message = talk.buyer_says("PIN saya 123456 ya, hubungi 081234567890")
    assert message.state == State.DELIVERED
    assert "123456" not in message.body
    assert message.review.cause == ReviewItem.Cause.FAILED


def test_a_held_question_starts_the_clock_when_it_is_released(talk: Talk, officer: User) -> None:
    held = talk.buyer_says(INSULT)
    assert not talk.clocks()
    decide(officer, held, "released", 5)
    assert (talk.clock().opened_at, talk.clock().due_at) == (at(5), at(29))


def test_an_answer_in_review_holds_the_breach_up_and_counts_from_when_it_was_written(
    talk: Talk, officer: User, heard: list[Any]
) -> None:
    talk.buyer_says()
    held = talk.shop_says(DIVERSION, 23)
    sweep_at(30)
    assert talk.clock().breached_at is None
    decide(officer, held, "released", 31)
    assert (talk.clock().ended_at, talk.clock().breached_at) == (at(23), None)
    assert [type(each) for each in heard] == [MessageJudged]


def test_a_refused_answer_was_none(talk: Talk, officer: User, heard: list[Any]) -> None:
    question = talk.buyer_says()
    held = talk.shop_says(DIVERSION, 23)
    sweep_at(30)
    decide(officer, held, "confirmed", 31, labels=["off_platform_diversion"])
    assert talk.clock().breached_at == at(24)
    missed, judged = heard
    assert (missed.message_id, missed.due_at) == (question.pk, at(24))
    assert (judged.outcome, judged.labels) == ("confirmed", ("off_platform_diversion",))
    held.refresh_from_db()
    assert held.state == State.REFUSED
    sweep_at(32)
    assert talk.happened().count("reply_missed") == 1


def test_a_review_is_decided_once_with_a_reason_by_who_may(
    talk: Talk, officer: User, specialist: User
) -> None:
    held = talk.shop_says(DIVERSION)
    with pytest.raises(NotAllowed):
        decide(specialist, held, "released", 2)
    with pytest.raises(InvalidInput):
        decide(officer, held, "confirmed", 2)
    with pytest.raises(InvalidInput):
        decide(officer, held, "confirmed", 2, labels=["weather"])
    decide(officer, held, "refused", 2)
    with pytest.raises(WrongState):
        decide(officer, held, "released", 3)


def test_a_delivered_message_cannot_be_refused(
    talk: Talk, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "_verdict", lambda _decision: judging.Verdict.DOUBTFUL)
    message = talk.buyer_says()
    with pytest.raises(InvalidInput):
        decide(officer, message, "refused", 2)


def test_its_sender_may_ask_for_a_second_look(talk: Talk) -> None:
    held = talk.shop_says(DIVERSION)
    place = {"conversation_id": talk.conversation.pk, "message_id": held.pk}
    with pytest.raises(WrongState):
        ask_second_look(actor=of_user(talk.buyer), **place)
    with moment(2):
        ask_second_look(actor=of_user(talk.seller), **place)
    with moment(3):
        again = ask_second_look(actor=of_user(talk.seller), **place)
    assert again.asked_at == at(2)


def test_an_automatic_reply_answers_once_until_a_person_writes(talk: Talk) -> None:
    change_reply_settings(actor=of_user(talk.seller), shop_id=talk.shop.pk, **NOBODYS, **HOURS)
    talk.buyer_says()
    assert talk.clock().ended_how == "auto"
    talk.buyer_says("Halo?", 2)
    assert talk.clock().ended_at is None
    talk.shop_says(hours=3)
    talk.buyer_says("Satu lagi kak", 4)
    senders = list(talk.conversation.messages.values_list("sender", flat=True))
    assert senders == ["buyer", "auto", "buyer", "seller", "buyer", "auto"]


@pytest.mark.parametrize(("hour", "answered"), [(0, False), (8.5, False), (9, True), (15, True)])
def test_outside_the_opening_hours_alone(talk: Talk, hour: float, answered: bool) -> None:
    """MONDAY is 08:00 in Jakarta: the shop closes nine hours later."""
    change_reply_settings(
        actor=of_user(talk.seller), shop_id=talk.shop.pk, **{**NOBODYS, "when": "outside"}, **HOURS
    )
    talk.buyer_says(hours=hour)
    assert (talk.clock().ended_how == "auto") is answered


def test_a_faq_answer_knows_its_question_however_it_is_spelt(talk: Talk) -> None:
    actor = of_user(talk.seller)
    faq = Faq(words="berapa ongkir\nbiaya kirim", answer="Ongkir mulai Rp 9.000 kak.")
    change_faq(actor=actor, shop_id=talk.shop.pk, answers=[faq])
    talk.buyer_says("Brp ongkirnya ke Bandung kak?")
    assert talk.clock().ended_by.body == faq.answer  # type: ignore[union-attr]
    talk.buyer_says("ongkir berapa??", 1)
    assert talk.clock().ended_at is None


def test_what_goes_out_by_itself_keeps_to_the_guidelines(talk: Talk) -> None:
    actor = of_user(talk.seller)
    with pytest.raises(InvalidInput) as refusal:
        change_reply_settings(
            actor=actor, shop_id=talk.shop.pk, **{**NOBODYS, "text": DIVERSION}, **HOURS
        )
    assert "4.2.2" in str(refusal.value.fields["text"])
    with pytest.raises(InvalidInput):
        change_faq(actor=actor, shop_id=talk.shop.pk, answers=[Faq("ongkir", DIVERSION)])


def test_the_same_submission_is_one_message(talk: Talk) -> None:
    first = talk.buyer_says(submission_key="k1")
    assert talk.buyer_says(submission_key="k1").pk == first.pk
    with pytest.raises(Conflict):
        talk.buyer_says("Lain lagi", submission_key="k1")
    assert talk.conversation.messages.count() == 1


def test_files_are_judged_by_what_they_are(talk: Talk) -> None:
    message = talk.buyer_says("Ini fotonya", files=[SimpleUploadedFile("foto.png", PNG)])
    stored = message.attachments.get()
    assert stored.sha256 == hashlib.sha256(PNG).hexdigest()
    for name, content in (("foto.png", b"<html>"), ("foto.exe", PNG), ("kosong.png", b"")):
        with pytest.raises(InvalidInput):
            talk.buyer_says("Ini", files=[SimpleUploadedFile(name, content)])
    assert talk.conversation.messages.count() == 1


@pytest.mark.parametrize("text", ["", "   ", "\x00", "a" * 2001, "\ud83d", "\u200b"])
def test_hostile_text_is_refused(talk: Talk, text: str) -> None:
    with pytest.raises(InvalidInput):
        talk.buyer_says(text)


def test_nobody_floods(talk: Talk) -> None:
    for n in range(60):
        talk.buyer_says(f"{QUESTION} {n}")
    with pytest.raises(TooMany):
        talk.buyer_says("Satu lagi")


@pytest.mark.parametrize("who", ["dimas", "wahyu"])
@pytest.mark.parametrize(
    ("verb", "said"),
    [
        (send_message, {"body": ANSWER}),
        (delete_message, {"message_id": 1}),
        (mark_seen, {"up_to": 1}),
        (waive_reply, {}),
        (undo_waiver, {}),
    ],
)
def test_strangers_say_nothing(
    talk: Talk, people: dict[str, User], who: str, verb: Any, said: dict[str, Any]
) -> None:
    talk.buyer_says()
    with pytest.raises(NotAllowed):
        verb(actor=of_user(people[who]), conversation_id=talk.conversation.pk, **said)
    assert talk.conversation.messages.count() == 1


@pytest.mark.parametrize("verb", [begin_holiday, end_holiday, partial(change_faq, answers=[])])
def test_strangers_set_up_nothing(talk: Talk, customer_user: User, verb: Any) -> None:
    with pytest.raises(NotAllowed):
        verb(actor=of_user(customer_user), shop_id=talk.shop.pk)


def test_each_side_does_only_its_own(talk: Talk) -> None:
    message, pk = talk.buyer_says(), talk.conversation.pk
    with pytest.raises(NotAllowed):
        delete_message(actor=of_user(talk.seller), conversation_id=pk, message_id=message.pk)
    with pytest.raises(NotAllowed):
        waive_reply(actor=of_user(talk.buyer), conversation_id=pk)
    with pytest.raises(WrongState):  # a question is no closing thanks
        waive_reply(actor=of_user(talk.seller), conversation_id=pk)
    answer = talk.shop_says()
    with pytest.raises(WrongState):  # it stopped the clock
        delete_message(actor=of_user(talk.seller), conversation_id=pk, message_id=answer.pk)


def test_what_was_seen_never_goes_back(talk: Talk) -> None:
    first, second = talk.buyer_says(), talk.buyer_says("Ada biru?")
    actor, pk = of_user(talk.seller), talk.conversation.pk
    mark_seen(actor=actor, conversation_id=pk, up_to=10**15)
    mark_seen(actor=actor, conversation_id=pk, up_to=first.pk)
    talk.conversation.refresh_from_db()
    assert (talk.conversation.shop_seen, talk.conversation.buyer_seen) == (second.pk, 0)


def test_one_thing_is_one_conversation(talk: Talk) -> None:
    again = open_conversation(
        actor=of_user(talk.buyer),
        shop=talk.shop,
        product="Kemeja batik",
        buyer=talk.conversation.buyer,
    )
    assert again.pk == talk.conversation.pk


def test_a_foreign_order_begins_nothing(talk: Talk) -> None:
    elsewhere = Shop.objects.create(name="Toko Lain")
    with pytest.raises(InvalidInput):
        open_conversation(
            actor=of_user(talk.buyer),
            shop=elsewhere,
            order_number="INV/20261101/MPL/1",
            buyer=talk.conversation.buyer,
        )


def test_holidays_of_one_shop_never_overlap(talk: Talk) -> None:
    actor, shop = of_user(talk.seller), talk.shop.pk
    with moment(0):
        begin_holiday(actor=actor, shop_id=shop, begins_at=at(10), ends_at=at(20))
        for begins, ends in ((at(15), at(30)), (at(5), at(11)), (at(0), None), (at(12), at(13))):
            with pytest.raises(WrongState):
                begin_holiday(actor=actor, shop_id=shop, begins_at=begins, ends_at=ends)
        with pytest.raises(InvalidInput):
            begin_holiday(actor=actor, shop_id=shop, begins_at=at(-1), ends_at=at(1))
    talk.buyer_says(hours=1)
    assert talk.clock().due_at == at(35)


PLAIN = (
    "Pesanan INV/20261117/MPL/123456789 resi JN123456789012 total Rp 529.000, imei 356938035643809"
)


def test_numbers_of_the_order_stay_and_contacts_go() -> None:
    assert mask_contacts(PLAIN).text == PLAIN
    for text in ("WA 0812 3456 7890", "budi [at] gmail titik com", "bca 1234567890", "ig: toko_x"):
        masked = mask_contacts(text)
        assert masked.kinds
        assert mask_contacts(masked.text).text == masked.text
        for cut in masked.cuts:
            first, last = masked.place(cut.start, cut.end)
            assert masked.text[first:last] == cut.put
