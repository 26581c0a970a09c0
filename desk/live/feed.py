"""The append-only events in the order in which they become visible: each one, none missed.

Ids are given before a transaction commits, so a lower id may appear after a higher one. `Watermark`
knows the id below which nothing can appear any more; above it the feed reads again and leaves out
what it has read.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection

# What a feed that begins looks back over: ids given to transactions still under way.
LOOK_BACK = 5_000
# More at once than this is no list of changes but a new state: everything is drawn anew.
AT_MOST = 1_000
REMEMBERED = timedelta(minutes=10)
# Pages carry the database's time to within milliseconds; a page may have read a little before it.
MARGIN = timedelta(seconds=2)

LOOK = """
SELECT (SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM tickets_ticketevent_id_seq),
    pg_snapshot_xmin(pg_current_snapshot())::text, clock_timestamp(),
    (SELECT oid FROM pg_database WHERE datname = current_database())
"""
# Takes a number of its own: whoever is under way has a lower one. What a snapshot calls its end
# would not do: transactions beyond the last one that ended are under way, and above it.
LINE = "SELECT pg_current_xact_id()::text"
READ = "SELECT id, ticket_id, kind FROM tickets_ticketevent WHERE id > %s ORDER BY id LIMIT %s"


class Event(NamedTuple):
    id: int
    ticket_id: int
    kind: str


class Watermark:
    """`safe`: every event with this id or a lower one is visible now or never will be.

    A mark is the highest id given at one look together with a line drawn after it, below which are all
    transactions that may hold such an id; it holds when all of those have ended. Must be used outside
    a transaction.
    """

    def __init__(self) -> None:
        self.safe = 0
        self.highest = 0
        self.at: datetime | None = None
        self.database = 0  # which one: another one in its place, say from a backup, begins anew
        self._marks: deque[tuple[int, int]] = deque()

    def look(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(LOOK)
            highest, oldest_running, self.at, database = cursor.fetchone()
        if database != self.database or highest < self.highest:
            self.database, self.safe = database, max(0, highest - LOOK_BACK)
            self._marks.clear()
        elif self.highest > (self._marks[-1][0] if self._marks else self.safe):
            self._marks.append((self.highest, _line()))
        self.highest = highest
        while self._marks and self._marks[0][1] <= int(oldest_running):
            self.safe = self._marks.popleft()[0]


def _line() -> int:
    with connection.cursor() as cursor:
        cursor.execute(LINE)
        return int(cursor.fetchone()[0])


class Feed:
    """One reader's way through the events; not to be shared between threads at one time."""

    def __init__(self) -> None:
        self._mark = Watermark()
        self._read: set[int] = set()
        self._known: deque[tuple[datetime, int]] = deque()
        self._begun = False
        self.safe = 0  # everything up to this id has been read; whoever had it all goes on after it

    @property
    def highest(self) -> int:
        return self._mark.highest

    def read(self) -> list[Event]:
        """What became visible since the last call; the first call only finds the place."""
        before = (self._mark.database, self._mark.highest)
        self._mark.look()
        if not self._begun or self._mark.database != before[0] or self._mark.highest < before[1]:
            self._begin()
        fresh: list[Event] = []
        if self._mark.highest > self.safe:
            fresh = [event for event in after(self.safe, limit=None) if event.id not in self._read]
        # Only now: when the database goes away in between, the next call reads the same again.
        self.safe = self._mark.safe
        self._read.update(event.id for event in fresh)
        self._read = {number for number in self._read if number > self.safe}
        self._remember()
        begun, self._begun = self._begun, True
        return fresh if begun else []

    def at(self, moment: datetime) -> int | None:
        """The id after which a page drawn at this instant may have missed something; None: unknown."""
        found = None
        for known_at, safe in self._known:
            if known_at > moment - MARGIN:
                break
            found = safe
        return found

    def _begin(self) -> None:
        self.safe, self._read, self._begun = self._mark.safe, set(), False
        self._known.clear()

    def _remember(self) -> None:
        now = self._mark.at
        if now is None:
            return
        self._known.append((now, self.safe))
        while self._known[0][0] < now - REMEMBERED:
            self._known.popleft()


def after(number: int, *, limit: int | None) -> list[Event]:
    """Visible events with a higher id, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(READ, [number, limit])
        return [Event(*row) for row in cursor.fetchall()]
