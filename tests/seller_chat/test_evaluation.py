"""The week as people and workers evaluate it: once, again, from the middle, at once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput
from seller_chat.models import ChatMessage, EvaluationWeek, ShopWeek
from seller_chat.services import evaluate_due_weeks, evaluate_shop, evaluate_week
from seller_chat.services import evaluation as service
from sla.calendars import WIB
from tests.seller_chat.conftest import Tell
from tests.seller_chat.reference import Said, Story

MONDAY = date(2026, 11, 9)
START = datetime(2026, 11, 9, tzinfo=WIB)
AFTER = START + timedelta(days=7)


def _hours(hours: float, sender: str = "buyer") -> Said:
    return Said(sender, START + timedelta(hours=hours))


STORY = Story([_hours(10), _hours(34), _hours(35, "seller"), _hours(130)])


def rows() -> list[dict[str, Any]]:
    return list(ShopWeek.objects.order_by("shop_id").values())


def test_a_week_of_a_shop(tell: Tell) -> None:
    shop = tell(STORY)
    with clock.at(AFTER):
        evaluate_week(MONDAY)
    row = ShopWeek.objects.get(shop=shop)
    figures = (row.received, row.weekend, row.assessed, row.in_time, row.late, row.rate_bp)
    assert figures == (3, 1, 2, 1, 1, 5000)
    assert row.week.rules_version == 1


def test_nothing_assessed_is_no_rate(tell: Tell) -> None:
    shop = tell(Story([_hours(130)]))
    with clock.at(AFTER):
        evaluate_week(MONDAY)
    assert ShopWeek.objects.get(shop=shop).rate_bp is None


def test_a_rate_is_never_rounded_up_to_the_target(tell: Tell) -> None:
    said = [_hours(10), *(_hours(60) for _each in range(9_999)), _hours(61, "seller")]
    shop = tell(Story(said))
    with clock.at(AFTER):
        evaluate_week(MONDAY)
    assert ShopWeek.objects.get(shop=shop).rate_bp == 9999


def test_twice_gives_the_same_rows_and_writes_none(tell: Tell) -> None:
    tell(STORY)
    with clock.at(AFTER):
        evaluate_week(MONDAY)
    before = rows()
    with clock.at(AFTER + timedelta(days=3)):
        evaluate_week(MONDAY, anew=True)
    assert rows() == before
    assert EvaluationWeek.objects.count() == 1


def test_what_happens_after_the_week_changes_nothing(tell: Tell) -> None:
    shop = tell(STORY)
    with clock.at(AFTER):
        evaluate_week(MONDAY)
    before = rows()
    asked = ChatMessage.objects.filter(shop=shop, sender="buyer").first()
    assert asked is not None
    ChatMessage.objects.filter(pk=asked.pk).update(state="deleted", deleted_at=AFTER)
    ChatMessage.objects.create(
        conversation=asked.conversation, shop=shop, sender="seller", body="maaf",
        sent_at=AFTER, delivered_at=AFTER,
    )  # fmt: skip
    evaluate_week(MONDAY, anew=True)
    assert rows() == before


def test_what_is_put_right_is_evaluated_again_for_one_shop(tell: Tell) -> None:
    shop, other = tell(STORY), tell(STORY, "Toko Lain")
    with clock.at(AFTER):
        week = evaluate_week(MONDAY)
    ChatMessage.objects.filter(conversation__shop__in=[shop, other]).update(excluded_at=AFTER)
    evaluate_shop(week, shop.pk)
    assert ShopWeek.objects.get(shop=shop).excluded == 2
    assert ShopWeek.objects.get(shop=other).excluded == 0


def test_broken_off_it_goes_on_where_it_stood(tell: Tell, monkeypatch: pytest.MonkeyPatch) -> None:
    shops = [tell(STORY, f"Toko {n}") for n in range(5)]
    monkeypatch.setattr(service, "CHUNK", 2)
    with clock.at(AFTER):
        assert evaluate_due_weeks(seconds=0) == 2
        week = EvaluationWeek.objects.get()
        assert week.evaluated_at is None
        done = ShopWeek.objects.count()
        assert 0 < done < 5
        while evaluate_due_weeks(seconds=0):
            pass
    week.refresh_from_db()
    assert week.evaluated_at == AFTER
    assert ShopWeek.objects.filter(shop__in=shops).count() == 5


def test_a_chunk_that_fails_leaves_nothing(tell: Tell, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(STORY)
    monkeypatch.setattr(service, "WRITE", service.WRITE + "; SELECT 1 / 0")
    with clock.at(AFTER), pytest.raises(Exception, match="division by zero"), transaction.atomic():
        evaluate_due_weeks()
    assert ShopWeek.objects.count() == 0


@pytest.mark.usefixtures("db")
def test_due_is_the_week_that_is_over_and_each_missed_one() -> None:
    with clock.at(AFTER - timedelta(seconds=1)):
        evaluate_due_weeks()
    assert [week.week_start for week in EvaluationWeek.objects.all()] == [date(2026, 11, 2)]
    with clock.at(AFTER):
        evaluate_due_weeks()
    assert EvaluationWeek.objects.filter(week_start=MONDAY, evaluated_at=AFTER).exists()
    with clock.at(AFTER + timedelta(days=20)):
        evaluate_due_weeks()
        assert EvaluationWeek.objects.count() == 4
        assert evaluate_due_weeks() == 0


@pytest.mark.usefixtures("db")
def test_only_whole_weeks_from_a_monday() -> None:
    with clock.at(AFTER - timedelta(seconds=1)):
        with pytest.raises(InvalidInput, match="belum berakhir"):
            evaluate_week(MONDAY)
        with pytest.raises(InvalidInput, match="Senin"):
            evaluate_week(date(2026, 11, 3))


def test_the_command(tell: Tell) -> None:
    tell(STORY)
    out = StringIO()
    with clock.at(AFTER + timedelta(days=2)):
        call_command("evaluate_sellers", stdout=out)
        call_command("evaluate_sellers", week=MONDAY, stdout=out)
        with pytest.raises(CommandError):
            call_command("evaluate_sellers", week=date(2026, 11, 10))
    assert out.getvalue() == "2026-11-09: 1 shops, 1 below target\n" * 2


def test_the_database_refuses_wrong_sums(tell: Tell) -> None:
    shop = tell(STORY)
    with clock.at(AFTER):
        evaluate_week(MONDAY)
    for wrong in ({"received": 9}, {"in_time": 2}, {"rate_bp": 9000}, {"rate_bp": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ShopWeek.objects.filter(shop=shop).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        EvaluationWeek.objects.update(week_start=date(2026, 11, 10))


def test_the_week_in_utc() -> None:
    week = EvaluationWeek(week_start=MONDAY)
    assert week.since == datetime(2026, 11, 8, 17, tzinfo=UTC)
    assert week.until - week.since == timedelta(days=7)
