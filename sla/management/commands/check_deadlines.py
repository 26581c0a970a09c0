from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from sla.services import audit_deadlines


class Command(BaseCommand):
    help = "Compare every open clock and timer with the ticket's history; exit 1 on a difference."

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        for count, difference in enumerate(audit_deadlines(), start=1):
            self.stdout.write(str(difference))
        self.stdout.write(f"{count} differences")
        if count:
            sys.exit(1)
