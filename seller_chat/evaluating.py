"""Which message of a week counts and how it was answered: one statement for any number of shops.

The figures of a week and the messages behind them come from the same `JUDGED`, so that they agree.
docs/evaluation.md says the rules and their source; tests/seller_chat/reference.py is the slow,
obvious twin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from sla.calendars import ONE_DAY, public_holidays

# One range of the index (shop, delivered_at) for each shop, however long the history is: OFFSET 0
# keeps the planner from reading the whole table instead. `answered_at` is the first answer at or
# after the message: counted from the end, the window grows by one row at a time. `still` is looked up
# only where more than 24 hours passed: how much of them the clock stood still.
JUDGED = """
WITH said AS (
    SELECT m.*, (m.at AT TIME ZONE 'Asia/Jakarta')::date AS day,
        min(m.at) FILTER (WHERE m.sender <> 'buyer')
            OVER (PARTITION BY m.conversation_id ORDER BY m.at DESC) AS answered_at
    FROM unnest(%(shops)s::bigint[]) AS asked (shop_id) CROSS JOIN LATERAL (
        SELECT id, shop_id, conversation_id, sender, deleted_at, reply_waived_at, excluded_at,
            CASE WHEN sender = 'buyer' THEN delivered_at ELSE sent_at END AS at
        FROM seller_chat_chatmessage
        WHERE shop_id = asked.shop_id AND delivered_at >= %(since)s
            AND CASE WHEN sender = 'buyer' THEN delivered_at ELSE sent_at END < %(until)s
        OFFSET 0
    ) AS m
),
closed AS (
    SELECT DISTINCT h.shop_id, d.day::date AS day
    FROM seller_chat_holidaymode h
    JOIN generate_series(%(monday)s::timestamp, %(monday)s::timestamp + interval '6 days',
        interval '1 day') AS d (day)
        ON h.begins_at < (d.day + interval '1 day') AT TIME ZONE 'Asia/Jakarta'
        AND coalesce(h.ends_at, 'infinity') > d.day AT TIME ZONE 'Asia/Jakarta'
    WHERE h.shop_id = ANY(%(shops)s)
),
judged AS (
    SELECT said.id, said.shop_id, CASE
        WHEN extract(isodow FROM said.day) >= 6 THEN 'weekend'
        WHEN said.day = ANY(%(free_days)s::date[]) THEN 'holiday'
        WHEN closed.day IS NOT NULL THEN 'holiday_mode'
        WHEN said.excluded_at IS NOT NULL THEN 'excluded'
        WHEN said.deleted_at < %(until)s THEN 'deleted'
        WHEN said.reply_waived_at < %(until)s THEN 'waived'
        WHEN said.answered_at <= said.at + interval '24 hours' THEN 'in_time'
        WHEN took - still.holiday - still.waived <= interval '24 hours' THEN CASE
            WHEN said.answered_at IS NOT NULL THEN 'in_time'
            WHEN still.holiday > interval '0' THEN 'holiday_mode'
            ELSE 'waived' END
        WHEN said.answered_at IS NOT NULL THEN 'late'
        ELSE 'unanswered' END AS verdict
    FROM said LEFT JOIN closed ON closed.shop_id = said.shop_id AND closed.day = said.day
    CROSS JOIN LATERAL (
        SELECT coalesce(said.answered_at, %(until)s) - said.at AS took
    ) AS waited
    LEFT JOIN LATERAL (
        SELECT (
            SELECT coalesce(sum(least(coalesce(h.ends_at, 'infinity'), said.at + took)
                - greatest(h.begins_at, said.at)), interval '0')
            FROM seller_chat_holidaymode h
            WHERE h.shop_id = said.shop_id AND h.begins_at < said.at + took
                AND coalesce(h.ends_at, 'infinity') > said.at
        ) AS holiday, coalesce((
            SELECT c.waived_for FROM seller_chat_replyclock c WHERE c.opened_by_id = said.id
        ), interval '0') AS waived
    ) AS still ON took > interval '24 hours'
    WHERE said.sender = 'buyer'
)
"""

COUNTS = """
, counted AS (
    SELECT shop_id, count(*) AS received,
        count(*) FILTER (WHERE verdict = 'weekend') AS weekend,
        count(*) FILTER (WHERE verdict = 'holiday') AS holiday,
        count(*) FILTER (WHERE verdict = 'holiday_mode') AS holiday_mode,
        count(*) FILTER (WHERE verdict = 'excluded') AS excluded,
        count(*) FILTER (WHERE verdict = 'deleted') AS deleted,
        count(*) FILTER (WHERE verdict = 'waived') AS waived,
        count(*) FILTER (WHERE verdict IN ('in_time', 'late', 'unanswered')) AS assessed,
        count(*) FILTER (WHERE verdict = 'in_time') AS in_time,
        count(*) FILTER (WHERE verdict = 'late') AS late,
        count(*) FILTER (WHERE verdict = 'unanswered') AS unanswered
    FROM judged GROUP BY shop_id
)
"""
COUNTED = JUDGED + COUNTS

PICKED = """
SELECT id, verdict FROM judged
WHERE verdict = ANY(%(verdicts)s) AND id > %(after)s ORDER BY id LIMIT %(limit)s
"""

ALL_COUNTED = COUNTED + "SELECT * FROM counted"  # noqa: S608 - two constants

# The columns of `counted`, in their order.
FIGURES = (
    *("received", "weekend", "holiday", "holiday_mode", "excluded", "deleted", "waived"),
    *("assessed", "in_time", "late", "unanswered"),
)


@dataclass(frozen=True)
class Span:
    """Seven days from a Monday, and which of them are free for everybody."""

    monday: date
    since: Any
    until: Any
    free_days: Sequence[date]

    def asked(self, shops: Sequence[int]) -> dict[str, Any]:
        return {
            "shops": list(shops),
            "monday": self.monday,
            "since": self.since,
            "until": self.until,
            "free_days": list(self.free_days),
        }


def free_days_of(monday: date, closures: frozenset[date]) -> list[date]:
    """The public holidays and closures of the week."""
    days = [monday + n * ONE_DAY for n in range(7)]
    return [day for day in days if day in closures or day in public_holidays(day.year)]


def messages_judged(
    span: Span, shop_id: int, verdicts: Sequence[str], *, after: int = 0, limit: int = 50
) -> list[tuple[int, str]]:
    """Ids of the shop's messages with one of these verdicts, each with its own, in turn."""
    more = {"verdicts": list(verdicts), "after": after, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(JUDGED + PICKED, span.asked([shop_id]) | more)
        return [(int(pk), str(verdict)) for pk, verdict in cursor.fetchall()]


def counts_now(span: Span, shop_id: int) -> dict[str, int]:
    """The figures of a week that is not evaluated yet, as they stand; all zero without messages."""
    with connection.cursor() as cursor:
        cursor.execute(ALL_COUNTED, span.asked([shop_id]))
        row = cursor.fetchone() or (shop_id, *(0 for _name in FIGURES))
    return dict(zip(FIGURES, map(int, row[1:]), strict=True))


def monday_before(day: date) -> date:
    return day - timedelta(days=day.weekday())
