"""The tickets behind a share of kept promises: the lines of the clocks' log that were counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from desk.dashboard.compliance import DAYS, WEEK
from desk.queues import start_of_day
from sla.models import ClockEvent, Metric
from sla.movers import Mover, movers, was_past_when_known
from tickets.states import Priority

PAGE_SIZE = 50
SPANS = (1, WEEK, DAYS)
Kind = ClockEvent.Kind


@dataclass(frozen=True)
class Row:
    """A line of the log; of a promise whose deadline was past when the engine learnt of it also what
    had moved it, and after how many seconds the engine noticed."""

    line: ClockEvent
    moved: Mover | None = None
    engine_late: float | None = None


@dataclass(frozen=True)
class WantedOutcomes:
    """`days` back, today included; empty `priority` or `metric` is all; `after` is the last row of the
    page before, as instant and id."""

    kept: bool
    days: int
    priority: str
    metric: str
    after: tuple[datetime, int] | None

    @classmethod
    def read(cls, request: HttpRequest) -> WantedOutcomes:
        """Nonsense falls back to today's missed promises."""
        get = request.GET
        days = get.get("days", "")
        return cls(
            kept=get.get("outcome") == "kept",
            days=int(days) if days in {str(span) for span in SPANS} else 1,
            priority=get["priority"] if get.get("priority") in Priority.values else "",
            metric=get["metric"] if get.get("metric") in Metric.values else "",
            after=_read_place(get.get("after", "")),
        )

    @property
    def parts(self) -> dict[str, str]:
        parts = {"outcome": "kept" if self.kept else "missed", "days": str(self.days)}
        named = {"priority": self.priority, "metric": self.metric}
        return parts | {name: value for name, value in named.items() if value}

    def address(self, **changes: str) -> str:
        return urlencode(self.parts | changes)


def _read_place(text: str) -> tuple[datetime, int] | None:
    at, _line, pk = text[:60].rpartition("_")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    usable = moment.tzinfo is not None and pk.isascii() and pk.isdecimal() and len(pk) < 19
    return (moment, int(pk)) if usable else None


def counted_lines(wanted: WantedOutcomes, now: datetime) -> QuerySet[ClockEvent]:
    """The lines that the counters counted, the latest first."""
    since = start_of_day(now) - timedelta(days=wanted.days - 1)
    kind = Kind.SATISFIED if wanted.kept else Kind.BREACHED
    lines = ClockEvent.objects.filter(kind=kind, at__gte=since)
    if wanted.priority:
        lines = lines.filter(priority=wanted.priority)
    if wanted.metric:
        lines = lines.filter(metric=wanted.metric)
    if wanted.kept:
        same = ClockEvent.objects.filter(clock=OuterRef("clock"))
        missed = same.filter(kind=Kind.BREACHED)
        opened_again = same.filter(kind=Kind.RESUMED, pk__gt=OuterRef("pk"))
        lines = lines.filter(~Exists(missed), ~Exists(opened_again))
    return lines.order_by("-at", "-pk")


def outcomes_context(wanted: WantedOutcomes, now: datetime) -> dict[str, Any]:
    """The context of `desk/dashboard/outcomes.html`."""
    lines = counted_lines(wanted, now)
    if wanted.after:
        at, pk = wanted.after
        lines = lines.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk))
    rows = list(
        lines.select_related("ticket", "team", "clock", "cause").defer("ticket__description")[
            : PAGE_SIZE + 1
        ]
    )
    more = ""
    if len(rows) > PAGE_SIZE:
        last = rows[PAGE_SIZE - 1]
        more = wanted.address(after=f"{last.at.isoformat()}_{last.pk}")
    return {
        "section": "dashboard",
        "wanted": wanted,
        "rows": _rows_of(rows[:PAGE_SIZE]),
        "more": more,
        "spans": [(span, wanted.address(days=str(span))) for span in SPANS],
        "other": wanted.address(outcome="missed" if wanted.kept else "kept"),
    }


def _rows_of(lines: list[ClockEvent]) -> list[Row]:
    moved = {line.pk: data for line in lines if (data := _told_late(line)) is not None}
    found = movers(line.cause_id for line in lines if line.pk in moved)
    return [
        Row(line, found.get(line.cause_id or 0), moved[line.pk]["engine_late_seconds"])
        if line.pk in moved
        else Row(line)
        for line in lines
    ]


def _told_late(line: ClockEvent) -> dict[str, Any] | None:
    """The event of a breach whose deadline was past when it was known."""
    if line.kind != Kind.BREACHED or line.cause is None:
        return None
    data: dict[str, Any] = line.cause.data
    return data if was_past_when_known(data) else None
