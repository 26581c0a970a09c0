"""History cannot be rewritten: the database itself refuses."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError

from tests.support.stages import Stage
from tickets.models import TicketEvent

pytestmark = pytest.mark.django_db

UPSERT = """
INSERT INTO tickets_ticketevent (id, ticket_id, at, kind, actor_label, from_state, to_state, data)
SELECT id, ticket_id, at, 'closed', '', '', '', '{}' FROM tickets_ticketevent
ON CONFLICT (id) DO UPDATE SET kind = 'closed'
"""


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tickets_ticketevent SET kind = 'closed'",
        "UPDATE tickets_ticketevent SET at = now() WHERE id = (SELECT min(id) FROM tickets_ticketevent)",
        "DELETE FROM tickets_ticketevent",
        UPSERT,
    ],
)
def test_sql_cannot_change_an_event(stage: Stage, statement: str) -> None:
    ticket = stage.classified()
    before = list(ticket.events.values())
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert list(ticket.events.values()) == before


def test_the_orm_cannot_either(stage: Stage) -> None:
    event = stage.classified().events.first()
    assert event
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        TicketEvent.objects.filter(pk=event.pk).update(kind="closed")
    with pytest.raises((DatabaseError, ProtectedError)), transaction.atomic():
        event.delete()


def test_a_ticket_with_history_cannot_be_deleted(stage: Stage) -> None:
    with pytest.raises(ProtectedError):
        stage.classified().delete()


@pytest.mark.parametrize(
    "change",
    [
        "state = 'lost'",
        "state = 'closed'",
        "state = 'handled', assignee_id = NULL",
        "priority = 'SOON'",
        "category = ''",
        "team_id = NULL",
        "amount_idr = -1",
        "closed_at = now()",
    ],
)
def test_a_ticket_cannot_be_brought_into_an_impossible_shape(stage: Stage, change: str) -> None:
    ticket = stage.classified()
    with (
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE tickets_ticket SET {change} WHERE id = %s", [ticket.pk])
