"""The weeks before the demonstration: agents' cases that were settled and reviewed, so that trends
have a past."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from random import Random

from desk.demo import quality
from desk.demo.player import DemoPlayer, Say
from desk.demo.script import SPAN, Plan, plans
from helpdesk.common import clock

WEEKS = 5
CASES = 6
KINDS = ("agent_transaction", "agent_bon", "agent_deposit")


class PastPlayer(DemoPlayer):
    """Plays before the script of `DemoPlayer` begins."""

    def __init__(self, say: Say) -> None:
        super().__init__(say, seed=11)

    def play(self) -> int:
        now = clock.now()
        begins = now - SPAN - timedelta(hours=4)
        script = past_plans(now, begins)
        for plan in script:
            self._at(plan.at, self._filing(plan))
        for week in range(WEEKS):
            drawn = begins - timedelta(days=7 * week + 2)
            self._at(drawn, partial(self._try, self._review, drawn, week))
        self._act_until(begins)
        return len(script)

    def _review(self, at: datetime, week: int) -> None:
        for review in quality.draw_and_fill(at, seed=week, random=self._random):
            if self._random.random() < 0.4:
                answered = at + timedelta(hours=self._random.uniform(3, 20))
                self._at(answered, partial(self._try, quality.answer, review))
                self._at(answered + timedelta(hours=5), partial(self._try, quality.settle, review))


def past_plans(now: datetime, until: datetime) -> list[Plan]:
    """Some of each week, by other people than those of today."""
    random = Random(20261101)  # noqa: S311 - a script, not a secret
    lines = [plan for plan in plans(now) if plan.line["expected"]["category"] in KINDS]
    made: list[Plan] = []
    for week in range(WEEKS):
        for _case in range(CASES):
            plan = random.choice(lines)
            number = len(made)
            made.append(
                replace(
                    plan,
                    at=until - timedelta(days=7 * week + random.uniform(2.2, 6.8)),
                    email="",
                    phone=f"+62813{50000000 + number * 41}",
                    reply_after=random.uniform(0.4, 2.5),
                    settle_after=random.uniform(25, 180),
                    # Fewer come back as the weeks go by.
                    customer_answers=random.random() < 0.15 + 0.1 * week,
                    asks_confirmation=False,
                )
            )
    return sorted(made, key=lambda plan: plan.at)
