"""Brings the database up to date: schema, reference data and, on request, the demo.

One process does all three, since each start of Django costs a second. Safe to repeat at any time.
"""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "Migrations, then reference data; with --demo the demo data too (once)."
    # The tables that other checks look into are made here.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="play the demo data once")

    def handle(self, *args: Any, **options: Any) -> None:
        self._say("database: migrations")
        call_command("migrate", interactive=False, verbosity=options["verbosity"])
        self._say("database: reference data")
        call_command("load_reference_data")
        if options["demo"]:
            self._say("database: demo data, played once through the real intake")
            call_command("play_demo")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
