from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import connection, models

from people.availability import Availability, Facts, Standing, standing_at


class StatusChange(models.Model):
    """Somebody at the desk became available, away or off shift; the database refuses changes.

    `until`: when being away ends by itself. `set_by` is another person where a supervisor did it.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="status_changes"
    )
    status = models.CharField(max_length=10, choices=Availability.choices)
    until = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField()
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=Availability.values), name="status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True)
                | models.Q(status=Availability.AWAY, until__gt=models.F("at")),
                name="status_away_ends_later",
            ),
        ]
        indexes = [models.Index(fields=["user", "-id"], name="status_latest")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.status}"


# One probe of an index for what was said, one for the shifts around; `u` gives the people's ids.
FACTS_JOIN = """
LEFT JOIN LATERAL (SELECT status, until, at FROM people_statuschange
                   WHERE user_id = u.id ORDER BY id DESC LIMIT 1) said ON TRUE
LEFT JOIN LATERAL (
    SELECT count(*) > 0 AS planned,
           max(starts_at) FILTER (WHERE starts_at <= n.now AND ends_at > n.now) AS began,
           max(ends_at) FILTER (WHERE starts_at <= n.now AND ends_at > n.now) AS ends,
           min(starts_at) FILTER (WHERE starts_at > n.now) AS next_begins
    FROM people_shift
    WHERE user_id = u.id AND starts_at > n.now - interval '8 days'
      AND starts_at < n.now + interval '8 days') plan ON TRUE
"""
FACTS = "said.status, said.until, said.at, plan.planned, plan.began, plan.ends, plan.next_begins"
_OF_MANY = f"""
SELECT u.id, {FACTS}
FROM (SELECT unnest(%s::bigint[]) AS id) u CROSS JOIN (SELECT %s::timestamptz AS now) n {FACTS_JOIN}
"""  # noqa: S608 - constants


def read_facts(row: Iterable[object]) -> Facts:
    """From the columns of FACTS."""
    said, *rest = row
    return Facts(said or "", *rest)  # type: ignore[arg-type]


def standings(user_ids: Iterable[int], now: datetime) -> dict[int, Standing]:
    """How each of these people stands at this instant; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_MANY, [list(user_ids), now])
        rows = cursor.fetchall()
    return {pk: standing_at(read_facts(row), now) for pk, *row in rows}
