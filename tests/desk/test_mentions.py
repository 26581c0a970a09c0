"""Mentions at the desk: the mark in the list, the view, the notice, the names to choose from."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from desk.queue_counts import counts_of
from desk.queue_rows import page_of
from desk.queues import view_or_404, views_for
from people.actors import of_user
from tickets.models import Notice
from tickets.services import add_internal_note

pytestmark = pytest.mark.django_db


@pytest.fixture
def named(supervisor, officer, file_ticket) -> Any:
    ticket = file_ticket()
    body = f"@{officer.full_name} mohon dilihat"
    add_internal_note(actor=of_user(supervisor), ticket_id=ticket.pk, body=body)
    return ticket


def mentioned(user: Any) -> Any:
    view = view_or_404(views_for(user, timezone.now()), "mentioned")
    return counts_of([view], user)["mentioned"], page_of(view.tickets, user, None)[0]


def test_the_view_holds_what_i_was_mentioned_on_and_marks_it_until_read(
    desk, officer, other_officer, named, file_ticket
):
    file_ticket()
    count, rows = mentioned(officer)
    assert (count, [row.pk for row in rows]) == (1, [named.pk])
    assert rows[0].mentioned
    assert rows[0].unread
    shown = desk.get("/meja/", {"view": "mentioned"}).content.decode()
    assert shown.count("Anda disebut") == 2  # its title and what a screen reader says
    assert mentioned(other_officer) == (0, [])
    desk.post("/pemberitahuan/dibaca/", {"ticket": named.number})
    count, rows = mentioned(officer)
    assert count == 1
    assert not rows[0].mentioned


def test_a_ticket_that_went_out_of_sight_leaves_the_view(officer, other_officer, named):
    event = Notice.objects.get(mention=True).event
    Notice.objects.create(
        recipient=other_officer, event=event, ticket=named, created_at=event.at, mention=True
    )
    assert mentioned(other_officer) == (0, [])


def test_the_notice_says_what_it_is(desk, named):
    assert "Anda disebut" in desk.get("/pemberitahuan/").content.decode()


def test_names_to_choose_from_are_of_those_who_see_the_ticket(
    desk, sign_in, officer, supervisor, other_officer, customer_user, client, file_ticket
):
    ticket = file_ticket()
    path = f"/meja/{ticket.number}/orang/"
    names = [person["name"] for person in desk.get(path).json()["people"]]
    assert supervisor.full_name in names
    assert other_officer.full_name not in names
    assert officer.full_name not in names  # nobody asks for himself
    assert sign_in(other_officer).get(path).status_code == 404
    client.force_login(customer_user)
    assert client.get(path).status_code == 403
