"""Links made by hand: who, between what, what both tell, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed, Refusal
from people.actors import Actor
from people.models import Customer
from tests.cast import FileTicket
from tests.support.stages import Stage, fresh
from tickets.models import OutgoingMail, Ticket, TicketLink
from tickets.services import link_tickets, unlink_tickets
from tickets.services.together import NothingThere
from tickets.story import Story

pytestmark = pytest.mark.django_db


@pytest.fixture
def one(stage: Stage) -> Ticket:
    return stage.handled()


@pytest.fixture
def two(stage: Stage) -> Ticket:
    return stage.classified()


def link(
    stage: Stage, one: Ticket, two: Ticket, kind: str = "related", by: str = "dimas", **more: Any
) -> TicketLink:
    return link_tickets(
        actor=stage.actor(by), ticket_id=one.pk, number=two.number, kind=kind, **more
    )


@pytest.mark.parametrize("kind", ["duplicate", "related", "caused_by"])
def test_both_tell_of_it_and_no_customer_does(
    stage: Stage, one: Ticket, two: Ticket, kind: str
) -> None:
    OutgoingMail.objects.all().delete()
    made = link(stage, one, two, kind, reason="Gangguan yang sama.")
    assert (made.from_ticket, made.to_ticket, made.kind) == (one, two, kind)
    for ticket, other, way in ((one, two, "to"), (two, one, "from")):
        event = ticket.events.get(kind="linked")
        assert event.data == {
            "ticket": other.pk,
            "number": other.number,
            "link": kind,
            "way": way,
        }
        assert event.note.text == "Gangguan yang sama."
        assert fresh(ticket).version == ticket.version + 1
        assert "linked" not in {line.kind for line in Story(ticket).lines()}
    assert not OutgoingMail.objects.exists()


def test_of_two_customers_and_closed_ones_too(
    stage: Stage, one: Ticket, file_ticket: FileTicket, other_customer: Customer
) -> None:
    foreign = file_ticket(actor=Actor(customer=other_customer))
    stage_closed = stage.closed()
    assert link(stage, one, foreign, "duplicate")
    assert link(stage, stage_closed, foreign, "caused_by")


def test_untied_from_either_end(stage: Stage, one: Ticket, two: Ticket) -> None:
    for end in (one, two):
        made = link(stage, one, two)
        unlink_tickets(actor=stage.actor("dimas"), ticket_id=end.pk, link_id=made.pk)
        assert not TicketLink.objects.exists()
    assert one.events.filter(kind="unlinked").count() == 2
    assert two.events.filter(kind="unlinked", data__way="from").count() == 2


def test_no_self_no_double(stage: Stage, one: Ticket, two: Ticket) -> None:
    with pytest.raises(InvalidInput) as refusal:
        link(stage, one, one)
    assert refusal.value.code == "same_ticket"
    link(stage, one, two)
    link(stage, one, two, "caused_by")
    for first, second, kind in (
        (one, two, "related"),
        (two, one, "related"),
        (one, two, "caused_by"),
    ):
        with pytest.raises(Refusal) as again:
            link(stage, first, second, kind)
        assert again.value.code == "linked_already"


@pytest.mark.parametrize("kind", ["duplicate", "caused_by"])
def test_no_circle(stage: Stage, one: Ticket, two: Ticket, kind: str) -> None:
    three = stage.classified()
    link(stage, one, two, kind)
    link(stage, two, three, kind)
    for start, end in ((two, one), (three, one), (three, two)):
        with pytest.raises(Refusal) as refusal:
            link(stage, start, end, kind)
        assert refusal.value.code == "circle"
    link(stage, three, one, "related")


def test_only_between_tickets_that_one_sees(stage: Stage, one: Ticket, two: Ticket) -> None:
    parcel = stage.classified(description="Paket saya belum sampai.", subject="Paket")
    with pytest.raises(NothingThere):
        link(stage, one, parcel)
    with pytest.raises(NothingThere):
        link(stage, parcel, one, by="ayu")
    with pytest.raises(NotAllowed):
        link(stage, one, parcel, by="ayu")
    made = link(stage, one, parcel, by="sari")
    with pytest.raises(NotAllowed):
        unlink_tickets(actor=stage.actor("dimas"), ticket_id=one.pk, link_id=made.pk)
    with pytest.raises(NotAllowed):
        link(stage, one, two, by="admin")
    with pytest.raises(NotAllowed):
        link_tickets(
            actor=Actor(customer=one.customer), ticket_id=one.pk, number=two.number, kind="related"
        )


def test_unknown_kinds_and_links_of_others(stage: Stage, one: Ticket, two: Ticket) -> None:
    for kind in ("merged_into", "split_from", "friend", ""):
        with pytest.raises(InvalidInput):
            link(stage, one, two, kind)
    with pytest.raises(Conflict):
        link(stage, one, two, expected_version=one.version - 1)
    made = link(stage, one, two)
    act = {"actor": stage.actor("dimas"), "link_id": made.pk}
    with pytest.raises(Refusal) as refusal:
        unlink_tickets(**act, ticket_id=stage.classified().pk)
    assert refusal.value.code == "no_such_link"
    unlink_tickets(**act, ticket_id=one.pk)
    with pytest.raises(Refusal) as refusal:
        unlink_tickets(**act, ticket_id=one.pk)
    assert refusal.value.code == "no_such_link"
