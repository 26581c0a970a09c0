"""One import: rows in batches, each batch one transaction; what is there already is left alone.

Whatever kills it costs the batch in hand: the same command again goes on with the first row that is not
stored yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from django.db import DatabaseError, transaction

from helpdesk.common import clock
from helpdesk.common.alone import alone, still_alone
from helpdesk.common.errors import Conflict, Refusal
from helpdesk.common.wording import gettext as _
from people.models import Team, User
from tickets.catalogue import categories
from tickets.models import ImportedTicket, Ticket
from tickets.moving.checking import Checked
from tickets.moving.entry import Entry, Trouble, Troubles
from tickets.moving.files import Row, Unreadable
from tickets.moving.origins import Origin
from tickets.moving.people import People
from tickets.moving.words import Words
from tickets.services.importing import Importer
from tickets.states import State

BATCH = 200
LOCK = 7_308_261


@dataclass
class Tally:
    """What became of the rows. `late`: open tickets that arrive past a deadline."""

    read: int = 0
    made: int = 0
    open: int = 0
    late: int = 0
    there: int = 0
    left_out: int = 0
    wrong: int = 0
    warned: int = 0
    done: int = 0  # bytes of the file


@dataclass
class Import:
    """How rows of one origin become tickets of one `source`."""

    source: str
    origin: Origin
    words: Words
    zone: tzinfo
    people: People = field(default_factory=People)
    dry_run: bool = False
    report: Callable[[Trouble], None] = lambda trouble: None
    tell: Callable[[Tally], None] = lambda tally: None

    def __post_init__(self) -> None:
        self.tally = Tally()
        self._seen: set[str] = set()

    def run(self, rows: Iterator[Row]) -> Tally:
        """All rows. Raises Conflict while another import runs, Unreadable where the file breaks off."""
        with alone(LOCK) as mine:
            if not mine:
                raise Conflict(_("Another import is running."), code="import_running")
            now = clock.now()
            self._importer = Importer(self.source, staff_by_word(), now)
            self._queues = {"general", *Team.objects.values_list("code", flat=True)}
            unreadable = None
            while batch := _next(rows):
                rows_read, unreadable = batch
                still_alone()
                self._batch(rows_read, now)
                self.tell(self.tally)
                if unreadable:
                    raise unreadable
        return self.tally

    def _batch(self, rows: Sequence[Row], now: datetime) -> None:
        entries = [entry for row in rows if (entry := self._entry(row, now))]
        keys = [entry.external_id for entry in entries]
        known = ImportedTicket.objects.filter(source=self.source, external_id__in=keys)
        there = set(known.values_list("external_id", flat=True))
        new = [entry for entry in entries if entry.external_id not in there]
        self.tally.there += len(entries) - len(new)
        for entry in new:
            self._look_up(entry)
        try:
            self._store(new)
        except (Refusal, DatabaseError):
            # Something about one of them: each by itself, so that one row costs no other.
            for entry in new:
                self._store_one(entry)
        if rows:
            self.tally.done = rows[-1].done

    def _entry(self, row: Row, now: datetime) -> Entry | None:
        self.tally.read += 1
        troubles = Troubles(row.number)
        if row.values is None:
            troubles.error("", "malformed", _("This row cannot be read."))
            return self._settled(None, troubles)
        shape = self.origin(self._renamed(row.values), self.people)
        entry = Checked(shape, self.words, self.zone, now, troubles).entry()
        if entry is not None:
            self._check_known(entry, troubles)
            if entry.external_id in self._seen:
                troubles.warn("external_id", "repeated", _("This was given twice."))
            self._seen.add(entry.external_id)
        return self._settled(entry, troubles)

    def _renamed(self, values: dict[str, Any]) -> dict[str, Any]:
        columns = self.words.tables.get("columns", {})
        return {columns.get(name.lower(), name): value for name, value in values.items()}

    def _check_known(self, entry: Entry, troubles: Troubles) -> None:
        if entry.category and entry.category not in categories():
            troubles.error("category", "unknown_category", _("Unknown category."))
        if entry.queue and entry.queue not in self._queues:
            troubles.error("queue", "unknown_team", _("Unknown team."))

    def _settled(self, entry: Entry | None, troubles: Troubles) -> Entry | None:
        for trouble in troubles.found:
            self._report(trouble)
        if troubles.fatal():
            self.tally.wrong += 1
            return None
        self.tally.left_out += entry is None
        return entry

    def _look_up(self, entry: Entry) -> None:
        """An assignee whom nobody knows here costs the assignment, not the ticket."""
        if entry.assignee and self._importer.person(entry.assignee) is None:
            troubles = Troubles(entry.row, entry.external_id)
            message = _("Nobody at the desk has this address or name: the ticket comes unassigned.")
            troubles.warn("assignee", "unknown_person", message)
            self._report(troubles.found[0])

    def _store(self, entries: Sequence[Entry]) -> None:
        if not entries:
            return
        with transaction.atomic():
            made = self._importer.bring_in(entries)
            opened = [ticket.pk for ticket in made if ticket.state != State.CLOSED]
            late = Ticket.objects.filter(pk__in=opened, next_due_at__lt=self._importer.at)
            late_ones = late.count() if opened else 0
            transaction.set_rollback(self.dry_run)
        self.tally.made += len(made)
        self.tally.open += len(opened)
        self.tally.late += late_ones

    def _store_one(self, entry: Entry) -> None:
        try:
            self._store([entry])
        except Refusal as refusal:
            troubles = Troubles(entry.row, entry.external_id)
            fields = refusal.fields or {"": refusal.message}
            for name, message in fields.items():
                troubles.error(name, refusal.code, message)
            self._settled(None, troubles)
        except DatabaseError:
            known = ImportedTicket.objects.filter(source=self.source)
            if known.filter(external_id=entry.external_id).exists():
                self.tally.there += 1
                return
            troubles = Troubles(entry.row, entry.external_id)
            troubles.error("", "not_stored", _("The database refuses this row."))
            self._settled(None, troubles)

    def _report(self, trouble: Trouble) -> None:
        self.tally.warned += trouble.severity == "warning"
        self.report(trouble)


def _next(rows: Iterator[Row]) -> tuple[list[Row], Unreadable | None] | None:
    """The next batch, and what broke the file off behind it; None at the end."""
    found: list[Row] = []
    try:
        for row in rows:
            found.append(row)
            if len(found) == BATCH:
                return found, None
    except Unreadable as unreadable:
        return found, unreadable
    return (found, None) if found else None


def staff_by_word() -> dict[str, User]:
    """People at the desk by address, and by name where only one of them has it."""
    staff = [user for user in User.objects.filter(is_active=True) if user.works_at_desk]
    names = [user.full_name.strip().lower() for user in staff]
    by_name = {
        name: user for name, user in zip(names, staff, strict=True) if names.count(name) == 1
    }
    return by_name | {user.email: user for user in staff}
