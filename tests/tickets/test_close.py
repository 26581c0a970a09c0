"""handled, monitored -> closed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput, WrongState
from sla.models import Timer
from sla.services import audit_deadlines, sweep
from tests.support.stages import CLOSING, Stage, form, fresh
from tickets.models import Ticket
from tickets.services import close_ticket, reply_to_customer

pytestmark = pytest.mark.django_db


def close(stage: Stage, ticket: Ticket, **changes: Any) -> Ticket:
    words = {**CLOSING, "confirmation": "confirmed", **changes}
    return fresh(close_ticket(actor=stage.actor("dimas"), ticket_id=ticket.pk, **words))


def test_it_leaves_the_closing_form_the_letter_and_the_survey_to_come(stage: Stage) -> None:
    ticket = stage.handled()
    after = close(stage, ticket, expected_version=ticket.version)
    assert after.state == "closed"
    event = after.events.last()
    assert (event.kind, event.from_state, event.at) == ("closed", "handled", after.closed_at)
    closing = after.closing_forms.get()
    assert (closing.event, closing.confirmation, closing.prepared_by) == (
        event,
        "confirmed",
        stage.actor("dimas").user,
    )
    assert after.outgoing_mails.get(template="closed").event == event


def test_every_clock_ends_and_only_the_reopen_window_runs(stage: Stage) -> None:
    ticket = stage.handled()
    reply_to_customer(actor=stage.actor("dimas"), ticket_id=ticket.pk, body="Sudah pulih.")
    after = close(stage, ticket)
    assert {c.state for c in after.clocks.all()} == {"met"}
    timer = Timer.objects.get(subject_id=ticket.pk, state="armed")
    assert (timer.kind, timer.due_at) == (
        "sla.reopen_window",
        after.closed_at + timedelta(days=7),
    )
    assert after.next_due_at is None
    assert list(audit_deadlines()) == []


def test_a_closing_letter_is_an_answer(stage: Stage) -> None:
    after = close(stage, stage.handled())
    assert after.first_response_at == after.closed_at
    assert after.clocks.get(metric="first_response").state == "met"


def test_what_was_missed_before_it_closed_is_recorded(stage: Stage) -> None:
    """The sweep had not come round yet: the verb itself finds the promise missed."""
    ticket = stage.handled()
    with clock.shifted(timedelta(hours=3)):
        after = close(stage, ticket)
    assert after.state == "closed"
    assert after.clocks.get(metric="first_response").breached_at == after.closed_at
    assert after.events.filter(kind="breached").count() == 1
    assert not after.escalations.exists()


def test_it_settles_the_escalation_and_what_was_asked(stage: Stage) -> None:
    ticket = stage.monitored()
    from escalation.services import request_escalation

    request_escalation(
        actor=stage.actor("dimas"), ticket_id=ticket.pk, form=form("legal"), reason="Hukum."
    )
    close(stage, ticket)
    assert {e.state for e in ticket.escalations.all()} == {"finished"}
    assert not Timer.objects.filter(
        subject_id=ticket.pk, state="armed", kind="escalation.follow_up"
    ).exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"root_cause": ""}, "root_cause"),
        ({"solution": "  "}, "solution"),
        ({"confirmation": ""}, "confirmation"),
        ({"confirmation": "perhaps"}, "confirmation"),
    ],
)
def test_an_incomplete_form_closes_nothing(
    stage: Stage, changes: dict[str, str], field: str
) -> None:
    ticket = stage.handled()
    with pytest.raises(InvalidInput) as refused:
        close(stage, ticket, **changes)
    assert field in refused.value.fields
    assert fresh(ticket).state == "handled"
    assert not ticket.closing_forms.exists()


def test_twice_is_the_wrong_state(stage: Stage) -> None:
    ticket = stage.closed()
    with pytest.raises(WrongState):
        close(stage, ticket)
    assert ticket.closing_forms.count() == 1


def test_an_old_version_is_a_conflict(stage: Stage) -> None:
    ticket = stage.handled()
    with pytest.raises(Conflict):
        close(stage, ticket, expected_version=ticket.version - 1)


def test_nothing_fires_on_a_closed_ticket_but_the_seal(stage: Stage) -> None:
    ticket = stage.closed()
    before = ticket.events.count()
    with clock.shifted(timedelta(days=6, hours=23)):
        assert sweep().fired == 0
    with clock.shifted(timedelta(days=7, seconds=1)):
        assert sweep().fired == 1
        assert sweep().fired == 0
    after = fresh(ticket)
    assert after.sealed_at
    assert [e.kind for e in after.events.all()][before:] == ["sealed"]
