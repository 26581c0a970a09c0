"""A reply, a sweep and a switch of Holiday Mode at the same instant; and a worker that dies."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from people.actors import of_user
from people.models import User
from seller_chat import handlers
from seller_chat.models import ReplyClock
from seller_chat.services import begin_holiday, end_holiday, open_conversation, send_message
from seller_chat.services.audit import audit_clocks
from sla.services import sweep
from tests.support.chat import ANSWER, QUESTION, Talk, moment, sweep_at, talk_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
AtOnce = Callable[..., list[Any]]


@pytest.fixture
def talk(customer_user: User, seller: User) -> Talk:
    return talk_of(customer_user, seller)


@pytest.mark.parametrize(("late", "missed"), [(0, 0), (1, 1)])
@pytest.mark.parametrize("_round", range(4))
def test_reply_and_sweeps_in_the_same_instant(
    talk: Talk, at_once: AtOnce, late: int, missed: int, _round: int
) -> None:
    """In the instant of the deadline it is in time, a microsecond later late: in either order."""
    talk.buyer_says()
    reply = partial(
        send_message,
        actor=of_user(talk.seller),
        conversation_id=talk.conversation.pk,
        body=ANSWER,
    )
    with moment(24, microseconds=late):
        at_once([sweep, reply, sweep])
    sweep_at(25)
    done = talk.clock()
    assert done.ended_how == ReplyClock.Ended.REPLIED
    assert (done.breached_at is not None) is bool(missed)
    assert talk.happened().count("reply_missed") == missed


def test_two_workers_miss_it_once(talk: Talk, at_once: AtOnce) -> None:
    talk.buyer_says()
    with moment(121):
        at_once([sweep, sweep, sweep])
    sweep_at(122)
    assert talk.happened().count("reply_missed") == 1
    assert talk.conversation.ticket_links.count() == 1
    assert talk.conversation.ticket_links.get().ticket.priority == "HIGH"


def test_a_worker_that_dies_leaves_it_to_the_next(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk.buyer_says()

    def dies(*_args: Any, **_more: Any) -> bool:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(handlers, "settle", dies)
        with pytest.raises(SystemExit), moment(24, minutes=1):
            sweep()
    assert talk.clock().breached_at is None
    sweep_at(25)
    assert talk.happened().count("reply_missed") == 1


def test_one_submission_from_many_hands_is_one_message(talk: Talk, at_once: AtOnce) -> None:
    say = partial(
        send_message,
        actor=of_user(talk.buyer),
        conversation_id=talk.conversation.pk,
        body=QUESTION,
        submission_key="once",
    )
    results = at_once([say] * 6)
    assert len({result.message.pk for result in results}) == 1
    assert sum(result.created for result in results) == 1
    assert len(talk.clocks()) == 1


def test_no_clock_slips_through_a_switch_of_holiday_mode(talk: Talk, at_once: AtOnce) -> None:
    actor, shop = of_user(talk.seller), talk.shop.pk
    others = [
        open_conversation(
            actor=of_user(talk.buyer),
            shop=talk.shop,
            product=f"Barang {n}",
            buyer=talk.conversation.buyer,
        )
        for n in range(5)
    ]
    asks = [
        partial(send_message, actor=of_user(talk.buyer), conversation_id=each.pk, body=QUESTION)
        for each in others
    ]
    at_once([*asks[:3], partial(begin_holiday, actor=actor, shop_id=shop), *asks[3:]])
    assert list(audit_clocks()) == []
    assert ReplyClock.objects.filter(due_at=None).count() == 5
    end_holiday(actor=actor, shop_id=shop)
    assert list(audit_clocks()) == []
    assert not ReplyClock.objects.filter(due_at=None).exists()
