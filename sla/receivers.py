"""Clocks and timers follow what happens to tickets."""

from __future__ import annotations

from datetime import timedelta

from helpdesk.common.events import hears
from sla.models import Metric, SlaPolicy
from sla.services.clocks import TICKET, open_clocks
from sla.timers import arm, disarm
from tickets.events import (
    ConfirmationAnswered,
    ConfirmationAsked,
    CustomerWrote,
    EscalationAccepted,
    EscalationReturned,
    TeamReplied,
    TicketClassified,
    TicketClosed,
    TicketEscalated,
    TicketReclassified,
    TicketReopened,
    WaitingEnded,
)
from tickets.services import reopen_until

CONFIRMATION = "sla.confirmation"
REOPEN_WINDOW = "sla.reopen_window"
CUSTOMER_SILENT = "sla.customer_silent"


@hears(TicketClassified)
def _start(news: TicketClassified) -> None:
    with open_clocks(news.ticket, news.event.at, none_yet=True) as clocks:
        clocks.start(Metric.FIRST_RESPONSE, since=news.ticket.received_at)
        clocks.start(Metric.RESOLUTION, since=news.ticket.received_at)


@hears(TicketReclassified)
def _recompute(news: TicketReclassified) -> None:
    with open_clocks(news.ticket, news.event.at) as clocks:
        clocks.recompute()


@hears(TeamReplied)
def _answered(news: TeamReplied) -> None:
    """The next update is owed again from now, unless the ball is with the customer.

    Then the customer's silence is what is timed: no open ticket is ever without a timer.
    """
    # While a question for confirmation is open, its own timer runs.
    if news.event.data["waiting"] and not news.ticket.confirmation_asked_at:
        hours = SlaPolicy.in_force().body["customer_silence_hours"]
        due_at = news.event.at + timedelta(hours=hours)
        arm(CUSTOMER_SILENT, TICKET, news.ticket.pk, due_at, at=news.event.at)
    else:
        disarm(TICKET, news.ticket.pk, CUSTOMER_SILENT)
    with open_clocks(news.ticket, news.event.at) as clocks:
        clocks.meet(Metric.FIRST_RESPONSE, Metric.NEXT_UPDATE)
        if news.event.data["waiting"]:
            clocks.pause(Metric.RESOLUTION)
        else:
            clocks.resume(Metric.RESOLUTION)
            clocks.start(Metric.NEXT_UPDATE, since=news.event.at)


@hears(ConfirmationAsked)
def _confirmation_asked(news: ConfirmationAsked) -> None:
    """Asking is an answer of ours to the customer; the ball is then with them."""
    now = news.event.at
    hours = SlaPolicy.in_force().body["confirmation_hours"]
    arm(CONFIRMATION, TICKET, news.ticket.pk, now + timedelta(hours=hours), at=now)
    disarm(TICKET, news.ticket.pk, CUSTOMER_SILENT)
    with open_clocks(news.ticket, now) as clocks:
        clocks.meet(Metric.FIRST_RESPONSE, Metric.NEXT_UPDATE)
        clocks.pause(Metric.RESOLUTION)


@hears(CustomerWrote)
def _customer_wrote(news: CustomerWrote) -> None:
    _take_ball(news)


@hears(WaitingEnded)
def _waiting_ended(news: WaitingEnded) -> None:
    _take_ball(news)


@hears(ConfirmationAnswered)
def _confirmation_answered(news: ConfirmationAnswered) -> None:
    # Also after a 'yes': somebody of ours must still close, and that must not be late in silence.
    _take_ball(news)


def _take_ball(news: CustomerWrote | ConfirmationAnswered | WaitingEnded) -> None:
    disarm(TICKET, news.ticket.pk, CONFIRMATION, CUSTOMER_SILENT)
    with open_clocks(news.ticket, news.event.at) as clocks:
        clocks.resume(Metric.RESOLUTION)
        if news.ticket.first_response_at and not clocks.owes(Metric.NEXT_UPDATE):
            clocks.start(Metric.NEXT_UPDATE, since=news.event.at)


@hears(TicketEscalated)
def _escalated(news: TicketEscalated) -> None:
    with open_clocks(news.ticket, news.event.at) as clocks:
        clocks.cancel(Metric.ACCEPTANCE)
        clocks.start(Metric.ACCEPTANCE, since=news.event.at)


@hears(EscalationAccepted)
def _accepted(news: EscalationAccepted) -> None:
    with open_clocks(news.ticket, news.event.at) as clocks:
        clocks.meet(Metric.ACCEPTANCE)


@hears(EscalationReturned)
def _returned(news: EscalationReturned) -> None:
    with open_clocks(news.ticket, news.event.at) as clocks:
        clocks.cancel(Metric.ACCEPTANCE)


@hears(TicketClosed)
def _closed(news: TicketClosed) -> None:
    """The closing letter is the last answer; a promise that ran out before it was missed."""
    ticket, now = news.ticket, news.event.at
    with open_clocks(ticket, now) as clocks:
        clocks.meet(Metric.FIRST_RESPONSE, Metric.NEXT_UPDATE, Metric.RESOLUTION)
    disarm(TICKET, ticket.pk)
    arm(REOPEN_WINDOW, TICKET, ticket.pk, reopen_until(ticket), at=now)


@hears(TicketReopened)
def _reopened(news: TicketReopened) -> None:
    disarm(TICKET, news.ticket.pk, REOPEN_WINDOW)
    with open_clocks(news.ticket, news.event.at) as clocks:
        clocks.start(Metric.NEXT_UPDATE, since=news.event.at)
        clocks.start(Metric.RESOLUTION, since=news.event.at)
