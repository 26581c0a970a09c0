"""Plays the demonstration: real complaints through the real services, day by day, timers included.

Time stands where the script says while people act; between their acts the sweep runs at the instant
each timer comes due, so that warnings, breaches and escalations are those that really would have been.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from django.core.mail import get_connection

from desk.demo import playbooks
from desk.demo.plan_words import ANSWERS, CAUSES, CUSTOMER_REPLIES, PLANS, RETURNS, SOLUTIONS
from desk.demo.script import Plan, plans
from desk.notices import mark_read
from escalation.models import Escalation
from escalation.services import accept_escalation, return_escalation
from helpdesk.common import clock
from helpdesk.common.errors import Refusal
from people.actors import Actor, of_user
from people.models import Team, User
from people.roles import Role
from sla.models import Timer
from sla.services import sweep
from tickets.models import Ticket
from tickets.services import (
    Report,
    add_customer_message,
    ask_confirmation,
    close_ticket,
    deliver_owed_mail,
    receive_ticket,
    reply_to_customer,
)
from tickets.states import State

Act = Callable[[], None]
Say = Callable[[str], None]


def sweeps_until(moment: datetime, random: Random) -> Iterator[None]:
    """Fire what comes due up to `moment`, each at its instant; after each sweep the caller acts."""
    while True:
        due = Timer.objects.filter(state=Timer.State.ARMED, due_at__lte=moment).order_by("due_at")
        if (first := due.first()) is None:
            return
        # The sweep runs every second or two: that late a timer fires in life, so that late here.
        with clock.at(
            max(first.due_at, first.armed_at) + timedelta(seconds=random.uniform(0.1, 1.9))
        ):
            sweep()
        yield


class DemoPlayer:
    """Plays every line once. `say` gets a line of progress now and then."""

    def __init__(self, say: Say, seed: int = 7) -> None:
        self._say = say
        self._random = Random(seed)  # noqa: S311
        self._queue: list[tuple[datetime, int, Act]] = []
        self._order = itertools.count()
        self._intake = Actor(system="demo")
        self._last_escalation = 0

    def play(self) -> int:
        """Up to the present, which goes on while it is played."""
        until = clock.now()
        script = plans(until)
        for plan in script:
            self._at(plan.at, self._filing(plan))
        self._act_until(until)
        for user in User.objects.filter(is_demo=True):
            mark_read(user, until=until - timedelta(hours=3))
        nowhere = get_connection("django.core.mail.backends.dummy.EmailBackend")
        while deliver_owed_mail(limit=1_000, connection=nowhere):
            pass
        return len(script)

    def _act_until(self, until: datetime) -> None:
        done = 0
        while self._queue and self._queue[0][0] <= until:
            moment, _order, act = heapq.heappop(self._queue)
            self._sweep_until(moment)
            with clock.at(moment):
                act()
            self._notice_escalations()
            done += 1
            if done % 100 == 0:
                self._say(f"demo: {done} steps, now at {moment:%d %b %H.%M} UTC")
        self._sweep_until(until)

    def _at(self, moment: datetime, act: Act) -> None:
        heapq.heappush(self._queue, (moment, next(self._order), act))

    def _sweep_until(self, moment: datetime) -> None:
        for _fired in sweeps_until(moment, self._random):
            self._notice_escalations()

    def _notice_escalations(self) -> None:
        """Each team that got a ticket looks at it after a while; some are slow."""
        fresh = Escalation.objects.filter(pk__gt=self._last_escalation, event__isnull=False)
        for escalation in fresh.select_related("event").order_by("pk"):
            self._last_escalation = escalation.pk
            if self._random.random() < 0.8:
                after = timedelta(minutes=self._random.uniform(15, 330))
                self._at(
                    escalation.requested_at + after,
                    partial(self._try, self._receive, escalation.ticket_id),
                )

    def _filing(self, plan: Plan) -> Act:
        def act() -> None:
            line = plan.line
            receipt = receive_ticket(
                actor=self._intake,
                report=Report(
                    channel=line["channel"],
                    reporter=line["reporter"],
                    tier=line["tier"],
                    name=plan.name,
                    email=plan.email,
                    phone=plan.phone,
                    subject=line["subject"],
                    description=line["body"],
                    amount_idr=line["amount_idr"],
                    days_open=line["days_open"],
                ),
            )
            self._plan_people(receipt.ticket.pk, plan)

        return act

    def _plan_people(self, pk: int, plan: Plan) -> None:
        if plan.reply_after is not None:
            self._at(
                plan.at + timedelta(minutes=plan.reply_after),
                partial(self._try, self._reply, pk, plan),
            )
        if plan.settle_after is not None:
            start = plan.at + timedelta(minutes=(plan.reply_after or 0) + plan.settle_after)
            self._at(start, partial(self._try, self._settle, pk, plan))

    @staticmethod
    def _try(act: Callable[..., None], *args: object) -> None:
        """People try what they see; what the rules refuse by then does not happen."""
        try:
            act(*args)
        except Refusal:
            return

    def _reply(self, pk: int, plan: Plan) -> None:
        ticket = Ticket.objects.select_related("home_team", "assignee").get(pk=pk)
        waits = self._random.random() < 0.3
        reply_to_customer(
            actor=of_user(ticket.assignee or self._member(ticket.home_team)),
            ticket_id=pk,
            body=self._random.choice(ANSWERS).format(name=plan.name.split()[0]),
            wait_for_customer=waits,
        )
        if not waits and self._random.random() < 0.85:
            after = timedelta(hours=self._random.uniform(6, 23))
            self._at(clock.now() + after, partial(self._try, self._reply, pk, plan))
        self._at(clock.now() + timedelta(seconds=20), partial(self._try, self._play_playbook, pk))
        if plan.customer_answers:
            after = timedelta(minutes=self._random.uniform(10, 240))
            self._at(clock.now() + after, partial(self._try, self._customer_writes, pk))

    def _play_playbook(self, pk: int) -> None:
        if playbooks.go_on(pk):
            after = timedelta(seconds=25 + pk % 20)
            self._at(clock.now() + after, partial(self._try, self._play_playbook, pk))

    def _customer_writes(self, pk: int) -> None:
        ticket = Ticket.objects.select_related("customer").get(pk=pk)
        words = self._random.choice(CUSTOMER_REPLIES)
        add_customer_message(actor=Actor(customer=ticket.customer), ticket_id=pk, body=words)

    def _receive(self, pk: int) -> None:
        """A member of the team to which the ticket was escalated takes it, and later gives it back."""
        ticket = Ticket.objects.select_related("team").get(pk=pk)
        if ticket.state != State.ESCALATED:
            return
        accept_escalation(
            actor=of_user(self._member(ticket.team)), ticket_id=pk, plan=self._random.choice(PLANS)
        )
        if self._random.random() < 0.5:
            after = timedelta(minutes=self._random.uniform(60, 900))
            self._at(clock.now() + after, partial(self._try, self._give_back, pk))

    def _give_back(self, pk: int) -> None:
        ticket = Ticket.objects.select_related("assignee").get(pk=pk)
        if ticket.assignee is not None:
            words = self._random.choice(RETURNS)
            return_escalation(actor=of_user(ticket.assignee), ticket_id=pk, reason=words)

    def _settle(self, pk: int, plan: Plan) -> None:
        ticket = Ticket.objects.select_related("assignee").get(pk=pk)
        if ticket.assignee is None:
            return
        form: dict[str, Any] = {
            "root_cause": self._random.choice(CAUSES),
            "solution": self._random.choice(SOLUTIONS),
        }
        actor = of_user(ticket.assignee)
        if plan.asks_confirmation:
            ask_confirmation(actor=actor, ticket_id=pk, **form)
        else:
            close_ticket(actor=actor, ticket_id=pk, confirmation="confirmed", **form)

    def _member(self, team: Team | None) -> User:
        members = list(User.objects.filter(memberships__team=team).order_by("pk"))
        officers = [user for user in members if Role.OFFICER in user.roles]
        return self._random.choice(officers or members)
