"""The rows of the matrix of access about Buyer Messages: Ratna is the buyer, Joko sells."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from people.actors import of_user
from people.models import User
from seller_chat.services import begin_holiday, send_message
from tests.api.access_roles import ROLES, everybody, row
from tests.support.chat import DIVERSION, QUESTION, talk_of

IN_A_DAY = (datetime.now(UTC) + timedelta(days=1)).isoformat()


def _sides(owner: int = 200, seller: int = 200, integrator: int = 200) -> dict[str, int]:
    """Who is no side of it sees nothing. A connected system says for which side it speaks."""
    return everybody(rest=404, owner=owner, seller=seller, integrator=integrator)


def _shop(status: int) -> dict[str, int]:
    return everybody(rest=404, seller=status, integrator=status)


def _reviewers(status: int, rest: int) -> dict[str, int]:
    return everybody(rest=rest, officer=status, other_officer=status, supervisor=status)


CHAT: dict[tuple[str, str], tuple[dict[str, Any] | None, dict[str, int]]] = {
    ("GET", "conversations"): (None, everybody()),
    ("POST", "conversations"): (
        {"shop": "Toko Maju Jaya", "product": "Kipas angin"},
        everybody(rest=403, owner=201, integrator=400),
    ),
    ("GET", "conversations/{key}"): (None, _sides()),
    ("POST", "conversations/{key}/seen"): ({"up_to": 1}, _sides(integrator=400)),
    ("POST", "conversations/{key}/no-reply-needed"): ({}, _sides(403, 409, 409)),
    ("POST", "conversations/{key}/reply-needed"): ({}, _sides(409, 403, 409)),
    ("GET", "conversations/{key}/reply-clocks"): (None, _sides()),
    ("GET", "conversations/{key}/messages"): (None, _sides()),
    ("GET", "conversations/{key}/withheld"): (None, _sides(owner=403)),
    ("POST", "conversations/{key}/messages"): ({"body": "Halo kak"}, _sides(201, 201, 400)),
    ("DELETE", "conversations/{key}/messages/{pk}"): (None, _sides(204, 403, 400)),
    ("POST", "conversations/{key}/messages/{pk}/second-look"): ({}, _sides(409, 409, 400)),
    ("GET", "chat-attachments/{key}"): (None, _sides()),
    ("GET", "reviews"): (None, _reviewers(200, 403)),
    ("POST", "reviews/{pk}/look"): (None, _reviewers(200, 404)),
    # Nobody has read it yet.
    ("POST", "reviews/{pk}/decision"): (
        {"outcome": "released", "reason": "r"},
        _reviewers(409, 404),
    ),
    ("GET", "tickets/{number}/conversations"): (None, row(owner=403, admin=403)),
    ("POST", "tickets/{number}/conversations/{pk}/look"): (
        {"reason": "investigation"},
        row(rest=404, owner=403, admin=403),
    ),
    ("GET", "shops"): (None, everybody()),
    ("GET", "shops/{pk}/holidays"): (None, _shop(200)),
    ("POST", "shops/{pk}/holidays"): ({"ends_at": IN_A_DAY}, _shop(201)),
    ("POST", "shops/{pk}/holidays/{holiday}/end"): (None, _shop(200)),
    ("GET", "shops/{pk}/automatic-reply"): (None, _shop(200)),
    ("PUT", "shops/{pk}/automatic-reply"): ({"when": "off"}, _shop(200)),
    ("GET", "shops/{pk}/faq"): (None, _shop(200)),
    ("PUT", "shops/{pk}/faq"): ({"answers": []}, _shop(200)),
}
assert all(set(expected) == set(ROLES) for _body, expected in CHAT.values())


def chat_things(people: dict[str, User]) -> dict[str, Any]:
    """A question with a file that waits for an answer, one that is held back, a planned holiday."""
    talk = talk_of(people["ratna"], people["joko"])
    picture = SimpleUploadedFile("barang.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 32)
    shop, pk = of_user(people["joko"]), talk.conversation.pk
    asked = send_message(
        actor=of_user(people["ratna"]), conversation_id=pk, body=QUESTION, files=[picture]
    ).message
    held = send_message(actor=shop, conversation_id=pk, body=DIVERSION).message
    begins = datetime.now(UTC) + timedelta(days=10)
    return {
        "conversations/{key}": talk.conversation.key,
        "chat-attachments/{key}": asked.attachments.get().key,
        "messages": asked.pk,
        "reviews": held.review.pk,
        "shops": talk.shop.pk,
        "holidays": begin_holiday(actor=shop, shop_id=talk.shop.pk, begins_at=begins).pk,
    }
