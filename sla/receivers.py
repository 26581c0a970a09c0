"""Clocks and timers follow what happens to tickets."""

from __future__ import annotations

from contextlib import AbstractContextManager

from helpdesk.common.events import hears
from sla.kinds import CONFIRMATION, CUSTOMER_SILENT, HOLD_ENDS, REOPEN_WINDOW, REPLY_LEAVES
from sla.models import Metric, SlaPolicy
from sla.services.clocks import RECEIVING, WITH_THE_TEAM, OpenClocks, open_clocks
from sla.services.firing_points import TICKET
from sla.services.restoring import owe_news, restore
from sla.timers import arm, disarm
from tickets.events import (
    ConfirmationAnswered,
    ConfirmationAsked,
    CustomerWrote,
    EscalationAccepted,
    EscalationDecided,
    EscalationRequested,
    EscalationReturned,
    MediationDecided,
    MergeUndone,
    ReplyNeeded,
    ReplyNotNeeded,
    ReplySettled,
    ReplyWaits,
    TeamReplied,
    TicketClassified,
    TicketClosed,
    TicketEscalated,
    TicketHeld,
    TicketMerged,
    TicketNews,
    TicketReclassified,
    TicketReleased,
    TicketReopened,
    WaitingEnded,
)
from tickets.models import TicketEvent
from tickets.services import reopen_until
from tickets.states import WITH_A_TEAM_STATES

AT_CLOSING = (Metric.FIRST_RESPONSE, Metric.NEXT_UPDATE, Metric.RESOLUTION)


def _clocks(news: TicketNews, *, none_yet: bool = False) -> AbstractContextManager[OpenClocks]:
    return open_clocks(news.ticket, news.event.at, cause=news.event, none_yet=none_yet)


@hears(TicketClassified)
def _start(news: TicketClassified) -> None:
    with _clocks(news, none_yet=True) as clocks:
        clocks.start(Metric.FIRST_RESPONSE, since=news.ticket.received_at)
        clocks.start(Metric.RESOLUTION, since=news.ticket.received_at)


@hears(TicketReclassified)
def _recompute(news: TicketReclassified) -> None:
    with _clocks(news) as clocks:
        clocks.recompute()


@hears(TeamReplied)
def _answered(news: TeamReplied) -> None:
    """The next update is owed again from now, unless the ball is with the customer.

    Then the customer's silence is what is timed: no open ticket is ever without a timer. While a
    receiving team has it, its customer hears of that every day all the same.
    """
    # While a question for confirmation is open, its own timer runs.
    if news.event.data["waiting"] and not news.ticket.confirmation_asked_at:
        _time_silence(news)
    else:
        disarm(TICKET, news.ticket.pk, CUSTOMER_SILENT)
    with _clocks(news) as clocks:
        clocks.meet(Metric.FIRST_RESPONSE, Metric.NEXT_UPDATE)
        if not news.event.data["waiting"] or news.ticket.state in WITH_A_TEAM_STATES:
            clocks.start(Metric.NEXT_UPDATE, since=news.event.at)


@hears(ReplyWaits)
def _reply_waits(news: ReplyWaits) -> None:
    """No clock knows of it: the customer has not heard anything yet. First in the sweep's order."""
    if news.ticket.reply_leaves_at is not None:
        due_at = news.ticket.reply_leaves_at
        arm(REPLY_LEAVES, TICKET, news.ticket.pk, due_at, urgency=0, at=news.event.at)


@hears(ReplySettled)
def _reply_settled(news: ReplySettled) -> None:
    disarm(TICKET, news.ticket.pk, REPLY_LEAVES)


@hears(ConfirmationAsked)
def _confirmation_asked(news: ConfirmationAsked) -> None:
    """Asking is an answer of ours to the customer; the ball is then with them."""
    _time_confirmation(news)
    disarm(TICKET, news.ticket.pk, CUSTOMER_SILENT)
    with _clocks(news) as clocks:
        clocks.meet(Metric.FIRST_RESPONSE, Metric.NEXT_UPDATE)


@hears(ReplyNotNeeded)
def _no_reply_needed(news: ReplyNotNeeded) -> None:
    """Nothing is owed for these words; should the customer stay silent, somebody looks again."""
    _time_silence(news)
    with _clocks(news) as clocks:
        # While a team has it, the next news is of that work, and owed still.
        if news.ticket.state not in WITH_A_TEAM_STATES:
            clocks.cancel(Metric.NEXT_UPDATE)


@hears(CustomerWrote)
def _customer_wrote(news: CustomerWrote) -> None:
    # A closing 'thank you' wants no answer: whatever held before holds on.
    if not news.event.data.get("thanks"):
        _take_ball(news)


@hears(WaitingEnded)
def _waiting_ended(news: WaitingEnded) -> None:
    _take_ball(news)


@hears(ReplyNeeded)
def _reply_needed(news: ReplyNeeded) -> None:
    _take_ball(news)


@hears(ConfirmationAnswered)
def _confirmation_answered(news: ConfirmationAnswered) -> None:
    # Also after a 'yes': somebody of ours must still close, and that must not be late in silence.
    _take_ball(news)


def _take_ball(news: TicketNews) -> None:
    disarm(TICKET, news.ticket.pk, CONFIRMATION, CUSTOMER_SILENT)
    with _clocks(news) as clocks:
        if news.ticket.first_response_at and not clocks.owes(Metric.NEXT_UPDATE):
            clocks.start(Metric.NEXT_UPDATE, since=news.event.at)


def _time_confirmation(news: TicketNews) -> None:
    due_at = news.event.at + SlaPolicy.exactly_in_force().rules.confirmation
    arm(CONFIRMATION, TICKET, news.ticket.pk, due_at, at=news.event.at)


def _time_silence(news: TicketNews) -> None:
    due_at = news.event.at + SlaPolicy.exactly_in_force().rules.customer_silence
    arm(CUSTOMER_SILENT, TICKET, news.ticket.pk, due_at, at=news.event.at)


@hears(TicketHeld)
def _held(news: TicketHeld) -> None:
    if news.ticket.held_until is not None:
        arm(HOLD_ENDS, TICKET, news.ticket.pk, news.ticket.held_until, at=news.event.at)
    with _clocks(news):
        """What stands still while it is held, the policy says."""


@hears(TicketReleased)
def _released(news: TicketReleased) -> None:
    disarm(TICKET, news.ticket.pk, HOLD_ENDS)
    if news.ticket.confirmation_asked_at:
        _time_confirmation(news)
    with _clocks(news):
        """What stood still runs on."""


@hears(EscalationRequested)
def _verification_wanted(news: EscalationRequested) -> None:
    with _clocks(news) as clocks:
        clocks.start(Metric.VERIFICATION, since=news.event.at)


@hears(EscalationDecided)
def _verified(news: EscalationDecided) -> None:
    with _clocks(news) as clocks:
        # Late, but kept: what the supervisor has just decided is not taken back by that.
        clocks.meet(Metric.VERIFICATION, escalates=False)


@hears(TicketEscalated)
def _escalated(news: TicketEscalated) -> None:
    with _clocks(news) as clocks:
        clocks.cancel(*WITH_THE_TEAM)
        metric = clocks.policy.rules.receiving_metric(_holder(news))
        clocks.start(metric, since=news.event.at)


@hears(EscalationAccepted)
def _accepted(news: EscalationAccepted) -> None:
    with _clocks(news) as clocks:
        # Late, but kept: the team that has just taken it must not lose it by that.
        clocks.meet(*RECEIVING, escalates=False)
        if metric := clocks.policy.rules.after_acceptance.get(_holder(news)):
            clocks.start(metric, since=news.event.at)


@hears(MediationDecided)
def _decided(news: MediationDecided) -> None:
    with _clocks(news) as clocks:
        clocks.meet(Metric.MEDIATION_DECISION, escalates=False)


@hears(EscalationReturned)
def _returned(news: EscalationReturned) -> None:
    with _clocks(news) as clocks:
        clocks.cancel(*WITH_THE_TEAM)


@hears(TicketClosed)
def _closed(news: TicketClosed) -> None:
    """The closing letter is the last answer; a promise that ran out before it was missed."""
    ticket, now = news.ticket, news.event.at
    with _clocks(news) as clocks:
        clocks.meet(*AT_CLOSING)
        clocks.cancel(*[metric for metric in Metric if metric not in AT_CLOSING])
    disarm(TICKET, ticket.pk)
    arm(REOPEN_WINDOW, TICKET, ticket.pk, reopen_until(ticket), at=now)


@hears(TicketMerged)
def _merged(news: TicketMerged) -> None:
    """The problem's promises are those of the ticket that it goes on in: these are neither kept nor
    missed. One that had run out before was missed."""
    with _clocks(news) as clocks:
        clocks.cancel(*Metric)
    disarm(TICKET, news.ticket.pk)


@hears(MergeUndone)
def _merge_undone(news: MergeUndone) -> None:
    """By our mistake nobody waits longer: the deadlines are those of before."""
    ticket, rules = news.ticket, SlaPolicy.exactly_in_force().rules
    merge = TicketEvent.objects.get(pk=news.event.data["merge"])
    with _clocks(news) as clocks:
        if owe_news(restore(clocks, merge)):
            clocks.start(Metric.NEXT_UPDATE, since=news.event.at)
    if asked := ticket.confirmation_asked_at:
        arm(CONFIRMATION, TICKET, ticket.pk, asked + rules.confirmation, at=news.event.at)
    elif since := ticket.waiting_for_customer_since:
        arm(CUSTOMER_SILENT, TICKET, ticket.pk, since + rules.customer_silence, at=news.event.at)


@hears(TicketReopened)
def _reopened(news: TicketReopened) -> None:
    """The time that was left to settle it runs on; news is owed from now."""
    disarm(TICKET, news.ticket.pk, REOPEN_WINDOW)
    with _clocks(news) as clocks:
        clocks.start(Metric.NEXT_UPDATE, since=news.event.at)
        clocks.reopen(Metric.RESOLUTION)


def _holder(news: TicketNews) -> str:
    return news.ticket.team.code if news.ticket.team else ""
