"""Putting a ticket's facts right, when the customer's first words were not the whole truth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from bahasa.secrets import mask_secrets
from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput
from helpdesk.common.money import is_amount
from helpdesk.common.text import clean_text
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from tickets.events import TicketCorrected, TicketReclassified
from tickets.models import EventKind, Ticket
from tickets.services.changes import (
    lock_ticket,
    record,
    require_open,
    require_work_on,
    save_change,
    tell,
)
from tickets.services.judging_again import judge_again
from tickets.services.notices import notify
from tickets.services.words import clean_words
from tickets.states import WantedSolution

MAX_AGE = timedelta(days=3650)
# Words of the customer's own; the event says only that they changed.
KEPT_OUT = frozenset({"order_number"})


@dataclass(frozen=True)
class Correction:
    """The facts as they are; what is `...` stays as it was, None means 'not known'."""

    amount_idr: Any = ...
    order_number: Any = ...
    problem_since: Any = ...
    wanted_solution: Any = ...

    def given(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if value is not ...}


@transaction.atomic
def correct_ticket(
    *,
    actor: Actor,
    ticket_id: int,
    facts: Correction,
    reason: str,
    expected_version: int | None = None,
) -> Ticket:
    """Put facts of an open ticket right. What triggers by fact hears of it and may escalate at once,
    and a priority that the rules gave follows the facts.

    Raises InvalidInput (impossible value, no reason, nothing would change), NotAllowed, WrongState,
    Conflict.
    """
    actor.require("classify_ticket")
    ticket = lock_ticket(ticket_id, expected_version=expected_version)
    require_open(ticket)
    require_work_on(ticket, actor)
    now = clock.now()
    words = clean_words(reason, field="reason")
    given = _checked(facts.given(), words, now)
    changed = {name: value for name, value in given.items() if getattr(ticket, name) != value}
    if not changed:
        raise InvalidInput(_("Nothing would change."), code="no_change")
    before = {name: getattr(ticket, name) for name in changed}
    for name, value in changed.items():
        setattr(ticket, name, value)
    save_change(ticket, *changed)
    data = {"changed": sorted(changed), "from": _codes(before), "to": _codes(changed)}
    event = record(ticket, actor=actor, kind=EventKind.CORRECTED, at=now, data=data, note=words)
    if ticket.assignee:
        notify(ticket, event, [ticket.assignee])
    # Before anybody is told: a form that a trigger fills holds the priority that follows from the facts.
    judged = judge_again(ticket, event)
    tell(TicketCorrected, ticket, event)
    if judged is not None:
        tell(TicketReclassified, ticket, judged)
    return ticket


def _checked(given: dict[str, Any], reason: str, now: datetime) -> dict[str, Any]:
    problems: dict[str, Any] = {}
    values = dict(given)
    if "order_number" in given:
        number = clean_text(given["order_number"] or "", field="order_number", max_length=60)
        values["order_number"] = mask_secrets(number).text[:60]
    amount = given.get("amount_idr")
    if amount is not None and not is_amount(amount):
        problems["amount_idr"] = _("The amount must be a whole number of rupiah, 0 or more.")
    since = given.get("problem_since")
    if since is not None and not now - MAX_AGE <= since <= now:
        problems["problem_since"] = _("The problem began in the past, at most ten years ago.")
    if "wanted_solution" in given and given["wanted_solution"] not in WantedSolution.values:
        problems["wanted_solution"] = _("Unknown solution.")
    if not reason:
        problems["reason"] = _("Write why.")
    if problems:
        raise InvalidInput(_("Please mend the marked fields."), fields=problems)
    return values


def _codes(facts: dict[str, Any]) -> dict[str, Any]:
    """The numbers and codes among the facts, as an event may hold them."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in facts.items()
        if name not in KEPT_OUT
    }
