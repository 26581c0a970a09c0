from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from people.actors import of_user
from sla.services import sweep
from tickets.services import close_ticket, handle_ticket, reopen_ticket, reply_to_customer

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
