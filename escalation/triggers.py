"""Automatic triggers as data: what a ticket must be, and what follows. Pure: no database.

A trigger is a dictionary of the matrix (fixtures/escalation_matrix.json). Three kinds: of a fact
(fires when the fact is recorded), of time (`age_more_than_days`: fires when the moment passes) and
of a signal (`signal`: fires when another system has reported it often enough).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

WORDS = ("category", "queue", "priority", "channel", "tier", "reporter")


@dataclass(frozen=True)
class Facts:
    """What triggers may ask about a ticket; `since` is when the problem began."""

    category: str
    queue: str
    priority: str
    channel: str
    tier: str
    reporter: str
    amount_idr: int | None
    since: datetime


@dataclass(frozen=True)
class Trigger:
    """`team`: escalates to it; `alert`: tells it, the squad keeps the ticket; `priority`: raises to it.

    `opens` is the category of the ticket that a signal opens for a customer who has none.
    """

    code: str
    name_id: str
    name_en: str
    when: dict[str, Any] = field(default_factory=dict)
    team: str = ""
    alert: str = ""
    priority: str = ""
    level: int = 0
    form: str = ""
    opens: str = ""
    source: str = ""

    @property
    def kind(self) -> str:
        """'signal', 'time' or 'fact'."""
        if "signal" in self.when:
            return "signal"
        return "time" if "age_more_than_days" in self.when else "fact"

    def matches(self, facts: Facts) -> bool:
        """All that is asked of the ticket but its age and the signals."""
        return self.concerns(facts) and self._amount_holds(facts)

    def concerns(self, facts: Facts) -> bool:
        """What is asked of the ticket in words: its kind, and who says it where."""
        when = self.when
        words = all(getattr(facts, name) in when[name] for name in WORDS if when.get(name))
        return words and not self._excepted(facts)

    def _amount_holds(self, facts: Facts) -> bool:
        limit = self.when.get("amount_more_than")
        return limit is None or (facts.amount_idr is not None and facts.amount_idr > limit)

    def _excepted(self, facts: Facts) -> bool:
        return facts.category in self.when.get("except_category", ())

    def moment(self, facts: Facts) -> datetime | None:
        """The first instant at which the age is more than asked; None without such a condition."""
        days = self.when.get("age_more_than_days")
        # Strictly more than: just after the last instant that is not yet more.
        return None if days is None else facts.since + timedelta(days=days, seconds=1)

    def used(self, facts: Facts) -> dict[str, Any]:
        """The facts that this trigger looked at, as codes and numbers."""
        named = {name: getattr(facts, name) for name in WORDS if self.when.get(name)}
        if "except_category" in self.when:
            named["category"] = facts.category
        if "amount_more_than" in self.when:
            named["amount_idr"] = facts.amount_idr
        if "age_more_than_days" in self.when:
            named["since"] = facts.since.isoformat()
        return named


def read_triggers(body: dict[str, Any]) -> list[Trigger]:
    return [Trigger(**row) for row in body.get("triggers", ())]


def reached(
    instants: Sequence[datetime], newest: datetime, *, at_least: int, within: timedelta
) -> bool:
    """Whether some window of this length holds `newest` and at least so many of the instants.

    Reports come late and out of order, so the window need not end with the newest.
    """
    around = sorted(at for at in instants if abs(at - newest) <= within)
    return any(
        around[last] - around[last - at_least + 1] <= within
        and around[last - at_least + 1] <= newest <= around[last]
        for last in range(at_least - 1, len(around))
    )
