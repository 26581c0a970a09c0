"""How late the engine was: from due and known to fired, of the latest timers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk.common import clock
from helpdesk.common.errors import NotAllowed
from people.actors import SWEEP
from sla import punctuality
from sla.canary import CANARY
from sla.models import ClockEvent, Timer
from sla.punctuality import lateness_since
from sla.services import sweep
from tests.support.stages import Stage
from tickets.services import reclassify_ticket

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def fired(due: float, armed: float, *, ago: float = 0) -> None:
    """A timer that fired `ago` seconds ago, due and armed so many seconds before."""
    at = clock.now() - timedelta(seconds=ago)
    Timer.objects.create(
        kind=CANARY,
        subject_type="canary",
        subject_id=1,
        state=Timer.State.FIRED,
        due_at=at - timedelta(seconds=due),
        armed_at=at - timedelta(seconds=armed),
        fired_at=at,
    )


def test_it_counts_from_when_it_was_both_due_and_known() -> None:
    fired(due=2, armed=100)
    fired(due=9000, armed=4)
    fired(due=3, armed=3)
    fired(due=500, armed=500, ago=DAY.total_seconds() + 60)
    found = lateness_since(clock.now() - DAY, actor=SWEEP)
    assert (found.count, found.median, found.worst) == (3, 3.0, 4.0)


def test_the_latest_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(punctuality, "LATEST", 2)
    for ago in (30, 20, 10):
        fired(due=ago, armed=ago, ago=ago)
    found = lateness_since(clock.now() - DAY, actor=SWEEP)
    assert (found.count, found.worst, found.is_capped) == (2, 20.0, True)


def test_none_fired_is_no_figure() -> None:
    found = lateness_since(clock.now() - DAY, actor=SWEEP)
    assert (found.count, found.median, found.p99, found.worst) == (0, None, None, None)


def test_who_may_not_look_may_not(stage: Stage) -> None:
    with pytest.raises(NotAllowed):
        lateness_since(clock.now(), actor=stage.actor("dimas"))


def test_a_priority_raised_late_is_late_for_the_customer_not_by_the_engine(stage: Stage) -> None:
    ticket = stage.handled()
    lead = stage.actor("sari")
    words = {"category": ticket.category, "queue": ticket.queue, "reason": "Diperiksa."}
    reclassify_ticket(actor=lead, ticket_id=ticket.pk, priority="LOW", **words)
    with clock.at(ticket.received_at + timedelta(hours=5)):
        sweep()
        reclassify_ticket(actor=lead, ticket_id=ticket.pk, priority="URGENT", **words)
        raised_at = clock.now()
    with clock.at(raised_at + timedelta(seconds=2)):
        sweep()
        breach = ClockEvent.objects.get(ticket=ticket, kind="breached", metric="first_response")
        assert breach.late_seconds
        assert breach.late_seconds > 2.9 * 3600
        assert lateness_since(raised_at, actor=SWEEP).worst == 2
