"""Internal notes."""

from __future__ import annotations

import pytest

from helpdesk.common.errors import NotAllowed
from tests.support.stages import Stage, fresh
from tickets.models import OutgoingMail
from tickets.selectors import conversation
from tickets.services import add_internal_note

pytestmark = pytest.mark.django_db

CANARY = "kenari-internal-7719"


def test_it_is_kept_for_the_desk_alone(stage: Stage) -> None:
    ticket = stage.escalated(to="legal")
    mails = OutgoingMail.objects.count()
    add_internal_note(actor=stage.actor("leo"), ticket_id=ticket.pk, body=CANARY)
    assert CANARY in [m.body for m in conversation(ticket, internal=True)]
    assert CANARY not in [m.body for m in conversation(ticket, internal=False)]
    assert OutgoingMail.objects.count() == mails
    event = fresh(ticket).events.last()
    assert (event.kind, CANARY in str(event.data)) == ("noted", False)


def test_it_leaves_the_version_so_that_it_conflicts_with_nobody(stage: Stage) -> None:
    ticket = stage.handled()
    add_internal_note(actor=stage.actor("dimas"), ticket_id=ticket.pk, body="Catatan.")
    assert fresh(ticket).version == ticket.version


def test_it_is_possible_on_a_closed_ticket(stage: Stage) -> None:
    assert add_internal_note(
        actor=stage.actor("dimas"), ticket_id=stage.closed().pk, body="Catatan."
    )


def test_who_was_alerted_may_add_what_they_know(stage: Stage) -> None:
    assert add_internal_note(
        actor=stage.actor("farah"), ticket_id=stage.classified().pk, body="Pola sama."
    )


@pytest.mark.parametrize("name", ["ayu", "leo", "ratna", "admin", "sistem"])
def test_those_who_do_not_see_or_work_the_ticket_are_refused(stage: Stage, name: str) -> None:
    ticket = stage.handled()
    with pytest.raises(NotAllowed):
        add_internal_note(actor=stage.actor(name), ticket_id=ticket.pk, body="Catatan.")


def test_the_same_submission_is_one_note(stage: Stage) -> None:
    ticket = stage.handled()
    for _time in range(2):
        add_internal_note(
            actor=stage.actor("dimas"), ticket_id=ticket.pk, body="Sekali.", submission_key="n1"
        )
    assert ticket.messages.filter(kind="note").count() == 1
