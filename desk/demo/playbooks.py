"""The officers of the demonstration play the suggested playbook on an agent's ticket, a step at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from agents_ops.evidence import fields_of
from agents_ops.gates import gate_state
from agents_ops.models import PlaybookRun, PlaybookSet
from agents_ops.playbook.parts import Field, Step
from agents_ops.selectors import active_run, is_agent_case
from agents_ops.services import do_step, look_up, skip_step, start_playbook
from agents_ops.services.block_work import work_on_blocks
from agents_ops.states import FieldKind, StepKind
from agents_ops.suggestions import suggestion_for
from helpdesk.common import clock
from people.actors import of_user
from tickets.models import Ticket

SHOWN_ELSEWHERE = "Bukti sudah dilihat di percakapan."


def go_on(pk: int) -> bool:
    """Start the suggested playbook, or do its open step; False when there is nothing more to do."""
    ticket = Ticket.objects.select_related("assignee", "agent", "customer").get(pk=pk)
    if ticket.assignee is None or not ticket.is_open or not is_agent_case(ticket):
        return False
    call: dict[str, Any] = {"actor": of_user(ticket.assignee), "ticket_id": pk}
    run = active_run(ticket)
    if run is None:
        if ticket.playbook_runs.exists():
            return False
        found = suggestion_for(ticket, PlaybookSet.exactly_in_force().playbooks)
        if found is not None:
            start_playbook(**call, playbook=found.playbook.code)
        return found is not None
    step = run.open_step
    if step is None:
        return False
    if not _opened(call, run, step):
        return False
    asked = fields_of(step)
    ahead = run.script.ahead(step.code)
    if any(each.kind == FieldKind.FILE and each.required for each in asked):
        if ahead:
            skip_step(**call, step=step.code, to=ahead[0].code, reason=SHOWN_ELSEWHERE)
        return bool(ahead)
    values = {each.code: _answer(each, ticket) for each in asked}
    do_step(**call, step=step.code, values={k: v for k, v in values.items() if v is not None})
    return True


def _opened(call: dict[str, Any], run: PlaybookRun, step: Step) -> bool:
    """Whether the step's gate is open, once the systems behind it were asked."""
    if step.kind == StepKind.LOOKUP and not gate_state(run, step).open:
        look_up(**call)
    if step.kind == StepKind.BLOCK_ACCOUNT:
        work_on_blocks()
        work_on_blocks()
    return gate_state(run, step).open


def _answer(field: Field, ticket: Ticket) -> Any:
    agent = ticket.agent
    if field.kind == FieldKind.CHOICE:
        return field.choices[0][0]
    if field.kind == FieldKind.FILE:
        return None
    return {
        FieldKind.TEXT: "Sudah dicek di sistem.",
        FieldKind.NUMBER: 1,
        FieldKind.AMOUNT: ticket.amount_idr or 500_000,
        FieldKind.DATETIME: (clock.now() - timedelta(minutes=20)).isoformat(),
        FieldKind.PHONE: agent.phone if agent else "+6281255509012",
        FieldKind.AGENT: agent.code if agent else "TP4410",
        FieldKind.ACCOUNT: "1234567890",
    }[FieldKind(field.kind)]
