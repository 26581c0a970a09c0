"""The pages of Buyer Messages for axe: a conversation with a question, a held answer and a clock."""

from __future__ import annotations

from django.urls import reverse

from people.models import User
from seller_chat.models import Conversation
from tests.support.chat import DIVERSION, QUESTION, THANKS, talk_of

# Who looks at each.
CHAT = {
    "chat:begin": "ratna",
    "chat:buyer_list": "ratna",
    "chat:buyer": "ratna",
    "chat:seller_list": "joko",
    "chat:seller": "joko",
    "chat:holiday": "joko",
    "chat:replies": "joko",
}


def chat_address(name: str) -> str:
    one = name in ("chat:buyer", "chat:seller")
    return reverse(name, args=[Conversation.objects.latest("pk").key] if one else [])


def talk_in(people: dict[str, User]) -> None:
    from people.actors import of_user
    from seller_chat.services import send_message

    talk = talk_of(people["ratna"], people["joko"])
    buyer, shop = of_user(talk.buyer), of_user(talk.seller)
    for actor, text in (
        (buyer, QUESTION),
        (shop, "Masih ada kak"),
        (buyer, THANKS),
        (shop, DIVERSION),
    ):
        send_message(actor=actor, conversation_id=talk.conversation.pk, body=text)
