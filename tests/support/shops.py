"""A shop with something of everything: a week, a violation, an appeal, a reported buyer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from helpdesk.common import clock
from people.actors import of_user
from people.models import Customer, Shop, User
from seller_chat.evaluating import monday_before
from seller_chat.models import Appeal, BuyerReport, ChatMessage, EvaluationWeek, Violation
from seller_chat.services import (
    evaluate_week,
    judge_weeks,
    open_appeal,
    open_conversation,
    record_violation,
    report_buyer,
    send_message,
)
from sla.calendars import WIB


@dataclass(frozen=True)
class Shopful:
    shop: Shop
    week: EvaluationWeek
    conversation: str
    standing: Violation
    review: Violation
    appeal: Appeal
    report: BuyerReport


def shop_with_everything(people: dict[str, User]) -> Shopful:
    """In the last whole week, of Joko's shop and Ratna; Dimas found what is appealed against."""
    joko, ratna, dimas = people["joko"], people["ratna"], people["dimas"]
    shop, now = Shop.objects.get(sellers=joko), clock.now()
    monday = monday_before(now.astimezone(WIB).date()) - timedelta(days=7)
    start = EvaluationWeek(week_start=monday).since + timedelta(hours=33)
    buyer = Customer.objects.get(user=ratna)
    with clock.at(start):
        talk = open_conversation(actor=of_user(ratna), shop=shop, product="Blender", buyer=buyer)
    for minute in range(12):
        with clock.at(start + timedelta(minutes=minute)):
            asked = send_message(
                actor=of_user(ratna), conversation_id=talk.pk, body="Halo kak, masih ada?"
            ).message
    evaluate_week(monday)
    judge_weeks()
    review = Violation.objects.get(shop=shop, guideline="low_rate")
    said = ChatMessage.objects.create(
        conversation=talk, shop=shop, sender="seller", body="wa aja kak", sent_at=now, delivered_at=now
    )  # fmt: skip
    standing = record_violation(
        shop_id=shop.pk,
        guideline="off_platform_diversion",
        proof={"message_id": said.pk},
        at=now,
        decided_by=dimas,
        reasons="Nomor WA ditawarkan.",
    )
    other = record_violation(
        shop_id=shop.pk,
        guideline="spam_marketing",
        proof={"message_id": said.pk},
        at=now,
        decided_by=dimas,
        reasons="Promosi.",
    )
    appeal = open_appeal(actor=of_user(joko), violation_id=other.pk, text="Pembeli yang bertanya.")
    report = report_buyer(
        actor=of_user(joko), conversation_id=talk.pk, reason="demand", message_ids=[asked.pk]
    )
    week = EvaluationWeek.objects.get(week_start=monday)
    return Shopful(shop, week, talk.key, standing, review, appeal, report)
