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
    armed = Timer.objects.filter(subject_id=ticket.pk, state="armed", kind="sla.next_update")
    before = armed.get()
    words = {"category": after.category, "queue": after.queue, "reason": "Mendesak."}
    reclassify_ticket(actor=sari, ticket_id=ticket.pk, priority="MEDIUM", **words)
    assert armed.get().urgency == 2
    # The deadline stands, and so does since when the engine has known of it.
    assert (armed.get().pk, armed.get().armed_at) == (before.pk, before.armed_at)
    assert list(audit_deadlines()) == []
    armed.update(urgency=3)
    assert ["urgency" in found.what for found in audit_deadlines()] == [True]


def test_a_parked_timer_of_a_promise_that_is_kept_since_waits_no_more(stage: Stage) -> None:
    ticket = stage.handled()
    parked = Timer.objects.filter(subject_id=ticket.pk, kind="sla.first_response", state="armed")
    pk = parked.get().pk
    parked.update(state="parked")
    reply_to_customer(actor=stage.actor("sari"), ticket_id=ticket.pk, body="Kami cek.")
    assert Timer.objects.get(pk=pk).state == "cancelled"
