"""One reply, or one end, for all tickets of an incident: looked at first, then done one by one.

The place stands in the database, a row for each ticket, made final in the transaction that does it.
Whoever finds waiting rows goes on with them; several at once would be right too, `alone` only keeps a
long run from taking every worker from the mail and the rest.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import OperationalError, transaction
from django.db.models import Q, QuerySet

from helpdesk.common import clock
from helpdesk.common.alone import NotAlone, alone, still_alone
from helpdesk.common.errors import Conflict, InvalidInput, Refusal, WrongState
from helpdesk.common.placeholders import unknown_names
from helpdesk.common.wording import gettext as _
from helpdesk.common.wording import said_in
from people.actors import Actor, of_user
from tickets.macro_words import NAMES, fill
from tickets.models import Incident, IncidentRun, IncidentStep, IncidentTicket, Ticket
from tickets.selectors import with_people
from tickets.services.bulk import Outcome
from tickets.services.changes import (
    require_open,
    require_unmerged,
    require_voice,
    require_work_on,
)
from tickets.services.closing import ask_confirmation, close_ticket
from tickets.services.conversation import reply_to_customer
from tickets.services.incidents import person_behind
from tickets.services.words import clean_words
from tickets.states import IN_WORK_STATES, Confirmation

logger = logging.getLogger(__name__)
LOCK = 7_308_246
Verb, Waiting = IncidentRun.Verb, IncidentStep.State.WAITING
SLICE_SECONDS = 30.0
MAX_ATTEMPTS = 5


@dataclass(frozen=True)
class IncidentWording:
    """`words` for a reply; the rest for asking to confirm (the first two) and for closing."""

    words: str = ""
    root_cause: str = ""
    solution: str = ""
    confirmation: str = ""


def preview_run(
    *, actor: Actor, incident: Incident, verb: str, members: Iterable[IncidentTicket] | None = None
) -> list[Outcome]:
    """What would become of each ticket (or of these `members`) if the order were given now; nothing
    is changed.

    Raises NotAllowed.
    """
    actor.require("direct_work")
    rows = judged_members(incident).order_by("id") if members is None else members
    return [Outcome(row.ticket.number, _refusal_of(actor, row, verb)) for row in rows]


def judged_members(incident: Incident) -> QuerySet[IncidentTicket]:
    """Its tickets with what decides whether an order can be carried out on them."""
    return incident.members.select_related(
        *("incident", "ticket__team", "ticket__home_team", "ticket__assignee", "ticket__customer")
    )


def _refusal_of(actor: Actor, member: IncidentTicket, verb: str) -> Refusal | None:
    ticket = member.ticket
    try:
        if verb == Verb.REPLY and member.is_told:
            raise WrongState(_("Its customer was told the present words."), code="told_already")
        require_work_on(ticket, actor)
        require_open(ticket)
        if verb == Verb.REPLY:
            require_voice(ticket, actor)
        elif ticket.state not in IN_WORK_STATES:
            message = _("Nobody has taken it on yet: reply first, or it is with a team.")
            raise WrongState(message, code="not_in_work")
    except Refusal as refusal:
        return refusal
    return None


@transaction.atomic
def start_run(
    *, actor: Actor, incident_id: int, verb: str, wording: IncidentWording
) -> IncidentRun:
    """Give the order for all tickets that the incident has now; workers carry it out.

    A reply's words become what customers of this incident are told; who was told them already is
    left out. Raises NotAllowed, InvalidInput (`unknown_value`, `no_tickets`, `all_told`, missing
    parts) and WrongState (`run_goes_on`).
    """
    actor.require("direct_work")
    said = _checked(verb, wording)
    incident = Incident.objects.select_for_update().get(pk=incident_id)
    if incident.runs.filter(ended_at__isnull=True).exists():
        message = _("Another order for these tickets is still being carried out.")
        raise WrongState(message, code="run_goes_on")
    now, by = clock.now(), person_behind(actor)
    if verb == Verb.REPLY and said["words"] != incident.words:
        incident.words, incident.words_at = said["words"], now
        incident.changed_by, incident.changed_at = by, now
        incident.version += 1
        incident.save()
    members = _members_for(incident, verb)
    run = IncidentRun.objects.create(
        incident=incident, verb=verb, started_by=by, started_at=now, **said
    )
    IncidentStep.objects.bulk_create(IncidentStep(run=run, ticket_id=pk) for pk in members)
    return run


def _members_for(incident: Incident, verb: str) -> list[int]:
    """The tickets' ids; nobody is told the same words a second time."""
    members = incident.members.order_by("id")
    if not members.exists():
        raise InvalidInput(_("No ticket is part of this incident yet."), code="no_tickets")
    if verb == Verb.REPLY:
        members = members.filter(Q(told_at__isnull=True) | Q(told_at__lt=incident.words_at))
    ids = list(members.values_list("ticket", flat=True))
    if not ids:
        message = _("All customers of this incident were told these words already.")
        raise InvalidInput(message, code="all_told", fields={"words": message})
    return ids


@transaction.atomic
def stop_run(*, actor: Actor, run_id: int) -> IncidentRun:
    """What is not done yet stays undone. Raises NotAllowed and WrongState (`run_ended`)."""
    actor.require("direct_work")
    run = IncidentRun.objects.select_for_update().get(pk=run_id)
    if run.ended_at is not None:
        raise WrongState(_("This order has been carried out already."), code="run_ended")
    run.steps.filter(state=Waiting).update(state=IncidentStep.State.STOPPED)
    run.stopped, run.ended_at = True, clock.now()
    run.save(update_fields=["stopped", "ended_at"])
    return run


def work_on_incidents() -> int:
    """Go on with what waits, for SLICE_SECONDS at most, shared among the runs; how many steps were
    made final."""
    done = 0
    with alone(LOCK) as mine:
        runs = (
            list(IncidentRun.objects.filter(ended_at__isnull=True).order_by("id")) if mine else []
        )
        for run in runs:
            done += _go_on(run, within=SLICE_SECONDS / len(runs))
    return done


def _go_on(run: IncidentRun, *, within: float) -> int:
    stop_at, done = time.monotonic() + within, 0
    while time.monotonic() < stop_at:
        try:
            still_alone()
        except NotAlone:
            logger.warning("incidents are left to the next worker: the connection was lost")
            return done
        made = _next_step(run)
        if not made:
            break  # none is free, or one that failed gets a rest
        done += made
    _end(run)
    return done


def _next_step(run: IncidentRun) -> int | None:
    """1 where a step was made final, 0 where it failed for now, None where none is free."""
    found = _claimed(run)
    if found is None:
        return None
    step_id, attempts = found
    if attempts > MAX_ATTEMPTS:
        _fail(step_id)
        return 1
    try:
        return _do(run, step_id)
    except OperationalError:
        logger.warning("step %s of an incident waits for a lock", step_id)
        return 0
    except Exception:
        logger.exception("step %s of an incident failed", step_id)
        return 0


@transaction.atomic
def _claimed(run: IncidentRun) -> tuple[int, int] | None:
    """The next step, its attempt counted; those least tried come first."""
    rows = IncidentStep.objects.filter(run=run, state=Waiting).select_for_update(skip_locked=True)
    step = rows.order_by("attempts", "id").first()
    if step is None:
        return None
    step.attempts += 1
    step.save(update_fields=["attempts"])
    return step.pk, step.attempts


@transaction.atomic
def _do(run: IncidentRun, step_id: int) -> int:
    """The order and the step's end are kept together or not at all."""
    rows = IncidentStep.objects.filter(pk=step_id, state=Waiting)
    step = rows.select_for_update(skip_locked=True).first()
    if step is None:  # another worker has it, or it was stopped
        return 0
    step.at, step.state = clock.now(), IncidentStep.State.DONE
    try:
        with transaction.atomic():
            _order(run, step)
    except Refusal as refusal:
        step.state, step.code = IncidentStep.State.REFUSED, refusal.code[:40]
        step.why = {language: said_in(refusal.message, language) for language in ("id", "en")}
    step.save(update_fields=["at", "state", "code", "why"])
    return 1


def _order(run: IncidentRun, step: IncidentStep) -> None:
    actor, pk = of_user(run.started_by), step.ticket_id
    if run.verb == Verb.REPLY:
        _reply(run, actor, pk)
        return
    cause, solution = run.root_cause, run.solution
    if run.verb == Verb.CONFIRM:
        ask_confirmation(actor=actor, ticket_id=pk, root_cause=cause, solution=solution)
        return
    close_ticket(
        actor=actor,
        ticket_id=pk,
        root_cause=cause,
        solution=solution,
        confirmation=run.confirmation,
    )


def _reply(run: IncidentRun, actor: Actor, pk: int) -> None:
    ticket = with_people(Ticket.objects.all()).get(pk=pk)
    body = words_for_ticket(run.words, ticket, actor)
    key = f"incident:{run.pk}"
    reply_to_customer(actor=actor, ticket_id=pk, body=body, submission_key=key)
    # Not where it left the incident meanwhile, nor where other words are to be told by now.
    told = IncidentTicket.objects.filter(ticket=pk, incident=run.incident_id)
    told.filter(incident__words_at__lte=run.started_at).update(told_at=clock.now())


def words_for_ticket(words: str, ticket: Ticket, actor: Actor) -> str:
    """Raises InvalidInput (`placeholder_empty`) where the ticket does not tell what they ask for."""
    require_unmerged(ticket)
    if actor.user is None:
        return words
    made = fill(words, ticket, actor.user)
    if made.missing:
        names = {"names": ", ".join(made.missing)}
        message = _("The ticket does not tell: %(names)s.") % names
        raise InvalidInput(message, code="placeholder_empty", fields={"words": message})
    return made.text


@transaction.atomic
def _fail(step_id: int) -> None:
    rows = IncidentStep.objects.filter(pk=step_id, state=Waiting)
    rows.update(state=IncidentStep.State.FAILED, code="failed", at=clock.now())


def _end(run: IncidentRun) -> None:
    """The run is over when nothing waits, with one worker or with many."""
    rows = IncidentRun.objects.filter(pk=run.pk, ended_at__isnull=True)
    if not run.steps.filter(state=Waiting).exists():
        rows.update(ended_at=clock.now())


def _checked(verb: str, wording: IncidentWording) -> dict[str, str]:
    if verb not in Verb.values:
        message = _("This value is not known.")
        raise InvalidInput(message, code="unknown_value", fields={"verb": message})
    wanted = ("words",) if verb == Verb.REPLY else ("root_cause", "solution")
    said = {name: clean_words(getattr(wording, name), field=name) for name in wanted}
    problems = {name: _("This part is needed.") for name, text in said.items() if not text}
    if unknown := unknown_names(said.get("words", ""), NAMES):
        names = {"names": ", ".join(unknown)}
        problems["words"] = _("Unknown placeholders: %(names)s.") % names
    if verb == Verb.CLOSE:
        said["confirmation"] = wording.confirmation
        if wording.confirmation not in Confirmation.values:
            problems["confirmation"] = _("Say what the customers answered.")
    if problems:
        raise InvalidInput(_("Please mend the marked fields."), fields=problems)
    return said


@transaction.atomic
def tell_incident_words(
    *,
    actor: Actor,
    ticket_id: int,
    body: str,
    words_at: datetime | None = None,
    expected_version: int | None = None,
) -> None:
    """One customer, whose ticket joined later perhaps, is told the incident's words as a reply.

    `words_at`: since when the words that the writer saw hold. Raises what a reply raises,
    WrongState (`in_no_incident`) and Conflict (`incident_words_changed`).
    """
    reply_to_customer(
        actor=actor, ticket_id=ticket_id, body=body, expected_version=expected_version
    )
    incidents = Incident.objects.select_for_update(no_key=True)
    incident = incidents.filter(members__ticket=ticket_id).first()
    if incident is None:
        raise WrongState(_("It is part of no incident."), code="in_no_incident")
    if words_at is not None and words_at != incident.words_at:
        message = _("The incident's words were changed meanwhile. Look at them, then send.")
        raise Conflict(message, code="incident_words_changed")
    IncidentTicket.objects.filter(ticket=ticket_id).update(told_at=clock.now())
