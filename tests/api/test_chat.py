"""Buyer Messages through the API: the buyer's side, the shop's, and a connected system's."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from people.actors import of_user
from people.models import User
from seller_chat.models import ChatMessage, Conversation, ReplyClock
from seller_chat.services import send_message
from tests.api.conftest import Caller, problem
from tests.support.chat import ANSWER, DIVERSION, QUESTION, THANKS, Talk, sweep_at, talk_of

pytestmark = pytest.mark.django_db
PICTURE = b"\x89PNG\r\n\x1a\n" + b"\x00" * 32


@pytest.fixture
def talk(customer_user: User, seller: User) -> Talk:
    return talk_of(customer_user, seller)


@pytest.fixture
def as_seller(calling: Any, seller: User) -> Caller:
    return calling(seller)


def place(talk: Talk, rest: str = "") -> str:
    return f"conversations/{talk.conversation.key}{rest}"


def test_a_buyer_opens_a_conversation_once_and_asks(as_customer: Caller) -> None:
    about = {"shop": "toko maju  JAYA", "product": "Kipas angin"}
    first = as_customer.post("conversations", about)
    assert first.status_code == 201
    made = first.json()
    assert (made["side"], made["stage"], made["reply_owed"]) == ("buyer", "pre_sale", False)
    assert as_customer.post("conversations", about).json()["key"] == made["key"]
    said = as_customer.post(f"conversations/{made['key']}/messages", {"body": QUESTION})
    assert (said.status_code, said.json()["state"]) == (201, "delivered")
    assert as_customer.get(f"conversations/{made['key']}").json()["reply_owed"] is True


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"shop": "Tidak Ada", "product": "x"}, "unknown_shop"),
        ({"shop": "Toko Maju Jaya"}, "about_what"),
        ({"shop": "Toko Maju Jaya", "product": "x", "order_number": "INV/1"}, "about_what"),
        ({"shop": "Toko Maju Jaya", "order_number": "TIDAK-ADA"}, "unknown_order"),
        ({"product": "x"}, "invalid_input"),
        ({"shop": "Toko Maju Jaya", "product": "x", "state": "y"}, "unknown_field"),
    ],
)
def test_what_is_no_conversation(as_customer: Caller, body: dict[str, Any], code: str) -> None:
    problem(as_customer.post("conversations", body), 400, code)
    assert not Conversation.objects.exists()


def test_only_a_connected_system_names_the_buyer(
    as_customer: Caller, as_integrator: Caller, as_seller: Caller
) -> None:
    about = {"shop": "Toko Maju Jaya", "product": "x", "buyer": {"email": "b@example.com"}}
    problem(as_customer.post("conversations", about), 403, "not_allowed")
    problem(as_seller.post("conversations", about), 403, "not_allowed")
    made = as_integrator.post("conversations", about)
    assert made.status_code == 201
    assert "b@example.com" not in made.content.decode()
    path = f"conversations/{made.json()['key']}/messages"
    problem(as_integrator.post(path, {"body": QUESTION}), 400, "side_needed")
    for side, text in (("buyer", QUESTION), ("seller", ANSWER)):
        assert as_integrator.post(path, {"body": text, "side": side}).json()["sender"] == side
    assert ReplyClock.objects.get().ended_how == "replied"


def test_the_list_in_pages_and_by_what_it_shows(
    as_seller: Caller, customer_user: User, seller: User
) -> None:
    talks = [talk_of(customer_user, seller, product=f"Barang {n}", hours=n) for n in range(5)]
    talks[1].buyer_says(hours=6)
    talks[3].buyer_says(hours=7)
    talks[3].shop_says(hours=8)
    page, keys = as_seller.get("conversations?page_size=2").json(), []
    while True:
        keys += [each["key"] for each in page["results"]]
        if page["next"] is None:
            break
        page = as_seller.get(page["next"].partition("/api/v1/")[2]).json()
    expected = [talks[n].conversation.key for n in (3, 1, 4, 2, 0)]
    assert keys == expected
    for query, found in (
        ("reply_owed=true", [1]),
        ("unread=true", [3, 1]),
        ("side=buyer", []),
        (f"shop={talks[0].shop.pk}&reply_owed=false&unread=false", [4, 2, 0]),
        (f"shop={2**40}", []),
        ("stage=after_sale", []),
    ):
        rows = as_seller.get(f"conversations?{query}").json()["results"]
        assert [row["key"] for row in rows] == [talks[n].conversation.key for n in found], query
    problem(as_seller.get("conversations?side=officer"), 400)
    problem(as_seller.get("conversations?nama=x"), 400, "unknown_parameter")
    problem(as_seller.get("conversations?cursor=x"), 400, "bad_cursor")


def test_a_shop_sees_a_name_and_no_contact(as_seller: Caller, talk: Talk) -> None:
    talk.buyer_says()
    shown = as_seller.get(place(talk))
    assert shown.json()["buyer"] == {"name": "Ratna Dewi"}
    everything = b"".join(
        as_seller.get(path).content
        for path in ("conversations", place(talk), place(talk, "/messages"))
    )
    assert talk.buyer.email.encode() not in everything
    assert b"5550" not in everything


def test_files_go_with_a_message_and_go_with_its_deletion(
    as_customer: Caller, as_seller: Caller, talk: Talk
) -> None:
    files = [SimpleUploadedFile("barang.png", PICTURE)]
    said = as_customer.send_form(place(talk, "/messages"), {"body": "", "files": files})
    assert said.status_code == 201, said.content
    url = said.json()["attachments"][0]["url"].partition("/api/v1/")[2]
    assert b"".join(as_seller.get(url).streaming_content) == PICTURE
    path = place(talk, f"/messages/{said.json()['id']}")
    problem(as_seller.request("DELETE", path), 403, "not_allowed")
    for _twice in range(2):
        assert as_customer.request("DELETE", path).status_code == 204
    left = as_seller.get(place(talk, "/messages")).json()["results"][0]
    assert (left["state"], left["body"], left["attachments"]) == ("deleted", "", [])
    for caller in (as_seller, as_customer):
        problem(caller.get(url), 404)


def test_an_answer_that_stopped_a_clock_stays(as_seller: Caller, talk: Talk) -> None:
    talk.buyer_says()
    answer = talk.shop_says()
    problem(as_seller.request("DELETE", place(talk, f"/messages/{answer.pk}")), 409, "wrong_state")


def test_the_same_key_sends_once(as_seller: Caller, talk: Talk) -> None:
    path = place(talk, "/messages")
    first, again = (
        as_seller.post(path, {"body": ANSWER}, Idempotency_Key="m-1") for _twice in range(2)
    )
    assert (again["Idempotency-Replayed"], again.content) == ("true", first.content)
    other = as_seller.post(path, {"body": "Lain"}, Idempotency_Key="m-1")
    problem(other, 422, "idempotency_key_reused")
    assert ChatMessage.objects.count() == 1


def test_what_is_held_is_told_to_its_sender_alone(
    as_seller: Caller, as_customer: Caller, talk: Talk
) -> None:
    sent = as_seller.post(place(talk, "/messages"), {"body": DIVERSION}).json()
    held = sent["held_back"]
    assert (sent["state"], held["guidelines"][0]["number"]) == ("held", "4.2.2")
    assert held["marks"]
    assert "0812" not in sent["body"]
    assert as_customer.get(place(talk, "/messages")).json()["results"] == []
    look = place(talk, f"/messages/{sent['id']}/second-look")
    problem(as_customer.post(look), 404)
    assert as_seller.post(look).json()["held_back"]["second_look_asked_at"]
    problem(as_seller.request("DELETE", place(talk, f"/messages/{sent['id']}")), 409, "wrong_state")


def test_what_was_seen_never_goes_back(as_seller: Caller, as_customer: Caller, talk: Talk) -> None:
    first, second = talk.buyer_says(), talk.buyer_says("Halo?", 1)
    mark = as_seller.get(place(talk)).json()["mark"]
    for up_to, seen in ((second.pk, second.pk), (first.pk, second.pk), (2**62, second.pk)):
        assert as_seller.post(place(talk, "/seen"), {"up_to": up_to}).json()["seen"] == seen
    shown = as_customer.get(place(talk)).json()
    assert (shown["seen_by_other"], shown["mark"] != mark) == (second.pk, True)
    for wrong in ({}, {"up_to": 0}, {"up_to": True}, {"up_to": 2**63}):
        problem(as_seller.post(place(talk, "/seen"), wrong), 400)


def test_a_waiver_and_its_objection_and_the_clock_that_tells_them(
    as_seller: Caller, as_customer: Caller, talk: Talk
) -> None:
    thanks = talk.buyer_says(THANKS)
    sweep_at(13)
    problem(as_customer.post(place(talk, "/no-reply-needed")), 403, "not_allowed")
    assert as_seller.post(place(talk, "/no-reply-needed")).json()["reply_owed"] is False
    problem(as_seller.post(place(talk, "/no-reply-needed")), 409, "wrong_state")
    problem(as_seller.post(place(talk, "/reply-needed")), 403, "not_allowed")
    assert as_customer.post(place(talk, "/reply-needed")).json()["reply_owed"] is True
    problem(as_customer.post(place(talk, "/reply-needed")), 409, "wrong_state")
    clock = as_customer.get(place(talk, "/reply-clocks")).json()[0]
    assert [step["kind"] for step in clock["steps"]] == ["reply_warned", "waived", "waiver_undone"]
    assert (clock["opened_by"], clock["hours"], clock["ended_at"]) == (thanks.pk, 24, None)
    assert clock["steps"][0]["hours"] == 12


def test_a_question_is_no_thanks(as_seller: Caller, talk: Talk) -> None:
    talk.buyer_says()
    problem(as_seller.post(place(talk, "/no-reply-needed")), 409, "not_closing_thanks")


def test_a_clock_tells_its_pause(as_seller: Caller, talk: Talk) -> None:
    talk.buyer_says()
    talk.holiday(3, 9)
    answer = talk.shop_says(hours=10)
    clock = as_seller.get(place(talk, "/reply-clocks")).json()[0]
    assert clock["pauses"] == [
        {"begins_at": "2026-11-02T04:00:00Z", "ends_at": "2026-11-02T10:00:00Z"}
    ]
    assert (clock["due_at"], clock["counted_seconds"]) == ("2026-11-03T07:00:00Z", 4 * 3600)
    assert (clock["ended_how"], clock["ended_by"]) == ("replied", answer.pk)


def test_a_missed_reply_and_its_ticket_are_told(as_seller: Caller, talk: Talk) -> None:
    talk.buyer_says()
    sweep_at(24, microseconds=1)
    sweep_at(120, microseconds=1)
    clock = as_seller.get(place(talk, "/reply-clocks")).json()[0]
    assert clock["missed_at"] == clock["due_at"]
    assert clock["ticket"].startswith("TUN-")


def test_a_restricted_shop_answers_and_no_more(
    as_seller: Caller, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seller_chat.selectors.restriction_of", lambda shop_id: "shop")
    path = place(talk, "/messages")
    problem(as_seller.post(path, {"body": "Ada promo kak"}), 403, "shop_restricted")
    send_message(actor=of_user(talk.buyer), conversation_id=talk.conversation.pk, body=QUESTION)
    assert as_seller.post(path, {"body": ANSWER}).status_code == 201


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"body": ""}, "nothing_said"),
        ({}, "nothing_said"),
        ({"body": "a" * 2_001}, "too_long"),
        ({"body": 5}, "invalid_input"),
        ({"body": "a\x00"}, "null_character"),
        ({"body": "Halo", "side": "officer"}, "invalid_input"),
    ],
)
def test_what_is_no_message(
    as_customer: Caller, talk: Talk, body: dict[str, Any], code: str
) -> None:
    problem(as_customer.post(place(talk, "/messages"), body), 400, code)
    assert not ChatMessage.objects.exists()


def test_the_limit_of_ten_minutes_answers_429(
    as_customer: Caller, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from seller_chat.services import sending

    numbers = sending.profile() | {"messages_per_ten_minutes": 1}
    monkeypatch.setattr(sending, "profile", lambda: numbers)
    as_customer.post(place(talk, "/messages"), {"body": QUESTION})
    answer = as_customer.post(place(talk, "/messages"), {"body": QUESTION})
    assert problem(answer, 429)
    assert int(answer["Retry-After"]) > 0
