"""A conversation between Ratna and Joko's shop, and moments at which things are said in it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from helpdesk.common import clock
from people.actors import of_user
from people.models import Customer, Shop, User
from seller_chat.models import ChatMessage, Conversation, ReplyClock
from seller_chat.services import begin_holiday, end_holiday, open_conversation, send_message
from sla.services import sweep

# A Monday morning, 08:00 in Jakarta.
MONDAY = datetime(2026, 11, 2, 1, tzinfo=UTC)
QUESTION = "Halo kak, barangnya masih ada?"
ANSWER = "Masih ada kak, silakan dipesan."
THANKS = "Terima kasih banyak kak"
DIVERSION = "Kak WA saya saja di 081234567890, lebih murah kalau transfer langsung"
INSULT = "dasar penipu bangsat lu"


def at(hours: float = 0, **more: float) -> datetime:
    return MONDAY + timedelta(hours=hours, **more)


def moment(hours: float = 0, **more: float) -> AbstractContextManager[None]:
    return clock.at(at(hours, **more))


@dataclass
class Talk:
    """`buyer` and `seller` speak at an hour after MONDAY."""

    conversation: Conversation
    buyer: User
    seller: User

    @property
    def shop(self) -> Shop:
        return self.conversation.shop

    def buyer_says(self, text: str = QUESTION, hours: float = 0, **more: Any) -> ChatMessage:
        return self._says(self.buyer, text, hours, more)

    def shop_says(self, text: str = ANSWER, hours: float = 1, **more: Any) -> ChatMessage:
        return self._says(self.seller, text, hours, more)

    def _says(self, who: User, text: str, hours: float, more: dict[str, Any]) -> ChatMessage:
        span = {
            name: more.pop(name) for name in ("minutes", "seconds", "microseconds") if name in more
        }
        with moment(hours, **span):
            return send_message(
                actor=of_user(who), conversation_id=self.conversation.pk, body=text, **more
            ).message

    def holiday(self, begins: float, ends: float | None = None) -> None:
        """Switched on at an hour, and off again at another."""
        actor = of_user(self.seller)
        with moment(begins):
            begin_holiday(actor=actor, shop_id=self.shop.pk)
        if ends is not None:
            self.open_again(ends)

    def open_again(self, hours: float) -> None:
        with moment(hours):
            end_holiday(actor=of_user(self.seller), shop_id=self.shop.pk)

    def clock(self) -> ReplyClock:
        """The latest one, read anew."""
        found = ReplyClock.objects.filter(conversation=self.conversation).order_by("-id").first()
        assert found is not None
        return found

    def clocks(self) -> list[ReplyClock]:
        return list(ReplyClock.objects.filter(conversation=self.conversation).order_by("id"))

    def happened(self) -> list[str]:
        return list(self.conversation.events.values_list("kind", flat=True))


def sweep_at(hours: float, **more: float) -> int:
    """Let happen what is due at this hour; how many timers fired."""
    with moment(hours, **more):
        return sweep().fired


def talk_of(buyer: User, seller: User, *, product: str = "Kemeja batik", hours: float = 0) -> Talk:
    shop = Shop.objects.get(sellers=seller)
    with moment(hours):
        conversation = open_conversation(
            actor=of_user(buyer),
            shop=shop,
            product=product,
            buyer=Customer.objects.get(user=buyer),
        )
    return Talk(conversation, buyer, seller)
