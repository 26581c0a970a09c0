from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from helpdesk.common import clock
from helpdesk.common.errors import Refusal
from seller_chat.evaluating import monday_before
from seller_chat.services import evaluate_week, judge_weeks
from sla.calendars import WIB


class Command(BaseCommand):
    help = (
        "Evaluate how shops answered their buyers in a week; the same week again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--week", type=date.fromisoformat, help="its Monday (2026-11-09); else the last one"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        this_week = monday_before(clock.now().astimezone(WIB).date())
        try:
            week = evaluate_week(options["week"] or this_week - timedelta(days=7), anew=True)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        judge_weeks()
        below = week.shops.filter(rate_bp__lt=week.target_bp).count()
        self.stdout.write(f"{week.week_start}: {week.shops.count()} shops, {below} below target")
