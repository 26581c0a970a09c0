"""The 24-hour rule as a table: what started it, what happened, when it is due, what became of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from people.actors import of_user
from seller_chat.models import ReplyClock
from seller_chat.rule import Closed, moment_after, running_time
from seller_chat.services import delete_message, exclude_messages, undo_waiver, waive_reply
from seller_chat.services.audit import differences_of_clocks
from tests.support.chat import THANKS, Talk, at, moment, sweep_at

pytestmark = pytest.mark.django_db
Ended = ReplyClock.Ended
DAY = timedelta(hours=24)
MICRO = timedelta(microseconds=1)

# Hours of closed spans, the start of the 24 hours, when they end (None: nobody knows yet).
ARITHMETIC = [
    ([], 0, 24),
    ([(5, 10)], 0, 29),
    ([(5, 10), (12, 13)], 0, 30),
    ([(-5, 3)], 0, 27),
    ([(-5, -1)], 0, 24),
    ([(24, 40)], 0, 24),  # the deadline comes first
    ([(23, 40)], 0, 41),
    ([(30, 40)], 0, 24),
    ([(5, None)], 0, None),
    ([(24, None)], 0, 24),
    ([(-1, None)], 0, None),
    ([(3, 5), (6, None)], 0, None),
]


@pytest.mark.parametrize(("closed", "start", "due"), ARITHMETIC)
def test_when_twenty_four_hours_have_run(
    closed: list[tuple[int, int | None]], start: int, due: int | None
) -> None:
    spans = [Closed(at(a), None if b is None else at(b)) for a, b in closed]
    assert moment_after(at(start), DAY, spans) == (None if due is None else at(due))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(-50, 200), max_size=8, unique=True), st.integers(1, 100))
def test_the_time_that_ran_until_the_deadline_is_the_time_allowed(
    edges: list[int], hours: int
) -> None:
    edges = sorted(edges)
    spans = [Closed(at(a), at(b)) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    due = moment_after(at(0), timedelta(hours=hours), spans)
    assert due is not None
    assert running_time(at(0), due, spans) == timedelta(hours=hours)
    # Minute by minute (here: hour by hour), as somebody would count on a calendar.
    ran = sum(
        1
        for hour in range(int((due - at(0)) / timedelta(hours=1)))
        if not any(each.begins <= at(hour) < each.ends for each in spans if each.ends)
    )
    assert ran == hours


@pytest.mark.parametrize(
    ("answered", "late"), [(timedelta(hours=1), False), (DAY, False), (DAY + MICRO, True)]
)
def test_exactly_twenty_four_hours_is_in_time(talk: Talk, answered: timedelta, late: bool) -> None:
    question = talk.buyer_says()
    answer = talk.shop_says(hours=0, microseconds=answered / MICRO)
    clock = talk.clock()
    assert (clock.opened_by, clock.ended_by, clock.ended_how) == (question, answer, Ended.REPLIED)
    assert clock.due_at == at(24)
    assert (clock.breached_at == at(24)) is late
    assert ("reply_missed" in talk.happened()) is late


def test_the_sweep_in_the_very_instant_finds_nothing_missed(talk: Talk) -> None:
    talk.buyer_says()
    sweep_at(24)
    assert talk.clock().breached_at is None
    sweep_at(24, microseconds=1)
    assert talk.clock().breached_at == at(24)
    sweep_at(25)
    assert talk.happened().count("reply_missed") == 1


def test_two_messages_before_one_answer_are_one_turn_from_the_first(talk: Talk) -> None:
    first = talk.buyer_says()
    talk.buyer_says("Ada warna biru?", 5)
    talk.shop_says(hours=23)
    talk.buyer_says("Oke saya pesan dua ya", 30)
    one, two = talk.clocks()
    assert (one.opened_by, one.due_at, one.ended_at) == (first, at(24), at(23))
    assert (two.opened_at, two.due_at, two.ended_at) == (at(30), at(54), None)


def test_warnings_come_at_twelve_and_twenty_hours_once(talk: Talk) -> None:
    talk.buyer_says()
    for hour in (11, 12, 13, 20, 21):
        sweep_at(hour)
    told = talk.conversation.events.filter(kind="reply_warned").order_by("id")
    assert [(event.at, event.data["hours"]) for event in told] == [(at(12), 12), (at(20), 20)]


def test_a_late_sweep_warns_once_of_the_level_reached(talk: Talk) -> None:
    talk.buyer_says()
    sweep_at(22)
    assert talk.happened().count("reply_warned") == 1
    assert talk.clock().warned == 2


def test_holiday_mode_switched_on_half_way_stops_the_clock_and_the_rest_goes_on(talk: Talk) -> None:
    talk.buyer_says()
    talk.holiday(10)
    assert talk.clock().due_at is None
    sweep_at(200)
    assert talk.clock().breached_at is None
    talk.open_again(300)
    assert talk.clock().due_at == at(314)
    sweep_at(314)
    assert talk.clock().breached_at is None
    sweep_at(314, microseconds=1)
    assert talk.clock().breached_at == at(314)


def test_a_message_in_holiday_mode_waits_for_its_end(talk: Talk) -> None:
    talk.holiday(0)
    talk.buyer_says(hours=5)
    assert talk.clock().due_at is None
    talk.open_again(48)
    assert talk.clock().due_at == at(72)


def test_holiday_mode_after_the_deadline_mends_nothing(talk: Talk) -> None:
    talk.buyer_says()
    talk.holiday(30)
    assert talk.clock().due_at == at(24)
    sweep_at(31)
    assert talk.clock().breached_at == at(24)


def test_silence_of_more_than_five_days_leaves_holidays_out(talk: Talk) -> None:
    talk.buyer_says()
    talk.holiday(100, 110)
    sweep_at(130)
    assert not talk.conversation.ticket_links.exists()
    sweep_at(130, microseconds=1)
    assert talk.conversation.ticket_links.count() == 1


def test_closing_thanks_need_no_reply_and_the_buyer_can_object(talk: Talk) -> None:
    talk.buyer_says(THANKS)
    with moment(2):
        waive_reply(actor=of_user(talk.seller), conversation_id=talk.conversation.pk)
    assert (talk.clock().ended_how, talk.clock().ended_at) == (Ended.WAIVED, at(2))
    with moment(10):
        undo_waiver(actor=of_user(talk.buyer), conversation_id=talk.conversation.pk)
    clock = talk.clock()
    assert (clock.ended_at, clock.due_at, clock.waived_for) == (None, at(32), timedelta(hours=8))
    assert not differences_of_clocks([clock])


def test_deleting_the_opener_leaves_the_clock_to_the_next_message(talk: Talk) -> None:
    first, second = talk.buyer_says(), talk.buyer_says("Ada warna biru?", 5)
    actor, pk = of_user(talk.buyer), talk.conversation.pk
    with moment(6):
        delete_message(actor=actor, conversation_id=pk, message_id=first.pk)
    one, two = talk.clocks()
    assert (one.ended_how, two.opened_by, two.due_at) == (Ended.DELETED, second, at(29))
    with moment(7):
        delete_message(actor=actor, conversation_id=pk, message_id=second.pk)
    assert talk.clock().ended_how == Ended.DELETED
    assert len(talk.clocks()) == 2


def test_messages_of_a_reported_buyer_owe_nothing(talk: Talk) -> None:
    first = talk.buyer_says()
    actor, pk = of_user(talk.seller), talk.conversation.pk
    with moment(30):
        exclude_messages(actor=actor, conversation_id=pk, message_ids=[first.pk])
    assert talk.clock().ended_how == Ended.EXCLUDED
    assert talk.clock().breached_at is None


def test_what_is_stored_is_what_follows_from_history(talk: Talk) -> None:
    talk.buyer_says()
    talk.holiday(3, 9)
    clock = talk.clock()
    assert not differences_of_clocks([clock])
    clock.due_at = at(25)
    clock.save()
    assert len(differences_of_clocks([clock])) == 1
