"""Joko's shop in the demonstration: six evaluated weeks, buyers who wait, a violation under appeal."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from helpdesk.common import clock
from people.actors import of_user
from people.models import Customer, Shop, User
from seller_chat.evaluating import monday_before
from seller_chat.models import ChatMessage, Conversation, EvaluationWeek
from seller_chat.services import (
    evaluate_week,
    open_appeal,
    open_conversation,
    record_violation,
    send_message,
)
from sla.calendars import WIB

WEEKS = 6
HOUR = timedelta(hours=1)
QUESTIONS = (
    "Halo kak, barangnya masih ada?",
    "Bisa kirim hari ini ga min?",
    "garansinya klaim ke mana ya kak",
    "warna navy ready?",
)
ANSWER = "Siap kak, silakan dipesan ya."
WAITING = (("Kipas angin Miyako 16 inci", 22), ("Tas ransel Eiger 25 L", 14), ("Serum wajah", 3))


def make_shop(people: dict[str, User]) -> None:
    """What was said in past weeks stands as it was; what waits now was said by the real service."""
    now = clock.now()
    shop = Shop.objects.get(sellers=people["joko"])
    if Conversation.objects.filter(shop=shop).exists():
        return
    talk = _past_talk(shop, Customer.objects.get(user=people["ratna"]), now)
    first = monday_before(now.astimezone(WIB).date()) - timedelta(weeks=WEEKS)
    for week in range(WEEKS):
        monday = first + timedelta(weeks=week)
        _say_a_week(talk, EvaluationWeek(week_start=monday).since, Random(week))  # noqa: S311
        evaluate_week(monday)
    for product, hours in WAITING:
        _ask(people["ratna"], shop, product, now - hours * HOUR)
    _violation_under_appeal(talk, people, now)


def _past_talk(shop: Shop, buyer: Customer, now: datetime) -> Conversation:
    return Conversation.objects.create(
        shop=shop,
        buyer=buyer,
        stage=Conversation.Stage.PRE_SALE,
        product="Blender Philips HR2115",
        opened_at=now - timedelta(weeks=WEEKS + 1),
        last_message_at=now,
    )


def _say_a_week(talk: Conversation, since: datetime, drawn: Random) -> None:
    """Each question in its own day; a few are left without an answer until it is late."""
    said = []
    for day in range(7):
        morning = since + timedelta(days=day, hours=8)
        for n in range(10):
            at = morning + timedelta(minutes=60 * n + drawn.randint(0, 20))
            said.append((at, "buyer", drawn.choice(QUESTIONS)))
            said.append((at + timedelta(minutes=drawn.randint(3, 35)), "seller", ANSWER))
    # The last question of the last working day of some weeks waited for the Monday.
    if drawn.random() < 0.6:
        late = since + timedelta(days=4, hours=22)
        said = [each for each in said if not late < each[0] < late + 25 * HOUR]
        said += [(late, "buyer", QUESTIONS[2])] * drawn.randint(1, 4)
    ChatMessage.objects.bulk_create(
        ChatMessage(
            conversation=talk, shop_id=talk.shop_id, sender=sender, body=body,
            sent_at=at, delivered_at=at,
        )
        for at, sender, body in sorted(said)
    )  # fmt: skip


def _ask(buyer: User, shop: Shop, product: str, at: datetime) -> None:
    with clock.at(at):
        customer = Customer.objects.get(user=buyer)
        talk = open_conversation(actor=of_user(buyer), shop=shop, product=product, buyer=customer)
        send_message(actor=of_user(buyer), conversation_id=talk.pk, body=QUESTIONS[0])


def _violation_under_appeal(talk: Conversation, people: dict[str, User], now: datetime) -> None:
    found_at = now - timedelta(days=2)
    said = ChatMessage.objects.create(
        conversation=talk, shop_id=talk.shop_id, sender="seller", author=people["joko"],
        body="chat wa aja ya kak biar cepat", sent_at=found_at, delivered_at=found_at,
    )  # fmt: skip
    with clock.at(found_at + HOUR):
        violation = record_violation(
            shop_id=talk.shop_id,
            guideline="off_platform_diversion",
            proof={"message_id": said.pk},
            at=clock.now(),
            decided_by=people["nadia"],
            reasons="Pembeli diajak pindah ke WhatsApp.",
        )
    with clock.at(found_at + 5 * HOUR):
        open_appeal(
            actor=of_user(people["joko"]),
            violation_id=violation.pk,
            text="Pembeli sendiri yang meminta nomor WhatsApp, kami tidak mengirim nomor.",
        )
