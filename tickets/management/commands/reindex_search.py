from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tickets.services import index_marked, mark_all, marks_waiting


class Command(BaseCommand):
    help = (
        "Write the search index anew. May be stopped at any moment: what is left stays marked, and the "
        "worker or `--go-on` finishes it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--go-on", action="store_true", help="mark nothing new")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["go_on"]:
            self.stdout.write(f"{mark_all():,} tickets marked")
        waiting = marks_waiting()
        began = time.monotonic()

        def tell(done: int) -> None:
            rate = done / max(time.monotonic() - began, 0.001)
            self.stdout.write(f"{done:,} of {waiting:,} ({rate:,.0f}/s)", ending="\r")
            self.stdout.flush()

        done = index_marked(most=waiting, tell=tell)
        self.stdout.write(f"{done:,} entries written in {time.monotonic() - began:.0f} s")
