from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest

from desk.demo.player import sweeps_until
from desk.demo.shops import make_shop
from helpdesk.common import clock
from people.actors import of_user
from people.models import User
from seller_chat.models import Appeal, ReplyClock, ShopWeek
from sla.punctuality import lateness_since

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


def test_playing_the_past_does_not_make_the_engine_late(
    people: dict[str, User], supervisor: User
) -> None:
    """What the script leaves waiting fires at its own moment, not when it has been played."""
    make_shop(people)
    for _fired in sweeps_until(clock.now(), Random(1)):
        pass
    played = lateness_since(clock.now() - timedelta(days=1), actor=of_user(supervisor))
    assert played.count > 0
    assert played.worst is not None
    assert played.worst < played.promised
    assert not played.is_late
