"""The counters of kept and missed promises say what the log of the clocks says."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from helpdesk.common import clock
from helpdesk.common.durations import WIB
from people.actors import of_user
from sla.models import OutcomeTally
from sla.selectors import outcomes_since
from sla.services import sweep
from sla.services.tallies import compact_tallies, rebuild_outcome_tally
from tickets.services import close_ticket, handle_ticket, reopen_ticket, reply_to_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.now().astimezone(WIB).date()


def told() -> Counter:
    """(metric, 'kept' or 'missed') to how many, of all days."""
    found: Counter = Counter()
    for row in outcomes_since(timezone.now().date() - timedelta(days=60)):
        found[row.metric, "kept"] += row.kept
        found[row.metric, "missed"] += row.missed
    return +found


def reply(ticket, officer):
    reply_to_customer(actor=of_user(officer), ticket_id=ticket.pk, body="Kami periksa.")


def close(ticket, officer):
    close_ticket(
        actor=of_user(officer),
        ticket_id=ticket.pk,
        root_cause="x",
        solution="y",
        confirmation="confirmed",
    )


def test_an_answer_in_time_is_kept_today(file_ticket, officer, today):
    ticket = file_ticket()
    handle_ticket(actor=of_user(officer), ticket_id=ticket.pk)
    assert told() == Counter()
    reply(ticket, officer)
    (row,) = outcomes_since(today)
    assert (row.day, row.metric, row.priority, row.kept, row.missed) == (
        today,
        "first_response",
        "URGENT",
        1,
        0,
    )


def test_an_answer_after_the_deadline_is_missed_and_never_kept(file_ticket, officer):
    ticket = file_ticket(received_at=timezone.now() - timedelta(hours=3))
    handle_ticket(actor=of_user(officer), ticket_id=ticket.pk)
    reply(ticket, officer)
    assert told() == Counter({("first_response", "missed"): 1})
    assert OutcomeTally.objects.get().team.code == "cs_account"


def test_a_breach_is_missed_once_whatever_comes_later(file_ticket, officer):
    ticket = file_ticket(received_at=timezone.now() - timedelta(hours=3))
    sweep()
    sweep()
    assert told()["first_response", "missed"] == 1
    compact_tallies()
    assert told()["first_response", "missed"] == 1
    assert told()["first_response", "kept"] == 0
    assert ticket.pk


def test_reopening_takes_a_kept_promise_back_until_it_is_kept_again(
    file_ticket, officer, supervisor
):
    ticket = file_ticket()
    handle_ticket(actor=of_user(officer), ticket_id=ticket.pk)
    reply(ticket, officer)
    close(ticket, officer)
    assert told()["resolution", "kept"] == 1
    reopen_ticket(actor=of_user(supervisor), ticket_id=ticket.pk, reason="Belum selesai.")
    assert told()["resolution", "kept"] == 0
    close(ticket, officer)
    assert told()["resolution", "kept"] == 1


def test_days_are_those_of_wib(file_ticket, officer):
    # 23.30 WIB of the 10th is 16.30 UTC; an hour later it is the 11th.
    evening = timezone.now().astimezone(WIB).replace(hour=23, minute=30) - timedelta(days=2)
    for moment in (evening, evening + timedelta(hours=1)):
        with clock.at(moment):
            ticket = file_ticket(received_at=moment - timedelta(minutes=1))
            handle_ticket(actor=of_user(officer), ticket_id=ticket.pk)
            reply(ticket, officer)
    days = OutcomeTally.objects.order_by("day").values_list("day", "kept")
    assert list(days) == [(evening.date(), 1), (evening.date() + timedelta(days=1), 1)]


def test_a_rebuild_finds_the_same(file_ticket, officer, supervisor):
    late = file_ticket(received_at=timezone.now() - timedelta(hours=3))
    handle_ticket(actor=of_user(officer), ticket_id=late.pk)
    reply(late, officer)
    ticket = file_ticket()
    handle_ticket(actor=of_user(officer), ticket_id=ticket.pk)
    reply(ticket, officer)
    for _time in range(2):
        close(ticket, officer)
        reopen_ticket(actor=of_user(supervisor), ticket_id=ticket.pk, reason="Belum selesai.")
    close(ticket, officer)
    before = told()
    rebuild_outcome_tally()
    assert told() == before
    assert before["first_response", "missed"] == 1
    assert before["resolution", "kept"] == 1
