"""What follows in agents' cases when a step opens, a result is known, a ticket is closed."""

from __future__ import annotations

from datetime import datetime

from agents_ops.complaint_times import MISSING, PENDING, about_of, times_of
from agents_ops.events import LookedUp, RunEnded, StepOpened
from agents_ops.models import PlaybookRun
from agents_ops.playbook.parts import Step
from agents_ops.selectors import is_agent_case
from agents_ops.services.complaints import (
    end_complaints,
    open_complaint,
    open_complaint_of,
    transacted_at,
)
from agents_ops.states import StepKind
from agents_ops.step_times import step_times
from agents_ops.timers import RUN, STEP_DUE, STEP_NEARS, SUPPLIER_DUE
from helpdesk.common.events import hears
from people.actors import SWEEP
from sla.services import arm, disarm
from tickets.events import MergeUndone, TicketClosed, TicketMerged, TicketNews, TicketReopened
from tickets.models import Ticket
from tickets.states import rank_of

URGENCY = 1


@hears(LookedUp)
def _pending(news: LookedUp) -> None:
    """From here on the supplier is complained to by itself, whoever does what with the ticket."""
    row = news.lookup
    if row.system != "transaction":
        return
    if row.result == PENDING:
        _complain_later(news.run, news.ticket, row.at)
    else:
        disarm(RUN, news.run.pk, SUPPLIER_DUE)


@hears(StepOpened)
def _opened(news: StepOpened) -> None:
    step = news.run.open_step
    disarm(RUN, news.run.pk, STEP_NEARS, STEP_DUE)
    if step is None:
        return
    _watch(news.run, news.ticket, step, news.at)
    if step.kind == StepKind.SUPPLIER_COMPLAINT and not step.options.get("hard"):
        _complaint_step(news, about_of(step))


def _watch(run: PlaybookRun, ticket: Ticket, step: Step, at: datetime) -> None:
    times = step_times(step, at)
    if times is not None:
        urgency = min(URGENCY, rank_of(ticket.priority))
        arm(STEP_NEARS, RUN, run.pk, times.nears_at, urgency=urgency, at=at, replaces=False)
        arm(STEP_DUE, RUN, run.pk, times.due_at, urgency=urgency, at=at, replaces=False)


def _complaint_step(news: StepOpened, about: str) -> None:
    """A missing product is complained about at once; a pending transaction when its time is over."""
    if about == MISSING and open_complaint_of(news.ticket, about) is None:
        open_complaint(news.run, news.ticket, about, actor=SWEEP, at=news.at)
    elif about == PENDING:
        _complain_later(news.run, news.ticket, news.at)


def _complain_later(run: PlaybookRun, ticket: Ticket, at: datetime) -> None:
    times = times_of(run.script, PENDING)
    if times is None or ticket.supplier_complaints.filter(run=run, about=PENDING).exists():
        return
    due = transacted_at(run, at) + times.complain_after
    arm(SUPPLIER_DUE, RUN, run.pk, due, urgency=URGENCY, at=at)


@hears(RunEnded)
def _ended(news: RunEnded) -> None:
    disarm(RUN, news.run.pk)


@hears(TicketClosed)
def _closed(news: TicketClosed) -> None:
    _stop(news)


@hears(TicketMerged)
def _merged(news: TicketMerged) -> None:
    _stop(news)


@hears(TicketReopened)
def _reopened(news: TicketReopened) -> None:
    _go_on(news)


@hears(MergeUndone)
def _unmerged(news: MergeUndone) -> None:
    _go_on(news)


def _stop(news: TicketNews) -> None:
    """A closed case asks nobody."""
    if not is_agent_case(news.ticket):
        return
    for run in news.ticket.playbook_runs.filter(state="active"):
        disarm(RUN, run.pk)
    end_complaints(news.ticket, at=news.event.at)


def _go_on(news: TicketNews) -> None:
    """Its playbook goes on where it was, with the time of the step anew."""
    if not is_agent_case(news.ticket):
        return
    for run in news.ticket.playbook_runs.filter(state="active"):
        _opened(StepOpened(run=run, ticket=news.ticket, at=news.event.at))
