"""The Monday evaluation, in chunks of shops: each one statement and one commit.

Whoever has the week's row locked works on it; the next one goes on after the last shop that was
committed. A week that was evaluated gives the same rows again, and writes none that did not change.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date, timedelta

from django.db import connection, transaction

from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput
from helpdesk.common.wording import gettext as _
from people.models import Shop
from seller_chat.evaluating import COUNTED, FIGURES, Span, free_days_of, monday_before
from seller_chat.models import EnforcementRules, EvaluationWeek
from sla.calendars import WIB

CHUNK = 2_000
WEEK = timedelta(days=7)

# Rows that say the same are left alone: the same week twice writes nothing.
_SAME = ", ".join(FIGURES)
_SET = ", ".join(f"{name} = excluded.{name}" for name in (*FIGURES, "rate_bp", "changed_at"))
_OLD = ", ".join(f"kept.{name}" for name in FIGURES)
_NEW = ", ".join(f"excluded.{name}" for name in FIGURES)
WRITE = (
    COUNTED
    + f"""
INSERT INTO seller_chat_shopweek AS kept (week_id, shop_id, {_SAME}, rate_bp, changed_at)
SELECT %(week)s, shop_id, {_SAME},
    CASE WHEN assessed > 0 THEN in_time * 10000 / assessed END, %(now)s
FROM counted
ON CONFLICT (week_id, shop_id) DO UPDATE SET {_SET} WHERE ({_OLD}) IS DISTINCT FROM ({_NEW})
"""  # noqa: S608 - names of our own columns
)


def evaluate_due_weeks(*, seconds: float = 40.0) -> int:
    """Evaluate what is due, for about so many seconds: how many shops were done.

    Due is each whole week since the last one on record; of a new installation the last week alone.
    """
    ends = time.monotonic() + seconds
    done = 0
    for week in _due_weeks():
        while (shops := _next_chunk(week.pk, wait=False)) is not None:
            done += shops
            if time.monotonic() > ends:
                return done
    return done


def evaluate_week(monday: date, *, anew: bool = False) -> EvaluationWeek:
    """The week from this Monday, to its end. `anew` goes through one that is finished once more.

    Raises InvalidInput for a day that is no Monday, or a week that is not over.
    """
    week = _week_of(monday)
    if anew:
        EvaluationWeek.objects.filter(pk=week.pk).update(evaluated_to=0)
    while _next_chunk(week.pk, wait=True) is not None:
        pass
    week.refresh_from_db()
    return week


def evaluate_shop(week: EvaluationWeek, shop_id: int) -> None:
    """One shop of an evaluated week again, after something in it was put right."""
    _write(week, [shop_id])


def span_of(week: EvaluationWeek) -> Span:
    return Span(week.week_start, week.since, week.until, week.free_days)


def running_span() -> Span:
    """The week that is not over yet."""
    monday = monday_before(clock.now().astimezone(WIB).date())
    rules = EnforcementRules.in_force()
    week = EvaluationWeek(week_start=monday, free_days=free_days_of(monday, rules.closures))
    return span_of(week)


def _due_weeks() -> list[EvaluationWeek]:
    last = monday_before(clock.now().astimezone(WIB).date()) - WEEK
    newest = EvaluationWeek.objects.values_list("week_start", flat=True).first()
    monday = last if newest is None else newest + WEEK
    while monday <= last:
        _week_of(monday)
        monday += WEEK
    return list(EvaluationWeek.objects.filter(evaluated_at=None).order_by("week_start"))


def _week_of(monday: date) -> EvaluationWeek:
    if monday.weekday() != 0:
        message = _("A week begins on a Monday.")
        raise InvalidInput(message, code="no_monday", fields={"week": message})
    now = clock.now()
    if EvaluationWeek(week_start=monday).until > now:
        message = _("This week is not over yet.")
        raise InvalidInput(message, code="week_not_over", fields={"week": message})
    rules = EnforcementRules.exactly_in_force()
    week, _made = EvaluationWeek.objects.get_or_create(
        week_start=monday,
        defaults={
            "rules_version": rules.version,
            "free_days": free_days_of(monday, rules.closures),
            "target_bp": rules.evaluation["target_bp"],
            "least_assessed": rules.evaluation["least_assessed"],
            "began_at": now,
        },
    )
    return week


@transaction.atomic
def _next_chunk(week_id: int, *, wait: bool) -> int | None:
    """How many shops were done; None when no more are left, or somebody else is at it."""
    rows = EvaluationWeek.objects.select_for_update(skip_locked=not wait)
    week = rows.filter(pk=week_id).first()
    if week is None:
        return None
    after = Shop.objects.filter(pk__gt=week.evaluated_to).order_by("pk")
    shops = list(after.values_list("pk", flat=True)[:CHUNK])
    if not shops:
        if week.evaluated_at is None:
            week.evaluated_at = clock.now()
            week.save(update_fields=["evaluated_at"])
        return None
    _write(week, shops)
    week.evaluated_to = shops[-1]
    week.save(update_fields=["evaluated_to"])
    return len(shops)


def _write(week: EvaluationWeek, shops: Sequence[int]) -> None:
    asked = span_of(week).asked(shops) | {"week": week.pk, "now": clock.now()}
    with transaction.atomic(), connection.cursor() as cursor:
        # A chunk is sorted by conversation in memory, not on disk.
        cursor.execute("SET LOCAL work_mem = '64MB'; SET LOCAL statement_timeout = '5min'")
        cursor.execute(WRITE, asked)
