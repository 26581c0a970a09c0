from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from helpdesk.common import clock
from seller_chat.models import EvaluationWeek, ShopWeek
from seller_chat.services import evaluate_due_weeks
from seller_chat.services import evaluation as service
from sla.calendars import WIB
from tests.seller_chat.conftest import write_story
from tests.seller_chat.reference import Said, Story

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
START = datetime(2026, 11, 9, tzinfo=WIB)


def test_two_workers_evaluate_each_shop_once(
    at_once: Callable[..., list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = [Said("buyer", START + timedelta(hours=10))]
    shops = [write_story(Story(said), f"Toko {n}") for n in range(9)]
    monkeypatch.setattr(service, "CHUNK", 2)
    with clock.at(START + timedelta(days=7)):
        done = at_once([evaluate_due_weeks, evaluate_due_weeks])
        done.append(evaluate_due_weeks())
    assert sum(done) >= len(shops)
    assert ShopWeek.objects.filter(shop__in=shops).count() == len(shops)
    assert EvaluationWeek.objects.get().evaluated_at is not None
