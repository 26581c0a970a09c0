"""Why each deadline of a ticket is as it is, in words, and the clock's log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from desk.policy.words import Words, capital, metric_word, pause_word, within_words
from desk.promises import ORDER
from people.actors import Actor
from sla.explaining import Competitor, Explanation, explanations
from sla.models import Clock
from tickets.models import EventKind, Ticket


@dataclass(frozen=True)
class CompetitorLine:
    """For whom the target holds, how long it is and by which calendar; the deadline it would set."""

    of: Competitor
    who: str
    time: str
    calendar: str


def clock_context(actor: Actor, ticket: Ticket) -> dict[str, Any]:
    """The clocks in the order in which a ticket meets its promises, the latest of each first."""
    found = explanations(ticket, actor=actor)
    found.sort(key=lambda each: (ORDER.index(each.clock.metric), -each.clock.pk))
    words: dict[int, Words] = {}
    for each in found:
        if each.policy.pk not in words:
            words[each.policy.pk] = Words(each.policy.body)
    return {
        "ticket": ticket,
        "clocks": [_clock(each, words[each.policy.pk]) for each in found],
        "section": "queue",
    }


def _clock(found: Explanation, words: Words) -> dict[str, Any]:
    clock = found.clock
    running = clock.state in (Clock.State.RUNNING, Clock.State.PAUSED)
    return {
        "of": clock,
        "name": capital(metric_word(clock.metric)),
        "running": running,
        "version": found.policy.version,
        "competitors": [_competitor(each, words) for each in found.competitors],
        "pauses": [pause_word(reason) for reason in found.pauses],
        "lines": [
            {
                "of": line.event,
                "used": line.used,
                "left": max(line.left, timedelta()),
                "over": max(-line.left, timedelta()),
                "cause": EventKind(line.event.cause.kind).label if line.event.cause else "",
            }
            for line in found.lines
        ],
    }


def _competitor(found: Competitor, words: Words) -> CompetitorLine:
    rows = {row["code"]: row for row in words.body["targets"]}
    row = rows[found.target.code]
    return CompetitorLine(
        of=found,
        who=words.who(row.get("when", {})),
        time=within_words(row["within"]),
        calendar=words.calendar(row.get("calendar", "always")),
    )
