from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from desk.demo.people import demo_cast


class Command(BaseCommand):
    help = "Print the demonstration's logins, one per role, and the demo integrator's API token."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.TUNTAS_MODE != "demo":
            raise CommandError("Demo logins exist only in demo mode (`make run`).")
        cast = demo_cast()
        rows = [
            (row["role"], row["name"], row["email"]) for row in cast["people"] if row.get("show")
        ]
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        self.stdout.write(f"Demo logins (password of all: {cast['password']})")
        for row in rows:
            self.stdout.write(
                "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            )
        self.stdout.write(f"API token (demo integrator): {cast['token']}")
