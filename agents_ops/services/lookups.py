"""Looking into a system for the open step of a playbook: asked outside every transaction, kept inside
one. While the system is away, what was found by hand stands in for its answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from agents_ops.connectors import SYSTEMS, Found, Question, Unavailable, source
from agents_ops.events import LookedUp
from agents_ops.lookup_words import masked_facts
from agents_ops.models import Lookup, PlaybookRun
from agents_ops.playbook.parts import Step
from agents_ops.selectors import answers_of
from agents_ops.services.runs import locked_run
from agents_ops.states import StepKind
from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, WrongState
from helpdesk.common.events import publish
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.commerce import Trouble
from tickets.models import EventKind, Ticket
from tickets.services import clean_words, record

MOST_WORDS = 500
# Which answers of the playbook a question is made of (docs/suppliers.md).
AT = ("transacted_at", "transferred_at", "paid_at")
AGENT = {"balance": ("downline_id",)}
USUAL_AGENT = ("agent_id",)


def look_up(*, actor: Actor, ticket_id: int) -> Lookup:
    """Ask the system of the open step, and keep what it says; one that is away is on record too.

    Takes as long as the connector may. Outside a transaction. Raises WrongState (`no_lookup`,
    `no_playbook`), Conflict when somebody went on meanwhile, NotAllowed.
    """
    step, revision, system, question = _question(actor, ticket_id)
    try:
        found, trouble = source(system).find(question), ""
    except Unavailable as error:
        found, trouble = Found(""), error.trouble.value
    return _keep(actor, ticket_id, step, revision, found, trouble)


@transaction.atomic
def look_up_by_hand(*, actor: Actor, ticket_id: int, result: str, words: str) -> Lookup:
    """What somebody found who looked themselves, while the system is away.

    Raises WrongState (`system_answers`) where the system's own answer is on record.
    """
    run, ticket, here = locked_run(actor, ticket_id)
    system = _system(here)
    latest = run.lookups.filter(step=here.code).first()
    if latest is not None and latest.result and not latest.by_hand:
        message = _("The system has answered. To go another way, skip the step and say why.")
        raise WrongState(message, code="system_answers")
    if result not in SYSTEMS[system]:
        message = _("This value is not known.")
        raise InvalidInput(message, fields={"result": message})
    said = clean_words(words, field="words", max_length=MOST_WORDS)
    if not said:
        message = _("Write what was checked, and where.")
        raise InvalidInput(message, fields={"words": message})
    row = _row(run, here, system, actor, result=result, by_hand=True, words=said)
    return _tell(row, run, ticket, actor)


@transaction.atomic
def _question(actor: Actor, ticket_id: int) -> tuple[str, int, str, Question]:
    run, ticket, here = locked_run(actor, ticket_id)
    system = _system(here)
    given = answers_of(run)
    code = _first(given, (*AGENT.get(system, ()), *USUAL_AGENT))
    at = _first(given, AT)
    question = Question(
        agent_code=code or (ticket.agent.code if ticket.agent else ""),
        destination=_first(given, ("destination",)),
        product=_first(given, ("product",)),
        bank=_first(given, ("bank",)),
        method=_first(given, ("paid_via",)),
        amount_idr=given.get("amount", ticket.amount_idr),
        at=datetime.fromisoformat(at) if at else None,
    )
    return here.code, run.revision, system, question


@transaction.atomic
def _keep(
    actor: Actor, ticket_id: int, step: str, revision: int, found: Found, trouble: str
) -> Lookup:
    run, ticket, here = locked_run(actor, ticket_id, step, revision)
    row = _row(
        run,
        here,
        _system(here),
        actor,
        result=found.result,
        trouble=trouble,
        facts=masked_facts(found.facts),
    )
    return _tell(row, run, ticket, actor)


def _system(step: Step) -> str:
    system = str(step.options.get("system", ""))
    if step.kind != StepKind.LOOKUP or system not in SYSTEMS:
        raise WrongState(_("The open step looks nothing up."), code="no_lookup")
    return system


def _row(run: PlaybookRun, step: Step, system: str, actor: Actor, **values: Any) -> Lookup:
    return Lookup.objects.create(
        run=run,
        step=step.code,
        system=system,
        by=actor.require_person("work_ticket"),
        at=clock.now(),
        **values,
    )


def _tell(row: Lookup, run: PlaybookRun, ticket: Ticket, actor: Actor) -> Lookup:
    data = {
        "run": run.pk,
        "lookup": row.pk,
        "system": row.system,
        "result": row.result,
        "trouble": row.trouble,
        "by_hand": row.by_hand,
    }
    record(ticket, actor=actor, kind=EventKind.LOOKED_UP, at=row.at, data=data)
    if row.result:
        publish(LookedUp(lookup=row, run=run, ticket=ticket))
    return row


def _first(given: dict[str, Any], names: tuple[str, ...]) -> str:
    return next((str(given[name]) for name in names if given.get(name)), "")


def off(system: str) -> bool:
    """No connection to it is set up at all."""
    try:
        source(system)
    except Unavailable as error:
        return error.trouble == Trouble.OFF
    return False
