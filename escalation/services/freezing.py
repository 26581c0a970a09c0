"""Freezing and unfreezing: asked by one person with a reason, decided by another, both on record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from operator import itemgetter

from django.db import connection, transaction

from escalation.matrix import matrix
from escalation.models import FreezeRequest
from escalation.services.parts import needed
from escalation.specialists import FRAUD, decides_freezes
from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, NotAllowed, WrongState
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import Team
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

MAX_REFERENCE = 80

DECISIONS = 7_311_065  # any number: the lock under which freezes are decided, one at a time


@transaction.atomic
def ask_freeze(
    *,
    actor: Actor,
    ticket_id: int,
    subject: str,
    reference: str,
    action: str,
    reason: str,
    expected_version: int | None = None,
) -> FreezeRequest:
    """Ask that something be frozen or freed. Raises WrongState when it is so already or asked for."""
    actor.require("work_ticket")
    ticket = lock_ticket(ticket_id, expected_version=expected_version)
    if actor.user is None or not sees(actor, ticket):
        raise NotAllowed(_("This ticket lies with another team."))
    if action == FreezeRequest.Action.FREEZE:
        require_open(ticket)
    parts = _checked(subject, reference, action, reason)
    _require_change(ticket, subject, parts["reference"], action)
    now = clock.now()
    asked = FreezeRequest.objects.create(
        ticket=ticket, subject=subject, action=action, **parts, asked_by=actor.user, asked_at=now
    )
    save_change(ticket)
    event = record(
        ticket,
        actor=actor,
        kind=EventKind.FREEZE_ASKED,
        at=now,
        data=_data(asked),
        note=parts["reason"],
    )
    fraud = Team.objects.get(code=FRAUD)
    ticket.involved_teams.add(fraud)  # its leads decide, so they look on
    notify_team(ticket, event, fraud, leads_only=True)
    notify_team(ticket, event, Team.objects.get(code=matrix()["default_team"]))
    return asked


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
    save_change(ticket)
    event = record(
        ticket,
        actor=actor,
        kind=EventKind.FREEZE_DECIDED,
        at=now,
        data=_data(asked) | {"approved": approved},
        note=words,
    )
    people = [asked.asked_by, ticket.assignee]
    notify(ticket, event, [person for person in people if person is not None])
    return asked


def frozen_now(ticket: Ticket) -> list[FreezeRequest]:
    """What is frozen on this ticket."""
    return still_frozen(ticket.freeze_requests.select_related("asked_by", "decided_by"))


def still_frozen(requests: Iterable[FreezeRequest]) -> list[FreezeRequest]:
    """Of all requests of a ticket the latest approved one of each thing, where it is a freeze."""
    decided = [(row.decided_at, row.pk, row) for row in requests if row.approved and row.decided_at]
    latest = {
        (row.subject, row.reference): row for *_moment, row in sorted(decided, key=itemgetter(0, 1))
    }
    return [row for row in latest.values() if row.action == FreezeRequest.Action.FREEZE]


def _checked(subject: str, reference: str, action: str, reason: str) -> dict[str, str]:
    problems: dict[str, str] = {}
    if subject not in FreezeRequest.Subject.values:
        problems["subject"] = _("Say what is to be frozen or freed.")
    if action not in FreezeRequest.Action.values:
        problems["action"] = _("Say whether to freeze or to free it.")
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


def _require_change(ticket: Ticket, subject: str, reference: str, action: str) -> None:
    same = ticket.freeze_requests.filter(subject=subject, reference=reference)
    if same.filter(decided_at__isnull=True).exists():
        raise WrongState(_("This was asked for already and waits for a decision."))
    frozen = any((row.subject, row.reference) == (subject, reference) for row in frozen_now(ticket))
    if action == FreezeRequest.Action.FREEZE and frozen:
        raise WrongState(_("This is frozen already."))
    if action == FreezeRequest.Action.UNFREEZE and not frozen:
        raise WrongState(_("This is not frozen through this ticket."))


def _pending(ticket: Ticket, pk: int) -> FreezeRequest:
    found = ticket.freeze_requests.filter(pk=pk).select_related("asked_by").first()
    if found is None:
        message = _("There is no such request on this ticket.")
        raise InvalidInput(message, code="unknown_freeze", fields={"freeze": message})
    if not found.is_pending:
        raise WrongState(_("This request has been decided already."))
    return found


def _data(asked: FreezeRequest) -> dict[str, object]:
    """What and which way; never whose."""
    return {"freeze": asked.pk, "subject": asked.subject, "action": asked.action}


def _moment_in_order() -> datetime:
    """Decisions become visible in the order of their moments: who reads them page by page misses none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [DECISIONS])
    return clock.now()
