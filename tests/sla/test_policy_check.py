"""What keeps a policy from being put in force. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from helpdesk.common.wording import said_in
from sla.policy_check import check_policy
from tests.sla.policy_body import KNOWN, delivered, with_target

Body = dict[str, Any]
HOURS = {"name_id": "Jam", "name_en": "Hours", "week": {"mon": [["08:00", "17:00"]]}}


def paths(body: Body) -> list[str]:
    return [problem.path for problem in check_policy(body, KNOWN)]


def target(**changes: Any) -> Callable[[Body], Body]:
    return lambda body: with_target(body, "first-urgent", **changes)


def part(name: str, value: Any) -> Callable[[Body], Body]:
    return lambda body: {**body, name: value}


def calendar(**changes: Any) -> Callable[[Body], Body]:
    row = {**HOURS, **changes}
    return lambda body: {**body, "calendars": {**body["calendars"], "office": row}}


def without(code: str) -> Callable[[Body], Body]:
    return lambda body: {
        **body,
        "targets": [row for row in body["targets"] if row["code"] != code],
    }


def test_the_delivered_policy_is_sound() -> None:
    assert check_policy(delivered(), KNOWN) == []


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (target(within={"hours": 0}), "targets.0.within"),
        (target(within={"hours": 2161}), "targets.0.within"),
        (target(within={"hours": True}), "targets.0.within"),
        (target(within={"hours": 1, "minutes": 1}), "targets.0.within"),
        (target(within={"weeks": 1}), "targets.0.within"),
        (target(within={"minutes": 7 * 24 * 60 + 1}), "targets.0.within"),
        (target(within={"working_days": 61}), "targets.0.within"),
        (target(calendar="nowhere"), "targets.0.calendar"),
        (target(metric="kindness"), "targets.0.metric"),
        (target(code="a b"), "targets.0.code"),
        (target(code="first-high"), "targets.1.code"),
        (target(when={"priority": ["SOON"]}), "targets.0.when.priority"),
        (target(when={"priority": ["URGENT"], "team": ["nobody"]}), "targets.0.when.team"),
        (target(when={"priority": []}), "targets.0.when.priority"),
        (target(when={"mood": ["bad"]}), "targets.0.when.mood"),
        (target(when={"priority": ["HIGH"]}), "targets.1.when"),
        (target(warn=[80, 50]), "targets.0.warn"),
        (target(warn=[50, 50]), "targets.0.warn"),
        (target(warn=[0]), "targets.0.warn"),
        (target(warn=[100]), "targets.0.warn"),
        (without("first-low"), "metric.first_response"),
        (without("update-daily"), "metric.next_update"),
        (without("accept-any"), "metric.acceptance"),
        (calendar(week={}), "calendars.office.week"),
        (calendar(week={"mon": []}), "calendars.office.week"),
        (calendar(week={"mon": [["17:00", "08:00"]]}), "calendars.office.week.mon"),
        (calendar(week={"mon": [["08:00", "08:00"]]}), "calendars.office.week.mon"),
        (
            calendar(week={"mon": [["08:00", "12:00"], ["11:00", "17:00"]]}),
            "calendars.office.week.mon",
        ),
        (calendar(week={"mon": [["8", "17"]]}), "calendars.office.week.mon"),
        (calendar(week={"mon": [["08:00", "24:01"]]}), "calendars.office.week.mon"),
        (calendar(week={"mon": [["00:00", "25:00"]]}), "calendars.office.week.mon"),
        (calendar(name_en=" "), "calendars.office.name_en"),
        (calendar(zone="Asia/Atlantis"), "calendars.office.zone"),
        (part("closures", ["2026-13-01"]), "closures"),
        (part("closures", ["20261231"]), "closures"),
        (part("closures", ["2026-12-31", "2026-12-31"]), "closures"),
        (part("closures", [None]), "closures"),
        (part("pauses", {"first_response": ["customer"]}), "pauses.first_response"),
        (part("pauses", {"resolution": ["lunch"]}), "pauses.resolution"),
        (part("warning_percent", [80, 50]), "warning_percent"),
        (part("warning_percent", [10, 20, 30, 40, 50, 60]), "warning_percent"),
        (part("warn_leads_from_percent", 0), "warn_leads_from_percent"),
        (part("warn_leads_from_percent", None), "warn_leads_from_percent"),
        (part("confirmation_hours", 721), "confirmation_hours"),
        (part("customer_silence_hours", "72"), "customer_silence_hours"),
        (part("receiving", {"nobody": "fraud_response"}), "receiving.nobody"),
        (part("receiving", {"fraud": "resolution"}), "receiving.fraud"),
        (part("after_acceptance", {"fraud": "acceptance"}), "after_acceptance.fraud"),
    ],
)
def test_a_wrong_part_is_named(change: Callable[[Body], Body], path: str) -> None:
    assert path in paths(change(delivered()))


def test_a_missed_deadline_must_do_something_known() -> None:
    body = delivered()
    body["breach"] = {**body["breach"], "resolution": "panic"}
    del body["breach"]["acceptance"]
    assert paths(body) == ["breach.resolution", "breach.acceptance"]


def test_a_calendar_may_have_several_blocks_and_end_at_midnight() -> None:
    week = {"mon": [["08:00", "12:00"], ["12:00", "13:00"], ["20:00", "24:00"]]}
    assert paths(calendar(week=week)(delivered())) == []


def test_one_target_without_conditions_covers_every_ticket() -> None:
    body = without("first-low")(delivered())
    body["targets"].append(
        {
            "code": "first-any",
            "metric": "first_response",
            "when": {},
            "within": {"hours": 48},
            "calendar": "always",
        }
    )
    assert paths(body) == []


def test_a_channels_target_covers_no_priority() -> None:
    body = with_target(delivered(), "first-low", when={"priority": ["LOW"], "channel": ["web"]})
    assert paths(body) == ["metric.first_response"]


def test_each_problem_is_said_in_both_languages() -> None:
    body = {**without("first-low")(delivered()), "closures": ["x"], "warning_percent": [0]}
    for problem in check_policy(body, KNOWN):
        assert said_in(problem.message, "id") != said_in(problem.message, "en")


def test_a_closure_may_have_a_short_name_and_no_other_day_has_one() -> None:
    named = {**delivered(), "closures": ["2026-12-31"], "closure_names": {"2026-12-31": "Libur"}}
    assert check_policy(named, KNOWN) == []
    for names in ({"2026-12-31": "x" * 81}, {"2026-12-30": "Libur"}):
        wrong = check_policy({**named, "closure_names": names}, KNOWN)
        assert [each.path for each in wrong] == ["closures"]
