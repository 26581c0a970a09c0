"""Clocks and timers follow what happens to tickets."""

from __future__ import annotations

from datetime import timedelta

from helpdesk.common.events import hears
from sla.models import Metric, SlaPolicy
from sla.services import clocks
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
    WaitingForCustomer,
)
from tickets.services import reopen_until

ALL = (Metric.FIRST_RESPONSE, Metric.NEXT_UPDATE, Metric.RESOLUTION, Metric.ACCEPTANCE)


@hears(TicketClassified)
def _start(news: TicketClassified) -> None:
    now = news.event.at
    clocks.start_clocks(
        news.ticket,
        (Metric.FIRST_RESPONSE, Metric.RESOLUTION),
        start=news.ticket.received_at,
        now=now,
    )


@hears(TicketReclassified)
def _recompute(news: TicketReclassified) -> None:
    clocks.recompute(news.ticket, now=news.event.at)


@hears(TeamReplied)
def _answered(news: TeamReplied) -> None:
    """A person of ours answered: the next update is owed again from now, unless the ball is with the customer."""
    ticket, now = news.ticket, news.event.at
    clocks.meet(ticket, Metric.FIRST_RESPONSE, now=now)
    clocks.meet(ticket, Metric.NEXT_UPDATE, now=now)
    if not news.event.data.get("waiting"):
        clocks.resume(ticket, Metric.RESOLUTION, now=now)
    clocks.start_clocks(ticket, (Metric.NEXT_UPDATE,), start=now, now=now)


@hears(WaitingForCustomer)
def _ball_with_customer(news: WaitingForCustomer) -> None:
    clocks.cancel(news.ticket, Metric.NEXT_UPDATE, now=news.event.at)
    clocks.pause(news.ticket, Metric.RESOLUTION, now=news.event.at)
    clocks.keep_next_deadline(news.ticket)


@hears(ConfirmationAsked)
def _confirmation_asked(news: ConfirmationAsked) -> None:
    now = news.event.at
    hours = SlaPolicy.in_force().body["confirmation_hours"]
    # Asking is an answer of ours to the customer; the ball is then with them.
    clocks.meet(news.ticket, Metric.NEXT_UPDATE, now=now)
    clocks.pause(news.ticket, Metric.RESOLUTION, now=now)
    arm("sla.confirmation", clocks.TICKET, news.ticket.pk, now + timedelta(hours=hours), at=now)
    clocks.keep_next_deadline(news.ticket)


@hears(CustomerWrote)
def _ball_with_us(news: CustomerWrote) -> None:
    _take_ball(news)


@hears(ConfirmationAnswered)
def _confirmation_answered(news: ConfirmationAnswered) -> None:
    # Also after a 'yes': somebody of ours must still close, and that must not be late in silence.
    _take_ball(news)


def _take_ball(news: CustomerWrote | ConfirmationAnswered) -> None:
    ticket, now = news.ticket, news.event.at
    disarm(clocks.TICKET, ticket.pk, "sla.confirmation")
    clocks.resume(ticket, Metric.RESOLUTION, now=now)
    if ticket.first_response_at and not clocks.running(ticket, Metric.NEXT_UPDATE):
        clocks.start_clocks(ticket, (Metric.NEXT_UPDATE,), start=now, now=now)
    clocks.keep_next_deadline(ticket)


@hears(TicketEscalated)
def _escalated(news: TicketEscalated) -> None:
    now = news.event.at
    clocks.cancel(news.ticket, Metric.ACCEPTANCE, now=now)
    clocks.start_clocks(news.ticket, (Metric.ACCEPTANCE,), start=now, now=now)


@hears(EscalationAccepted)
def _accepted(news: EscalationAccepted) -> None:
    clocks.meet(news.ticket, Metric.ACCEPTANCE, now=news.event.at)
    clocks.keep_next_deadline(news.ticket)


@hears(EscalationReturned)
def _returned(news: EscalationReturned) -> None:
    clocks.cancel(news.ticket, Metric.ACCEPTANCE, now=news.event.at)
    clocks.keep_next_deadline(news.ticket)


@hears(TicketClosed)
def _closed(news: TicketClosed) -> None:
    ticket, now = news.ticket, news.event.at
    clocks.meet(ticket, Metric.RESOLUTION, now=now)
    clocks.cancel(ticket, Metric.FIRST_RESPONSE, Metric.NEXT_UPDATE, Metric.ACCEPTANCE, now=now)
    disarm(clocks.TICKET, ticket.pk)
    arm("sla.reopen_window", clocks.TICKET, ticket.pk, reopen_until(ticket), at=now)
    clocks.keep_next_deadline(ticket)


@hears(TicketReopened)
def _reopened(news: TicketReopened) -> None:
    ticket, now = news.ticket, news.event.at
    disarm(clocks.TICKET, ticket.pk, "sla.reopen_window")
    clocks.start_clocks(ticket, (Metric.NEXT_UPDATE, Metric.RESOLUTION), start=now, now=now)
