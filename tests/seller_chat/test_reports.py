"""Reports about buyers: proof that holds, verified or not, and what follows from it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import Http404

from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, NotAllowed, WrongState
from people.actors import of_user
from people.models import Customer, Shop, User
from seller_chat.evidence import is_whole, proofs_of
from seller_chat.models import (
    BuyerReport,
    ChatLetter,
    ChatMessage,
    Conversation,
    ShopWeek,
    Violation,
)
from seller_chat.services import decide_report, evaluate_week, report_buyer
from tests.support.chat import INSULT, MONDAY, Talk, at, moment, sweep_at
from tickets.models import EventKind

pytestmark = pytest.mark.django_db


def file(talk: Talk, *messages: ChatMessage, hours: float = 30, **more: Any) -> BuyerReport:
    with moment(hours):
        return report_buyer(
            actor=of_user(talk.seller),
            conversation_id=talk.conversation.pk,
            reason="abuse",
            message_ids=[message.pk for message in messages],
            **more,
        )


@pytest.fixture
def said(talk: Talk) -> ChatMessage:
    return talk.buyer_says("lama amat sih kak jawabnya, niat jualan ga")


def test_a_report_is_a_ticket_with_proof(talk: Talk, said: ChatMessage) -> None:
    report = file(talk, said, note="Sudah dua kali.")
    ticket = report.ticket
    assert (ticket.channel, ticket.reporter, ticket.shop) == ("seller_center", "seller", talk.shop)
    assert said.body not in ticket.description
    assert is_whole(report, proofs_of(report))
    assert file(talk, said) == report
    assert BuyerReport.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE seller_chat_chatmessage SET body = body || '.'",
        "UPDATE seller_chat_chatmessage SET sender = 'seller'",
        "UPDATE seller_chat_chatmessage SET sent_at = sent_at - interval '1 microsecond'",
        "DELETE FROM seller_chat_reportedmessage WHERE id = (SELECT min(id) FROM seller_chat_reportedmessage)",
    ],
)
def test_an_edit_shows_and_nothing_is_verified_by_it(
    talk: Talk, said: ChatMessage, officer: User, change: str
) -> None:
    report = file(talk, said, talk.buyer_says("jawab dong", hours=1))
    with connection.cursor() as cursor:
        cursor.execute(change)
    assert not is_whole(report, proofs_of(report))
    with pytest.raises(WrongState) as refusal:
        decide_report(actor=of_user(officer), report_id=report.pk, verified=True)
    assert refusal.value.code == "evidence_changed"


def test_what_is_no_evidence(talk: Talk, said: ChatMessage, seller: User) -> None:
    answer = talk.shop_says()
    for messages in ((), (answer,), (ChatMessage(pk=2**40),)):
        with pytest.raises(InvalidInput):
            file(talk, *messages)
    with pytest.raises(InvalidInput):
        report_buyer(
            actor=of_user(seller),
            conversation_id=talk.conversation.pk,
            reason="nothing",
            message_ids=[said.pk],
        )


def test_nobody_else_reports(
    talk: Talk, said: ChatMessage, customer_user: User, officer: User
) -> None:
    for person in (customer_user, officer):
        with pytest.raises(Http404):
            report_buyer(
                actor=of_user(person),
                conversation_id=talk.conversation.pk,
                reason="spam",
                message_ids=[said.pk],
            )


def test_verified_the_messages_leave_the_week_and_the_violation_goes(
    talk: Talk, said: ChatMessage, officer: User, seller: User
) -> None:
    sweep_at(25)
    assert Violation.objects.get().state == "standing"
    with clock.at(MONDAY + timedelta(days=8)):
        evaluate_week(date(2026, 11, 2))
        assert ShopWeek.objects.get().rate_bp == 0
        report = report_buyer(
            actor=of_user(seller),
            conversation_id=talk.conversation.pk,
            reason="demand",
            message_ids=[said.pk],
        )
        with pytest.raises(NotAllowed):
            decide_report(actor=of_user(seller), report_id=report.pk, verified=True)
        decide_report(actor=of_user(officer), report_id=report.pk, verified=True)
        with pytest.raises(WrongState):
            decide_report(actor=of_user(officer), report_id=report.pk, verified=True)
    row = ShopWeek.objects.get()
    assert (row.excluded, row.assessed, row.rate_bp) == (1, 0, None)
    assert Violation.objects.get().state == "repaired"
    said.refresh_from_db()
    assert said.excluded_at is not None
    assert talk.clock().ended_how == "excluded"
    assert ChatLetter.objects.filter(person=seller, event__kind="report_decided").exists()


def test_refused_with_a_reason_nothing_changes(
    talk: Talk, said: ChatMessage, officer: User
) -> None:
    report = file(talk, said)
    with pytest.raises(InvalidInput):
        decide_report(actor=of_user(officer), report_id=report.pk, verified=False)
    decide_report(actor=of_user(officer), report_id=report.pk, verified=False, reason="Biasa saja.")
    said.refresh_from_db()
    assert said.excluded_at is None


def test_three_shops_and_the_fraud_team_knows(talk: Talk, said: ChatMessage, seller: User) -> None:
    buyer, tickets = Customer.objects.get(user=talk.buyer), []
    for n in range(2):
        shop = Shop.objects.create(name=f"Toko {n}")
        person = User.objects.create_user(f"s{n}@x.example", "x", full_name=f"S {n}")
        person.groups.set(seller.groups.all())
        shop.sellers.add(person)
        other = Conversation.objects.create(
            shop=shop, buyer=buyer, stage="pre_sale", product="x", opened_at=at(), last_message_at=at()
        )  # fmt: skip
        message = ChatMessage.objects.create(
            conversation=other, shop=shop, sender="buyer", body=INSULT, sent_at=at(), delivered_at=at()
        )  # fmt: skip
        tickets.append(file(Talk(other, talk.buyer, person), message).ticket)
    for ticket in tickets:
        assert not ticket.events.filter(data__buyer_reports__gt=0).exists()
    ticket = file(talk, said).ticket
    alert = ticket.events.get(kind=EventKind.ALERTED, data__buyer_reports=3)
    assert alert.data["team"] == "fraud"
    assert alert.notices.filter(recipient__memberships__team__code="fraud").exists()
