"""Freezing and unfreezing: asked by one person with a reason, decided by another, both on record."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from escalation.freezes import standing
from escalation.matrix import matrix
from escalation.models import FreezeRequest
from escalation.services.parts import needed
from escalation.specialists import FRAUD, decides_freezes
from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, NotAllowed, WrongState
from helpdesk.common.one_at_a_time import one_at_a_time
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import Team, User, organisation
from sla.services import arm, disarm
from tickets.models import EventKind, Ticket
from tickets.selectors import sees
from tickets.services import (
    lock_ticket,
    notify,
    notify_team,
    record,
    require_open,
    save_change,
)
from tickets.states import rank_of

FREEZE_UNDECIDED = "escalation.freeze_undecided"
SUBJECT = "freeze"
# Of a profile that was published before it had the figures.
PATIENCE = {"decide_within_minutes": 30, "operations_after_minutes": 120}
MAX_REFERENCE = 80


def patience() -> tuple[timedelta, timedelta]:
    """After how long a request is spoken of again, and after how long operations hear of it."""
    minutes = organisation().get("freeze", PATIENCE)
    return (
        timedelta(minutes=minutes["decide_within_minutes"]),
        timedelta(minutes=minutes["operations_after_minutes"]),
    )


@transaction.atomic
def ask_freeze(
    *,
    actor: Actor,
    ticket_id: int,
    subject: str,
    reference: str,
    reason: str,
    expected_version: int | None = None,
) -> FreezeRequest:
    """Ask that something be frozen, also where another ticket's freeze on it stands.

    Raises WrongState when this ticket's own does, or was asked for.
    """
    ticket, person = _lock_for_asking(actor, ticket_id, expected_version)
    require_open(ticket)
    parts = _checked(subject, reference, reason)
    same = ticket.freeze_requests.filter(subject=subject, reference=parts["reference"])
    if same.filter(decided_at__isnull=True).exists():
        raise WrongState(_("This was asked for already and waits for a decision."))
    if standing().filter(pk__in=same).exists():
        raise WrongState(_("This is frozen already."))
    asked = FreezeRequest(action=FreezeRequest.Action.FREEZE, subject=subject, **parts)
    return _ask(ticket, asked, actor, person)


@transaction.atomic
def ask_unfreeze(
    *,
    actor: Actor,
    ticket_id: int,
    freeze_id: int,
    reason: str,
    expected_version: int | None = None,
) -> FreezeRequest:
    """Ask that a freeze of this ticket be lifted; what other tickets froze stays frozen.

    Raises InvalidInput for a freeze that is not the ticket's, WrongState when it does not stand or
    its lifting was asked for.
    """
    ticket, person = _lock_for_asking(actor, ticket_id, expected_version)
    words = needed(reason, "reason", _("Write why."))
    freeze = _of_ticket(ticket, freeze_id)
    if not standing().filter(pk=freeze.pk).exists():
        raise WrongState(_("This is not frozen through this ticket."))
    same = ticket.freeze_requests.filter(subject=freeze.subject, reference=freeze.reference)
    if same.filter(decided_at__isnull=True).exists():
        raise WrongState(_("This was asked for already and waits for a decision."))
    asked = FreezeRequest(
        action=FreezeRequest.Action.UNFREEZE,
        lifts=freeze,
        subject=freeze.subject,
        reference=freeze.reference,
        reason=words,
    )
    return _ask(ticket, asked, actor, person)


def _lock_for_asking(
    actor: Actor, ticket_id: int, expected_version: int | None
) -> tuple[Ticket, User]:
    actor.require("work_ticket")
    ticket = lock_ticket(ticket_id, expected_version=expected_version)
    if actor.user is None or not sees(actor, ticket):
        raise NotAllowed(_("This ticket lies with another team."))
    return ticket, actor.user


def _ask(ticket: Ticket, asked: FreezeRequest, actor: Actor, person: User) -> FreezeRequest:
    asked.ticket, asked.asked_by, asked.asked_at = ticket, person, clock.now()
    asked.save()
    first, _operations = patience()
    arm_decision(asked, asked.asked_at + first, at=asked.asked_at)
    save_change(ticket)
    event = record(
        ticket,
        actor=actor,
        kind=EventKind.FREEZE_ASKED,
        at=asked.asked_at,
        data=data_of(asked),
        note=asked.reason,
    )
    fraud = Team.objects.get(code=FRAUD)
    ticket.involved_teams.add(fraud)  # its leads decide, so they look on
    notify_team(ticket, event, fraud, leads_only=True)
    notify_team(ticket, event, Team.objects.get(code=matrix()["default_team"]))
    return asked


def arm_decision(asked: FreezeRequest, due_at: datetime, *, at: datetime) -> None:
    """When an undecided request is spoken of next; its ticket is locked."""
    arm(FREEZE_UNDECIDED, SUBJECT, asked.pk, due_at, urgency=rank_of(asked.ticket.priority), at=at)


@transaction.atomic
def decide_freeze(
    *,
    actor: Actor,
    ticket_id: int,
    freeze_id: int,
    approved: bool,
    reason: str = "",
    expected_version: int | None = None,
) -> FreezeRequest:
    """Approve or decline; never one's own request. Declining needs a reason."""
    if actor.user is None or not decides_freezes(actor):
        raise NotAllowed(_("Your role does not permit this."))
    ticket = lock_ticket(ticket_id, expected_version=expected_version)
    if not sees(actor, ticket):
        raise NotAllowed(_("This ticket lies with another team."))
    asked = _pending(ticket, freeze_id)
    if asked.asked_by_id == actor.user.pk:
        raise NotAllowed(
            _("Somebody else must decide what you asked for yourself."), code="own_request"
        )
    why = _("Write why.")
    words = needed(reason, "reason", why) if not approved or reason.strip() else ""
    now = _moment_in_order()
    asked.decided_by, asked.decided_at = actor.user, now
    asked.approved, asked.decision_reason = approved, words
    asked.save(update_fields=["decided_by", "decided_at", "approved", "decision_reason"])
    disarm(SUBJECT, asked.pk)
    save_change(ticket)
    event = record(
        ticket,
        actor=actor,
        kind=EventKind.FREEZE_DECIDED,
        at=now,
        data=data_of(asked) | {"approved": approved, "frozen": _is_frozen(asked)},
        note=words,
    )
    people = [asked.asked_by, ticket.assignee]
    notify(ticket, event, [person for person in people if person is not None])
    return asked


def _is_frozen(asked: FreezeRequest) -> bool:
    """Through whichever ticket; decisions are made one at a time, so the answer holds."""
    return standing().filter(subject=asked.subject, reference=asked.reference).exists()


def _checked(subject: str, reference: str, reason: str) -> dict[str, str]:
    problems: dict[str, str] = {}
    if subject not in FreezeRequest.Subject.values:
        problems["subject"] = _("Say what is to be frozen.")
    parts: dict[str, str] = {}
    sentences = {"reference": _("Write its number or name."), "reason": _("Write why.")}
    limits = {"reference": MAX_REFERENCE, "reason": 5_000}
    for name, given in (("reference", reference), ("reason", reason)):
        try:
            parts[name] = needed(given, name, sentences[name], max_length=limits[name])
        except InvalidInput as error:
            problems |= error.fields
    if problems:
        raise InvalidInput(_("The request is not complete."), fields=problems)
    parts["reference"] = " ".join(parts["reference"].split())
    return parts


def _of_ticket(ticket: Ticket, pk: int) -> FreezeRequest:
    found = ticket.freeze_requests.filter(pk=pk).select_related("asked_by").first()
    if found is None:
        message = _("There is no such request on this ticket.")
        raise InvalidInput(message, code="unknown_freeze", fields={"freeze": message})
    return found


def _pending(ticket: Ticket, pk: int) -> FreezeRequest:
    found = _of_ticket(ticket, pk)
    if not found.is_pending:
        raise WrongState(_("This request has been decided already."))
    return found


def data_of(asked: FreezeRequest) -> dict[str, object]:
    """What and which way; never whose."""
    return {"freeze": asked.pk, "subject": asked.subject, "action": asked.action}


def _moment_in_order() -> datetime:
    """Decisions become visible in the order of their moments: who reads them page by page misses none."""
    one_at_a_time("decide on freezes")
    return clock.now()
