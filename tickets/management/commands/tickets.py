from __future__ import annotations

import csv
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet

from helpdesk.common.errors import Refusal
from helpdesk.common.wording import LANGUAGES, said_in
from tickets.models import Ticket
from tickets.moving.entry import Trouble
from tickets.moving.export import write_tickets
from tickets.moving.files import Unreadable, read_rows
from tickets.moving.origins import ORIGINS
from tickets.moving.people import People
from tickets.moving.run import Import, Tally
from tickets.moving.times import instant_of
from tickets.moving.words import words_for
from tickets.states import Priority, State

BAR = 30
EVERY = 2_000


class Command(BaseCommand):
    help = "Bring tickets in from another helpdesk, and write ours out. See docs/migration.md."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        bring = verbs.add_parser("import", help="tickets of CSV, JSON or JSON lines")
        bring.add_argument("file", type=Path)
        bring.add_argument("--from", dest="origin", choices=sorted(ORIGINS), default="tuntas")
        bring.add_argument(
            "--source", help="name of the system; a row of it comes in once (--from)"
        )
        bring.add_argument("--people", type=Path, help="its users, where tickets name ids alone")
        bring.add_argument(
            "--words", type=Path, help="JSON: its states, priorities, people … in ours"
        )
        bring.add_argument("--zone", default="Asia/Jakarta", help="of times that name none")
        bring.add_argument("--report", type=Path, help="CSV of what is wrong (FILE.report.csv)")
        bring.add_argument("--dry-run", action="store_true", help="do it all, keep nothing")
        export = verbs.add_parser("export", help="tickets as JSON lines or CSV")
        export.add_argument("--output", default="-", help="a file; - for standard output")
        export.add_argument("--format", choices=("jsonl", "csv"), default="jsonl")
        export.add_argument("--state", nargs="*", choices=State.values, default=[])
        export.add_argument("--priority", nargs="*", choices=Priority.values, default=[])
        export.add_argument("--category", nargs="*", default=[])
        export.add_argument("--team", nargs="*", default=[], help="codes")
        export.add_argument("--source", help="only what was imported under this name")
        export.add_argument("--received-from", help="instant, inclusive")
        export.add_argument("--received-before", help="instant, exclusive")
        export.add_argument("--zone", default="Asia/Jakarta")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._import(options) if options["verb"] == "import" else self._export(options)
        except (Refusal, Unreadable) as error:
            raise CommandError(said_in(error.message, "en")) from error

    # --- import ---------------------------------------------------------------------------------------
    def _import(self, options: dict[str, Any]) -> None:
        file: Path = options["file"]
        report = options["report"] or file.with_name(f"{file.name}.report.csv")
        work = Import(
            source=(options["source"] or options["origin"])[:40],
            origin=ORIGINS[options["origin"]],
            words=words_for(options["origin"], options["words"]),
            zone=_zone(options["zone"]),
            people=People.from_file(options["people"]),
            dry_run=options["dry_run"],
        )
        size = max(file.stat().st_size, 1) if file.exists() else 1
        work.tell = _Progress(self.stderr, size)
        with _reporting(report) as work.report:
            try:
                work.run(read_rows(file))
            except KeyboardInterrupt:
                self._sum_up(work, report)
                raise CommandError("Stopped. The same command goes on from here.") from None
            except Unreadable:
                self._sum_up(work, report)
                raise
        self._sum_up(work, report)
        if work.tally.wrong:
            raise CommandError(f"{work.tally.wrong} row(s) were left out, see {report}")

    def _sum_up(self, work: Import, report: Path) -> None:
        tally, verb = work.tally, "would come in" if work.dry_run else "came in"
        self.stderr.write("")
        self.stdout.write(f"{tally.read:,} rows read, {tally.made:,} tickets {verb}")
        self.stdout.write(f"{tally.open:,} of them open, {tally.late:,} past a deadline already")
        self.stdout.write(
            f"{tally.there:,} were there before, {tally.left_out:,} left out by state"
        )
        if tally.wrong or tally.warned:
            self.stdout.write(f"{tally.wrong:,} wrong, {tally.warned:,} warnings: {report}")

    # --- export ---------------------------------------------------------------------------------------
    def _export(self, options: dict[str, Any]) -> None:
        tickets, count = _chosen(options), 0
        with _target(options["output"], self.stdout) as target:
            for count in write_tickets(tickets, target, form=options["format"]):
                if count % EVERY == 0:
                    self.stderr.write(f"{count:,} tickets")
        self.stderr.write(f"{count:,} tickets written")


class _Progress:
    """A bar on a terminal; a line now and then in a log."""

    def __init__(self, stream: Any, size: int) -> None:
        self._stream, self._size = stream, size
        self._began, self._told = time.monotonic(), 0
        self._live = bool(getattr(stream, "isatty", bool)())

    def __call__(self, tally: Tally) -> None:
        if not self._live and tally.read - self._told < EVERY:
            return
        self._told = tally.read
        share = min(tally.done / self._size, 1)
        rate = tally.read / max(time.monotonic() - self._began, 0.001)
        full = round(share * BAR)
        line = f"[{'#' * full}{'.' * (BAR - full)}] {share:4.0%} {tally.read:,} rows, {rate:,.0f}/s"
        self._stream.write(line, ending="\r" if self._live else "\n")
        self._stream.flush()


@contextmanager
def _reporting(path: Path) -> Iterator[Any]:
    """What writes a trouble into the file, which appears with the first one."""
    languages = [f"message_{language}" for language in LANGUAGES]
    columns = ["row", "external_id", "severity", "field", "code", *languages]
    opened: list[IO[str]] = []

    def report(trouble: Trouble) -> None:
        if not opened:
            opened.append(path.open("w", encoding="utf-8", newline=""))
            csv.writer(opened[0], lineterminator="\n").writerow(columns)
        words = [said_in(trouble.message, language) for language in LANGUAGES]
        row = [trouble.row, trouble.external_id, trouble.severity, trouble.field, trouble.code]
        csv.writer(opened[0], lineterminator="\n").writerow([*row, *words])

    path.unlink(missing_ok=True)
    try:
        yield report
    finally:
        for file in opened:
            file.close()


@contextmanager
def _target(name: str, stdout: Any) -> Iterator[Any]:
    if name == "-":
        yield stdout
        return
    with Path(name).open("w", encoding="utf-8", newline="") as file:
        yield file


def _chosen(options: dict[str, Any]) -> QuerySet[Ticket]:
    zone = _zone(options["zone"])
    wanted: dict[str, Any] = {
        "state__in": options["state"],
        "priority__in": options["priority"],
        "category__in": options["category"],
        "team__code__in": options["team"],
        "imported__source": options["source"],
        "received_at__gte": _instant(options["received_from"], zone),
        "received_at__lt": _instant(options["received_before"], zone),
    }
    return Ticket.objects.filter(**{name: value for name, value in wanted.items() if value})


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise CommandError(f"no such time zone: {name}") from error


def _instant(text: str | None, zone: ZoneInfo) -> datetime | None:
    at = instant_of(text, zone) if text else None
    if text and at is None:
        raise CommandError(f"no instant: {text}")
    return at
