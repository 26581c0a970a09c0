"""Playing a playbook on a ticket: start it, do its steps, leave its path.

Each verb locks the ticket and then the run; a reply that its author may still take back need not
leave for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from agents_ops.events import RunEnded, StepOpened
from agents_ops.evidence import clean_values
from agents_ops.gates import RESULT, gate_state
from agents_ops.models import PlaybookRun, PlaybookSet, StepRecord, StepValues
from agents_ops.playbook import branch_taken
from agents_ops.playbook.parts import Branch, Step
from agents_ops.selectors import active_run, answers_of, is_agent_case
from agents_ops.states import How, RunState
from agents_ops.suggestions import suggestion_for
from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput, WrongState
from helpdesk.common.events import publish
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from tickets.models import EventKind, Ticket
from tickets.services import clean_words, lock_ticket, record, require_open, require_work_on

MOST_WORDS = 500


@transaction.atomic
def start_playbook(
    *, actor: Actor, ticket_id: int, playbook: str, expected_version: int | None = None
) -> PlaybookRun:
    """Begin the playbook's version in force. Raises InvalidInput (unknown), WrongState, NotAllowed."""
    person = actor.require_person("work_ticket")
    ticket = lock_ticket(ticket_id, expected_version=expected_version, reply_leaves=False)
    _require_workable(ticket, actor)
    if not is_agent_case(ticket):
        message = _("Playbooks are for the cases of reseller agents.")
        raise WrongState(message, code="no_agent_case")
    if active_run(ticket) is not None:
        message = _("A playbook runs on this ticket already. Leave it before you start another.")
        raise WrongState(message, code="playbook_running")
    rules = PlaybookSet.exactly_in_force()
    script = rules.playbooks.get(playbook)
    if script is None:
        message = _("There is no such playbook.")
        raise InvalidInput(message, code="unknown_playbook", fields={"playbook": message})
    now, suggested = clock.now(), suggestion_for(ticket, rules.playbooks)
    run = PlaybookRun.objects.create(
        ticket=ticket,
        rules=rules,
        playbook=script.code,
        suggested=suggested is not None and suggested.playbook.code == script.code,
        step=script.first.code,
        step_since=now,
        started_by=person,
        started_at=now,
    )
    record(ticket, actor=actor, kind=EventKind.PLAYBOOK_STARTED, at=now, data=_named(run))
    publish(StepOpened(run=run, ticket=ticket, at=now))
    return run


@transaction.atomic
def do_step(
    *,
    actor: Actor,
    ticket_id: int,
    step: str,
    values: Mapping[str, Any],
    revision: int | None = None,
) -> PlaybookRun:
    """Finish the open step with its evidence; the way on follows from the answers and the gate.

    `revision` is that of the run which the actor looked at. Raises Conflict (somebody else did the
    step), WrongState (`gate_closed`, `no_playbook`), InvalidInput (a field for each lacking answer).
    """
    run, ticket, here = locked_run(actor, ticket_id, step, revision)
    now = clock.now()
    gate = gate_state(run, here)
    if not gate.open:
        raise WrongState(gate.missing, code="gate_closed")
    kept = clean_values(here, values, ticket, now)
    outcome = gate.outcome or str(kept.get(RESULT, ""))
    branch = branch_taken(here, {**answers_of(run), **kept}, outcome, now)
    done = _leave_step(run, here, actor, now, how=How.DONE, gate=outcome, went_to=branch.go)
    StepValues.objects.create(record=done, values=kept)
    _tell(ticket, run, done, actor, EventKind.PLAYBOOK_STEP)
    _go_on(ticket, run, branch, actor, now)
    return run


@transaction.atomic
def skip_step(
    *,
    actor: Actor,
    ticket_id: int,
    step: str,
    to: str,
    reason: str,
    revision: int | None = None,
) -> PlaybookRun:
    """Jump from the open step to one that lies ahead; why is on record.

    Raises as `do_step`, and WrongState `guarded` where only ways past a guard lead there.
    """
    run, ticket, here = locked_run(actor, ticket_id, step, revision)
    if to not in {each.code for each in run.script.ahead(here.code)}:
        message = _("No way leads from this step to that one.")
        raise InvalidInput(message, code="not_ahead", fields={"to": message})
    if to not in {each.code for each in run.script.open_to_jump(here.code)}:
        message = _("No jump passes a verification or an approval. Leave the playbook instead.")
        raise WrongState(message, code="guarded")
    words, now = _why(reason), clock.now()
    left = _leave_step(run, here, actor, now, how=How.SKIPPED, gate="", went_to=to)
    StepValues.objects.create(record=left, reason=words)
    _tell(ticket, run, left, actor, EventKind.PLAYBOOK_SKIPPED, words)
    _go_on(ticket, run, Branch("", None, to, ""), actor, now)
    return run


@transaction.atomic
def leave_playbook(
    *, actor: Actor, ticket_id: int, reason: str, revision: int | None = None
) -> PlaybookRun:
    """Abandon the run; why is on record. Another playbook may be started then."""
    run, ticket, here = locked_run(actor, ticket_id, revision=revision)
    words, now = _why(reason), clock.now()
    run.state, run.step, run.ended_at = RunState.LEFT, "", now
    _save(run)
    data = {**_named(run), "step": here.code}
    record(ticket, actor=actor, kind=EventKind.PLAYBOOK_LEFT, at=now, data=data, note=words)
    publish(RunEnded(run=run, ticket=ticket))
    return run


def locked_run(
    actor: Actor, ticket_id: int, step: str = "", revision: int | None = None
) -> tuple[PlaybookRun, Ticket, Step]:
    """The active run at its open step, for somebody who may work on it; ticket and run are locked.

    Raises Conflict when it stands elsewhere than at `step` ("": anywhere) or at another revision.
    """
    actor.require_person("work_ticket")
    ticket = lock_ticket(ticket_id, reply_leaves=False)
    _require_workable(ticket, actor)
    run = PlaybookRun.objects.select_for_update().filter(ticket=ticket, state="active").first()
    if run is None:
        raise WrongState(_("No playbook runs on this ticket."), code="no_playbook")
    run.ticket = ticket
    here = run.open_step
    if here is None or revision not in (None, run.revision) or step not in ("", here.code):
        raise Conflict(
            _("Somebody else went on with this playbook a moment ago. Look at it again."),
            code="playbook_moved_on",
        )
    return run, ticket, here


def _require_workable(ticket: Ticket, actor: Actor) -> None:
    require_work_on(ticket, actor)
    require_open(ticket)


def _leave_step(
    run: PlaybookRun,
    step: Step,
    actor: Actor,
    now: datetime,
    *,
    how: How,
    gate: str,
    went_to: str,
) -> StepRecord:
    return StepRecord.objects.create(
        run=run,
        step=step.code,
        how=how,
        by=actor.require_person("work_ticket"),
        opened_at=run.step_since,
        at=now,
        seconds=max(0, int((now - run.step_since).total_seconds())),
        standard=step.seconds,
        gate=gate,
        went_to=went_to,
    )


def _go_on(ticket: Ticket, run: PlaybookRun, branch: Branch, actor: Actor, now: datetime) -> None:
    run.step, run.step_since = branch.go, now
    if branch.end:
        run.state, run.outcome, run.ended_at = RunState.FINISHED, branch.end, now
    _save(run)
    if branch.end:
        data = {**_named(run), "outcome": branch.end}
        record(ticket, actor=actor, kind=EventKind.PLAYBOOK_ENDED, at=now, data=data)
        publish(RunEnded(run=run, ticket=ticket))
    else:
        publish(StepOpened(run=run, ticket=ticket, at=now))


def _save(run: PlaybookRun) -> None:
    run.revision += 1
    run.save(update_fields=["state", "step", "step_since", "outcome", "ended_at", "revision"])


def _tell(
    ticket: Ticket, run: PlaybookRun, left: StepRecord, actor: Actor, kind: str, note: str = ""
) -> None:
    data = {
        **_named(run),
        "step": left.step,
        "record": left.pk,
        "seconds": left.seconds,
        "standard": left.standard,
    }
    record(ticket, actor=actor, kind=kind, at=left.at, data=data, note=note)


def _named(run: PlaybookRun) -> dict[str, Any]:
    return {"run": run.pk, "rules": run.rules_id, "playbook": run.playbook}


def _why(reason: str) -> str:
    words = clean_words(reason, field="reason", max_length=MOST_WORDS)
    if not words:
        message = _("Write why.")
        raise InvalidInput(message, fields={"reason": message})
    return words
