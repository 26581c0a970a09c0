from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from desk.dashboard.lists import next_deadlines
from desk.promises import promises_of
from helpdesk.common import clock
from people.actors import Actor, of_user
from sla.services import sweep
from tickets.services import (
    add_customer_message,
    close_ticket,
    handle_ticket,
    mark_no_reply_needed,
    reopen_ticket,
    reply_to_customer,
)

pytestmark = pytest.mark.django_db
PAGE = "/dasbor/janji/"


@pytest.fixture
def lead(sign_in, supervisor):
    return sign_in(supervisor)


def answered(ticket, officer):
    handle_ticket(actor=of_user(officer), ticket_id=ticket.pk)
    reply_to_customer(actor=of_user(officer), ticket_id=ticket.pk, body="Kami periksa.")


def rows(client, **query):
    return [row.line for row in client.get(PAGE, query).context["rows"]]


def test_only_leads_open_it(desk, lead, specialist, sign_in, client):
    assert client.get(PAGE).status_code == 302
    assert desk.get(PAGE).status_code == 403
    assert sign_in(specialist).get(PAGE).status_code == 403
    assert lead.get(PAGE).status_code == 200
    assert lead.post(PAGE).status_code == 405


def test_it_lists_as_many_as_the_dashboard_counts(lead, file_ticket, officer, supervisor):
    answered(file_ticket(), officer)
    late = file_ticket(received_at=timezone.now() - timedelta(hours=3))
    sweep()
    again = file_ticket()
    answered(again, officer)
    closing = {"root_cause": "x", "solution": "y", "confirmation": "confirmed"}
    close_ticket(actor=of_user(officer), ticket_id=again.pk, **closing)
    reopen_ticket(actor=of_user(supervisor), ticket_id=again.pk, reason="Belum selesai.")
    found = lead.get("/dasbor/langsung/").context["figures"].compliance
    for outcome in ("kept", "missed"):
        for days, span in ((1, "today"), (7, "week"), (30, "month")):
            for metric, record in found.metrics.items():
                number = len(rows(lead, outcome=outcome, days=days, metric=metric))
                assert number == getattr(getattr(record, span), outcome), (outcome, metric)
            for priority, record in found.priorities.items():
                number = len(rows(lead, outcome=outcome, days=days, priority=priority))
                assert number == getattr(getattr(record, span), outcome)
    (missed,) = rows(lead, metric="first_response")
    assert missed.ticket == late
    assert missed.late_seconds > 3600


def test_pages_follow_each_other_without_a_gap(lead, file_ticket, monkeypatch, officer):
    monkeypatch.setattr("desk.dashboard.outcomes.PAGE_SIZE", 2)
    for _ticket in range(5):
        answered(file_ticket(), officer)
    seen, query = [], "outcome=kept&days=1&metric=first_response"
    while query:
        page = lead.get(f"{PAGE}?{query}")
        seen += [row.line.pk for row in page.context["rows"]]
        query = page.context["more"]
    assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize(
    "query",
    ["days=999", "days=x", "metric='", "priority=\x00", "after=x", "after=2026-01-01T00:00:00_1",
     "after=2026-01-01T00:00:00%2B00:00_99999999999999999999", "outcome=%00"],
)  # fmt: skip
def test_nonsense_falls_back(lead, query):
    assert lead.get(f"{PAGE}?{query}").status_code == 200


def test_few_queries(lead, file_ticket, officer, django_assert_max_num_queries):
    for _ticket in range(4):
        answered(file_ticket(), officer)
    with django_assert_max_num_queries(9):
        assert len(rows(lead, outcome="kept")) == 4


@pytest.mark.parametrize(("days", "words"), [(1, "Hari ini"), (7, "7 hari"), (30, "30 hari")])
def test_it_says_of_which_days_it_tells(lead, days, words):
    page = lead.get(PAGE, {"days": days}).content.decode()
    assert f": {words}</h1>" in page
    (chosen,) = re.findall(r'aria-current="true">([^<]+)<', page.split('class="seg"')[1])
    assert chosen == words


class TestKeptLate:
    """No green tick on what was missed, or called off."""

    def test_a_late_first_answer_says_so(self, sign_in, specialist, officer, file_ticket):
        with clock.shifted(timedelta(hours=-3)):
            ticket = file_ticket()
        sweep()
        reply_to_customer(actor=of_user(specialist), ticket_id=ticket.pk, body="Kami periksa.")
        page = sign_in(specialist).get(f"/meja/{ticket.number}/").content.decode()
        assert "Respons pertama, terlambat</span>" in page
        assert "Respons pertama</span>" not in page.split("timer", 1)[0]

    def test_an_answer_in_time_is_green(self, desk, officer, file_ticket):
        ticket = file_ticket()
        answered(ticket, officer)
        page = desk.get(f"/meja/{ticket.number}/").content.decode()
        assert "Respons pertama</span>" in page
        assert "Respons pertama, terlambat" not in page

    def test_a_promise_that_was_called_off_leaves_no_older_one_in_its_place(
        self, desk, officer, customer, file_ticket
    ):
        ticket = file_ticket()
        answered(ticket, officer)
        for words in ("Kami cek lagi.", "Sudah kami cek."):
            reply_to_customer(actor=of_user(officer), ticket_id=ticket.pk, body=words)
        add_customer_message(actor=Actor(customer=customer), ticket_id=ticket.pk, body="Baik.")
        mark_no_reply_needed(actor=of_user(officer), ticket_id=ticket.pk)
        states = ticket.clocks.filter(metric="next_update").order_by("id")
        assert list(states.values_list("state", flat=True)) == ["met", "met", "cancelled"]
        shown = {promise.kind for promise in promises_of(ticket)}
        assert "next_update" not in shown
        page = desk.get(f"/meja/{ticket.number}/").context["promises"]
        assert {promise.kind for promise in page} == shown


def test_one_ticket_is_one_row_of_what_is_due_next(file_ticket, officer):
    """Several of its promises near at once."""
    tickets = [file_ticket(email=f"{n}@example.com", subject=f"Hal {n}") for n in range(2)]
    now = clock.now()
    for ticket in tickets:
        assert ticket.clocks.filter(state="running").count() == 2
    found = [row.number for row in next_deadlines(now)]
    assert sorted(found) == sorted(ticket.number for ticket in tickets)
