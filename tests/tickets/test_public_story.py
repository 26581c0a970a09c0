"""The story in the customer's words: every kind of event is either told or kept inside."""

from __future__ import annotations

import pytest

from escalation.services import report_progress, return_escalation
from people.actors import Actor
from tests.support.stages import CLOSING
from tickets.models import EventKind
from tickets.services import (
    answer_confirmation,
    answer_survey,
    ask_confirmation,
    close_ticket,
    reclassify_ticket,
    reopen_ticket,
)
from tickets.stages import stops
from tickets.story import INTERNAL, SENTENCES, Story

pytestmark = pytest.mark.django_db


def told(ticket) -> list[str]:
    return [line.text for line in Story(ticket).lines()]


def test_every_kind_of_event_was_thought_of():
    assert set(SENTENCES) | set(INTERNAL) == set(EventKind)
    assert not set(SENTENCES) & set(INTERNAL)


def test_a_life_from_complaint_to_mark(stage, customer):
    ticket = stage.monitored()
    farah, sari, ratna = stage.actor("farah"), stage.actor("sari"), Actor(customer=customer)
    report_progress(actor=farah, ticket_id=ticket.pk, report="Perangkat dilacak.")
    return_escalation(actor=farah, ticket_id=ticket.pk, reason="Akun sudah aman.")
    ask_confirmation(actor=sari, ticket_id=ticket.pk, **CLOSING)
    answer_confirmation(actor=ratna, ticket_id=ticket.pk, holds=True)
    close_ticket(actor=sari, ticket_id=ticket.pk, confirmation="confirmed", **CLOSING)
    answer_survey(actor=ratna, ticket_id=ticket.pk, score=5)
    reopen_ticket(actor=ratna, ticket_id=ticket.pk, reason="Dibobol lagi")
    assert [line.kind for line in Story(ticket).lines()] == [
        EventKind.RECEIVED,
        EventKind.CLASSIFIED,
        EventKind.HANDLED,
        EventKind.ESCALATED,
        EventKind.ACCEPTED,
        EventKind.RETURNED,
        EventKind.CONFIRMATION_ASKED,
        EventKind.CONFIRMED,
        EventKind.CLOSED,
        EventKind.SURVEYED,
        EventKind.REOPENED,
    ]
    text = " ".join(told(ticket))
    assert "Dimas" in text
    assert "Farah" not in text
    assert "Perangkat dilacak" not in text
    assert "Akun sudah aman" not in text


def test_a_change_that_leaves_the_urgency_is_not_told(stage):
    ticket = stage.classified()
    reclassify_ticket(
        actor=stage.actor("dimas"),
        ticket_id=ticket.pk,
        category="account_data_update",
        priority=ticket.priority,
        queue=ticket.queue,
        reason="lebih tepat",
    )
    assert EventKind.RECLASSIFIED not in [line.kind for line in Story(ticket).lines()]


@pytest.mark.parametrize(
    ("state", "marks"),
    [
        ("classified", ["done", "now", "", "", "", ""]),
        ("handled", ["done", "done", "now", "", "", ""]),
        ("escalated", ["done", "done", "done", "now", "", ""]),
        ("monitored", ["done", "done", "done", "done", "now", ""]),
        ("closed", ["done", "done", "done", "", "", "done"]),
    ],
)
def test_six_fixed_stops(stage, state, marks):
    ticket = stage.at(state)
    assert [stop.css for stop in stops(ticket, Story(ticket))] == marks


def test_a_reopened_ticket_is_not_closed(stage, customer):
    ticket = stage.closed()
    ticket = reopen_ticket(actor=Actor(customer=customer), ticket_id=ticket.pk, reason="belum")
    assert [stop.css for stop in stops(ticket, Story(ticket))][-1] == ""


def test_a_stop_that_was_skipped_says_so(stage):
    ticket = stage.classified()
    stage.send(ticket)
    ticket.refresh_from_db()
    assert [bool(stop.note) for stop in stops(ticket, Story(ticket))][2:] == [
        True,
        False,
        False,
        False,
    ]
