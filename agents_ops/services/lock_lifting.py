"""Ending the lock of an agent before its time: by a lead, or by the team that was told of it."""

from __future__ import annotations

from django.db import transaction

from agents_ops.models import AgentLock, AgentLockLift, AgentRules, VerificationAnswer
from agents_ops.verification.comparing import Result
from agents_ops.verification.standing import agent_code_of, lock_of
from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, NotAllowed, WrongState
from helpdesk.common.one_at_a_time import one_at_a_time
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import Team
from tickets.models import EventKind, Ticket
from tickets.services import clean_words, lock_ticket, notify, record, require_open

MOST_WORDS = 500


def may_lift(actor: Actor) -> bool:
    """Whoever leads, and the members of the team that the rules tell of a lock."""
    if actor.user is None:
        return False
    tell = AgentRules.exactly_in_force().book.tell
    team = Team.objects.filter(code=tell).values_list("pk", flat=True).first()
    return actor.may("decide_approval") or (team is not None and actor.belongs_to(team))


@transaction.atomic
def lift_lock(*, actor: Actor, ticket_id: int, reason: str) -> AgentLock:
    """Requests of this ticket's agent go on, and begin anew: what matched before does not count.

    The wrong answers that led to the lock are used up. Raises NotAllowed (`own_lock`: somebody else must
    look at what one asked wrongly oneself), WrongState `not_locked`, InvalidInput without a reason.
    """
    person = actor.require_person("work_ticket")
    if not may_lift(actor):
        raise NotAllowed(_("Supervisors and the fraud team lift a lock."))
    ticket = lock_ticket(ticket_id, reply_leaves=False)
    require_open(ticket)
    words = clean_words(reason, field="reason", max_length=MOST_WORDS)
    if not words:
        message = _("Write why.")
        raise InvalidInput(message, fields={"reason": message})
    code = agent_code_of(ticket)
    one_at_a_time(f"verify agent {code}")
    now = clock.now()
    lock = lock_of(code, now)
    if lock is None:
        raise WrongState(_("This agent is not locked."), code="not_locked")
    wrong = VerificationAnswer.objects.filter(
        agent_code=code, result=Result.DIFFERS, at__lte=lock.at, by=person
    )
    if wrong.filter(at__gt=lock.at - AgentRules.exactly_in_force().book.within).exists():
        message = _("Somebody else must lift a lock to which your own checks led.")
        raise NotAllowed(message, code="own_lock")
    AgentLockLift.objects.create(lock=lock, by=person, at=now)
    _tell(ticket, lock, actor=actor, words=words)
    return lock


def _tell(ticket: Ticket, lock: AgentLock, *, actor: Actor, words: str) -> None:
    data = {"lock": lock.pk, "until": lock.until.isoformat()}
    event = record(
        ticket,
        actor=actor,
        kind=EventKind.AGENT_UNLOCKED,
        at=clock.now(),
        data=data,
        note=words,
    )
    notify(ticket, event, [ticket.assignee] if ticket.assignee else [])
