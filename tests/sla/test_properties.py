"""Whatever people do, in whatever order: the promises stay what history and policy make them."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise, zip_longest
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
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
from helpdesk.common.versioned import forget_cached_rules
from people.actors import Actor
from people.models import Customer
from people.services.reference import read_fixture
from sla.models import Clock, SlaPolicy, Timer
from sla.rules import DAYS
from sla.services import audit_deadlines, clock_log, sweep
from sla.services.applying import prepare_application, start_application
from sla.services.moves import moves_of
from sla.services.policy_work import work_on_policies
from tests.support.stages import CLOSING, Stage, form, fresh
from tickets.models import Ticket
from tickets.services import (
    add_customer_message,
    answer_confirmation,
    ask_confirmation,
    close_ticket,
    handle_ticket,
    hold_ticket,
    mark_no_reply_needed,
    mark_reply_needed,
    merge_into,
    pull_forward,
    reclassify_ticket,
    release_ticket,
    reopen_ticket,
    reply_to_customer,
    undo_merge,
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
    ("classified", "closed"),
    ("closed", "classified"),
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
    "thank",
    "leave",
    "insist",
    "hold",
    "release",
    "pull forward",
    "merge",
    "undo merge",
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
# A team has it; too long a way for chance alone.
AT_WORK = [("reply", 60, False), ("escalate", 0, False), ("accept", 60, False)]
# Moments at which calendars turn: year's end, midnight in Jakarta, holidays, clocks put back.
EDGES = [
    datetime(2026, 12, 31, 16, 30, tzinfo=UTC),
    datetime(2026, 11, 6, 9, 58, tzinfo=UTC),
    datetime(2026, 8, 14, 16, 59, 59, tzinfo=UTC),
    datetime(2027, 3, 8, 2, 0, tzinfo=UTC),
    datetime(2026, 10, 31, 20, 0, tzinfo=UTC),
    datetime(2028, 2, 28, 17, 0, tzinfo=UTC),
]
BLOCKS = [
    [["00:00", "24:00"]],
    [["08:00", "12:00"], ["13:00", "17:00"]],
    [["09:00", "21:00"]],
    [["22:00", "24:00"]],
]


@st.composite
def policies(draw: st.DrawFn) -> dict[str, Any]:
    """The shipped policy, with any calendar, pauses and warnings for any of its targets."""
    body = read_fixture("sla_policy.json")
    days = draw(st.sets(st.sampled_from(DAYS), min_size=1))
    body["calendars"]["any"] = {
        "zone": draw(st.sampled_from(["Asia/Jakarta", "Asia/Jayapura", "America/New_York"])),
        "week": {day: draw(st.sampled_from(BLOCKS)) for day in sorted(days)},
        "holidays": draw(st.booleans()),
    }
    for target in body["targets"]:
        if draw(st.booleans()):
            target["calendar"] = "any"
        if draw(st.booleans()):
            target["warn"] = draw(st.sampled_from([[], [25], [60, 80], [10, 50, 90]]))
    body["pauses"]["resolution"] = draw(st.sampled_from([[], ["customer"], ["customer", "hold"]]))
    body["pauses"]["next_update"] = draw(st.sampled_from([[], ["hold"], ["customer"]]))
    body["pauses"]["acceptance"] = draw(st.sampled_from([[], ["hold"]]))
    body["receiving"] = draw(
        st.sampled_from([{}, body["receiving"], {"operations": "fraud_response"}])
    )
    body["after_acceptance"] = draw(
        st.sampled_from([{}, body["after_acceptance"], {"fraud": "mediation_decision"}])
    )
    return body


changes = st.one_of(st.none(), st.none(), st.tuples(policies(), st.booleans()))


class Life:
    """One ticket and everybody who touches it."""

    def __init__(self, stage: Stage, ticket: Ticket, customer: Customer) -> None:
        self.ticket, self.ratna = ticket, Actor(customer=customer)
        self.other = stage.classified()
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
                actor=dimas, ticket_id=pk, form=form("operations"), reason="Perlu."
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
            "thank": lambda: add_customer_message(actor=self.ratna, ticket_id=pk, body="Makasih."),
            "leave": lambda: mark_no_reply_needed(actor=dimas, ticket_id=pk),
            "insist": lambda: mark_reply_needed(actor=self.ratna, ticket_id=pk),
            "hold": lambda: hold_ticket(
                actor=sari, ticket_id=pk, reason="r", until=clock.now() + timedelta(days=2)
            ),
            "release": lambda: release_ticket(actor=sari, ticket_id=pk),
            "pull forward": lambda: pull_forward(actor=sari, ticket_id=pk, reason="r"),
            "merge": lambda: merge_into(actor=sari, ticket_id=pk, number=self.other.number),
            "undo merge": lambda: undo_merge(actor=dimas, ticket_id=pk),
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
@given(steps, policies(), st.sampled_from(EDGES), st.lists(changes, max_size=6))
@example(
    steps=[*AT_WORK, ("reply and wait", 60, False), ("customer writes", 60, False)],
    policy=read_fixture("sla_policy.json"),
    moment=EDGES[0],
    versions=[],
)
@example(
    steps=[*AT_WORK, ("customer writes", 60, False), ("leave", 60, False), ("return", 60, True)],
    policy=read_fixture("sla_policy.json"),
    moment=EDGES[1],
    versions=[],
)
@example(
    steps=[("reply", 60, False), ("hold", 26 * 3600, False), ("release", 3600, False)],
    policy=read_fixture("sla_policy.json"),
    moment=EDGES[2],
    versions=[],
)
def test_any_sequence_keeps_the_invariants(
    stage: Stage,
    customer: Customer,
    steps: list[tuple[str, int, bool]],
    policy: dict[str, Any],
    moment: datetime,
    versions: list[tuple[dict[str, Any], bool] | None],
) -> None:
    """Versions are published in between, and some of them applied to what runs."""
    with transaction.atomic():
        with clock.at(moment):
            SlaPolicy.publish(policy)
            life = Life(stage, stage.classified(), customer)
        for (verb, seconds, sweeps), change in zip_longest(steps, versions[: len(steps)]):
            moment += timedelta(seconds=seconds)
            with clock.at(moment):
                if sweeps:
                    sweep()
                life.act(verb)
                check(life.ticket)
                if change is not None:
                    publish_and_apply(life, *change)
                    check(life.ticket)
        with clock.at(moment + timedelta(days=40)):
            sweep()
            check(life.ticket)
        transaction.set_rollback(True)
    forget_cached_rules()


def publish_and_apply(life: Life, body: dict[str, Any], applies: bool) -> None:
    """What was foretold of each clock is what becomes of it."""
    version = SlaPolicy.publish(body)
    if not applies:
        return
    now, sari = clock.now(), life.actors["sari"]
    foretold = list(moves_of([fresh(life.ticket)], version, now))
    job = prepare_application(actor=sari, version=version.version)
    work_on_policies()
    start_application(actor=sari, pk=job.pk)
    work_on_policies()
    job.refresh_from_db()
    assert (job.state, job.skipped) == ("done", 0)
    assert job.moved == sum(row["earlier"] + row["later"] for row in job.preview["rows"])
    left = {clock.pk: clock for clock in Clock.objects.filter(ticket=life.ticket)}
    for move in foretold:
        after = left[move.clock.pk]
        assert after.policy_id == version.pk
        assert after.due_at == move.after
        if move.stands:
            late = move.after < now and move.clock.state == Clock.State.RUNNING
            assert after.state == ("breached" if late else "paused")
        else:
            assert after.state == "running"
    sweep()
    for move in foretold:
        if move.at_once:
            left[move.clock.pk].refresh_from_db()
            assert left[move.clock.pk].state == "breached"


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
    for one in clocks:
        assert clock_log.differences(one, one.log.all()) == []
        fired = [line.level for line in one.log.all() if line.level is not None]
        assert fired == sorted(set(fired)), "each level once, in order"
    assert not Timer.objects.exclude(last_error="").exists()
    assert not Timer.objects.filter(state="parked").exists()
    path = [(event.from_state, event.to_state) for event in events if event.from_state]
    assert set(path) <= LEGAL_PATHS
    assert all(a[1] == b[0] for a, b in pairwise(path)), path
    assert path[-1][1] == after.state
    assert after.escalations.filter(state__in=["sent", "accepted"]).count() == (
        after.state in ("escalated", "monitored")
    )
