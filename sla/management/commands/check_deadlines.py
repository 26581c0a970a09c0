from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from sla.services import audit_deadlines


class Command(BaseCommand):
    help = "Compare every open clock and timer with the ticket's history; exit 1 on a difference."

    def handle(self, *args: Any, **options: Any) -> None:
        found = 0
        for difference in audit_deadlines():
            self.stdout.write(str(difference))
            found += 1
        self.stdout.write(f"{found} differences")
        if found:
            sys.exit(1)
