"""A timer is claimed by the urgency that its ticket has now."""

from __future__ import annotations

import pytest

from sla.models import Timer
from sla.services import audit_deadlines
from tests.support.stages import Stage, fresh
from tickets.services import reclassify_ticket, reply_to_customer

pytestmark = pytest.mark.django_db


def test_a_changed_priority_changes_the_place_in_the_backlog(stage: Stage) -> None:
    ticket = stage.handled()
    sari = stage.actor("sari")
    reply_to_customer(actor=sari, ticket_id=ticket.pk, body="Kami cek.")
    after = fresh(ticket)
    words = {"category": after.category, "queue": after.queue, "reason": "Mendesak."}
    reclassify_ticket(actor=sari, ticket_id=ticket.pk, priority="MEDIUM", **words)
    armed = Timer.objects.filter(subject_id=ticket.pk, state="armed", kind="sla.next_update")
    assert armed.get().urgency == 2
    assert list(audit_deadlines()) == []
    armed.update(urgency=3)
    assert ["urgency" in found.what for found in audit_deadlines()] == [True]
