"""Where people disagree with the machine, week by week: of what it decided, what was corrected since.

A week is from Monday to Sunday, WIB, and counts the decisions made in it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection

from helpdesk.common.durations import WIB
from tickets.models import TriageExample

TOP = 12
EXAMPLES = 5
Figures = dict[str, Any]
_DECIDED = """
SELECT data->>'category', coalesce(data->'rules'->>0, ''), (data->>'rules_version')::int, count(*)
FROM tickets_ticketevent
WHERE kind = 'classified' AND at >= %s AND at < %s
GROUP BY 1, 2, 3
"""


def monday_of(moment: datetime) -> date:
    day = moment.astimezone(WIB).date()
    return day - timedelta(days=day.weekday())


def bounds(monday: date) -> tuple[datetime, datetime]:
    """The first instant of the week, and that of the next."""
    begin = datetime.combine(monday, time.min, WIB)
    return begin, begin + timedelta(days=7)


def figures_of(monday: date) -> Figures:
    """Counts and rates of a week as they stand now; two queries.

    `categories` and `rules`: rows with `decided`, `corrected`, `rate` (0 to 1) and, of the corrected,
    in how many `category`, `priority`, `queue` differed; the most corrected first. `pairs`: what the
    machine said, what people said instead, how often, and the ids of some tickets.
    """
    begin, end = bounds(monday)
    with connection.cursor() as cursor:
        cursor.execute(_DECIDED, [begin, end])
        decided = cursor.fetchall()
    rows = TriageExample.objects.filter(decided_at__gte=begin, decided_at__lt=end)
    examples = list(rows.exclude(state=TriageExample.State.REPLACED).order_by("-said_at"))
    total = sum(row[3] for row in decided)
    return {
        "monday": monday.isoformat(),
        "decided": total,
        "corrected": len(examples),
        "rate": _rate(len(examples), total),
        "categories": _table(
            Counter({(c,): n for c, n in _summed((row[0], row[3]) for row in decided).items()}),
            [((each.machine_category,), each) for each in examples],
        ),
        "rules": _table(
            _summed(((row[1], row[2]), row[3]) for row in decided),
            [((each.rule, each.rules_version), each) for each in examples],
        ),
        "pairs": _pairs(examples),
    }


def _summed(pairs: Any) -> Counter[Any]:
    counts: Counter[Any] = Counter()
    for key, number in pairs:
        counts[key] += number
    return counts


def _table(decided: Counter[Any], corrected: list[tuple[Any, TriageExample]]) -> list[Figures]:
    found: defaultdict[Any, Counter[str]] = defaultdict(Counter)
    for key, each in corrected:
        found[key]["corrected"] += 1
        for name in ("category", "priority", "queue"):
            found[key][name] += getattr(each, name) != getattr(each, f"machine_{name}")
    rows = [
        {
            "of": list(key),
            "decided": decided[key],
            "rate": _rate(found[key]["corrected"], decided[key]),
            **{name: found[key][name] for name in ("corrected", "category", "priority", "queue")},
        }
        for key in {*decided, *found}
    ]
    return sorted(rows, key=lambda row: (-row["corrected"], -row["decided"], str(row["of"])))


def _pairs(examples: list[TriageExample]) -> list[Figures]:
    tickets: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for each in examples:
        machine = (each.machine_category, each.machine_priority, each.machine_queue)
        tickets[(*machine, each.category, each.priority, each.queue)].append(each.ticket_id)
    rows: list[Figures] = [
        {"machine": key[:3], "people": key[3:], "number": len(ids), "tickets": ids[:EXAMPLES]}
        for key, ids in tickets.items()
    ]
    return sorted(rows, key=lambda row: -row["number"])[:TOP]


def _rate(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
