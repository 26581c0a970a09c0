"""The counters of tickets at risk follow timers and tickets alike."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from people.actors import of_user
from sla.models import Metric, RiskTally, Timer
from sla.selectors import AT_RISK, risk_counts
from sla.services import sweep
from sla.services.firing_points import timer_kind
from sla.services.tallies import compact_tallies, rebuild_risk_tally
from tickets.models import Ticket
from tickets.selectors import COUNTED_BY
from tickets.services import close_ticket, handle_ticket, reply_to_customer

pytestmark = pytest.mark.django_db


def counted() -> Counter:
    ids = Timer.objects.filter(AT_RISK).values("subject_id")
    rows = Ticket.objects.filter(pk__in=ids)
    return Counter(rows.values_list("state", "priority", "team_id", "assignee_id"))


def told() -> Counter:
    rows = RiskTally.objects.exclude(state="closed").values_list(*COUNTED_BY)
    found = +Counter({row[:4]: row[4] for row in rows.annotate(sum=Sum("n")).order_by()})
    assert sum(row.n for row in risk_counts() if not row.field) == sum(found.values())
    return found


@pytest.fixture
def risky(file_ticket):
    """Its first response is 5/6 used."""
    ticket = file_ticket(received_at=timezone.now() - timedelta(minutes=100))
    sweep()
    return ticket


def test_a_last_warning_counts_and_an_answer_ends_it(risky, officer):
    assert told() == counted()
    assert sum(told().values()) == 1
    handle_ticket(actor=of_user(officer), ticket_id=risky.pk)
    assert told() == counted()
    assert {row.key for row in risk_counts() if row.field == "assignee_id"} == {officer.pk}
    reply_to_customer(actor=of_user(officer), ticket_id=risky.pk, body="Kami periksa.")
    assert told() == counted() == Counter()


def test_a_missed_deadline_ends_it(risky):
    Timer.objects.filter(AT_RISK).update(due_at=timezone.now())
    Ticket.objects.get(pk=risky.pk).clocks.filter(metric="first_response").update(
        due_at=timezone.now() - timedelta(seconds=1)
    )
    sweep()
    assert told() == counted() == Counter()


def test_two_promises_of_one_ticket_are_one_ticket(risky):
    timers = Timer.objects.filter(subject_id=risky.pk, state="armed", kind="sla.resolution")
    assert timers.update(stage=100) == 1
    assert sum(told().values()) == 1
    # One of the two ends: it is still at risk. Both in one statement: it is not.
    assert timers.update(stage=50) == 1
    assert sum(told().values()) == 1
    timers.update(stage=100)
    Timer.objects.filter(AT_RISK).update(state=Timer.State.CANCELLED)
    assert told() == counted() == Counter()


def test_a_closed_ticket_is_at_no_risk(risky, officer):
    handle_ticket(actor=of_user(officer), ticket_id=risky.pk)
    close_ticket(
        actor=of_user(officer),
        ticket_id=risky.pk,
        root_cause="x",
        solution="y",
        confirmation="confirmed",
    )
    assert told() == Counter()
    compact_tallies()
    assert RiskTally.objects.count() == 0


def test_summing_up_and_rebuilding_change_no_figure(risky, file_ticket, officer):
    file_ticket(received_at=timezone.now() - timedelta(minutes=110))
    sweep()
    handle_ticket(actor=of_user(officer), ticket_id=risky.pk)
    before = told()
    compact_tallies()
    assert told() == before == counted()
    RiskTally.objects.all().delete()
    rebuild_risk_tally()
    assert told() == before


def test_timers_that_are_no_promises_do_not_count(risky):
    Timer.objects.filter(AT_RISK).update(kind="sla.confirmation")
    assert told() == Counter()


def test_the_trigger_knows_every_promise():
    """A new metric needs a migration of the function sla_is_promise."""
    with connection.cursor() as cursor:
        for metric in Metric.values:
            cursor.execute("SELECT sla_is_promise(%s)", [timer_kind(metric)])
            assert cursor.fetchone()[0], metric
