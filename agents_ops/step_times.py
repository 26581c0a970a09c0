"""Steps whose time standard is a promise: their gate's options name the calendar that counts it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from agents_ops.playbook.parts import Step
from sla.models import SlaPolicy
from sla.rules import AROUND_THE_CLOCK, read_calendars

WATCH = "watch"
NEARS = 0.8


@dataclass(frozen=True)
class StepTimes:
    """When the officer is warned, and when the step's time is over."""

    nears_at: datetime
    due_at: datetime


def step_times(step: Step, since: datetime) -> StepTimes | None:
    """None for a step that is only measured."""
    name = step.options.get(WATCH)
    if not name or not step.seconds:
        return None
    calendars = read_calendars(SlaPolicy.exactly_in_force().body)
    calendar = calendars.get(str(name)) or calendars[AROUND_THE_CLOCK]
    length = timedelta(seconds=step.seconds)
    return StepTimes(calendar.add(since, length * NEARS), calendar.add(since, length))
