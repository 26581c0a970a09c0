"""The clocks of a ticket as timer parts: the latest of each promise, in a fixed order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from helpdesk.common.durations import duration, wib_text
from sla.models import Clock, Metric
from tickets.models import Ticket

ORDER = (
    Metric.FIRST_RESPONSE,
    Metric.VERIFICATION,
    Metric.ACCEPTANCE,
    Metric.FRAUD_RESPONSE,
    Metric.MEDIATOR_ASSIGNED,
    Metric.MEDIATION_DECISION,
    Metric.NEXT_UPDATE,
    Metric.RESOLUTION,
)


@dataclass(frozen=True)
class Promise:
    """What `{% timer %}` needs."""

    kind: str
    state: str
    started_at: datetime
    due_at: datetime
    ended_at: datetime | None
    paused: timedelta
    note: str


def promises_of(ticket: Ticket) -> list[Promise]:
    """One query."""
    return promises(ticket.clocks.order_by("id"))


def promises(clocks: Iterable[Clock]) -> list[Promise]:
    """From all clocks, the oldest first. A promise that was called off holds no longer and is not
    shown; nor is the one that was kept before it, as though it were the last word."""
    latest = {clock.metric: clock for clock in clocks}
    found = [latest[metric] for metric in ORDER if metric in latest]
    return [_promise(clock) for clock in found if clock.state != Clock.State.CANCELLED]


def _promise(clock: Clock) -> Promise:
    return Promise(
        kind=clock.metric,
        state=clock.state,
        started_at=clock.started_at,
        due_at=clock.due_at,
        ended_at=clock.met_at,
        paused=clock.stood_still,
        note=_note(clock),
    )


def _note(clock: Clock) -> str:
    if clock.met_at is not None:
        return _("kept after the deadline") if clock.state == Clock.State.BREACHED else ""
    parts: list[Any] = [wib_text(clock.due_at)]
    if clock.state == Clock.State.PAUSED:
        parts = []
    if clock.stood_still:
        parts.append(_("stood still for %(time)s") % {"time": duration(clock.stood_still)})
    return ", ".join(parts)
