"""Duplicates become one ticket: who, when, what the customer reads, and how it is undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from escalation.services import request_escalation
from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, NotAllowed, Refusal, WrongState
from people.actors import Actor
from people.models import Customer
from sla.models import Clock, OutcomeTally, Timer
from sla.services import audit_deadlines, sweep
from tests.cast import FileTicket
from tests.support.stages import CLOSING, Stage, form, fresh
from tickets.models import Notice, OutgoingMail, Ticket, TicketLink
from tickets.selectors import attachments_of, conversation
from tickets.services import (
    add_customer_message,
    add_internal_note,
    answer_survey,
    ask_confirmation,
    hold_ticket,
    merge_into,
    merge_tickets,
    reopen_ticket,
    reply_to_customer,
    undo_merge,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(hours=24)


@pytest.fixture
def target(stage: Stage) -> Ticket:
    return stage.handled()


@pytest.fixture
def double(stage: Stage) -> Ticket:
    return stage.classified()


@pytest.fixture
def merged(stage: Stage, target: Ticket, double: Ticket) -> Ticket:
    merge(stage, target, double)
    return fresh(double)


def merge(stage: Stage, target: Ticket, *others: Ticket, by: str = "dimas", **more: Any) -> Ticket:
    numbers = [other.number for other in others]
    return merge_tickets(actor=stage.actor(by), ticket_id=target.pk, numbers=numbers, **more)


def row_of(ticket: Ticket) -> dict[str, Any]:
    """The ticket without what counts its changes."""
    values = Ticket.objects.filter(pk=ticket.pk).values().get()
    return {name: value for name, value in values.items() if name != "version"}


def clocks_of(ticket: Ticket) -> list[dict[str, Any]]:
    return list(Clock.objects.filter(ticket=ticket).order_by("id").values())


def timers_of(ticket: Ticket) -> list[tuple[Any, ...]]:
    armed = Timer.objects.filter(subject_type="ticket", subject_id=ticket.pk, state="armed")
    return list(armed.order_by("kind").values_list("kind", "stage", "due_at", "urgency"))


def kept() -> int:
    return sum(OutcomeTally.objects.values_list("kept", flat=True))


def test_each_is_closed_as_a_duplicate_and_both_tell_of_it(
    stage: Stage, target: Ticket, double: Ticket
) -> None:
    third = stage.handled()
    merge(stage, target, double, third, reason="Laporan yang sama.")
    for other, before in ((double, "classified"), (third, "handled")):
        assert fresh(other).state == "closed"
        event = other.events.get(kind="merged")
        assert (event.from_state, event.to_state) == (before, "closed")
        assert event.data["reason"] == "duplicate"
        assert event.data["number"] == target.number
        assert event.note.text == "Laporan yang sama."
        link = TicketLink.objects.get(from_ticket=other)
        assert (link.to_ticket, link.kind) == (target, "merged_into")
        assert link.made_by == stage.actor("dimas").user
    absorbed = target.events.get(kind="absorbed")
    assert absorbed.data == {
        "tickets": [double.pk, third.pk],
        "numbers": [double.number, third.number],
    }
    assert fresh(target).state == "handled"
    assert Notice.objects.filter(event__kind="merged").count() == 0  # Dimas did it himself


def test_its_clocks_end_neither_kept_nor_missed(
    stage: Stage, target: Ticket, double: Ticket
) -> None:
    before = kept()
    merge(stage, target, double)
    assert {clock["state"] for clock in clocks_of(double)} == {"cancelled"}
    assert timers_of(double) == []
    assert kept() == before
    assert {clock["state"] for clock in clocks_of(target)} == {"running"}
    assert fresh(double).next_due_at is None
    assert fresh(double).first_response_at is None
    assert list(audit_deadlines()) == []


def test_what_had_run_out_before_was_missed(stage: Stage, target: Ticket) -> None:
    double = stage.classified()
    with clock.shifted(timedelta(hours=3)):
        merge(stage, target, double)
        states = {clock["metric"]: clock["state"] for clock in clocks_of(double)}
        assert states == {"first_response": "breached", "resolution": "cancelled"}
        assert fresh(double).state == "closed"
        assert double.events.filter(kind="breached").count() == 1
        undo_merge(actor=stage.actor("dimas"), ticket_id=double.pk)
        assert list(audit_deadlines()) == []
        running = Clock.objects.filter(ticket=double, state="running")
        assert set(running.values_list("metric", flat=True)) == {"resolution", "next_update"}


def test_the_customer_is_told_once(stage: Stage, target: Ticket, double: Ticket) -> None:
    third = stage.classified()
    OutgoingMail.objects.all().delete()
    merge(stage, target, double, third)
    mail = OutgoingMail.objects.get()
    assert (mail.template, mail.ticket) == ("merged", target)
    assert mail.recipient == target.customer.email


def test_the_conversation_is_read_in_the_ticket_that_stays(
    stage: Stage, target: Ticket, customer: Customer, file_ticket: FileTicket
) -> None:
    evidence = SimpleUploadedFile("bukti.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 32)
    double = file_ticket(files=[evidence])
    add_customer_message(actor=Actor(customer=customer), ticket_id=double.pk, body="Tolong cepat.")
    add_internal_note(actor=stage.actor("dimas"), ticket_id=double.pk, body="Catatan kembar.")
    merge(stage, target, double)
    said = [message.body for message in conversation(target, internal=False)]
    assert said == [target.description, double.description, "Tolong cepat."]
    inside = [message.body for message in conversation(target, internal=True)]
    assert "Catatan kembar." in inside
    assert attachments_of(target, internal=False).get().name == "bukti.png"
    undo_merge(actor=stage.actor("dimas"), ticket_id=double.pk)
    assert [message.body for message in conversation(target, internal=False)] == [
        target.description
    ]
    assert conversation(double, internal=False).count() == 2


@pytest.mark.parametrize("state", ["classified", "handled", "waiting", "asked", "answered"])
def test_undoing_restores_exactly(stage: Stage, target: Ticket, state: str) -> None:
    dimas = stage.actor("dimas")
    double = stage.classified() if state == "classified" else stage.handled()
    if state in ("waiting", "answered"):
        waits = state == "waiting"
        reply_to_customer(
            actor=dimas, ticket_id=double.pk, body="Mohon fotonya.", wait_for_customer=waits
        )
    elif state == "asked":
        ask_confirmation(actor=dimas, ticket_id=double.pk, **CLOSING)
    before = row_of(double), timers_of(double), clocks_of(double)
    with clock.shifted(timedelta(minutes=10)):
        merge(stage, target, double)
    with clock.shifted(timedelta(minutes=50)):
        undo_merge(actor=dimas, ticket_id=double.pk)
        assert (row_of(double), timers_of(double), clocks_of(double)) == before
        assert list(audit_deadlines()) == []
        sweep()
        assert list(audit_deadlines()) == []
    assert TicketLink.objects.count() == 0
    undone = double.events.get(kind="unmerged")
    assert undone.data["number"] == target.number
    assert target.events.get(kind="separated").data["number"] == double.number
    assert OutgoingMail.objects.filter(template="unmerged", ticket=double).count() == 1


def test_a_deadline_that_passed_meanwhile_is_missed_by_the_next_sweep(
    stage: Stage, target: Ticket, double: Ticket
) -> None:
    due = double.next_due_at
    merge(stage, target, double)
    with clock.shifted(timedelta(hours=3)):
        sweep()
        undo_merge(actor=stage.actor("dimas"), ticket_id=double.pk)
        assert fresh(double).next_due_at == due
        sweep()
        assert double.events.filter(kind="breached").count() == 1


def test_it_can_be_merged_and_undone_again(stage: Stage, target: Ticket, double: Ticket) -> None:
    before = row_of(double), timers_of(double), clocks_of(double)
    for _round in range(3):
        merge(stage, target, double)
        undo_merge(actor=stage.actor("sari"), ticket_id=double.pk)
    assert (row_of(double), timers_of(double), clocks_of(double)) == before
    assert list(audit_deadlines()) == []


def test_after_a_day_it_stays(stage: Stage, target: Ticket, merged: Ticket) -> None:
    made = TicketLink.objects.get().made_at
    with clock.at(made + DAY + timedelta(seconds=1)), pytest.raises(WrongState) as refusal:
        undo_merge(actor=stage.actor("sari"), ticket_id=merged.pk)
    assert refusal.value.code == "undo_expired"
    with clock.at(made + DAY):
        undo_merge(actor=stage.actor("sari"), ticket_id=merged.pk)
    assert fresh(merged).is_open


def test_only_once_and_only_of_a_merged_ticket(stage: Stage, merged: Ticket) -> None:
    dimas = stage.actor("dimas")
    undo_merge(actor=dimas, ticket_id=merged.pk)
    for ticket in (merged, stage.closed()):
        with pytest.raises(WrongState) as refusal:
            undo_merge(actor=dimas, ticket_id=ticket.pk)
        assert refusal.value.code == "not_merged"


def test_a_merged_ticket_is_dealt_with_where_it_went(
    stage: Stage, target: Ticket, merged: Ticket, customer: Customer
) -> None:
    ratna, sari = Actor(customer=customer), stage.actor("sari")
    acts: list[Callable[[], Any]] = [
        lambda: add_customer_message(actor=ratna, ticket_id=merged.pk, body="Halo?"),
        lambda: reopen_ticket(actor=ratna, ticket_id=merged.pk, reason="Belum selesai."),
        lambda: reopen_ticket(actor=sari, ticket_id=merged.pk, reason="Belum selesai."),
        lambda: reply_to_customer(actor=sari, ticket_id=merged.pk, body="Halo."),
        lambda: answer_survey(actor=ratna, ticket_id=merged.pk, score=5),
    ]
    for act in acts:
        with pytest.raises(WrongState) as refusal:
            act()
        assert refusal.value.code == "merged"
        assert target.number in str(refusal.value)


def test_a_ticket_of_another_customer_is_linked_instead(
    stage: Stage, target: Ticket, other_customer: Customer
) -> None:
    stranger = stage.classified(actor=Actor(customer=other_customer))
    with pytest.raises(InvalidInput) as refusal:
        merge(stage, target, stranger, by="sari")
    assert refusal.value.code == "different_customers"
    assert fresh(stranger).is_open


def _closed(stage: Stage) -> Ticket:
    return stage.closed()


def _on_hold(stage: Stage) -> Ticket:
    ticket, sari = stage.handled(), stage.actor("sari")
    reply_to_customer(actor=sari, ticket_id=ticket.pk, body="Kami cek.")
    hold_ticket(actor=sari, ticket_id=ticket.pk, reason="r", until=clock.now() + DAY)
    return ticket


def _holds_another(stage: Stage) -> Ticket:
    ticket = stage.handled()
    merge(stage, ticket, stage.classified())
    return ticket


def _asked_for(stage: Stage) -> Ticket:
    ticket = stage.handled()
    request_escalation(actor=stage.actor("dimas"), ticket_id=ticket.pk, form=form("fraud"))
    return ticket


def _merged_already(stage: Stage) -> Ticket:
    ticket = stage.classified()
    merge(stage, stage.handled(), ticket)
    return ticket


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (_closed, "ticket_closed"),
        (_merged_already, "already_merged"),
        (_on_hold, "held"),
        (_holds_another, "holds_merged"),
        (_asked_for, "escalation_waits"),
        (lambda stage: stage.escalated(), "with_a_team"),
        (lambda stage: stage.monitored(), "with_a_team"),
    ],
)
def test_what_cannot_be_merged_is_refused_and_nothing_happens(
    stage: Stage, target: Ticket, make: Callable[[Stage], Ticket], code: str
) -> None:
    good, other = stage.classified(), make(stage)
    before = [row_of(each) for each in (target, good, other)]
    mails = OutgoingMail.objects.count()
    with pytest.raises(WrongState) as refusal:
        merge(stage, target, good, other, by="sari")
    assert refusal.value.code == code
    assert [row_of(each) for each in (target, good, other)] == before
    assert OutgoingMail.objects.count() == mails


def test_nothing_is_merged_into_a_closed_or_merged_ticket(
    stage: Stage, target: Ticket, double: Ticket, merged: Ticket
) -> None:
    third = stage.classified()
    for into, code in ((stage.closed(), "target_closed"), (merged, "target_merged")):
        with pytest.raises(WrongState) as refusal:
            merge(stage, into, third)
        assert refusal.value.code == code
    with pytest.raises(WrongState) as refusal:  # a circle
        merge(stage, merged, target)
    assert refusal.value.code == "target_merged"
    with pytest.raises(InvalidInput) as wrong:
        merge(stage, target, target)
    assert wrong.value.code == "same_ticket"


def test_the_other_way_round(stage: Stage, target: Ticket, double: Ticket) -> None:
    dimas = stage.actor("dimas")
    merge_into(actor=dimas, ticket_id=double.pk, number=target.number.lower(), reason="Sama.")
    assert TicketLink.objects.get(from_ticket=double).to_ticket == target


@pytest.mark.parametrize("name", ["ayu", "farah", "leo", "admin", "sistem", "ratna"])
def test_only_those_who_may_close_both_merge(
    stage: Stage, target: Ticket, double: Ticket, merged: Ticket, name: str
) -> None:
    third = stage.classified()
    with pytest.raises((NotAllowed, Refusal)) as refusal:
        merge(stage, target, third, by=name)
    assert refusal.value.code in ("not_allowed", "unknown_ticket")
    with pytest.raises(NotAllowed):
        undo_merge(actor=stage.actor(name), ticket_id=merged.pk)
    assert fresh(third).is_open


def test_an_unknown_number_and_anothers_are_told_alike(
    stage: Stage, target: Ticket, other_customer: Customer
) -> None:
    foreign = stage.classified(
        actor=Actor(customer=other_customer),
        subject="paket hilang",
        description="Paket saya hilang di kurir, resi tidak bergerak, harga Rp 3.000.000.",
    )
    told = set()
    for number in (foreign.number, "TUN-2222-2222", "TUN-2222-222X", "apa saja"):
        with pytest.raises(Refusal) as refusal:
            merge_tickets(actor=stage.actor("dimas"), ticket_id=target.pk, numbers=[number])
        told.add((refusal.value.code, refusal.value.status, str(refusal.value)))
    assert len(told) == 1
    assert told.pop()[:2] == ("unknown_ticket", 404)
    with pytest.raises(InvalidInput) as empty:
        merge_tickets(actor=stage.actor("dimas"), ticket_id=target.pk, numbers=[" "])
    assert empty.value.code == "no_number"


def test_a_version_that_is_out_of_date_merges_nothing(
    stage: Stage, target: Ticket, double: Ticket
) -> None:
    with pytest.raises(Refusal) as refusal:
        merge(stage, target, double, expected_version=target.version - 1)
    assert refusal.value.code == "conflict"
    assert fresh(double).is_open
