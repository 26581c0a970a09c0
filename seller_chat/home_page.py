"""What the seller's home shows: the rate with its arithmetic, the weeks before, who waits, what was found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import number_format

from people.actors import Actor
from people.models import Shop
from seller_chat.evaluating import counts_now
from seller_chat.models import Appeal, EnforcementRules, ShopWeek, Verdict, Violation
from seller_chat.selectors import (
    restriction_of,
    visible_actions,
    visible_reports,
    visible_violations,
    waiting_clocks,
    weeks_of,
)
from seller_chat.services.appeals import appeal_until
from seller_chat.services.evaluation import running_span
from seller_chat.services.standing import points_of

WAITING = 20
WIDTH, HEIGHT = 480, 70


@dataclass(frozen=True)
class Line:
    """One line of the arithmetic; each leads to its messages."""

    verdict: str
    label: str
    count: int


@dataclass(frozen=True)
class Stage:
    name: str
    at: datetime | None
    state: str  # done, now or ahead


@dataclass(frozen=True)
class Found:
    """A violation as its seller sees it: where it stands, and until when an appeal is possible."""

    violation: Violation
    appeal: Appeal | None
    until: datetime | None
    may_appeal: bool


def home_context(shop: Shop, actor: Actor, now: datetime) -> dict[str, Any]:
    weeks = weeks_of(shop)
    rules = EnforcementRules.in_force()
    last = weeks[0] if weeks else None
    waiting = waiting_clocks(shop)
    violations = visible_violations(actor).filter(shop=shop)
    return {
        "shop": shop,
        "now": now,
        "last": last,
        "left_out": left_out_of(last) if last else [],
        "below": last is not None
        and last.rate_bp is not None
        and last.rate_bp < last.week.target_bp,
        "target": percent(last.week.target_bp if last else rules.evaluation["target_bp"]),
        "weeks": list(reversed(weeks)),
        "chart": chart_of(list(reversed(weeks))),
        "running": counts_now(running_span(), shop.pk),
        "running_monday": running_span().monday,
        "waiting": list(waiting[:WAITING]),
        "waiting_count": waiting.count(),
        "points": points_of(shop.pk, now),
        "ceiling": rules.ceiling,
        "restriction": restriction_of(shop.pk, at=now),
        "actions": list(visible_actions(actor).filter(shop=shop, ended_at=None)),
        "found": [found_of(each, now) for each in violations[:5]],
        "reports": list(visible_reports(actor).filter(shop=shop)[:5]),
    }


def found_of(violation: Violation, now: datetime) -> Found:
    appeal, until = getattr(violation, "appeal", None), appeal_until(violation)
    may = (
        appeal is None
        and violation.state == Violation.State.STANDING
        and until is not None
        and until >= now
    )
    return Found(violation, appeal, until, may)


def left_out_of(row: ShopWeek) -> list[Line]:
    """What does not count, without what is nothing."""
    names = ("weekend", "holiday", "holiday_mode", "excluded", "deleted", "waived")
    lines = [Line(name, str(Verdict(name).label), row.count_of(name)) for name in names]
    return [line for line in lines if line.count]


def percent(basis_points: int | None) -> str:
    """94,2 for 9420, cut off and not rounded up."""
    if basis_points is None:
        return "–"
    return str(number_format(basis_points // 10 / 10, decimal_pos=1))


def chart_of(weeks: list[ShopWeek]) -> dict[str, Any] | None:
    """A line over the weeks that have a rate, scaled from 80 to 100 %; None for less than two."""
    rated = [week for week in weeks if week.rate_bp is not None]
    if len(rated) < 2:
        return None
    step = (WIDTH - 4) / (len(rated) - 1)
    points = [(2 + n * step, _height(week.rate_bp or 0)) for n, week in enumerate(rated)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return {
        "line": line,
        "goal": f"{_height(rated[-1].week.target_bp):.1f}",
        "x": f"{points[-1][0]:.1f}",
        "y": f"{points[-1][1]:.1f}",
    }


def _height(basis_points: int) -> float:
    share = (max(basis_points, 8000) - 8000) / 2000
    return HEIGHT - 4 - share * (HEIGHT - 8)
