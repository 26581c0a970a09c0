"""What the ticket's page shows of its playbook: steps done, the open one, those still locked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agents_ops.evidence import lacking
from agents_ops.evidence_words import reply_words, shown_value
from agents_ops.gates import GateState, gate_state
from agents_ops.models import PlaybookRun, PlaybookSet, StepRecord
from agents_ops.playbook.parts import Field, Playbook, Step
from agents_ops.proposals import Proposal, proposals_for
from agents_ops.selectors import is_agent_case
from agents_ops.states import How
from agents_ops.suggestions import Suggestion, suggestions_for
from desk.access import person_of
from desk.case_file import CaseFile
from desk.playbook.step_form import StepForm
from desk.playbook_sentences import playbook_name
from people.actors import Actor
from tickets.models import Ticket
from tickets.personal_data import sees_openly
from tickets.services import works_on

SUGGESTED = 3


@dataclass(frozen=True)
class DoneStep:
    """A step that was left, with its answers as people read them."""

    record: StepRecord
    title: str
    answers: list[tuple[str, str]]
    reason: str

    @property
    def skipped(self) -> bool:
        return self.record.how == How.SKIPPED


@dataclass(frozen=True)
class AskedField:
    """A field of the open step, with what may be proposed for it."""

    bound: Any
    needed: bool
    proposal: Proposal | None


@dataclass(frozen=True)
class OpenStep:
    """`missing`: how many needed fields have no answer when the page is drawn."""

    step: Step
    form: StepForm
    fields: list[AskedField]
    gate: GateState
    missing: int
    words: str
    ahead: list[Step]
    jumps: list[Step]


@dataclass(frozen=True)
class PlaybookPanel:
    """`may_work`: the reader may go on with it. Without a run there are only suggestions."""

    run: PlaybookRun | None
    name: str
    done: list[DoneStep]
    now: OpenStep | None
    may_work: bool
    suggestions: list[tuple[str, Suggestion]]
    others: list[tuple[str, str]]


def playbook_panel(
    actor: Actor, file: CaseFile, bound: StepForm | None = None
) -> PlaybookPanel | None:
    """None for a ticket that is no reseller agent's."""
    ticket = file.ticket
    run = next((each for each in file.runs if each.is_active), next(iter(file.runs), None))
    if run is None and not is_agent_case(ticket):
        return None
    may_work = actor.may("work_ticket") and works_on(ticket, actor) and ticket.is_open
    suggestions, others = ([], []) if run and run.is_active else _offered(ticket, may_work=may_work)
    if run is None:
        return PlaybookPanel(None, "", [], None, may_work, suggestions, others)
    run.ticket = ticket
    records = [each for each in file.records if each.run_id == run.pk]
    openly = sees_openly(actor)
    return PlaybookPanel(
        run=run,
        name=playbook_name(run.script),
        done=[_done(each, run.script, file, openly=openly) for each in records],
        now=_open_step(actor, file, run, records, bound) if run.is_active else None,
        may_work=may_work,
        suggestions=suggestions,
        others=others,
    )


def _offered(
    ticket: Ticket, *, may_work: bool
) -> tuple[list[tuple[str, Suggestion]], list[tuple[str, str]]]:
    """What fits best, with the reason; then every other one by name."""
    if not may_work:
        return [], []
    playbooks = PlaybookSet.exactly_in_force().playbooks
    fitting = suggestions_for(ticket, playbooks)[:SUGGESTED]
    named = {each.playbook.code for each in fitting}
    others = [(code, playbook_name(each)) for code, each in playbooks.items() if code not in named]
    return [(playbook_name(each.playbook), each) for each in fitting], others


def _open_step(
    actor: Actor,
    file: CaseFile,
    run: PlaybookRun,
    records: list[StepRecord],
    bound: StepForm | None,
) -> OpenStep | None:
    step, ticket = run.open_step, file.ticket
    if step is None:
        return None
    files = [each for group in file.files.values() for each in group if each.ticket_id == ticket.pk]
    answers = {code: value for each in records for code, value in each.given.values.items()}
    form = bound if bound is not None and bound.data.get("step") == step.code else None
    form = form or StepForm(
        shown=step, files=files, initial={"step": step.code, "revision": run.revision}
    )
    proposed = proposals_for(step, ticket, file.messages, actor)
    typed = {each.code: form[f"v_{each.code}"].value() for each in form.asked}
    return OpenStep(
        step=step,
        form=form,
        fields=[
            AskedField(form[f"v_{each.code}"], each.required, proposed.get(each.code))
            for each in form.asked
        ],
        gate=gate_state(run, step),
        missing=len(lacking(step, typed)),
        words=reply_words(step, run.script, answers, ticket, person_of(actor)),
        ahead=run.script.ahead(step.code),
        jumps=run.script.open_to_jump(step.code),
    )


def _done(record: StepRecord, script: Playbook, file: CaseFile, *, openly: bool) -> DoneStep:
    step = script.by_code[record.step]
    fields: Mapping[str, Field] = {each.code: each for each in step.fields}
    names = {each.key: each.name for group in file.files.values() for each in group}
    answers = [
        (fields[code].label, _words(fields[code], value, names, openly=openly))
        if code in fields
        else ("", str(value))
        for code, value in record.given.values.items()
    ]
    return DoneStep(record, step.title, answers, record.given.reason)


def _words(field: Field, value: Any, names: Mapping[str, str], *, openly: bool) -> str:
    return (
        names.get(value, "–") if field.kind == "file" else shown_value(field, value, openly=openly)
    )
