"""How the engine does: its pulse, its canary, what is overdue, and what it has given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min, QuerySet

from helpdesk.common import clock
from people.actors import Actor
from sla.canary import Canary, canary
from sla.models import AuditRound, Repair, SweepRun, Timer
from sla.punctuality import Lateness, engine_state, late_timers, lateness_since
from tickets.models import OutgoingMail
from tickets.states import Priority, rank_of

COUNT_UP_TO = 10_000
SHOWN = 50
SWEEPS = 8
LATENESS_SPAN = timedelta(days=1)


@dataclass(frozen=True)
class Backlog:
    """How many timers of this urgency are overdue, up to COUNT_UP_TO."""

    priority: str
    due: int


@dataclass(frozen=True)
class Mails:
    """What waits to be sent (up to COUNT_UP_TO), since when the first is due, what was given up."""

    waiting: int
    oldest_due_at: datetime | None
    failed: int


@dataclass(frozen=True)
class Audit:
    """The nightly check: its last whole round, and the one under way."""

    last: AuditRound | None
    under_way: AuditRound | None

    @property
    def worst(self) -> AuditRound | None:
        """The latest round that found something: of the one under way, else of the last."""
        rounds = [each for each in (self.under_way, self.last) if each and each.differences]
        return rounds[0] if rounds else None


@dataclass(frozen=True)
class Engine:
    now: datetime
    beat_at: datetime | None
    silent: bool
    stalled: bool
    oldest_overdue_at: datetime | None
    lateness: Lateness
    late: list[Timer]
    canary: Canary
    backlog: list[Backlog]
    parked: list[Timer]
    mails: Mails
    sweeps: list[SweepRun]
    audit: Audit

    @property
    def overdue(self) -> int:
        return sum(line.due for line in self.backlog)


def engine_report(*, actor: Actor) -> Engine:
    """Bounded reads by index, whatever the backlog. Raises NotAllowed."""
    actor.require_any("view_dashboard", "read_engine")
    now = clock.now()
    state = engine_state(now)
    overdue = Timer.objects.filter(state=Timer.State.ARMED, due_at__lte=now)
    return Engine(
        now=now,
        beat_at=state.beat_at,
        silent=state.silent,
        stalled=state.stalled,
        oldest_overdue_at=state.overdue_since,
        lateness=lateness_since(now - LATENESS_SPAN, actor=actor),
        late=late_timers(now - LATENESS_SPAN, actor=actor, most=SWEEPS),
        canary=canary(now),
        backlog=[Backlog(code, _up_to(overdue.filter(urgency=rank_of(code)))) for code in Priority],
        parked=list(Timer.objects.filter(state=Timer.State.PARKED).order_by("-id")[:SHOWN]),
        mails=_mails(now),
        sweeps=list(SweepRun.objects.order_by("-id")[:SWEEPS]),
        audit=_audit(),
    )


def failed_mails(*, actor: Actor) -> list[OutgoingMail]:
    """Those given up, the latest first. Raises NotAllowed."""
    actor.require("view_dashboard")
    failed = OutgoingMail.objects.filter(state=OutgoingMail.State.FAILED)
    return list(
        failed.select_related("ticket").defer("ticket__description").order_by("-id")[:SHOWN]
    )


def latest_repairs(*, actor: Actor) -> list[Repair]:
    """What people set going again, the latest first. Raises NotAllowed."""
    actor.require("view_dashboard")
    return list(Repair.objects.select_related("by", "timer", "mail__ticket")[:10])


def _audit() -> Audit:
    """Of two rounds at most one is under way."""
    latest = list(AuditRound.objects.order_by("-id")[:2])
    ended = [each for each in latest if each.ended_at is not None]
    return Audit(
        last=ended[0] if ended else None,
        under_way=next((each for each in latest if each.ended_at is None), None),
    )


def _mails(now: datetime) -> Mails:
    pending = OutgoingMail.objects.filter(state=OutgoingMail.State.PENDING, next_try_at__lte=now)
    return Mails(
        waiting=_up_to(pending),
        oldest_due_at=pending.aggregate(at=Min("next_try_at"))["at"],
        failed=_up_to(OutgoingMail.objects.filter(state=OutgoingMail.State.FAILED)),
    )


def _up_to(rows: QuerySet[Timer] | QuerySet[OutgoingMail]) -> int:
    return rows.order_by()[:COUNT_UP_TO].count()
