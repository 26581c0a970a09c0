"""The counters of open tickets say what counting would say, whatever happens to the tickets."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone

from tests.support.stages import stage  # noqa: F401 - a fixture
from tickets.models import OpenTally, Ticket
from tickets.selectors import COUNTED_BY, late_counts, open_counts
from tickets.services import assign_ticket, compact_open_tally, rebuild_open_tally, reopen_ticket
from tickets.states import OPEN_STATES

pytestmark = pytest.mark.django_db


def counted() -> Counter:
    rows = Ticket.objects.filter(state__in=OPEN_STATES)
    return Counter(rows.values_list("state", "priority", "team_id", "assignee_id"))


def told() -> Counter:
    """By all four fields; and what the selector sums by each agrees."""
    rows = OpenTally.objects.values_list(*COUNTED_BY).annotate(sum=Sum("n")).order_by()
    found = +Counter({row[:4]: row[4] for row in rows})
    sums: Counter = Counter()
    for keys, n in found.items():
        for field, key in zip((*COUNTED_BY, ""), (*keys, None), strict=True):
            sums[field, key] += n
    assert Counter({(row.field, row.key): row.n for row in open_counts()}) == sums
    return found


def test_each_stage_of_a_life_is_counted_once(stage):  # noqa: F811
    assert told() == Counter()
    for state in ("classified", "handled", "escalated", "monitored", "closed"):
        stage.at(state)
        assert told() == counted()
    assert sum(told().values()) == 4


def test_changing_hands_and_reopening(stage, people):  # noqa: F811
    ticket = stage.handled()
    assign_ticket(actor=stage.actor("sari"), ticket_id=ticket.pk, assignee=people["sari"])
    assert told() == counted()
    closed = stage.closed()
    reopen_ticket(actor=stage.actor("sari"), ticket_id=closed.pk, reason="Belum selesai.")
    assert told() == counted()
    assert sum(told().values()) == 2


def test_what_is_rolled_back_was_never_counted(stage):  # noqa: F811
    with transaction.atomic():
        stage.classified()
        transaction.set_rollback(True)
    assert told() == Counter()


def test_summing_up_changes_no_figure_and_leaves_a_row_each(stage):  # noqa: F811
    for state in ("classified", "handled", "monitored", "closed"):
        stage.at(state)
    before, rows = told(), OpenTally.objects.count()
    assert compact_open_tally() > 0
    assert told() == before == counted()
    assert OpenTally.objects.count() == len(before) < rows
    assert compact_open_tally() == 0


def test_a_rebuild_mends_what_the_trigger_did_not_see(stage):  # noqa: F811
    stage.handled()
    OpenTally.objects.all().delete()
    rebuild_open_tally()
    assert told() == counted()


def test_a_load_in_sets_is_counted_too(stage):  # noqa: F811
    first = stage.handled()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tickets_ticket SET priority = 'LOW' WHERE id = %s", [first.pk])
    assert told() == counted()


def test_late_tickets_are_those_past_their_nearest_deadline(stage):  # noqa: F811
    stage.classified()
    ticket = stage.handled(received_at=timezone.now() - timedelta(hours=1))
    assert late_counts(ticket.next_due_at) == []
    just_after = ticket.next_due_at + timedelta(microseconds=1)
    assert [row[1:] for row in late_counts(just_after) if row.field == "state"] == [("handled", 1)]
