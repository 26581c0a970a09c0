"""Counters stay true while tickets change and sums are made at the same time."""

from __future__ import annotations

from collections import Counter

import pytest

from tickets.models import OpenTally, Ticket
from tickets.selectors import open_counts
from tickets.services import assign_ticket, compact_open_tally, handle_ticket
from tickets.states import OPEN_STATES

pytestmark = pytest.mark.django_db(transaction=True)


def test_summing_up_while_tickets_change_loses_and_doubles_nothing(stage, people, at_once):
    tickets = [stage.classified() for _ticket in range(6)]

    def change(pk):
        handle_ticket(actor=stage.actor("dimas"), ticket_id=pk)
        for name in ("sari", "dimas", "sari"):
            assign_ticket(actor=stage.actor("sari"), ticket_id=pk, assignee=people[name])

    def sum_up():
        for _time in range(8):
            compact_open_tally()
            assert sum(row.n for row in open_counts() if not row.field) == len(tickets)

    acts = [lambda pk=ticket.pk: change(pk) for ticket in tickets]
    at_once([*acts, sum_up, sum_up])
    rows = Ticket.objects.filter(state__in=OPEN_STATES)
    counted = Counter(rows.values_list("state", "priority", "team_id", "assignee_id"))
    compact_open_tally()
    told = OpenTally.objects.values_list("state", "priority", "team_id", "assignee_id", "n")
    assert len(told) == len(counted)
    assert Counter({row[:4]: row[4] for row in told}) == counted
