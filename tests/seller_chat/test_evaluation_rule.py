"""The edge cases of the rule as a table, and any story at all against the slow reference."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.common import clock
from seller_chat.evaluating import Span, counts_now, free_days_of, messages_judged
from seller_chat.models import ChatMessage, EvaluationWeek, ShopWeek, Verdict
from seller_chat.services import evaluate_week
from sla.calendars import WIB
from tests.seller_chat.conftest import Tell, write_story
from tests.seller_chat.reference import Said, Story, counts_of

# A week without a holiday, and one whose Monday is Independence Day.
MONDAY = datetime(2026, 11, 9, tzinfo=WIB)
HOLIDAY_MONDAY = datetime(2026, 8, 17, tzinfo=WIB)
MO, TU, WE, TH, FR, SA, SU = range(7)


def at(day: int, clock: str, *, monday: datetime = MONDAY) -> datetime:
    hours, minutes, *seconds = map(int, clock.split(":"))
    moment = timedelta(days=day, hours=hours, minutes=minutes, seconds=(seconds or [0])[0])
    return monday + moment


def buyer(day: int, clock: str, **more: Any) -> Said:
    return Said("buyer", at(day, clock), **more)


def seller(day: int, clock: str, **more: Any) -> Said:
    return Said("seller", at(day, clock), **more)


def auto(day: int, clock: str) -> Said:
    return Said("auto", at(day, clock))


NOT_CLOSED: list[tuple[datetime, datetime | None]] = []

# what happened | what was said | Holiday Mode | what each message of the buyer comes to
TABLE: dict[str, tuple[list[Said], list[tuple[datetime, datetime | None]], dict[str, int]]] = {
    "Friday 23:59, answered on Saturday before midnight": (
        [buyer(FR, "23:59"), seller(SA, "23:58")], NOT_CLOSED, {"in_time": 1}),
    "Friday 23:59, answered on Sunday": (
        [buyer(FR, "23:59"), seller(SU, "00:00")], NOT_CLOSED, {"late": 1}),
    "Friday 23:59:59 is a Friday, a second later a Saturday": (
        [buyer(FR, "23:59:59"), buyer(SA, "00:00")], NOT_CLOSED, {"unanswered": 1, "weekend": 1}),
    "answered after exactly 24:00:00": (
        [buyer(TU, "10:00"), seller(WE, "10:00:00")], NOT_CLOSED, {"in_time": 1}),
    "answered after 24:00:01": (
        [buyer(TU, "10:00"), seller(WE, "10:00:01")], NOT_CLOSED, {"late": 1}),
    "answered at the very same instant": (
        [buyer(TU, "10:00"), seller(TU, "10:00")], NOT_CLOSED, {"in_time": 1}),
    "the shop spoke before, not after": (
        [seller(TU, "09:59:59"), buyer(TU, "10:00")], NOT_CLOSED, {"unanswered": 1}),
    "answered in another conversation": (
        [buyer(TU, "10:00"), seller(TU, "10:05", talk=1)], NOT_CLOSED, {"unanswered": 1}),
    "Holiday Mode switched on half way through the day": (
        [buyer(WE, "09:00"), buyer(WE, "18:00"), buyer(TH, "09:00")],
        [(at(WE, "12:00"), at(WE, "23:00"))], {"holiday_mode": 2, "unanswered": 1}),
    "Holiday Mode ends at midnight: the new day counts": (
        [buyer(WE, "23:59"), buyer(TH, "00:00")],
        [(at(WE, "12:00"), at(TH, "00:00"))], {"holiday_mode": 1, "unanswered": 1}),
    "Holiday Mode without an end: what was asked before is not due yet either": (
        [buyer(TU, "23:59"), buyer(WE, "08:00"), buyer(FR, "08:00")],
        [(at(WE, "12:00"), None)], {"holiday_mode": 3}),
    "Holiday Mode without an end, but the 24 hours were over before": (
        [buyer(TU, "11:59"), buyer(TU, "12:01")],
        [(at(WE, "12:00"), None)], {"unanswered": 1, "holiday_mode": 1}),
    "automatic reply at night": (
        [buyer(WE, "02:13"), auto(WE, "02:13:01")], NOT_CLOSED, {"in_time": 1}),
    "FAQ answer": (
        [buyer(WE, "14:00"), Said("faq", at(WE, "14:00:02"))], NOT_CLOSED, {"in_time": 1}),
    "deleted by the buyer": (
        [buyer(WE, "10:00", deleted_at=at(WE, "10:01"))], NOT_CLOSED, {"deleted": 1}),
    "deleted after the week was over: it counts": (
        [buyer(WE, "10:00", deleted_at=at(7, "00:00"))], NOT_CLOSED, {"unanswered": 1}),
    "no reply needed": (
        [buyer(WE, "10:00", waived_at=at(WE, "12:00"))], NOT_CLOSED, {"waived": 1}),
    "buyer with a verified report": (
        [buyer(WE, "10:00", excluded_at=at(10, "09:00")), buyer(WE, "11:00")],
        NOT_CLOSED, {"excluded": 1, "unanswered": 1}),
    "two messages before one answer": (
        [buyer(TU, "10:00"), buyer(TU, "22:00"), seller(WE, "09:59")], NOT_CLOSED, {"in_time": 2}),
    "two messages, the answer late for the first alone": (
        [buyer(TU, "10:00"), buyer(TU, "22:00"), seller(WE, "12:00")],
        NOT_CLOSED, {"late": 1, "in_time": 1}),
    "an answer after the week is none for this week": (
        [buyer(TU, "10:00"), seller(7, "00:00")], NOT_CLOSED, {"unanswered": 1}),
    "before and after the week": (
        [buyer(-1, "23:59:59"), buyer(MO, "00:00"), buyer(7, "00:00")],
        NOT_CLOSED, {"unanswered": 1}),
    "a deleted message on a Saturday is left out as a Saturday": (
        [buyer(SA, "10:00", deleted_at=at(SA, "10:01"))], NOT_CLOSED, {"weekend": 1}),
}  # fmt: skip


def span(monday: datetime = MONDAY, free: list[date] | None = None) -> Span:
    days = free_days_of(monday.date(), frozenset()) if free is None else free
    return Span(monday.date(), monday, monday + timedelta(days=7), days)


def found(where: Span, shop_id: int) -> dict[str, int]:
    counts = counts_now(where, shop_id)
    assert counts["received"] == sum(counts[verdict] for verdict in Verdict.values)
    assert counts["assessed"] == counts["in_time"] + counts["late"] + counts["unanswered"]
    return {verdict: counts[verdict] for verdict in Verdict.values if counts[verdict]}


@pytest.mark.parametrize("name", TABLE)
def test_the_table(name: str, tell: Tell) -> None:
    said, closed, expected = TABLE[name]
    story = Story(said, closed)
    assert dict(counts_of(story, MONDAY, set())) == expected, "the reference itself"
    assert found(span(), tell(story).pk) == expected


def test_a_public_holiday_on_monday(tell: Tell) -> None:
    """17 August 2026 is a Monday."""
    said = [Said("buyer", HOLIDAY_MONDAY + timedelta(hours=hours)) for hours in (0, 23.9, 24)]
    expected = {"holiday": 2, "unanswered": 1}
    assert found(span(HOLIDAY_MONDAY), tell(Story(said)).pk) == expected


def test_a_closure_of_the_house_is_free_as_well(tell: Tell) -> None:
    closed = free_days_of(MONDAY.date(), frozenset({date(2026, 11, 11)}))
    shop = tell(Story([buyer(WE, "10:00"), buyer(TH, "10:00")]))
    assert found(span(free=closed), shop.pk) == {"holiday": 1, "unanswered": 1}


def test_what_was_held_counts_from_when_it_reached_the_shop(tell: Tell) -> None:
    shop = tell(Story([buyer(TU, "10:00"), seller(WE, "18:00")]))
    asked = ChatMessage.objects.get(shop=shop, sender="buyer")
    ChatMessage.objects.filter(pk=asked.pk).update(delivered_at=at(TU, "20:00"))
    assert found(span(), shop.pk) == {"in_time": 1}
    ChatMessage.objects.filter(pk=asked.pk).update(state="held", delivered_at=None)
    assert found(span(), shop.pk) == {}


def test_each_figure_has_its_messages(tell: Tell) -> None:
    shop = tell(Story([buyer(TU, "10:00"), buyer(WE, "10:00"), seller(WE, "11:00")]))
    late, quick = ChatMessage.objects.filter(shop=shop, sender="buyer").order_by("sent_at")
    assert messages_judged(span(), shop.pk, ["late"]) == [(late.pk, "late")]
    assert messages_judged(span(), shop.pk, ["in_time"]) == [(quick.pk, "in_time")]
    both = messages_judged(span(), shop.pk, ["late", "in_time"], limit=1)
    assert messages_judged(span(), shop.pk, ["late", "in_time"], after=both[0][0]) != both


MINUTES = st.integers(-60 * 24, 60 * 24 * 8)
# Moments on the very edges of the rule come up as often as any other.
MOMENTS = st.one_of(
    MINUTES.map(lambda minutes: MONDAY + timedelta(minutes=minutes)),
    st.tuples(st.integers(0, 8), st.sampled_from([-1, 0, 1])).map(
        lambda each: MONDAY + timedelta(days=each[0], seconds=each[1])
    ),
)
MAYBE = st.one_of(st.none(), MOMENTS)
SAID = st.builds(
    Said,
    sender=st.sampled_from(["buyer", "buyer", "seller", "auto", "faq"]),
    at=MOMENTS,
    talk=st.integers(0, 2),
    deleted_at=MAYBE,
    waived_at=MAYBE,
    excluded_at=MAYBE,
)


@st.composite
def stories(draw: Any) -> Story:
    edges = sorted(draw(st.lists(MOMENTS, max_size=4, unique=True)))
    closed = [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    if len(edges) % 2:
        closed.append((edges[-1], None))
    return Story(draw(st.lists(SAID, max_size=12)), closed)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(story=stories(), free=st.sets(st.integers(0, 6), max_size=2))
def test_any_week_equals_the_slow_reference(db: None, story: Story, free: set[int]) -> None:
    days = {(MONDAY + timedelta(days=n)).date() for n in free}
    _count.update(["shop"])
    shop = write_story(story, f"Toko {_count['shop']}")
    expected = {name: n for name, n in counts_of(story, MONDAY, days).items() if n}
    assert found(span(free=sorted(days)), shop.pk) == expected


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(each=st.lists(stories(), min_size=2, max_size=4))
def test_shops_evaluated_together_keep_apart_and_agree_with_their_messages(
    db: None, each: list[Story]
) -> None:
    """Through the writer, in chunks; each row is the sum of the verdicts of its messages."""
    EvaluationWeek.objects.all().delete()
    shops = []
    for story in each:
        _count.update(["shop"])
        shops.append(write_story(story, f"Toko {_count['shop']}"))
    with clock.at(MONDAY + timedelta(days=7)):
        week = evaluate_week(MONDAY.date())
    for shop, story in zip(shops, each, strict=True):
        expected = {name: n for name, n in counts_of(story, MONDAY, set()).items() if n}
        judged = Counter(
            verdict for _pk, verdict in messages_judged(span(), shop.pk, Verdict.values, limit=99)
        )
        assert judged == expected
        row = ShopWeek.objects.filter(week=week, shop=shop).first()
        kept = {name: row.count_of(name) for name in Verdict.values} if row else {}
        assert {name: n for name, n in kept.items() if n} == expected
    ShopWeek.objects.all().delete()


_count: Counter[str] = Counter()
