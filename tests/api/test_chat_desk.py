"""What a shop sets up and what reviewers decide, through the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from helpdesk.common import clock
from people.actors import of_user
from people.models import User
from people.services import issue_token
from seller_chat.models import ChatMessage, ConversationLook, HolidayMode, ReviewItem
from seller_chat.services import link_ticket
from tests.api.conftest import Caller, problem
from tests.support.chat import DIVERSION, QUESTION, Talk, talk_of
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
AUTOMATIC = {"when": "always", "text": "Sebentar ya kak", "opens": "09:00", "days": [0, 4, 4]}


@pytest.fixture
def talk(customer_user: User, seller: User) -> Talk:
    return talk_of(customer_user, seller)


@pytest.fixture
def as_seller(calling: Any, seller: User) -> Caller:
    return calling(seller)


@pytest.fixture
def item(talk: Talk) -> ReviewItem:
    return ReviewItem.objects.get(message=talk.shop_says(DIVERSION))


def test_holiday_mode_is_switched_on_once_and_ended_once(as_seller: Caller, talk: Talk) -> None:
    talk.buyer_says(hours=0)
    path = f"shops/{talk.shop.pk}/holidays"
    made = as_seller.post(path)
    assert (made.status_code, made.json()["on"], made.json()["ends_at"]) == (201, True, None)
    problem(as_seller.post(path), 409, "wrong_state")
    end = f"{path}/{made.json()['id']}/end"
    assert as_seller.post(end).json() == []
    problem(as_seller.post(end), 409, "wrong_state")
    problem(as_seller.post(f"{path}/{2**62}/end"), 404)


def test_a_planned_holiday_is_called_off(as_seller: Caller, talk: Talk) -> None:
    path, now = f"shops/{talk.shop.pk}/holidays", clock.now()
    body = {
        "begins_at": (now + timedelta(days=2)).isoformat(),
        "ends_at": (now + timedelta(days=3)).isoformat(),
    }
    made = as_seller.post(path, body).json()
    assert [row["on"] for row in as_seller.get(path).json()] == [False]
    assert as_seller.post(f"{path}/{made['id']}/end").json() == []
    assert not HolidayMode.objects.exists()
    for wrong in (
        {"begins_at": (now - timedelta(hours=1)).isoformat()},
        {"ends_at": (now - timedelta(hours=1)).isoformat()},
        {"ends_at": "besok"},
        {"begins_at": (now + timedelta(days=400)).isoformat()},
    ):
        problem(as_seller.post(path, wrong), 400, "invalid_input")


def test_replies_are_set_up_and_answer(as_seller: Caller, talk: Talk) -> None:
    path = f"shops/{talk.shop.pk}/automatic-reply"
    assert as_seller.get(path).json()["when"] == "off"
    kept = as_seller.request("PUT", path, AUTOMATIC).json()
    assert kept == {**AUTOMATIC, "closes": "17:00", "days": [0, 4]}
    faq = {"answers": [{"words": ["berapa ongkir", "ongkos kirim"], "answer": "Rp 9.000 kak"}]}
    shown = as_seller.request("PUT", f"shops/{talk.shop.pk}/faq", faq).json()
    assert [row["words"] for row in shown] == [["berapa ongkir", "ongkos kirim"]]
    talk.buyer_says("Kak, ongkos kirim ke Depok?")
    talk.buyer_says("Halo?", 1)
    said = ChatMessage.objects.exclude(sender="buyer").values_list("sender", "body")
    assert list(said) == [("faq", "Rp 9.000 kak"), ("auto", "Sebentar ya kak")]


@pytest.mark.parametrize(
    ("part", "body", "field"),
    [
        ("automatic-reply", AUTOMATIC | {"text": DIVERSION}, "text"),
        ("automatic-reply", AUTOMATIC | {"text": ""}, "text"),
        ("automatic-reply", AUTOMATIC | {"opens": "24:00"}, "opens"),
        ("automatic-reply", AUTOMATIC | {"closes": "08:00"}, "closes"),
        ("automatic-reply", AUTOMATIC | {"days": [7]}, "days.0"),
        ("automatic-reply", {}, "when"),
        ("faq", {"answers": [{"words": ["ongkir"], "answer": DIVERSION}]}, "answers.0.answer"),
        ("faq", {"answers": [{"words": ["?"], "answer": "x"}]}, "answers.0.words"),
        ("faq", {"answers": [{"words": "ongkir", "answer": "x"}]}, "answers.0.words"),
        ("faq", {"answers": [{"words": ["a"], "answer": "x"}] * 31}, "answers"),
    ],
)
def test_what_cannot_be_set_up_is_named(
    as_seller: Caller, talk: Talk, part: str, body: dict[str, Any], field: str
) -> None:
    said = problem(as_seller.request("PUT", f"shops/{talk.shop.pk}/{part}", body), 400)
    assert field in {error["field"] for error in said["errors"]}


def test_shops_are_the_sellers_own(as_seller: Caller, as_officer: Caller, talk: Talk) -> None:
    shown = as_seller.get("shops").json()
    own = {"id": talk.shop.pk, "name": talk.shop.name, "restriction": ""}
    assert shown == {"results": [own], "next_after": None}
    assert as_seller.get(f"shops?after={talk.shop.pk}").json()["results"] == []
    assert as_officer.get("shops").json()["results"] == []


def test_a_review_is_read_on_record_and_then_decided(
    as_officer: Caller, as_seller: Caller, item: ReviewItem, officer: User, talk: Talk
) -> None:
    queue = as_officer.get("reviews?asked=false").json()["results"]
    assert [row["id"] for row in queue] == [item.pk]
    assert item.message.body not in str(queue)
    assert as_officer.get("reviews?asked=true").json()["results"] == []
    decision = {"outcome": "confirmed", "labels": ["off_platform_diversion"], "reason": "Jelas."}
    path = f"reviews/{item.pk}"
    problem(as_officer.post(f"{path}/decision", decision), 409, "read_first")
    read = as_officer.post(f"{path}/look").json()
    assert [each["body"] for each in read["messages"]] == [item.message.body]
    assert as_officer.post(f"{path}/look").json()["look"] == read["look"]
    assert ConversationLook.objects.get().user == officer
    for wrong in ({"labels": []}, {"labels": ["x"]}, {"outcome": "x"}, {"reason": ""}):
        problem(as_officer.post(f"{path}/decision", decision | wrong), 400)
    assert as_officer.post(f"{path}/decision", decision).json()["outcome"] == "confirmed"
    problem(as_officer.post(f"{path}/decision", decision), 409, "wrong_state")
    assert as_officer.get("reviews").json()["results"] == []
    own = as_seller.get(f"conversations/{talk.conversation.key}/messages").json()["results"][0]
    assert (own["state"], own["held_back"]["reason"]) == ("refused", "Jelas.")


def test_a_conversation_of_a_ticket_is_read_on_record(
    as_officer: Caller, as_other_officer: Caller, talk: Talk, ticket: Ticket, officer: User
) -> None:
    gone = talk.buyer_says()
    ChatMessage.objects.filter(pk=gone.pk).update(state="deleted", deleted_at=clock.now())
    link = link_ticket(talk.conversation, ticket, actor=of_user(officer), now=clock.now())
    path = f"tickets/{ticket.number}/conversations"
    shown = as_officer.get(path).json()
    assert [(row["id"], row["conversation"]) for row in shown] == [(link.pk, talk.conversation.key)]
    assert QUESTION not in str(shown)
    problem(as_officer.post(f"{path}/{link.pk}/look"), 400, "reason_needed")
    assert not ConversationLook.objects.exists()
    why = {"reason": "investigation"}
    read = as_officer.post(f"{path}/{link.pk}/look", why).json()
    assert ([each["body"] for each in read["messages"]], read["earlier"]) == ([QUESTION], False)
    assert ConversationLook.objects.get(pk=read["look"]).ticket == ticket
    problem(as_other_officer.post(f"{path}/{link.pk}/look", why), 404)
    problem(as_officer.get(f"conversations/{talk.conversation.key}"), 404)


@pytest.mark.parametrize(
    ("scope", "method", "path", "allowed"),
    [
        ("chats:read", "GET", "conversations", True),
        ("chats:read", "POST", "conversations", False),
        ("chats:write", "GET", "conversations", False),
        ("tickets:read", "GET", "conversations", False),
        ("shops:read", "GET", "shops", True),
        ("chats:write", "GET", "shops", False),
        ("chats:read", "POST", "reviews/1/look", False),
    ],
)
def test_a_scope_opens_its_operations(
    officer: User, scope: str, method: str, path: str, allowed: bool
) -> None:
    caller = Caller(issue_token(user=officer, name="t", scopes=[scope])[1])
    answer = caller.request(method, path)
    if allowed:
        assert answer.status_code == 200
    else:
        problem(answer, 403, "insufficient_scope")
