"""Upkeep of the dashboard's counters; the counting itself is done by triggers (sla/migrations)."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection, transaction

from helpdesk.common import clock
from helpdesk.common.durations import WIB
from helpdesk.common.tallies import compact, correct
from sla.models import OutcomeTally, RiskTally

RISK_KEYS = ("state", "priority", "team_id", "assignee_id")
OUTCOME_KEYS = ("day", "metric", "priority", "team_id")
# Older days change no more, but by hand.
OPEN_DAYS = timedelta(days=2)

_AT_RISK = """
SELECT t.state, t.priority, t.team_id, t.assignee_id
FROM (SELECT DISTINCT subject_id FROM sla_timer s
      WHERE state = 'armed' AND stage = 100 AND sla_is_promise(kind)) r
JOIN tickets_ticket t ON t.id = r.subject_id
"""
# As the trigger sla_count_outcomes does: kept unless missed before or opened again afterwards.
_COUNT_OUTCOMES = """
INSERT INTO sla_outcometally (day, metric, priority, team_id, kept, missed)
SELECT (at AT TIME ZONE 'Asia/Jakarta')::date, metric, priority, team_id,
       count(*) FILTER (WHERE kind = 'satisfied'), count(*) FILTER (WHERE kind = 'breached')
FROM (SELECT *, lead(kind) OVER line AS next, bool_or(kind = 'breached') OVER line AS missed
      FROM sla_clockevent WINDOW line AS (PARTITION BY clock_id ORDER BY id)) e
WHERE kind = 'breached'
   OR (kind = 'satisfied' AND NOT missed AND next IS DISTINCT FROM 'resumed')
GROUP BY 1, 2, 3, 4
"""


def compact_tallies() -> int:
    """Sum up what was appended; returns how many sums were written."""
    since = (clock.now() - OPEN_DAYS).astimezone(WIB).date()
    return compact(RiskTally, keys=RISK_KEYS, sums=("n",)) + compact(
        OutcomeTally, keys=OUTCOME_KEYS, sums=("kept", "missed"), within=f"day >= '{since}'"
    )


def rebuild_risk_tally() -> int:
    """Correct it, after a load that passed the triggers by; returns how many groups were wrong."""
    return correct(RiskTally, keys=RISK_KEYS, counted=_AT_RISK)


@transaction.atomic
def rebuild_outcome_tally() -> None:
    """The same for kept and missed promises, from the whole log of the clocks."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE sla_clockevent IN SHARE ROW EXCLUSIVE MODE")
        OutcomeTally.objects.all().delete()
        cursor.execute(_COUNT_OUTCOMES)
