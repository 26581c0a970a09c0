"""Hot paths: how many statements they cost (pinned, so that a loop with a query is noticed)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpdesk.common import clock
from sla.models import Timer
from sla.services import sweep
from tests.support.stages import Stage
from tickets.models import Ticket
from tickets.services import reply_to_customer

pytestmark = pytest.mark.django_db


@contextmanager
def at_most(limit: int) -> Iterator[None]:
    """Savepoints are not counted: they stand for the BEGIN and COMMIT of real life."""
    with CaptureQueriesContext(connection) as seen:
        yield
    sent = [query["sql"] for query in seen.captured_queries if "SAVEPOINT" not in query["sql"]]
    assert len(sent) <= limit, "\n".join(statement[:120] for statement in sent)


def test_receiving_an_urgent_complaint(file_ticket: Callable[..., Ticket]) -> None:
    file_ticket()
    with at_most(22):  # one of them looks, once in a while, for a newer policy
        file_ticket()


def test_one_missed_deadline(stage: Stage) -> None:
    """Recorded, escalated with its form, three teams of people told, new promise begun."""
    ticket = stage.handled()
    sweep()
    with clock.at(ticket.received_at + timedelta(hours=2, seconds=1)), at_most(29 + SWEEP):
        assert sweep(limit=1).fired == 1


def test_one_warning(stage: Stage) -> None:
    ticket = stage.classified()
    sweep()
    with clock.at(ticket.received_at + timedelta(hours=1, seconds=1)), at_most(16 + SWEEP):
        assert sweep(limit=1).fired == 1


# Oldest timer, sign of life, those tried before, claim, the run's row; sign of life and row at the end.
SWEEP = 7


def test_a_reply_that_takes_a_ticket_on(stage: Stage) -> None:
    ticket, dimas = stage.classified(), stage.actor("dimas")
    dimas.may("reply_ticket")
    with at_most(22):
        reply_to_customer(actor=dimas, ticket_id=ticket.pk, body="Kami periksa.")


@pytest.mark.parametrize(("hours", "limit"), [(1.1, 30), (2.1, 50)])
def test_thirty_that_are_due_together_cost_hardly_more_than_one(
    stage: Stage, hours: float, limit: int
) -> None:
    """All warn, or all are missed: less than two statements for each timer."""
    tickets = [stage.classified() for _number in range(30)]
    sweep()
    with clock.at(tickets[-1].received_at + timedelta(hours=hours)), at_most(limit):
        assert sweep(limit=30).fired == 30
    assert not Timer.objects.filter(state=Timer.State.PARKED).exists()
