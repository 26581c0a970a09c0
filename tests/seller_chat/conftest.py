from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from people.models import Customer, Shop, User
from seller_chat.models import ChatMessage, Conversation, HolidayMode
from tests.seller_chat.reference import Story
from tests.support.chat import Talk, talk_of

Tell = Callable[..., Shop]


@pytest.fixture
def tell(db: None) -> Tell:
    """Put what was said, and when the shop was closed, on record as it stands."""
    return write_story


def write_story(story: Story, name: str = "Toko Uji") -> Shop:
    shop = Shop.objects.create(name=name)
    talks = {number: _talk(shop, number, story) for number in {each.talk for each in story.said}}
    ChatMessage.objects.bulk_create(
        ChatMessage(
            conversation=talks[each.talk],
            shop=shop,
            sender=each.sender,
            body="kak?",
            state="deleted" if each.deleted_at else "delivered",
            sent_at=each.at,
            delivered_at=each.at,
            deleted_at=each.deleted_at,
            reply_waived_at=each.waived_at,
            excluded_at=each.excluded_at,
        )
        for each in story.said
    )
    for begins, ends in story.closed:
        HolidayMode.objects.create(shop=shop, begins_at=begins, ends_at=ends)
    return shop


def _talk(shop: Shop, number: int, story: Story) -> Conversation:
    buyer = Customer.objects.create(
        name=f"Pembeli {number}", email=f"p{number}.{shop.pk}@x.example"
    )
    first = min((each.at for each in story.said), default=datetime.max)
    return Conversation.objects.create(
        shop=shop, buyer=buyer, stage="pre_sale", product=f"Barang {number}",
        opened_at=first, last_message_at=first,
    )  # fmt: skip


@pytest.fixture
def talk(customer_user: User, seller: User) -> Talk:
    return talk_of(customer_user, seller)
