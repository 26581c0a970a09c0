"""An incident is opened, told of, and given its tickets."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, transaction

from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed, Refusal, WrongState
from helpdesk.common.placeholders import unknown_names
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import User
from tickets.macro_words import NAMES
from tickets.models import EventKind, Incident, IncidentTicket
from tickets.numbers import read_number
from tickets.selectors import visible_tickets
from tickets.services.bulk import MOST, NothingThere, Outcome
from tickets.services.changes import lock_ticket, record, require_open, require_work_on, save_change
from tickets.services.words import clean_words

MAX_TITLE, MAX_WORDS = 120, 5_000
State = Incident.State


@transaction.atomic
def open_incident(*, actor: Actor, title: str, words: str) -> Incident:
    """Open one. `words`: what customers are told, with placeholders as in macros; nobody is told yet.

    For those who may act on many tickets. Raises NotAllowed and InvalidInput.
    """
    actor.require("direct_work")
    title, words = _checked(title, words)
    now, by = clock.now(), person_behind(actor)
    return Incident.objects.create(
        title=title,
        words=words,
        words_at=now,
        opened_by=by,
        opened_at=now,
        changed_by=by,
        changed_at=now,
    )


@transaction.atomic
def change_incident(
    *,
    actor: Actor,
    incident_id: int,
    title: str,
    words: str,
    state: str,
    expected_version: int | None = None,
) -> Incident:
    """Title, words and state, to and fro. New words are to be told anew. Raises also Conflict."""
    actor.require("direct_work")
    title, words = _checked(title, words)
    if state not in State.values:
        message = _("This value is not known.")
        raise InvalidInput(message, code="unknown_value", fields={"state": message})
    incident = Incident.objects.select_for_update().get(pk=incident_id)
    if expected_version is not None and expected_version != incident.version:
        raise Conflict(_("Somebody else changed this incident a moment ago. Look at it again."))
    now = clock.now()
    if words != incident.words:
        incident.words, incident.words_at = words, now
    over = state == State.RESOLVED
    incident.resolved_at = (incident.resolved_at or now) if over else None
    incident.title, incident.state = title, state
    incident.changed_by, incident.changed_at = person_behind(actor), now
    incident.version += 1
    incident.save()
    return incident


def attach_tickets(*, actor: Actor, incident_id: int, numbers: Iterable[str]) -> list[Outcome]:
    """Make tickets part of the incident, each in its own transaction; what became of each.

    Of those that the actor works on. Raises NotAllowed, InvalidInput and WrongState
    (`incident_over`) for all of them; nothing is done then.
    """
    actor.require("work_ticket")
    wanted = list(dict.fromkeys(read_number(typed) or typed.strip() for typed in numbers))
    wanted = [number for number in wanted if number]
    if not wanted:
        message = _("Choose at least one ticket.")
        raise InvalidInput(message, code="none_chosen", fields={"numbers": message})
    if len(wanted) > MOST:
        message = _("At most %(number)s tickets are possible at once.") % {"number": MOST}
        raise InvalidInput(message, code="too_many_chosen", fields={"numbers": message})
    if Incident.objects.get(pk=incident_id).is_over:
        raise _is_over()
    known = dict(visible_tickets(actor).filter(number__in=wanted).values_list("number", "pk"))
    outcomes = []
    for number in wanted:
        try:
            if number not in known:
                raise NothingThere(_("There is nothing here that you may see."))
            attach_ticket(actor=actor, incident_id=incident_id, ticket_id=known[number])
            outcomes.append(Outcome(number))
        except Refusal as refusal:
            outcomes.append(Outcome(number, refusal))
    return outcomes


@transaction.atomic
def attach_ticket(
    *, actor: Actor, incident_id: int, ticket_id: int, expected_version: int | None = None
) -> IncidentTicket:
    """Say that the incident caused this ticket. Its customer hears nothing by that.

    Raises NotAllowed, WrongState (`incident_over`, `in_an_incident`) and Conflict.
    """
    actor.require("work_ticket")
    ticket = lock_ticket(ticket_id, expected_version=expected_version)
    require_open(ticket)
    require_work_on(ticket, actor)
    incident = Incident.objects.select_for_update(no_key=True).get(pk=incident_id)
    if incident.is_over:
        raise _is_over()
    now = clock.now()
    try:
        with transaction.atomic():
            member = IncidentTicket.objects.create(
                incident=incident, ticket=ticket, added_by=person_behind(actor), added_at=now
            )
    except IntegrityError:
        there = IncidentTicket.objects.select_related("incident").get(ticket=ticket).incident
        message = _("It is part of the incident '%(title)s' already.") % {"title": there.title}
        raise WrongState(message, code="in_an_incident") from None
    save_change(ticket)
    data = {"incident": incident.pk}
    record(ticket, actor=actor, kind=EventKind.INCIDENT_JOINED, at=now, data=data)
    return member


@transaction.atomic
def detach_ticket(*, actor: Actor, ticket_id: int, expected_version: int | None = None) -> None:
    """It was something else after all. Raises NotAllowed, Conflict, WrongState (`in_no_incident`)."""
    actor.require("work_ticket")
    ticket = lock_ticket(ticket_id, expected_version=expected_version)
    require_work_on(ticket, actor)
    member = IncidentTicket.objects.filter(ticket=ticket).first()
    if member is None:
        raise WrongState(_("It is part of no incident."), code="in_no_incident")
    data = {"incident": member.incident_id}
    member.delete()
    save_change(ticket)
    record(ticket, actor=actor, kind=EventKind.INCIDENT_LEFT, data=data)


def _checked(title: str, words: str) -> tuple[str, str]:
    title = clean_words(title, field="title", max_length=MAX_TITLE).replace("\n", " ")
    words = clean_words(words, field="words", max_length=MAX_WORDS)
    problems = {}
    if not title:
        problems["title"] = _("Give it a name that says what is broken.")
    if not words:
        problems["words"] = _("Write what customers are told.")
    elif unknown := unknown_names(words, NAMES):
        names = {"names": ", ".join(unknown)}
        problems["words"] = _("Unknown placeholders: %(names)s.") % names
    if problems:
        raise InvalidInput(_("Please mend the marked fields."), fields=problems)
    return title, words


def person_behind(actor: Actor) -> User:
    """Raises NotAllowed for a part of the system."""
    if actor.user is None:
        raise NotAllowed(_("Your role does not permit this."))
    return actor.user


def _is_over() -> WrongState:
    return WrongState(_("This incident is resolved. Open it again first."), code="incident_over")
