"""Querysets read together hold what they hold when read alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models import Exists, OuterRef
from django.forms.models import model_to_dict

from helpdesk.common.together import Shelf, read_in_turn, read_together
from people.actors import SWEEP, VISITOR, Actor, of_user
from people.models import Team, User
from sla.models import Clock
from tickets.models import Message, OutgoingMail, Ticket, TicketEvent
from tickets.selectors import visible_tickets, with_people

pytestmark = pytest.mark.django_db


def values(rows: Any) -> list[dict[str, Any]]:
    return [
        {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
        for row in rows
    ]


def test_every_kind_of_field_comes_back_as_the_database_gives_it(
    file_ticket, django_assert_num_queries
):
    for _number in range(2):
        file_ticket()
    alone = [
        Ticket.objects.order_by("-id"),
        TicketEvent.objects.order_by("id"),
        Clock.objects.order_by("id"),
        Message.objects.order_by("id"),
        OutgoingMail.objects.order_by("id"),
    ]
    with django_assert_num_queries(1):
        together = read_together(*alone)
    with django_assert_num_queries(0):
        found = [values(rows) for rows in together]
    assert found == [values(queryset) for queryset in alone]
    assert all(found)


def test_related_rows_and_annotations_come_along(file_ticket, django_assert_num_queries):
    ticket = file_ticket()
    said = Message.objects.filter(ticket=OuterRef("pk"))
    tickets = with_people(Ticket.objects.all()).annotate(spoken=Exists(said))
    ids = Team.objects.order_by("code").values_list("pk", flat=True)
    with django_assert_num_queries(1):
        (shown,), keys = read_together(tickets, ids)
    with django_assert_num_queries(0):
        assert shown.spoken is True
        assert shown.team == ticket.team
        assert model_to_dict(shown.customer) == model_to_dict(ticket.customer)
        assert shown.assignee is None
    assert keys == list(ids)


def test_what_can_hold_nothing_is_empty_and_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert read_together(Ticket.objects.filter(pk__in=[]), Ticket.objects.none()) == [[], []]


def test_a_slice_keeps_its_order_and_percent_signs_their_place(file_ticket):
    tickets = [file_ticket() for _number in range(3)]
    latest = Ticket.objects.order_by("-id").exclude(subject__contains="100%")[:2]
    found, first = read_together(latest, Ticket.objects.filter(pk=tickets[0].pk))
    assert [row.pk for row in found] == [tickets[2].pk, tickets[1].pk]
    assert first == [tickets[0]]


@pytest.mark.parametrize("size", [0, 1, 2, 3, 9])
def test_one_after_the_other_until_there_are_enough(file_ticket, django_assert_num_queries, size):
    older, newer = file_ticket(), file_ticket()
    nobodys = Ticket.objects.filter(assignee=None).select_related("customer")
    turns = [
        nobodys.filter(pk=newer.pk).order_by("id")[:9],
        nobodys.filter(pk__in=[]),
        nobodys.filter(subject__contains="%").order_by("id"),
        nobodys.exclude(subject__contains="100%").order_by("-id")[:9],
    ]
    expected = [(0, newer), (3, newer), (3, older)][:size]
    with django_assert_num_queries(1):
        found = read_in_turn(*turns, size=size)
    with django_assert_num_queries(0):
        assert [(place, row.customer_id, row) for place, row in found] == [
            (place, row.customer_id, row) for place, row in expected
        ]
        assert all(row.customer.name for _place, row in found)
        assert read_in_turn(nobodys.none(), size=3) == []


def test_a_shelf_makes_its_sql_once_and_reads_it_with_other_values_each_time(file_ticket):
    made: list[Any] = []

    def rows(ticket: int, most: int, until: datetime, number: str) -> dict[str, Any]:
        made.append(ticket)
        events = TicketEvent.objects.filter(ticket_id=ticket, pk__lte=most, at__lte=until)
        return {
            "events": events.select_related("actor"),
            "tickets": Ticket.objects.filter(number=number),
        }

    shelf = Shelf()
    for ticket in (file_ticket(), file_ticket(), file_ticket()):
        last = ticket.events.latest("id")
        given = (ticket.pk, last.pk, last.at, ticket.number)
        events, found = read_together(*shelf.parts("", rows, *given).values())
        assert found == [ticket]
        assert events == list(ticket.events.all())
        earlier = shelf.parts("", rows, ticket.pk, last.pk, last.at - timedelta(days=1), "TUN-?")
        assert read_together(*earlier.values()) == [[], []]
    assert len(made) == 2


def test_a_set_that_reckons_with_its_values_is_made_at_each_asking(file_ticket):
    made: list[datetime] = []

    def lately(now: datetime) -> dict[str, Any]:
        made.append(now)
        return {"": Ticket.objects.filter(received_at__gte=now - timedelta(hours=1))}

    shelf, ticket = Shelf(), file_ticket()
    for hours, expected in ((0, [ticket]), (2, []), (0, [ticket])):
        now = ticket.received_at + timedelta(hours=hours)
        assert read_together(shelf.parts("", lately, now)[""]) == [expected]
    assert len(made) == 5


def test_a_set_that_rounds_its_instant_is_made_at_each_asking(file_ticket):
    def of_the_day(now: datetime) -> dict[str, Any]:
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        return {"": Ticket.objects.filter(received_at__gte=midnight)}

    shelf, ticket = Shelf(), file_ticket()
    for days, expected in ((0, [ticket]), (1, []), (0, [ticket])):
        now = ticket.received_at + timedelta(days=days)
        assert read_together(shelf.parts("", of_the_day, now)[""]) == [expected]


def test_readers_with_other_rights_share_no_statement(file_ticket, officer, supervisor):
    ticket, shelf = file_ticket(), Shelf()

    def seen(actor: Actor) -> list[Ticket]:
        def rows(number: str) -> dict[str, Any]:
            return {"": visible_tickets(actor).filter(number=number)}

        (found,) = read_together(shelf.parts(actor.sight, rows, ticket.number)[""])
        return list(found)

    stranger = User.objects.create_user(email="tamu@example.com", full_name="Tamu")
    assert seen(of_user(supervisor)) == [ticket]
    assert seen(of_user(stranger)) == []
    assert seen(VISITOR) == []
    assert seen(SWEEP) == [ticket]
