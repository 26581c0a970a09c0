"""What happens in agents' cases by itself: complaints to suppliers, and steps whose time runs out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from agents_ops.complaint_times import PENDING
from agents_ops.models import PlaybookRun, SupplierComplaint
from agents_ops.services.complaints import (
    follow_up,
    make_hard,
    open_complaint,
    open_complaint_of,
)
from agents_ops.timers import (
    COMPLAINT,
    RUN,
    STEP_DUE,
    STEP_NEARS,
    SUPPLIER_DUE,
    SUPPLIER_FOLLOW_UP,
    SUPPLIER_HARD,
)
from escalation.matrix import next_team
from escalation.models import EscalationMatrix
from escalation.services.automatic import Deadline, escalate_automatically
from helpdesk.common.durations import wib_text
from people.actors import SWEEP
from sla.models import Timer
from sla.timers import fires, locks
from tickets.models import EventKind, Ticket
from tickets.services import notify, notify_team, record

TRIGGER = "agent_standard"


@locks(RUN)
def lock_free_runs(ids: list[int]) -> dict[int, PlaybookRun]:
    """Those on whose tickets nobody works now."""
    rows = PlaybookRun.objects.select_for_update(of=("self",), skip_locked=True)
    tickets = _free_tickets(
        PlaybookRun.objects.filter(pk__in=ids).values_list("ticket_id", flat=True)
    )
    found = {run.pk: run for run in rows.filter(pk__in=ids, ticket__in=tickets).order_by("pk")}
    for run in found.values():
        run.ticket = tickets[run.ticket_id]
    return found


@locks(COMPLAINT)
def lock_free_complaints(ids: list[int]) -> dict[int, SupplierComplaint]:
    """As for runs."""
    wanted = SupplierComplaint.objects.filter(pk__in=ids).values_list("ticket_id", flat=True)
    tickets = _free_tickets(wanted)
    rows = SupplierComplaint.objects.select_for_update(of=("self",), skip_locked=True)
    free = rows.select_related("run").filter(pk__in=ids, ticket__in=tickets).order_by("pk")
    found = {complaint.pk: complaint for complaint in free}
    for complaint in found.values():
        complaint.ticket = tickets[complaint.ticket_id]
    return found


def _free_tickets(ids: Any) -> dict[int, Ticket]:
    rows = Ticket.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
    free = rows.select_related("team", "home_team", "assignee").filter(pk__in=set(ids))
    return {ticket.pk: ticket for ticket in free.order_by("pk")}


@fires(SUPPLIER_DUE)
def _complain(timer: Timer, run: PlaybookRun, now: datetime) -> None:
    """Nobody has complained and nobody knows better: the supplier is asked by itself."""
    ticket = run.ticket
    if run.is_active and ticket.is_open and open_complaint_of(ticket, PENDING) is None:
        open_complaint(run, ticket, PENDING, actor=SWEEP, at=now)


@fires(SUPPLIER_HARD)
def _harden(timer: Timer, complaint: SupplierComplaint, now: datetime) -> None:
    if complaint.is_open and complaint.hard_at is None:
        make_hard(complaint, complaint.ticket, actor=SWEEP, at=now)


@fires(SUPPLIER_FOLLOW_UP)
def _follow_up(timer: Timer, complaint: SupplierComplaint, now: datetime) -> None:
    if complaint.is_open:
        follow_up(complaint, complaint.ticket, at=now)


@fires(STEP_NEARS)
def _nears(timer: Timer, run: PlaybookRun, now: datetime) -> None:
    """Whoever works on it hears of it in time; without anybody, the team's leads."""
    if not _is_watched(run):
        return
    ticket = run.ticket
    event = record(
        ticket, actor=SWEEP, kind=EventKind.STANDARD_NEARS, at=now, data=_named(run, timer, now)
    )
    if ticket.assignee is not None:
        notify(ticket, event, [ticket.assignee])
    elif ticket.team is not None:
        notify_team(ticket, event, ticket.team, leads_only=True)


@fires(STEP_DUE)
def _due(timer: Timer, run: PlaybookRun, now: datetime) -> None:
    """The step's time is over: on record, and up by the matrix, as with a missed promise."""
    if not _is_watched(run):
        return
    ticket, step = run.ticket, run.open_step
    event = record(
        ticket, actor=SWEEP, kind=EventKind.STANDARD_MISSED, at=now, data=_named(run, timer, now)
    )
    people = [ticket.assignee] if ticket.assignee else []
    if ticket.team is None:
        notify(ticket, event, people)
    else:
        notify_team(ticket, event, ticket.team, leads_only=True, also=people)
    with translation.override("id"):
        cause = _("Time standard of the step '%(step)s' missed, due %(due)s.") % {
            "step": step.title if step else "",
            "due": wib_text(timer.due_at),
        }
    rules = EscalationMatrix.in_force()
    late = round(timer.engine_late(now), 3)
    escalate_automatically(
        ticket,
        actor=SWEEP,
        to_team=next_team(ticket, rules),
        trigger=TRIGGER,
        at=now,
        cause=cause,
        rules=rules,
        answers=Deadline(timer.due_at, late, sweep=timer.sweep, cause=event),
    )


def _is_watched(run: PlaybookRun) -> bool:
    return run.is_active and run.ticket.is_open


def _named(run: PlaybookRun, timer: Timer, now: datetime) -> dict[str, Any]:
    return {
        "run": run.pk,
        "rules": run.rules_id,
        "playbook": run.playbook,
        "step": run.step,
        "due_at": timer.due_at.isoformat(),
        "late_seconds": round((now - timer.due_at).total_seconds(), 3),
    }
