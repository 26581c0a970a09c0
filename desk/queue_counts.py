"""How many tickets the views of the queue hold: from counters where they know, else up to a limit."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet

from helpdesk.common import prepared
from helpdesk.common.together import Shelf, Subselect
from people.models import User
from tickets.models import Ticket

if TYPE_CHECKING:
    from desk.queues import QueueView

COUNT_UP_TO = 1000
COUNT_MS = 150
_SHELF = Shelf()


@dataclass(frozen=True)
class Tallies:
    """Open tickets by team: all, nobody's, the reader's own, and those at risk."""

    all: dict[int, int]
    nobodys: dict[int, int]
    mine: dict[int, int]
    risk: dict[int, int]

    @classmethod
    def read(cls, open_in: dict[str, list[int]] | None, risk: dict[str, int] | None) -> Tallies:
        rows = {int(team): counts for team, counts in (open_in or {}).items()}
        parts = [{team: counts[place] or 0 for team, counts in rows.items()} for place in range(3)]
        at_risk = {int(team): n for team, n in (risk or {}).items()}
        return cls(parts[0], parts[1], parts[2], at_risk)


def of_teams(part: str, teams: Iterable[int]) -> Callable[[Tallies], int]:
    wanted = list(teams)
    return lambda tallies: sum(getattr(tallies, part).get(team, 0) for team in wanted)


def own_tally(tallies: Tallies) -> int:
    return sum(tallies.mine.values())


# What the counters know of open tickets; they are exact, and reading them costs the same however
# many tickets there are.
_TALLIES = """
SELECT
  (SELECT json_object_agg(team, json_build_array(n, nobodys, mine)) FROM (
     SELECT coalesce(team_id, 0) AS team, sum(n) AS n,
            sum(n) FILTER (WHERE assignee_id IS NULL) AS nobodys,
            sum(n) FILTER (WHERE assignee_id = %s) AS mine
     FROM tickets_opentally GROUP BY 1) open),
  (SELECT json_object_agg(coalesce(team_id, 0), n) FROM (
     SELECT team_id, sum(n) AS n FROM sla_risktally WHERE state <> 'closed' GROUP BY 1) risk)
"""


def counts_of(views: list[QueueView], user: User) -> dict[str, int]:
    """How many tickets each view holds, in one statement: from the counters where they tell, else
    counted up to COUNT_UP_TO."""
    statement = _TALLIES
    params: list[Any] = [user.pk]
    counted = [view for view in views if view.tally is None]
    for view in counted:
        part = _limited(view)
        if not part.sql:  # a filter that nothing can meet, as 'of no team'
            statement += ", 0"
            continue
        statement += f", (SELECT count(*) FROM ({part.sql}) AS rows)"  # noqa: S608 - our own
        params += part.params
    with connection.cursor() as cursor:
        prepared.execute(cursor, statement, params)
        open_in, risk_in, *row = cursor.fetchone()
    tallies = Tallies.read(open_in, risk_in)
    counts = {view.code: view.tally(tallies) for view in views if view.tally is not None}
    return counts | {view.code: count for view, count in zip(counted, row, strict=True)}


def _limited(view: QueueView) -> Subselect:
    if view.key is None:
        return Subselect(_up_to(view.tickets))
    key = (view.code, view.key)
    return _SHELF.parts(key, lambda now: {"": _up_to(view.holds(now))}, view.now)[""]


def _up_to(tickets: QuerySet[Ticket]) -> QuerySet[Ticket, Any]:
    return tickets.order_by().values("pk")[:COUNT_UP_TO]


def quick_counts(views: list[QueueView], user: User) -> dict[str, int]:
    """Of each view that is counted within COUNT_MS; what people filter by need not have an index."""
    counted: dict[str, int] = {}
    for view in views:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = %s", [COUNT_MS])
                counted |= counts_of([view], user)
        except OperationalError:  # cancelled: the number is left out
            continue
    return counted
