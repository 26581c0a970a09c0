"""Complaints to suppliers: opened by an officer or a timer, made hard, followed up, answered, ended.

Each verb locks the ticket and then the complaint. Nothing is sent here: a message is a row that
`complaint_sending` carries out.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from agents_ops.complaint_times import ComplaintTimes, about_of, times_of
from agents_ops.complaint_words import words_of
from agents_ops.models import PlaybookRun, SupplierComplaint, SupplierMessage
from agents_ops.selectors import answers_of
from agents_ops.services.runs import locked_run
from agents_ops.states import StepKind
from agents_ops.timers import COMPLAINT, RUN, SUPPLIER_DUE, SUPPLIER_FOLLOW_UP, SUPPLIER_HARD
from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput, WrongState
from helpdesk.common.wording import gettext as _
from people.actors import SWEEP, Actor
from sla.services import arm, disarm
from tickets.models import EventKind, Ticket
from tickets.services import (
    clean_words,
    lock_ticket,
    notify,
    notify_team,
    record,
    require_open,
    require_work_on,
)

Kind, State = SupplierMessage.Kind, SupplierMessage.State
MOST_WORDS = 1_000
URGENCY = 1
FINAL = ("success", "failed")
RESULTS = (*FINAL, "pending")


@transaction.atomic
def complain(*, actor: Actor, ticket_id: int) -> SupplierComplaint:
    """Complain about the transaction of the open step. Raises WrongState (`no_complaint`,
    `complained_already`), and as every verb of a playbook."""
    run, ticket, here = locked_run(actor, ticket_id)
    if here.kind != StepKind.SUPPLIER_COMPLAINT:
        raise WrongState(_("The open step has no complaint to a supplier."), code="no_complaint")
    about = about_of(here)
    if open_complaint_of(ticket, about) is not None:
        message = _("The supplier has been told already. Follow it up instead.")
        raise WrongState(message, code="complained_already")
    return open_complaint(run, ticket, about, actor=actor, at=clock.now())


def open_complaint(
    run: PlaybookRun, ticket: Ticket, about: str, *, actor: Actor, at: datetime
) -> SupplierComplaint:
    """Of a locked ticket that has no open one. Later than the hard one is due, it is hard at once."""
    times, given, since = _times(run, about), answers_of(run), transacted_at(run, at)
    facts: dict[str, Any] = next(
        iter(
            run.lookups.filter(system="transaction")
            .exclude(result="")
            .values_list("facts", flat=True)
        ),
        {},
    )
    hard_due = times.hard_due(since)
    made = SupplierComplaint.objects.create(
        ticket=ticket,
        run=run,
        about=about,
        supplier=str(given.get("supplier") or facts.get("supplier", ""))[:120],
        reference=str(facts.get("reference", ""))[:120],
        product=str(given.get("product") or facts.get("product", ""))[:120],
        destination=str(given.get("destination", ""))[:120],
        since=since,
        opened_at=at,
        opened_by=actor.user,
        hard_due_at=hard_due,
    )
    disarm(RUN, run.pk, SUPPLIER_DUE)
    if hard_due is not None and hard_due <= at:
        make_hard(made, ticket, actor=actor, at=at)
        return made
    _write(made, ticket, Kind.COMPLAINT, actor=actor, at=at)
    if hard_due is not None:
        arm(SUPPLIER_HARD, COMPLAINT, made.pk, hard_due, urgency=URGENCY, at=at, replaces=False)
    arm_follow_up(made, times, at)
    return made


def make_hard(complaint: SupplierComplaint, ticket: Ticket, *, actor: Actor, at: datetime) -> None:
    """Once only; officer and leads hear of it."""
    complaint.hard_at = at
    complaint.save(update_fields=["hard_at"])
    disarm(COMPLAINT, complaint.pk, SUPPLIER_HARD)
    event = _write(complaint, ticket, Kind.HARD, actor=actor, at=at)
    people = [ticket.assignee] if ticket.assignee else []
    if ticket.team is None:
        notify(ticket, event, people)
    else:
        notify_team(ticket, event, ticket.team, leads_only=True, also=people)
    arm_follow_up(complaint, _times(complaint.run, complaint.about), at)


@transaction.atomic
def press_supplier(*, actor: Actor, complaint_id: int, hard: bool) -> SupplierComplaint:
    """Follow it up, or make it a hard complaint before its time. Raises WrongState (`not_open`,
    `hard_already`), Conflict while the last message is still on its way."""
    complaint, ticket = _locked(complaint_id)
    _require_work(actor, ticket)
    _require_running(complaint)
    at = clock.now()
    if hard and complaint.hard_at is not None:
        raise WrongState(_("It is a hard complaint already."), code="hard_already")
    if hard:
        make_hard(complaint, ticket, actor=actor, at=at)
    elif complaint.messages.filter(state=State.PENDING).exists():
        message = _("The last message is still on its way.")
        raise Conflict(message, code="still_on_its_way")
    else:
        _write(complaint, ticket, Kind.FOLLOW_UP, actor=actor, at=at)
    return complaint


def follow_up(complaint: SupplierComplaint, ticket: Ticket, *, at: datetime) -> None:
    """By its timer. What has not even been delivered is not followed up."""
    if not complaint.messages.filter(state__in=(State.PENDING, State.FAILED)).exists():
        _write(complaint, ticket, Kind.FOLLOW_UP, actor=SWEEP, at=at)
    arm_follow_up(complaint, _times(complaint.run, complaint.about), at)


def arm_follow_up(complaint: SupplierComplaint, times: ComplaintTimes, at: datetime) -> None:
    if times.follow_up_every is not None:
        due = at + times.follow_up_every
        arm(SUPPLIER_FOLLOW_UP, COMPLAINT, complaint.pk, due, urgency=URGENCY, at=at)


@transaction.atomic
def answer_complaint(
    *, actor: Actor, complaint_id: int, result: str, words: str = "", reference: str = ""
) -> SupplierComplaint:
    """What the supplier says, told by its system or by an officer. The same `reference` again changes
    nothing. Raises WrongState (`not_open`) for another answer to a matter that has ended."""
    complaint, ticket = _locked(complaint_id)
    if not actor.may("receive_for_others"):
        _require_work(actor, ticket)
    if reference and complaint.messages.filter(direction="in", reference=reference).exists():
        return complaint
    _require_running(complaint)
    if result not in RESULTS:
        message = _("This value is not known.")
        raise InvalidInput(message, fields={"result": message})
    said = clean_words(words, field="words", max_length=MOST_WORDS)
    take_answer(complaint, ticket, actor=actor, result=result, text=said, reference=reference[:120])
    return complaint


def take_answer(
    complaint: SupplierComplaint,
    ticket: Ticket,
    *,
    actor: Actor,
    result: str,
    text: str,
    reference: str,
) -> None:
    """Of a locked, open complaint: on record, and the end of the matter where it is a final word."""
    at = clock.now()
    row = complaint.messages.create(
        direction=SupplierMessage.Direction.IN,
        kind=Kind.ANSWER,
        state=State.RECEIVED,
        text=text,
        result=result,
        reference=reference,
        at=at,
        by=actor.user,
    )
    data = {"complaint": complaint.pk, "message": row.pk, "result": result}
    event = record(ticket, actor=actor, kind=EventKind.SUPPLIER_ANSWERED, at=at, data=data)
    notify(ticket, event, [ticket.assignee] if ticket.assignee else [])
    if result in FINAL:
        _end([complaint], SupplierComplaint.State.SETTLED, at, outcome=result)


def end_complaints(ticket: Ticket, *, at: datetime) -> None:
    """The ticket is closed: nobody asks the supplier any more."""
    rows = ticket.supplier_complaints.select_for_update().filter(state="open")
    _end(rows, SupplierComplaint.State.ENDED, at)


@transaction.atomic
def send_again(*, actor: Actor, complaint_id: int, by_hand: bool) -> SupplierComplaint:
    """What could not be delivered goes out once more, or was told by telephone. Raises WrongState."""
    complaint, ticket = _locked(complaint_id)
    _require_work(actor, ticket)
    waiting = (State.FAILED, State.PENDING) if by_hand else (State.FAILED,)
    rows = complaint.messages.filter(state__in=waiting)
    values: dict[str, Any] = (
        {"state": State.BY_HAND, "sent_at": clock.now(), "by": actor.user, "next_try_at": None}
        if by_hand
        else {"state": State.PENDING, "attempts": 0, "next_try_at": clock.now()}
    )
    if not rows.update(**values):
        raise WrongState(_("Nothing waits to be delivered."), code="nothing_waits")
    return complaint


def open_complaint_of(ticket: Ticket, about: str) -> SupplierComplaint | None:
    return ticket.supplier_complaints.filter(about=about, state="open").first()


def transacted_at(run: PlaybookRun, at: datetime) -> datetime:
    """When the transaction was made: the system's word, else the agent's, else when it was looked up."""
    rows = run.lookups.filter(system="transaction").exclude(result="")
    row = rows.first()
    told = (row.facts.get("at") if row else "") or answers_of(run).get("transacted_at")
    found = datetime.fromisoformat(told) if told else (row.at if row else at)
    return min(found, at)


def _times(run: PlaybookRun, about: str) -> ComplaintTimes:
    found = times_of(run.script, about)
    return found or ComplaintTimes(timedelta(0), None, None)


def _write(
    complaint: SupplierComplaint, ticket: Ticket, kind: str, *, actor: Actor, at: datetime
) -> Any:
    row = complaint.messages.create(
        direction=SupplierMessage.Direction.OUT,
        kind=kind,
        state=State.PENDING,
        text=words_of(complaint, kind),
        at=at,
        by=actor.user,
        next_try_at=at,
    )
    data = {"complaint": complaint.pk, "message": row.pk, "kind": kind, "about": complaint.about}
    return record(ticket, actor=actor, kind=EventKind.SUPPLIER_TOLD, at=at, data=data)


def _end(
    complaints: Iterable[SupplierComplaint], state: str, at: datetime, *, outcome: str = ""
) -> None:
    for complaint in complaints:
        complaint.state, complaint.outcome, complaint.ended_at = state, outcome, at
        complaint.save(update_fields=["state", "outcome", "ended_at"])
        disarm(COMPLAINT, complaint.pk)
        complaint.messages.filter(state=State.PENDING).update(state=State.DROPPED, next_try_at=None)


def _locked(complaint_id: int) -> tuple[SupplierComplaint, Ticket]:
    ticket_id = SupplierComplaint.objects.values_list("ticket_id", flat=True).get(pk=complaint_id)
    ticket = lock_ticket(ticket_id, reply_leaves=False)
    rows = SupplierComplaint.objects.select_for_update(of=("self",)).select_related("run")
    complaint = rows.get(pk=complaint_id)
    complaint.ticket = ticket
    return complaint, ticket


def _require_work(actor: Actor, ticket: Ticket) -> None:
    actor.require_person("work_ticket")
    require_work_on(ticket, actor)
    require_open(ticket)


def _require_running(complaint: SupplierComplaint) -> None:
    if not complaint.is_open:
        raise WrongState(_("This complaint has ended."), code="not_open")
