from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from sla.services import sweep

pytestmark = pytest.mark.django_db


def test_only_leads_open_it(desk, sign_in, supervisor, specialist):
    assert desk.get("/dasbor/").status_code == 403
    assert sign_in(specialist).get("/dasbor/").status_code == 403
    assert sign_in(supervisor).get("/dasbor/").status_code == 200


def test_the_figures_follow_what_happens(sign_in, supervisor, file_ticket):
    now = timezone.now()
    file_ticket(received_at=now)
    file_ticket(received_at=now - timedelta(minutes=100))
    file_ticket(received_at=now - timedelta(hours=3))
    client = sign_in(supervisor)
    context = client.get("/dasbor/langsung/").context
    figures = context["figures"]
    assert (figures.total.open, figures.total.risk, figures.total.late) == (3, 1, 1)
    assert figures.priorities["URGENT"].open == 3
    assert figures.teams["cs_account"].open == 3
    assert context["today"].escalated == 0
    sweep()
    context = client.get("/dasbor/langsung/").context
    assert context["today"].escalated == 1
    assert context["today"].day.count == 1
    assert context["today"].day.median >= 3600
    assert not context["health"].silent


def test_a_missed_promise_hides_no_other_that_ends_next(sign_in, supervisor, file_ticket):
    ticket = file_ticket(received_at=timezone.now() - timedelta(hours=3))
    sweep()
    upcoming = sign_in(supervisor).get("/dasbor/langsung/").context["next"]
    assert "resolution" in [clock.metric for clock in upcoming if clock.ticket == ticket]
    assert "first_response" not in [clock.metric for clock in upcoming]


def test_it_says_when_the_engine_is_silent(sign_in, supervisor):
    assert sign_in(supervisor).get("/dasbor/langsung/").context["health"].silent


def test_few_queries(sign_in, supervisor, file_ticket, django_assert_max_num_queries):
    file_ticket()
    client = sign_in(supervisor)
    client.get("/dasbor/")
    with django_assert_max_num_queries(14):
        client.get("/dasbor/")
    with django_assert_max_num_queries(12):
        client.get("/dasbor/langsung/")


def test_an_automatic_escalation_says_why_in_the_readers_language(sign_in, supervisor, file_ticket):
    file_ticket(received_at=timezone.now() - timedelta(hours=3))
    sweep()
    client = sign_in(supervisor)
    assert "Tenggat terlewat" in client.get("/dasbor/langsung/").content.decode()
    client.cookies["django_language"] = "en"
    page = client.get("/dasbor/langsung/").content.decode()
    assert "Missed deadline: first response." in page
    assert "Tenggat terlewat" not in page
