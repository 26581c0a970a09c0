"""Violations, points, levels, appeals: found once, decided by another, repaired whole."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.http import Http404

from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, NotAllowed, WrongState
from people.actors import of_user
from people.models import Shop, User
from seller_chat.models import (
    Appeal,
    ChatLetter,
    ChatMessage,
    EnforcementAction,
    ShopWeek,
    Violation,
)
from seller_chat.selectors import require_may_write, restriction_of
from seller_chat.services import (
    decide_appeal,
    decide_violation,
    deliver_letters,
    evaluate_week,
    judge_weeks,
    open_appeal,
    record_violation,
)
from seller_chat.services.standing import points_of
from sla.services import sweep
from tests.support.chat import MONDAY, Talk, at, moment, sweep_at, talk_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk(customer_user: User, seller: User) -> Talk:
    return talk_of(customer_user, seller)


@pytest.fixture
def found(talk: Talk, officer: User) -> Any:
    """Messages of the shop, each found to break a guideline by Dimas."""

    def find(guideline: str = "off_platform_diversion", hours: float = 1) -> Violation:
        said = ChatMessage.objects.create(
            conversation=talk.conversation, shop=talk.shop, sender="seller", body="wa aja kak",
            sent_at=at(hours), delivered_at=at(hours),
        )  # fmt: skip
        with moment(hours):
            return record_violation(
                shop_id=talk.shop.pk,
                guideline=guideline,
                proof={"message_id": said.pk},
                at=at(hours),
                decided_by=officer,
                reasons="Nomor WA ditawarkan.",
            )

    return find


def levels(shop: Shop) -> list[tuple[str, bool]]:
    rows = EnforcementAction.objects.filter(shop=shop).order_by("pk")
    return [(row.level, row.ended_at is None) for row in rows]


def test_a_missed_reply_is_on_record_without_points(talk: Talk) -> None:
    talk.buyer_says()
    sweep_at(25)
    violation = Violation.objects.get()
    assert (violation.guideline, violation.state, violation.points) == ("late_reply", "standing", 0)
    assert violation.decided_by is None
    assert violation.reply_clock == talk.clock()
    assert levels(talk.shop) == []


def test_the_same_proof_is_one_violation(found: Any, talk: Talk, officer: User) -> None:
    first = found()
    again = record_violation(
        shop_id=talk.shop.pk,
        guideline=first.guideline,
        proof={"message_id": first.message_id},
        at=at(3),
        decided_by=officer,
    )
    other = record_violation(
        shop_id=talk.shop.pk,
        guideline="spam_marketing",
        proof={"message_id": first.message_id},
        at=at(3),
        decided_by=officer,
    )
    assert again == first
    assert other != first


def test_points_open_levels_and_time_ends_them(found: Any, talk: Talk) -> None:
    found()
    assert levels(talk.shop) == [("warning", True)]
    found(hours=2)
    assert levels(talk.shop) == [("warning", True), ("messages", True)]
    found(hours=3)  # 9 points: nothing new
    assert len(levels(talk.shop)) == 2
    found(hours=4)
    assert levels(talk.shop)[-1] == ("shop", True)
    with clock.at(at(4)):
        assert restriction_of(talk.shop.pk) == "shop"
    with clock.at(at(4) + timedelta(days=14, seconds=1)):
        sweep()
        assert restriction_of(talk.shop.pk) == ""
    assert levels(talk.shop) == [("warning", True), ("messages", False), ("shop", False)]


def test_points_expire_and_with_them_the_warning(found: Any, talk: Talk) -> None:
    found()
    late = at(1) + timedelta(days=90, seconds=1)
    with clock.at(late):
        sweep()
    assert points_of(talk.shop.pk, late) == 0
    action = EnforcementAction.objects.get()
    assert action.ended_how == "points"


def test_a_restricted_shop_still_answers(found: Any, talk: Talk) -> None:
    found()
    found()
    with moment(2), pytest.raises(NotAllowed) as refusal:
        require_may_write(talk.conversation)
    assert refusal.value.code == "shop_restricted"
    with pytest.raises(NotAllowed):
        talk.shop_says(hours=2)
    talk.buyer_says(hours=2)
    talk.shop_says(hours=2.5)
    with moment(3):
        require_may_write(talk.conversation)
    with moment(2 + 8 * 24):
        sweep()  # the restriction has had its time
        require_may_write(talk.conversation)


def test_a_low_rate_waits_for_a_reviewer_once(talk: Talk, officer: User) -> None:
    for minute in range(10):
        talk.buyer_says(hours=1, minutes=minute)
    with clock.at(MONDAY + timedelta(days=8)):
        evaluate_week(date(2026, 11, 2))
        assert judge_weeks() == 1
        assert judge_weeks() == 0
        violation = Violation.objects.get(guideline="low_rate")
        assert violation.state == "review"
        with pytest.raises(InvalidInput):
            decide_violation(
                actor=of_user(officer), violation_id=violation.pk, confirmed=True, reasons=" "
            )
        decide_violation(
            actor=of_user(officer), violation_id=violation.pk, confirmed=True, reasons="Benar."
        )
        with pytest.raises(WrongState):
            decide_violation(
                actor=of_user(officer), violation_id=violation.pk, confirmed=False, reasons="x"
            )
    violation.refresh_from_db()
    assert (violation.state, violation.points, violation.decided_by) == ("standing", 2, officer)


def test_too_few_messages_are_no_violation(talk: Talk) -> None:
    talk.buyer_says()
    with clock.at(MONDAY + timedelta(days=8)):
        evaluate_week(date(2026, 11, 2))
        assert judge_weeks() == 0


def test_sellers_decide_nothing(found: Any, talk: Talk, seller: User) -> None:
    violation = found()
    with pytest.raises(NotAllowed):
        decide_violation(
            actor=of_user(seller), violation_id=violation.pk, confirmed=False, reasons="x"
        )


def test_a_granted_appeal_repairs_everything(
    found: Any, talk: Talk, seller: User, officer: User, other_officer: User
) -> None:
    violation = found()
    with moment(5):
        appeal = open_appeal(actor=of_user(seller), violation_id=violation.pk, text="Bukan nomor.")
        assert open_appeal(actor=of_user(seller), violation_id=violation.pk, text="Lagi.") == appeal
    with moment(6):
        with pytest.raises(NotAllowed) as refusal:
            decide_appeal(actor=of_user(officer), appeal_id=appeal.pk, granted=True, reasons="ok")
        assert refusal.value.code == "same_decider"
        decide_appeal(
            actor=of_user(other_officer), appeal_id=appeal.pk, granted=True, reasons="Nomor resi."
        )
        with pytest.raises(WrongState):
            decide_appeal(
                actor=of_user(other_officer), appeal_id=appeal.pk, granted=False, reasons="x"
            )
    violation.refresh_from_db()
    assert violation.state == "repaired"
    assert points_of(talk.shop.pk, at(6)) == 0
    assert EnforcementAction.objects.get().ended_how == "repaired"


def test_the_database_refuses_the_first_decider(found: Any, seller: User, officer: User) -> None:
    violation = found()
    with moment(5):
        appeal = open_appeal(actor=of_user(seller), violation_id=violation.pk, text="Salah.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.filter(pk=appeal.pk).update(
            state="rejected", decided_by=officer, decided_at=at(6), reasons="x"
        )


def test_a_granted_appeal_takes_the_message_out_of_its_week(
    talk: Talk, seller: User, officer: User
) -> None:
    talk.buyer_says()
    sweep_at(25)
    with clock.at(MONDAY + timedelta(days=8)):
        evaluate_week(date(2026, 11, 2))
        assert ShopWeek.objects.get().rate_bp == 0
        violation = Violation.objects.get()
        appeal = open_appeal(actor=of_user(seller), violation_id=violation.pk, text="Mati listrik.")
        decide_appeal(actor=of_user(officer), appeal_id=appeal.pk, granted=True, reasons="Benar.")
    row = ShopWeek.objects.get()
    assert (row.excluded, row.rate_bp) == (1, None)


def test_appeals_have_their_time_and_their_place(
    found: Any, talk: Talk, seller: User, customer_user: User
) -> None:
    violation = found()
    with moment(5), pytest.raises(Http404):
        open_appeal(actor=of_user(customer_user), violation_id=violation.pk, text="x")
    with moment(5), pytest.raises(InvalidInput):
        open_appeal(actor=of_user(seller), violation_id=violation.pk, text="")
    with moment(1 + 14 * 24.1), pytest.raises(WrongState) as refusal:
        open_appeal(actor=of_user(seller), violation_id=violation.pk, text="x")
    assert refusal.value.code == "appeal_too_late"


def test_an_appeal_left_lying_is_told_to_those_who_lead(
    found: Any, seller: User, supervisor: User
) -> None:
    violation = found()
    with moment(5):
        appeal = open_appeal(actor=of_user(seller), violation_id=violation.pk, text="Salah.")
    assert appeal.due_at == at(5) + timedelta(days=3)
    with clock.at(appeal.due_at + timedelta(seconds=1)):
        sweep()
    appeal.refresh_from_db()
    assert appeal.overdue_at is not None
    assert ChatLetter.objects.filter(person=supervisor, event__kind="appeal_overdue").count() == 1


def test_a_warning_goes_out_by_mail_while_the_reply_is_owed(talk: Talk, seller: User) -> None:
    talk.buyer_says("Rahasia: kapan dikirim?")
    sweep_at(12)
    with moment(12):
        assert deliver_letters() == 1
    letter = mail.outbox[-1]
    assert letter.to == [seller.email]
    assert "12 dari 24 jam" in letter.body
    assert f"/penjual/pesan/{talk.conversation.key}/" in letter.body
    assert "Rahasia" not in letter.body + letter.subject
    sweep_at(20)
    talk.shop_says(hours=21)
    with moment(22):
        assert deliver_letters() == 0
    late = ChatLetter.objects.get(sent_at=None)
    assert (late.next_try_at, late.last_error) == (None, "overtaken")


def test_the_seller_is_told_by_mail(found: Any, seller: User) -> None:
    found()
    with moment(2):
        assert deliver_letters() == 2
        assert deliver_letters() == 0
    told = [letter for letter in mail.outbox if letter.to == [seller.email]]
    assert len(told) == 2
    assert "Pelanggaran" in told[0].subject
    assert "Mengalihkan ke luar platform" in told[0].body
    assert "4.2.2" in told[0].body
    assert "banding" in told[0].body
    assert "081" not in told[0].body
