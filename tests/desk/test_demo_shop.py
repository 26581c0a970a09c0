from __future__ import annotations

import pytest

from desk.demo.shops import make_shop
from people.models import User
from seller_chat.models import Appeal, ReplyClock, ShopWeek

pytestmark = pytest.mark.django_db


def test_jokos_shop_has_six_weeks_and_an_open_appeal(people: dict[str, User]) -> None:
    make_shop(people)
    make_shop(people)
    rates = list(ShopWeek.objects.order_by("week__week_start").values_list("rate_bp", flat=True))
    assert len(rates) == 6
    assert all(rate is not None and 8000 < rate <= 10_000 for rate in rates)
    assert len(set(rates)) > 1
    assert Appeal.objects.get().state == "open"
    assert ReplyClock.objects.filter(ended_at=None).count() == 3
