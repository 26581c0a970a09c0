"""Whatever people do, in whatever order: the promises stay what history and policy make them."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escalation.services import (
    accept_escalation,
    decline_escalation,
    report_progress,
    request_escalation,
    return_escalation,
    verify_escalation,
)
from helpdesk.common import clock
from helpdesk.common.errors import Refusal
from people.actors import Actor
from people.models import Customer
from sla.models import Clock, Timer
from sla.services import audit_deadlines, sweep
from tests.support.stages import CLOSING, Stage, form, fresh
from tickets.models import Ticket
from tickets.services import (
    add_customer_message,
    answer_confirmation,
    ask_confirmation,
    close_ticket,
    handle_ticket,
    reclassify_ticket,
    reopen_ticket,
    reply_to_customer,
)

pytestmark = pytest.mark.django_db

LEGAL_PATHS = {
    ("received", "classified"),
    ("classified", "handled"),
    ("classified", "escalated"),
    ("handled", "escalated"),
    ("monitored", "escalated"),
    ("escalated", "monitored"),
    ("escalated", "handled"),
    ("monitored", "handled"),
    ("handled", "closed"),
    ("monitored", "closed"),
    ("closed", "handled"),
}
VERBS = (
    "handle",
    "reply",
    "reply and wait",
    "customer writes",
    "reclassify",
    "escalate",
    "ask for escalation",
    "verify",
    "decline",
    "accept",
    "progress",
    "return",
    "ask confirmation",
    "confirm",
    "dispute",
    "close",
    "reopen",
)
steps = st.lists(
    st.tuples(
        st.sampled_from(VERBS),
        st.sampled_from([0, 1, 60, 59 * 60, 2 * 3600, 7 * 3600, 26 * 3600, 80 * 3600, 9 * 86400]),
        st.booleans(),
    ),
    min_size=1,
    max_size=9,
)


class Life:
    """One ticket and everybody who touches it."""

    def __init__(self, stage: Stage, ticket: Ticket, customer: Customer) -> None:
        self.ticket, self.ratna = ticket, Actor(customer=customer)
        self.actors = {name: stage.actor(name) for name in ("dimas", "sari", "hendra", "farah")}

    def act(self, verb: str) -> None:
        pk, now = self.ticket.pk, fresh(self.ticket)
        dimas, sari = self.actors["dimas"], self.actors["sari"]
        # Whoever is in the team that has it receives it.
        team = now.team.code if now.team else ""
        by_team = {"fraud": "farah", "operations": "hendra", "supervisors": "sari"}
        receiver = self.actors[by_team.get(team, "farah")]
        waiting = now.escalations.filter(state="requested").first()
        asked = waiting.pk if waiting else 0
        priority = {"URGENT": "LOW", "LOW": "HIGH"}.get(now.priority, "URGENT")
        words: dict[str, Any] = {"category": now.category, "queue": now.queue, "reason": "Begitu."}
        acts: dict[str, Any] = {
            "handle": lambda: handle_ticket(actor=dimas, ticket_id=pk),
            "reply": lambda: reply_to_customer(actor=dimas, ticket_id=pk, body="Ya."),
            "reply and wait": lambda: reply_to_customer(
                actor=dimas, ticket_id=pk, body="Mohon foto.", wait_for_customer=True
            ),
            "customer writes": lambda: add_customer_message(
                actor=self.ratna, ticket_id=pk, body="Halo."
            ),
            "reclassify": lambda: reclassify_ticket(
                actor=sari, ticket_id=pk, priority=priority, **words
            ),
            "escalate": lambda: request_escalation(
                actor=sari, ticket_id=pk, form=form("fraud"), reason="Perlu."
            ),
            "ask for escalation": lambda: request_escalation(
                actor=dimas, ticket_id=pk, form=form("operations")
            ),
            "verify": lambda: verify_escalation(actor=sari, escalation_id=asked, reason="Ya."),
            "decline": lambda: decline_escalation(actor=sari, escalation_id=asked, reason="Tidak."),
            "accept": lambda: accept_escalation(actor=receiver, ticket_id=pk, plan="Begini."),
            "progress": lambda: report_progress(actor=receiver, ticket_id=pk, report="Begitu."),
            "return": lambda: return_escalation(actor=receiver, ticket_id=pk, reason="Selesai."),
            "ask confirmation": lambda: ask_confirmation(actor=dimas, ticket_id=pk, **CLOSING),
            "confirm": lambda: answer_confirmation(actor=self.ratna, ticket_id=pk, holds=True),
            "dispute": lambda: answer_confirmation(actor=self.ratna, ticket_id=pk, holds=False),
            "close": lambda: close_ticket(
                actor=dimas, ticket_id=pk, confirmation="confirmed", **CLOSING
            ),
            "reopen": lambda: reopen_ticket(actor=sari, ticket_id=pk, reason="Lagi."),
        }
        try:
            with transaction.atomic():
                acts[verb]()
        except Refusal:
            return


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(steps)
def test_any_sequence_keeps_the_invariants(
    stage: Stage, customer: Customer, steps: list[tuple[str, int, bool]]
) -> None:
    with transaction.atomic():
        moment = clock.now()
        with clock.at(moment):
            life = Life(stage, stage.classified(), customer)
        for verb, seconds, sweeps in steps:
            moment += timedelta(seconds=seconds)
            with clock.at(moment):
                if sweeps:
                    sweep()
                life.act(verb)
                check(life.ticket)
        with clock.at(moment + timedelta(days=40)):
            sweep()
            check(life.ticket)
        transaction.set_rollback(True)


def check(ticket: Ticket) -> None:
    clocks, after = list(ticket.clocks.all()), fresh(ticket)
    running = Counter(c.metric for c in clocks if c.state in ("running", "paused"))
    assert all(count == 1 for count in running.values()), running
    armed = Counter(
        Timer.objects.filter(subject_id=ticket.pk, state="armed").values_list("kind", flat=True)
    )
    assert all(count == 1 for count in armed.values()), armed
    owed = [c.due_at for c in clocks if c.is_open_promise]
    assert after.next_due_at == (min(owed) if owed and after.is_open else None)
    assert list(audit_deadlines()) == []
    # Never both in time and missed; every miss recorded once, and nothing is stuck.
    missed = [c for c in clocks if c.breached_at]
    assert {c.state for c in missed} <= {Clock.State.BREACHED}
    events = list(after.events.all())
    recorded = [event.data["clock"] for event in events if event.kind == "breached"]
    assert sorted(recorded) == sorted(c.pk for c in missed)
    assert not Timer.objects.exclude(last_error="").exists()
    assert not Timer.objects.filter(state="parked").exists()
    path = [(event.from_state, event.to_state) for event in events if event.from_state]
    assert set(path) <= LEGAL_PATHS
    assert all(a[1] == b[0] for a, b in pairwise(path)), path
    assert path[-1][1] == after.state
    assert after.escalations.filter(state__in=["sent", "accepted"]).count() == (
        after.state in ("escalated", "monitored")
    )
