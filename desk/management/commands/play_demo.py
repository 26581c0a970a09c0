from __future__ import annotations

from random import Random
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from desk.demo.agent_cases import make_agents_cases
from desk.demo.assignment import make_assignment
from desk.demo.chat import make_talks
from desk.demo.past import PastPlayer
from desk.demo.people import make_people
from desk.demo.player import DemoPlayer, sweeps_until
from desk.demo.quality import review_lately
from desk.demo.shifts import make_shifts
from desk.demo.shops import make_shop
from helpdesk.common import clock
from tickets.models import Ticket


class Command(BaseCommand):
    help = "Make the demo people and play the labelled complaints through the real intake, once."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.TUNTAS_MODE == "production":
            raise CommandError("A production start has no demo.")
        people = make_people()
        make_shifts(clock.now())
        if Ticket.objects.exists():
            make_talks(people)
            self.stdout.write("demo: data exists, nothing to play")
            return
        # All or nothing: broken off in the middle, the next start plays it anew.
        with transaction.atomic():
            PastPlayer(self.stdout.write).play()
            count = DemoPlayer(self.stdout.write).play()
            review_lately()
            make_agents_cases(people)
            # Whatever waited is swept at its own moment: the engine is not late by being played.
            make_shop(people)
            make_talks(people)
            make_assignment(people)
            for _fired in sweeps_until(clock.now(), Random(3)):  # noqa: S311
                pass
        self.stdout.write(f"demo: {count} complaints played")
