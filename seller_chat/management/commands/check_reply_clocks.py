"""Whether every 24-hour clock follows from its messages and the shop's Holiday Mode."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from seller_chat.services.audit import audit_clocks


class Command(BaseCommand):
    help = "Compute every running reply clock anew from its history and print the differences."

    def handle(self, *args: Any, **options: Any) -> None:
        found = 0
        for line in audit_clocks():
            self.stdout.write(line)
            found += 1
        if found:
            raise CommandError(f"{found} differences")
        self.stdout.write("reply clocks: no differences")
