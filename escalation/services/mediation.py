"""Mediation: both sides are heard, then one decision, with its reasons to each of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from escalation.models import Decision, Escalation, Hearing, Party
from escalation.services.letters import send_decision
from escalation.services.parts import lock_accepted, needed
from escalation.specialists import lies_with_mediation
from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, NotAllowed, WrongState
from helpdesk.common.money import MAX_AMOUNT
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import User
from tickets.events import MediationDecided
from tickets.models import EventKind, Ticket
from tickets.services import notify_team, record, save_change, tell


@dataclass(frozen=True)
class Ruling:
    """The decision as written. `amount_idr` is what the buyer gets, where the outcome has one."""

    outcome: str
    reasons_buyer: str
    reasons_seller: str
    amount_idr: int | None = None


@transaction.atomic
def record_hearing(
    *,
    actor: Actor,
    ticket_id: int,
    party: str,
    notes: str,
    silent: bool = False,
    heard_at: datetime | None = None,
    expected_version: int | None = None,
) -> Hearing:
    """What one side said; with `silent` why it could not be heard, which counts as heard."""
    ticket, escalation, person = _lock_undecided(actor, ticket_id, expected_version)
    if party not in Party.values:
        message = _("Say which side was heard.")
        raise InvalidInput(message, fields={"party": message})
    empty = _("Write why this side could not be heard.") if silent else _("Write what was said.")
    words = needed(notes, "notes", empty)
    now = clock.now()
    when = heard_at or now
    if not ticket.received_at <= when <= now:
        message = _("A hearing lies between the complaint and now.")
        raise InvalidInput(message, fields={"heard_at": message})
    made = Hearing.objects.create(
        escalation=escalation,
        party=party,
        silent=silent,
        notes=words,
        heard_at=when,
        by=person,
        recorded_at=now,
    )
    save_change(ticket)
    data = {"escalation": escalation.pk, "hearing": made.pk, "party": party, "silent": silent}
    record(ticket, actor=actor, kind=EventKind.HEARD, at=now, data=data, note=words)
    return made


@transaction.atomic
def decide_mediation(
    *, actor: Actor, ticket_id: int, ruling: Ruling, expected_version: int | None = None
) -> Decision:
    """The assigned mediator decides, once; both sides get a letter with their reasons.

    Raises WrongState until each side is heard or its silence is stated.
    """
    ticket, escalation, person = _lock_undecided(actor, ticket_id, expected_version)
    if ticket.assignee_id != person.pk:
        raise NotAllowed(_("Only the assigned mediator decides. Take the case over first."))
    _require_both_heard(escalation)
    parts = _checked(ruling)
    now = clock.now()
    save_change(ticket)
    data = {
        "escalation": escalation.pk,
        "outcome": ruling.outcome,
        "amount_idr": ruling.amount_idr,
    }
    event = record(ticket, actor=actor, kind=EventKind.DECIDED, at=now, data=data)
    decision = Decision.objects.create(
        escalation=escalation,
        outcome=ruling.outcome,
        amount_idr=ruling.amount_idr,
        **parts,
        decided_by=person,
        decided_at=now,
        event=event,
    )
    if ticket.home_team:
        notify_team(ticket, event, ticket.home_team, leads_only=True, also=_asked_by(escalation))
    tell(MediationDecided, ticket, event)
    send_decision(ticket, decision, actor=actor)
    return decision


def heard_parties(escalation: Escalation) -> set[str]:
    return set(escalation.hearings.values_list("party", flat=True))


def _lock_undecided(
    actor: Actor, ticket_id: int, expected_version: int | None
) -> tuple[Ticket, Escalation, User]:
    ticket, escalation, person = lock_accepted(actor, ticket_id, expected_version)
    if not lies_with_mediation(ticket):
        raise WrongState(_("This ticket does not lie with the mediation team."))
    if Decision.objects.filter(escalation=escalation).exists():
        raise WrongState(_("This mediation is decided already."), code="decided_already")
    return ticket, escalation, person


def _require_both_heard(escalation: Escalation) -> None:
    missing = set(Party.values) - heard_parties(escalation)
    if missing:
        raise WrongState(
            _("First hear both sides, or state why a side stays silent."), code="not_both_heard"
        )


def _checked(ruling: Ruling) -> dict[str, str]:
    problems: dict[str, str] = {}
    amount = ruling.amount_idr
    if ruling.outcome not in Decision.Outcome.values:
        problems["outcome"] = _("Say how the case was decided.")
    if amount is not None and not 0 <= amount <= MAX_AMOUNT:
        problems["amount_idr"] = _("The amount is not possible.")
    elif amount is None and ruling.outcome == Decision.Outcome.SPLIT:
        problems["amount_idr"] = _("Say how much the buyer gets.")
    elif amount is not None and ruling.outcome in Decision.WITHOUT_AMOUNT:
        problems["amount_idr"] = _("This outcome has no amount.")
    parts: dict[str, str] = {}
    for name in ("reasons_buyer", "reasons_seller"):
        try:
            parts[name] = needed(getattr(ruling, name), name, _("Each side gets its reasons."))
        except InvalidInput as error:
            problems |= error.fields
    if problems:
        raise InvalidInput(_("The decision is not complete."), fields=problems)
    return parts


def _asked_by(escalation: Escalation) -> list[User]:
    return [escalation.requested_by] if escalation.requested_by else []
