"""Which way a step goes on, by its answers and its gate."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from agents_ops.playbook.parts import Branch, Step

Values = Mapping[str, Any]


def branch_taken(step: Step, values: Values, outcome: str, now: datetime) -> Branch:
    """The first whose condition holds; the last one always does (`check_playbooks` sees to that)."""
    return next(each for each in step.branches if holds(each, values, outcome, now))


def holds(branch: Branch, values: Values, outcome: str, now: datetime) -> bool:
    """`values` are the answers so far: amounts as numbers, moments as ISO text."""
    when = branch.when
    if when is None:
        return True
    if "gate" in when:
        return outcome in when["gate"]
    value = values.get(when["field"])
    if value in (None, ""):
        return False
    if "is" in when:
        return value in when["is"]
    if "more_than" in when:
        return isinstance(value, int) and value > when["more_than"]
    age = now - datetime.fromisoformat(str(value))
    return age > timedelta(minutes=when["older_than_minutes"])
