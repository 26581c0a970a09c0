from __future__ import annotations

import time
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from sla.services import sweep
from sla.services.sweep import LEASE


class Command(BaseCommand):
    help = "Fire all that is due; with --every N go on sweeping each N seconds."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=float, default=0, help="seconds between two sweeps")
        parser.add_argument(
            "--lease",
            type=float,
            default=LEASE.total_seconds(),
            help="seconds after which another sweep takes over a dead one's batch",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        while True:
            report = sweep(lease=timedelta(seconds=options["lease"]))
            self.stdout.write(
                f"fired {report.fired}, failed {report.failed}, skipped {report.skipped}"
            )
            if options["every"]:
                time.sleep(options["every"])
            elif not report.seen:
                return
