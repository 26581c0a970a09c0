"""Upkeep of the counters of open tickets; the counting itself is a trigger's (tickets_count_open)."""

from __future__ import annotations

from helpdesk.common.tallies import compact, correct
from tickets.models import OpenTally
from tickets.states import OPEN_STATES

KEYS = ("state", "priority", "team_id", "assignee_id")

_OPEN = f"""
SELECT state, priority, team_id, assignee_id FROM tickets_ticket
WHERE state IN ({", ".join(f"'{state}'" for state in OPEN_STATES)})
"""  # noqa: S608 - words of the state machine


def compact_open_tally() -> int:
    """Sum up what was appended; returns how many sums were written."""
    return compact(OpenTally, keys=KEYS, sums=("n",))


def rebuild_open_tally() -> int:
    """Correct it, after a load that passed the trigger by; returns how many groups were wrong."""
    return correct(OpenTally, keys=KEYS, counted=_OPEN)
