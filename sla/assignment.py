"""Automatic assignment keeps its appointments by timers: nothing waits for somebody in silence.

A ticket that needs somebody has an armed timer. It fires at once, and where nobody could have it,
again when the next of them is back and at the latest after the policy's pause. Becoming available
brings the timers forward; `look_again` finds every few seconds what else changed.
"""

from __future__ import annotations

from datetime import datetime

from helpdesk.common.events import hears
from people.events import StatusChanged
from sla.kinds import ASSIGNMENT
from sla.models import Timer
from sla.services.assignment_rounds import look_again
from sla.services.firing_points import TICKET
from sla.timers import arm, fires
from tickets.events import (
    EscalationReturned,
    MergeUndone,
    TicketClassified,
    TicketNews,
    TicketReclassified,
    TicketReopened,
)
from tickets.models import Ticket
from tickets.services import give_to_somebody, is_automatic
from tickets.states import rank_of

AGAIN = 3


@fires(ASSIGNMENT)
def _somebody_is_sought(timer: Timer, ticket: Ticket, now: datetime) -> None:
    again = give_to_somebody(ticket, at=now)
    if again is not None:
        # Behind every promise: a backlog that nobody can take delays no deadline.
        arm(ASSIGNMENT, TICKET, ticket.pk, again, urgency=AGAIN, at=now, replaces=False)


@hears(TicketClassified)
def _new(news: TicketClassified) -> None:
    if is_automatic(news.ticket.team):
        arm(
            ASSIGNMENT,
            TICKET,
            news.ticket.pk,
            news.event.at,
            urgency=rank_of(news.ticket.priority),
            at=news.event.at,
            replaces=False,
        )


@hears(TicketReclassified)
def _sorted_anew(news: TicketReclassified) -> None:
    _seek(news)


@hears(EscalationReturned)
def _came_back(news: EscalationReturned) -> None:
    _seek(news)


@hears(TicketReopened)
def _reopened(news: TicketReopened) -> None:
    _seek(news)


@hears(MergeUndone)
def _goes_on_by_itself(news: MergeUndone) -> None:
    _seek(news)


def _seek(news: TicketNews) -> None:
    ticket, at = news.ticket, news.event.at
    if is_automatic(ticket.team):
        arm(ASSIGNMENT, TICKET, ticket.pk, at, urgency=rank_of(ticket.priority), at=at)


@hears(StatusChanged)
def _somebody_came_or_went(news: StatusChanged) -> None:
    look_again(only=news.user.pk)
