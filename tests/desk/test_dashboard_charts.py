"""The pure parts of the dashboard: geometry, expected misses, compliance, sharing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from desk.dashboard.charts import columns, sparkline, stacked
from desk.dashboard.compliance import DAYS, summed
from desk.dashboard.counts import Tally
from desk.dashboard.forecast import expected_misses, hands_of
from desk.dashboard.shared import Shared
from sla.selectors import Outcome

TODAY = date(2026, 11, 22)


def test_a_sparkline_runs_from_edge_to_edge_and_parts_at_gaps():
    line = sparkline(
        [1.0, 0.9, None, 0.8, None, 1.0, 1.0], floor=0.8, goal=0.95, width=60, height=26
    )
    assert line.runs == ["0,3 10,13", "50,3 60,3"]
    assert line.dots == [(30, 23)]
    assert line.end == (60, 3)
    assert line.goal == 8


def test_a_sparkline_of_nothing_draws_nothing():
    line = sparkline([None] * 30, floor=0.8, goal=0.95)
    assert (line.runs, line.dots, line.end) == ([], [], None)


def test_the_lowest_share_of_any_priority_is_the_lower_edge_of_all():
    shares = [("URGENT", 9, 1), ("LOW", 43, 57)]
    outcomes = [Outcome(TODAY, "resolution", name, kept, missed) for name, kept, missed in shares]
    found = summed(outcomes, TODAY)
    assert found.floor == 0.4
    assert found.trend("URGENT").end == (240, 9.3)
    assert summed([], TODAY).floor == 0.8
    assert sparkline([0.0, 1.0], floor=0.0, height=46).runs == ["0,43 240,3"]


def test_stacked_parts_fill_what_they_are_worth_and_a_single_one_is_seen():
    parts = stacked([("late", 1), ("risk", 0), ("calm", 499)], 1000)
    assert [(part.css, part.x, part.width) for part in parts] == [("late", 0, 1), ("calm", 1, 49.9)]
    assert stacked([("late", 5)], 0)[0].width == 100


def test_a_column_shows_what_is_too_much_on_top():
    made = columns([(4, 1), (0, 0)], 4, width=20, height=40)
    assert [(c.x, c.y, c.height, c.over) for c in made] == [(1, 0, 40, 10), (11, 40, 0, 0)]


@pytest.mark.parametrize(
    ("due", "capacity", "missed"),
    [
        ([3, 0, 0, 0], [4, 4, 4, 4], [0, 0, 0, 0]),
        ([6, 0, 0, 0], [4, 4, 4, 4], [2, 0, 0, 0]),
        # What is left over in the first hours is used for what falls due later.
        ([0, 0, 0, 16], [4, 4, 4, 4], [0, 0, 0, 0]),
        ([0, 0, 0, 18], [4, 4, 4, 4], [0, 0, 0, 2]),
        # What was missed already takes nobody's time from what comes.
        ([10, 4, 0, 0], [4, 4, 0, 0], [6, 0, 0, 0]),
        ([1, 1, 1, 1], [0, 0, 0, 0], [1, 1, 1, 1]),
        ([1, 1, 1, 1], [0.5, 0.5, 0.5, 0.5], [1, 0, 1, 0]),
    ],
)
def test_expected_misses(due, capacity, missed):
    assert expected_misses(due, capacity) == missed


def test_leads_take_tickets_only_where_nobody_else_does():
    rows = [(1, 10, False), (1, 11, True), (2, 12, True)]
    assert hands_of(rows) == {1: {10}, 2: {12}}


def outcome(days_ago: int, kept: int, missed: int, metric="first_response", priority="HIGH"):
    return Outcome(TODAY - timedelta(days=days_ago), metric, priority, kept, missed)


def test_compliance_sums_today_seven_and_thirty_days():
    rows = [
        outcome(0, 3, 1),
        outcome(6, 5, 0),
        outcome(7, 0, 2),
        outcome(29, 1, 0),
        outcome(30, 9, 9),
    ]
    found = summed(rows, TODAY)
    record = found.priorities["HIGH"]
    assert (record.today.kept, record.today.missed, record.today.share) == (3, 1, 0.75)
    assert (record.week.kept, record.week.missed) == (8, 1)
    assert (record.month.kept, record.month.missed) == (9, 3)
    assert len(record.days) == DAYS
    assert [record.days[place].all for place in (0, 22, 23, 29)] == [1, 2, 5, 4]
    assert found.metrics["first_response"].month.all == 12
    assert found.priorities["LOW"].today.share is None
    assert [day for day, _kept in found.dated("HIGH")][-1] == TODAY


def test_a_bar_never_exceeds_its_whole_though_a_ticket_is_both_late_and_at_risk():
    assert Tally(open=5, risk=4, late=3).parts == [("late", 3), ("risk", 2), ("calm", 0)]
    assert Tally(open=1, risk=0, late=2).parts == [("late", 1), ("risk", 0), ("calm", 0)]


def test_whoever_looks_at_the_same_time_shares_one_computation(settings):
    settings.DASHBOARD_SHARES_FIGURES = True
    calls = []
    shared = Shared(lambda: calls.append(1) or len(calls), seconds=60)
    assert [shared.get(), shared.get()] == [1, 1]
    shared.forget()
    assert shared.get() == 2


def test_a_failed_computation_is_not_kept(settings):
    settings.DASHBOARD_SHARES_FIGURES = True
    answers = [ZeroDivisionError(), 7]

    def compute():
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    shared = Shared(compute, seconds=60)
    with pytest.raises(ZeroDivisionError):
        shared.get()
    assert shared.get() == 7
