"""A policy's document, read once into what the clocks ask it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sla.calendars import ALWAYS, WIB, Block, Calendar

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CONDITIONS = ("priority", "reporter", "channel", "tier", "category", "team")
AROUND_THE_CLOCK = "always"
BREACH = 100


@dataclass(frozen=True)
class Target:
    """One promise of the policy: `length` of the calendar's time, for tickets that match `when`."""

    code: str
    metric: str
    length: timedelta
    calendar: Calendar
    when: tuple[tuple[str, frozenset[str]], ...] = ()
    warn: tuple[int, ...] = ()
    within: Mapping[str, int] = field(default_factory=dict, compare=False)

    def matches(self, facts: Mapping[str, str]) -> bool:
        return all(facts.get(name, "") in allowed for name, allowed in self.when)

    @property
    def levels(self) -> tuple[int, ...]:
        """The shares of the time used, in percent, at which something fires."""
        return (*self.warn, BREACH)


@dataclass(frozen=True)
class Rules:
    """See `SlaPolicy`. `pauses`: by metric, the reasons for which its clocks stand still."""

    targets: Mapping[str, tuple[Target, ...]]
    pauses: Mapping[str, frozenset[str]]
    breach: Mapping[str, str]
    receiving: Mapping[str, str]
    after_acceptance: Mapping[str, str]
    warn_leads_from: int
    customer_silence: timedelta
    confirmation: timedelta

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Rules:
        """From a policy's body, which `check_policy` found right."""
        calendars = read_calendars(body)
        warn = tuple(body["warning_percent"])
        targets: dict[str, list[Target]] = {}
        for row in body["targets"]:
            targets.setdefault(row["metric"], []).append(_target(row, calendars, warn))
        return cls(
            targets={metric: tuple(found) for metric, found in targets.items()},
            pauses={metric: frozenset(why) for metric, why in body["pauses"].items()},
            breach=body["breach"],
            receiving=body["receiving"],
            after_acceptance=body["after_acceptance"],
            warn_leads_from=body["warn_leads_from_percent"],
            customer_silence=timedelta(hours=body["customer_silence_hours"]),
            confirmation=timedelta(hours=body["confirmation_hours"]),
        )

    def target(self, metric: str, code: str) -> Target:
        return next(target for target in self.targets[metric] if target.code == code)

    def receiving_metric(self, team: str) -> str:
        """The promise that begins when a ticket is sent to this team."""
        return self.receiving.get(team, "acceptance")


def read_calendars(body: Mapping[str, Any]) -> dict[str, Calendar]:
    closures = frozenset(date.fromisoformat(day) for day in body.get("closures", ()))
    found = {AROUND_THE_CLOCK: ALWAYS}
    for code, row in body["calendars"].items():
        if code != AROUND_THE_CLOCK:
            found[code] = Calendar(
                week=tuple(_blocks(row["week"].get(day, ())) for day in DAYS),
                zone=ZoneInfo(row["zone"]) if "zone" in row else WIB,
                holidays=row.get("holidays", False),
                closures=closures if row.get("holidays") else frozenset(),
            )
    return found


def _blocks(rows: Any) -> tuple[Block, ...]:
    return tuple(
        (time.fromisoformat(opens), None if closes == "24:00" else time.fromisoformat(closes))
        for opens, closes in rows
    )


def _target(
    row: Mapping[str, Any], calendars: Mapping[str, Calendar], warn: tuple[int, ...]
) -> Target:
    within, calendar = row["within"], calendars[row.get("calendar", AROUND_THE_CLOCK)]
    if days := within.get("working_days"):
        calendar, length = calendar.whole_days(), timedelta(days=days)
    else:
        length = timedelta(hours=within.get("hours", 0), minutes=within.get("minutes", 0))
    when = row.get("when", {})
    return Target(
        code=row["code"],
        metric=row["metric"],
        length=length,
        calendar=calendar,
        when=tuple((name, frozenset(when[name])) for name in CONDITIONS if when.get(name)),
        warn=tuple(row.get("warn", warn)),
        within=within,
    )
