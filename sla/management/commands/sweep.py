from __future__ import annotations

import logging
import signal
import threading
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection

from sla.services import SweepReport, sweep
from sla.services.sweep import LEASE

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Fire all that is due. With --every N go on, each N seconds by this process's own counting:"
        " a second heart beside Celery's, for which no broker, beat or wall clock is needed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=float, default=0, help="seconds between two sweeps")
        parser.add_argument(
            "--lease",
            type=float,
            default=LEASE.total_seconds(),
            help="seconds after which another sweep takes over a dead one's batch",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        lease = timedelta(seconds=options["lease"])
        if options["every"]:
            self._go_on(options["every"], lease)
            return
        while self._tell(sweep(lease=lease)).seen:
            pass

    def _go_on(self, every: float, lease: timedelta) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_signal: stop.set())
        while not stop.is_set():
            try:
                report = sweep(lease=lease)
            except DatabaseError:
                # The database is away: what is due waits there, and so do we.
                log.exception("no sweep")
                connection.close()
            else:
                if report.seen:
                    self._tell(report)
            stop.wait(every)

    def _tell(self, report: SweepReport) -> SweepReport:
        self.stdout.write(f"fired {report.fired}, failed {report.failed}, skipped {report.skipped}")
        return report
