"""Which deadline a promise has: the earliest of priority, channel and tier (domain sections 3 and 6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from people.models import Team
from sla.models import Metric, SlaPolicy
from sla.rules import Rules
from sla.services.clocks import facts_of
from sla.targets import Deadline, Runs, deadline_for
from tickets.models import Ticket

pytestmark = pytest.mark.django_db

WIB = ZoneInfo("Asia/Jakarta")
# A Wednesday, 10.00 WIB.
WEDNESDAY = datetime(2026, 11, 4, 10, 0, tzinfo=WIB)


def due(metric: str = "first_response", start: datetime = WEDNESDAY, **fields: Any) -> datetime:
    return decided(metric, start, **fields).due_at


def decided(metric: str, start: datetime = WEDNESDAY, **fields: Any) -> Deadline:
    values = {"priority": "MEDIUM", "channel": "web", "tier": "regular", **fields}
    facts = facts_of(Ticket(**values), metric)
    return deadline_for(SlaPolicy.in_force().rules, metric, facts, [(start, None)])


@pytest.mark.parametrize(
    ("priority", "hours"), [("URGENT", 2), ("HIGH", 6), ("MEDIUM", 24), ("LOW", 48)]
)
def test_the_first_response_follows_the_priority(priority: str, hours: int) -> None:
    assert due(priority=priority) == WEDNESDAY + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("channel", "tier", "priority", "hours"),
    [
        ("email", "regular", "LOW", 48),
        ("email", "gold", "LOW", 24),
        ("email", "platinum", "LOW", 24),
        ("email", "diamond", "MEDIUM", 24),
        ("email", "silver", "LOW", 48),
        ("social", "regular", "MEDIUM", 4),
        ("social", "regular", "URGENT", 2),
        ("live_chat", "regular", "URGENT", 0.5),
        ("web", "gold", "URGENT", 2),
    ],
)
def test_the_earliest_of_priority_channel_and_tier_holds(
    channel: str, tier: str, priority: str, hours: float
) -> None:
    found = due(channel=channel, tier=tier, priority=priority)
    assert found == WEDNESDAY + timedelta(hours=hours)


def test_social_media_counts_its_opening_hours() -> None:
    evening = datetime(2026, 11, 4, 19, 0, tzinfo=WIB)
    assert due(channel="social", start=evening) == datetime(2026, 11, 5, 11, 0, tzinfo=WIB)


def test_live_chat_at_night_is_due_half_an_hour_after_opening() -> None:
    night = datetime(2026, 11, 4, 23, 15, tzinfo=WIB)
    assert due(channel="live_chat", start=night) == datetime(2026, 11, 5, 8, 30, tzinfo=WIB)


@pytest.mark.parametrize(("priority", "hours"), [("URGENT", 24), ("HIGH", 72)])
def test_resolution_of_the_urgent_counts_around_the_clock(priority: str, hours: int) -> None:
    saturday = datetime(2026, 11, 7, 10, 0, tzinfo=WIB)
    assert due("resolution", saturday, priority=priority) == saturday + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("start", "priority", "expected"),
    [
        # Wednesday + 5 working days passes one weekend.
        (WEDNESDAY, "MEDIUM", datetime(2026, 11, 11, 10, 0, tzinfo=WIB)),
        (WEDNESDAY, "LOW", datetime(2026, 11, 18, 10, 0, tzinfo=WIB)),
        # From a Saturday it counts from Monday 00.00: the fifth working day ends on Friday at 24.00.
        (
            datetime(2026, 11, 7, 15, 0, tzinfo=WIB),
            "MEDIUM",
            datetime(2026, 11, 14, 0, 0, tzinfo=WIB),
        ),
        # 17 August (independence) and 25 August 2026 (the Prophet's birthday) do not count.
        (
            datetime(2026, 8, 14, 9, 0, tzinfo=WIB),
            "MEDIUM",
            datetime(2026, 8, 24, 9, 0, tzinfo=WIB),
        ),
        (
            datetime(2026, 8, 21, 9, 0, tzinfo=WIB),
            "MEDIUM",
            datetime(2026, 8, 31, 9, 0, tzinfo=WIB),
        ),
        # Over the turn of the year: 25 December and 1 January.
        (
            datetime(2026, 12, 24, 9, 0, tzinfo=WIB),
            "MEDIUM",
            datetime(2027, 1, 4, 9, 0, tzinfo=WIB),
        ),
    ],
)
def test_resolution_of_the_others_counts_working_days(
    start: datetime, priority: str, expected: datetime
) -> None:
    assert due("resolution", start, priority=priority) == expected


def test_the_day_is_the_day_in_jakarta() -> None:
    # 20.00 UTC on Sunday is already Monday, 03.00, in Jakarta.
    start = datetime(2026, 11, 8, 20, 0, tzinfo=UTC)
    assert due("resolution", start) == datetime(2026, 11, 15, 20, 0, tzinfo=UTC)


def test_the_companys_own_closures_count_too() -> None:
    rules = Rules.read({**SlaPolicy.in_force().body, "closures": ["2026-11-05"]})
    facts = {"priority": "MEDIUM", "channel": "web", "tier": "regular"}
    found = deadline_for(rules, Metric.RESOLUTION, facts, [(WEDNESDAY, None)]).due_at
    assert found == datetime(2026, 11, 12, 10, 0, tzinfo=WIB)


@pytest.mark.parametrize(("team", "hours"), [("fraud", 6), ("mediation", 24), ("legal", 24)])
def test_each_team_has_its_own_time_to_accept(team: str, hours: int) -> None:
    metric = SlaPolicy.in_force().rules.receiving_metric(team)
    found = due(metric, team=Team.objects.get(code=team))
    assert found == WEDNESDAY + timedelta(hours=hours)


def test_it_says_which_target_decided() -> None:
    assert decided("first_response", channel="social", tier="gold").target.code == "first-social"
    assert decided("first_response", priority="LOW", tier="gold").target.code == "first-tier"


class TestStandingStill:
    """Of each target that matches the time that it has left counts, by its own calendar."""

    def test_a_weekend_of_waiting_takes_nothing_from_working_days(self) -> None:
        friday = datetime(2026, 11, 6, 16, 0, tzinfo=WIB)
        monday = datetime(2026, 11, 9, 9, 0, tzinfo=WIB)
        runs = [(WEDNESDAY, friday), (monday, None)]
        found = self.due("MEDIUM", runs)
        # Of 5 x 24 h, 2 d 6 h were used; the rest from Monday, 9.00: Wednesday, 27 h later.
        assert found == monday + timedelta(days=2, hours=18)

    def test_a_pause_around_the_clock_moves_it_by_its_length(self) -> None:
        later = WEDNESDAY + timedelta(hours=3)
        runs = [(WEDNESDAY, WEDNESDAY + timedelta(hours=1)), (later, None)]
        assert self.due("URGENT", runs) == WEDNESDAY + timedelta(hours=26)

    def test_a_deadline_already_used_up_lies_in_the_run_that_used_it(self) -> None:
        runs = [
            (WEDNESDAY, WEDNESDAY + timedelta(hours=30)),
            (WEDNESDAY + timedelta(days=9), None),
        ]
        assert self.due("URGENT", runs) == WEDNESDAY + timedelta(hours=24)

    def test_while_it_stands_still_it_is_what_it_was(self) -> None:
        runs = [(WEDNESDAY, WEDNESDAY + timedelta(hours=1))]
        assert self.due("URGENT", runs) == WEDNESDAY + timedelta(hours=24)

    def due(self, priority: str, runs: Runs) -> datetime:
        facts = {"priority": priority, "channel": "web", "tier": "regular"}
        return deadline_for(SlaPolicy.in_force().rules, "resolution", facts, runs).due_at
