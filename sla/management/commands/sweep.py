from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from sla.services import sweep


class Command(BaseCommand):
    help = "Fire every due timer once; with --every N go on sweeping each N seconds."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=float, default=0)

    def handle(self, *args: Any, **options: Any) -> None:
        while True:
            report = sweep()
            self.stdout.write(f"fired {report.fired}, failed {report.failed}, skipped {report.skipped}")
            if not options["every"]:
                return
            time.sleep(options["every"])
