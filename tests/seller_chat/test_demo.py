from __future__ import annotations

import pytest

from desk.demo.chat import make_talks
from people.models import User
from seller_chat.models import ReplyClock, ReviewItem
from seller_chat.services.audit import audit_clocks


@pytest.mark.django_db
def test_the_demo_shop_has_one_nearly_late_one_held_and_one_waived(people: dict[str, User]) -> None:
    make_talks(people)
    make_talks(people)
    assert ReplyClock.objects.filter(ended_at=None, warned=2).count() == 1
    assert ReplyClock.objects.filter(ended_how="waived").count() == 1
    assert ReviewItem.objects.filter(decided_at=None, cause="held").count() == 2
    assert list(audit_clocks()) == []
