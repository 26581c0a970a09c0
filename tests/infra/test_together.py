"""Querysets read together hold what they hold when read alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import Exists, OuterRef
from django.forms.models import model_to_dict

from helpdesk.common.together import Sheet, read_in_turn, read_together
from people.models import Team
from sla.models import Clock
from tickets.models import Message, OutgoingMail, Ticket, TicketEvent
from tickets.selectors import with_people

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


def test_a_sheet_is_made_once_and_read_with_other_values_each_time(file_ticket):
    made: list[dict[str, int]] = []

    def rows(ticket: int, most: int) -> Any:
        made.append({"ticket": ticket, "most": most})
        events = TicketEvent.objects.filter(ticket_id=ticket, pk__lte=most).select_related("actor")
        return {"events": events, "tickets": Ticket.objects.filter(pk=ticket)}

    sheet = Sheet(rows, "ticket", "most")
    for ticket in (file_ticket(), file_ticket()):
        most = ticket.events.latest("id").pk
        events, found = read_together(*sheet.parts(ticket=ticket.pk, most=most).values())
        assert found == [ticket]
        assert events == list(ticket.events.all())
        assert read_together(sheet.parts(ticket=ticket.pk, most=0)["events"]) == [[]]
    assert len(made) == 1
