"""The pages of both sides and of the reviewer; and that nobody reaches what is another's."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from helpdesk.common import clock
from people.actors import of_user
from people.models import Customer, Shop, User
from seller_chat.models import (
    ChatMessage,
    ConversationLook,
    FaqAnswer,
    HolidayMode,
    ReplySettings,
    ReviewItem,
)
from seller_chat.services import link_ticket
from tests.cast import FileTicket
from tests.support.chat import ANSWER, DIVERSION, QUESTION, THANKS, Talk

pytestmark = pytest.mark.django_db


def words(answer: Any) -> bytes:
    """The page without what differs from one answer to the next anyway."""
    return re.sub(rb'content="[^"]*"|value="[^"]*"', b"", answer.content)


def client_of(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


@pytest.fixture
def stranger(agent_user: User) -> User:
    """Another shop's seller, who is a buyer of theirs too."""
    from django.contrib.auth.models import Group

    agent_user.groups.set([Group.objects.get(name="seller")])
    shop = Shop.objects.create(name="Toko Sebelah")
    shop.sellers.add(agent_user)
    return User.objects.get(pk=agent_user.pk)


def test_both_sides_talk_and_see_what_was_read(talk: Talk) -> None:
    buyer, shop = client_of(talk.buyer), client_of(talk.seller)
    theirs, ours = (
        reverse(f"chat:{side}", args=[talk.conversation.key]) for side in ("buyer", "seller")
    )
    assert buyer.post(theirs, {"body": QUESTION}).status_code == 302
    page = shop.get(ours).content.decode()
    assert QUESTION in page
    assert "data-due" in page
    assert talk.buyer.email not in page
    shop.post(f"{ours}dibaca/", {"up_to": str(talk.conversation.messages.get().pk)})
    assert "dibaca" in buyer.get(theirs, headers={"Accept-Language": "id"}).content.decode()
    shop.post(ours, {"body": ANSWER})
    assert talk.clock().ended_how == "replied"
    assert ANSWER in buyer.get(theirs).content.decode()


def test_what_is_held_is_shown_to_its_sender_alone(talk: Talk) -> None:
    held = talk.shop_says(DIVERSION)
    key = talk.conversation.key
    own = client_of(talk.seller).get(reverse("chat:seller", args=[key])).content.decode()
    assert "4.2.2" in own
    assert "<mark>" in own
    other = client_of(talk.buyer).get(reverse("chat:buyer", args=[key])).content.decode()
    assert f'id="m{held.pk}"' not in other
    client_of(talk.seller).post(reverse("chat:seller_look", args=[key, held.pk]))
    assert ReviewItem.objects.get(message=held).asked_at is not None


def test_looking_writes_nothing(talk: Talk, django_assert_num_queries: Any) -> None:
    talk.buyer_says()
    client, before = client_of(talk.seller), talk.conversation.shop_seen
    client.get(reverse("chat:seller", args=[talk.conversation.key]))
    talk.conversation.refresh_from_db()
    assert talk.conversation.shop_seen == before


def test_the_live_part_comes_when_something_happened(talk: Talk) -> None:
    talk.buyer_says()
    client, place = (
        client_of(talk.seller),
        reverse("chat:seller_live", args=[talk.conversation.key]),
    )
    first = client.get(place)
    mark = first.context["mark"]
    assert client.get(place, {"mark": mark}).status_code == 204
    talk.buyer_says("Halo?", 1)
    assert client.get(place, {"mark": mark}).status_code == 200


def test_a_waiver_and_its_objection(talk: Talk) -> None:
    talk.buyer_says(THANKS)
    key = talk.conversation.key
    client_of(talk.seller).post(reverse("chat:waive", args=[key]))
    assert talk.clock().ended_how == "waived"
    client_of(talk.buyer).post(reverse("chat:undo_waiver", args=[key]))
    assert talk.clock().ended_at is None


def test_a_buyer_begins_from_a_product_or_an_order(customer_user: User, seller: User) -> None:
    client, place = client_of(customer_user), reverse("chat:begin")
    shop = Shop.objects.get(sellers=seller)
    said = {"shop": shop.name, "product": "Blender", "body": QUESTION, "order": ""}
    assert client.post(place, said).status_code == 302
    assert ChatMessage.objects.get().conversation.product == "Blender"
    for wrong in ({"shop": "Tidak Ada"}, {"product": ""}, {"body": ""}, {"order": "INV/1"}):
        assert client.post(place, said | wrong).status_code == 400


def test_a_shop_sets_up_its_holiday_and_its_replies(talk: Talk) -> None:
    client = client_of(talk.seller)
    assert client.post(reverse("chat:holiday"), {}).status_code == 302
    row = HolidayMode.objects.get()
    assert client.post(reverse("chat:holiday"), {}).status_code == 409 or row.ends_at is None
    client.post(reverse("chat:holiday_end", args=[row.pk]))
    assert not HolidayMode.objects.filter(ends_at=None).exists()
    automatic = {
        "what": "automatic",
        "when": "always",
        "text": "Sebentar ya kak",
        "opens": "08:00",
        "closes": "17:00",
        "days": ["0", "1"],
    }
    assert client.post(reverse("chat:replies"), automatic).status_code == 302
    assert ReplySettings.objects.get().days == [0, 1]
    assert client.post(reverse("chat:replies"), automatic | {"text": DIVERSION}).status_code == 400
    faq = {
        "what": "faq",
        "faq-TOTAL_FORMS": "2",
        "faq-INITIAL_FORMS": "0",
        "faq-0-words": "berapa ongkir",
        "faq-0-answer": "Mulai Rp 9.000",
        "faq-1-words": "",
        "faq-1-answer": "",
    }
    assert client.post(reverse("chat:replies"), faq).status_code == 302
    assert FaqAnswer.objects.get().answer == "Mulai Rp 9.000"
    assert client.post(reverse("chat:replies"), faq | {"faq-0-words": ""}).status_code == 400


def test_a_reviewer_reads_on_record_and_decides(
    talk: Talk, officer: User, supervisor: User
) -> None:
    held = talk.shop_says(DIVERSION)
    item, client = ReviewItem.objects.get(message=held), client_of(officer)
    waiting = client.get(reverse("desk:reviews")).content.decode()
    assert "4.2.2" in waiting
    assert held.body not in waiting
    decision = {"outcome": "confirmed", "labels": ["off_platform_diversion"], "reason": "Jelas."}
    unread = client.post(reverse("desk:review_decide", args=[item.pk]), decision)
    assert unread.status_code == 404
    page = client.post(reverse("desk:review", args=[item.pk])).content.decode()
    assert "<mark>" in page
    look = ConversationLook.objects.get()
    assert (look.user, look.review) == (officer, item)
    assert client.post(reverse("desk:review_decide", args=[item.pk]), decision).status_code == 302
    item.refresh_from_db()
    assert (item.outcome, item.decided_by) == ("confirmed", officer)
    looks = client_of(supervisor).get(reverse("desk:looks")).content.decode()
    assert talk.conversation.key in looks


def test_an_officer_reads_a_conversation_for_a_linked_ticket_alone(
    talk: Talk, officer: User, other_officer: User, file_ticket: FileTicket
) -> None:
    talk.buyer_says()
    ticket = file_ticket()
    place = reverse("desk:ticket_conversations", args=[ticket.number])
    assert QUESTION not in client_of(officer).get(place).content.decode()
    link = link_ticket(talk.conversation, ticket, actor=of_user(officer), now=clock.now())
    look = reverse("desk:ticket_conversation", args=[ticket.number, link.pk])
    client = client_of(officer)
    assert client.post(look).status_code == 400  # no reason
    assert QUESTION in client.post(look, {"reason": "investigation"}).content.decode()
    assert ConversationLook.objects.get().ticket == ticket
    assert client_of(other_officer).post(look, {"reason": "investigation"}).status_code == 404
    other = file_ticket()
    elsewhere = reverse("desk:ticket_conversation", args=[other.number, link.pk])
    assert client.post(elsewhere, {"reason": "investigation"}).status_code == 404


PAGES = [
    ("get", ""),
    ("post", ""),
    ("get", "langsung/"),
    ("post", "dibaca/"),
    ("post", "{message}/hapus/"),
    ("post", "{message}/tinjau-ulang/"),
]


@pytest.mark.parametrize(("method", "rest"), PAGES)
@pytest.mark.parametrize("root", ["/pesan/", "/penjual/pesan/"])
def test_another_shops_conversation_answers_like_none(
    talk: Talk, stranger: User, root: str, method: str, rest: str
) -> None:
    message = talk.buyer_says()
    client = client_of(stranger)
    rest = rest.format(message=message.pk)
    body = {"body": "Halo", "up_to": str(message.pk)}
    real, none, by_id = (
        getattr(client, method)(f"{root}{key}/{rest}", body)
        for key in (talk.conversation.key, "x" * len(talk.conversation.key), talk.conversation.pk)
    )
    assert real.status_code == none.status_code == by_id.status_code == 404
    assert words(real) == words(none)
    assert talk.conversation.messages.count() == 1


def test_another_shops_settings_answer_like_none(talk: Talk, stranger: User) -> None:
    talk.holiday(0)
    holiday = HolidayMode.objects.get()
    client = client_of(stranger)
    for name in ("chat:holiday", "chat:replies"):
        real = client.get(reverse(name), {"shop": talk.shop.pk})
        none = client.get(reverse(name), {"shop": 10**9})
        assert real.status_code == none.status_code == 404
        assert words(real) == words(none)
    client.post(reverse("chat:holiday_end", args=[holiday.pk]))
    client.post(reverse("chat:holiday_end", args=[holiday.pk]), {"shop": talk.shop.pk})
    holiday.refresh_from_db()
    assert holiday.ends_at is None


@pytest.mark.parametrize("name", ["chat:seller_list", "chat:holiday", "chat:replies"])
def test_the_shops_pages_are_for_sellers(customer_user: User, officer: User, name: str) -> None:
    assert client_of(customer_user).get(reverse(name)).status_code == 403
    assert client_of(officer).get(reverse(name)).status_code == 403
    assert Client().get(reverse(name)).status_code == 302


@pytest.mark.parametrize("body", ["\x00", "a" * 30_000, "\ud83d"])
def test_hostile_words_are_refused_politely(talk: Talk, body: str) -> None:
    place = reverse("chat:buyer", args=[talk.conversation.key])
    content = body.encode("utf-8", "surrogatepass")
    answer = client_of(talk.buyer).post(place, {"body": content})
    assert answer.status_code in (400, 302)
    assert Customer.objects.exists()
