"""The date that a team promises on acceptance: it warns at most of its time, and is missed once.

Where the policy begins a clock with the acceptance, that clock is the promise and no date stands
beside it. Both timers are about the ticket, which has one accepted escalation.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from escalation.models import Escalation
from escalation.services.parts import ahead, lock_accepted, needed
from escalation.services.sending import default_target
from helpdesk.common import clock
from helpdesk.common.durations import wib_text
from helpdesk.common.errors import InvalidInput, WrongState
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from sla.models import Clock, Metric, SlaPolicy
from sla.services import arm, disarm, working_deadline
from sla.services.firing_points import TICKET
from tickets.models import EventKind, Ticket
from tickets.services import clean_words, notify_team, record, save_change
from tickets.states import rank_of

TARGET_NEARS = "escalation.target_nears"
TARGET_MISSED = "escalation.target_missed"


@transaction.atomic
def move_target(
    *,
    actor: Actor,
    ticket_id: int,
    target_at: datetime,
    reason: str,
    expected_version: int | None = None,
) -> Escalation:
    """Another date than the one agreed to, with a reason; it warns and is missed anew.

    Raises WrongState (`target_by_policy`) where a clock of the policy is the promise.
    """
    ticket, escalation, _person = lock_accepted(actor, ticket_id, expected_version)
    words = needed(reason, "reason", _("Write why."))
    now = clock.now()
    if escalation.promised_by_clock:
        raise WrongState(_by_policy(), code="target_by_policy")
    ahead(target_at, now, "target_at", _("The target time must lie ahead."))
    before = escalation.agreed_target_at
    escalation.agreed_target_at, escalation.target_reason = target_at, words
    escalation.target_missed_at = None
    escalation.save(update_fields=["agreed_target_at", "target_reason", "target_missed_at"])
    watch_target(ticket, target_at, since=now)
    save_change(ticket)
    data = {
        "escalation": escalation.pk,
        "target_at": target_at.isoformat(),
        "moved_from": before.isoformat() if before else None,
    }
    event = record(ticket, actor=actor, kind=EventKind.TARGET_MOVED, at=now, data=data, note=words)
    also = [person for person in (escalation.requested_by, ticket.assignee) if person is not None]
    if ticket.home_team:
        notify_team(ticket, event, ticket.home_team, leads_only=True, also=also)
    return escalation


def watch_target(ticket: Ticket, target_at: datetime, *, since: datetime) -> None:
    """Arm both timers of a date that was promised at `since`, on a locked ticket."""
    share = SlaPolicy.exactly_in_force().rules.warn_leads_from
    moments = {TARGET_NEARS: since + (target_at - since) * share / 100, TARGET_MISSED: target_at}
    for kind, due_at in moments.items():
        arm(kind, TICKET, ticket.pk, due_at, urgency=rank_of(ticket.priority), at=since)


def end_target(ticket: Ticket) -> None:
    """The escalation is over: its date binds nobody any more."""
    disarm(TICKET, ticket.pk, TARGET_NEARS, TARGET_MISSED)


def agreed(
    ticket: Ticket,
    escalation: Escalation,
    asked: datetime | None,
    reason: str,
    now: datetime,
) -> tuple[datetime, str, bool]:
    """The date that the team is held to, why it is late, and whether it needs timers of its own.

    Raises InvalidInput: `target_by_policy` for a date beside a clock, `later_target` for one later
    than asked for, or than the ticket's resolution is due, without a reason.
    """
    words = clean_words(reason, field="target_reason")
    begins = working_deadline(ticket, escalation.to_team.code, now)
    if begins is not None:
        if asked is not None and asked != begins:
            raise InvalidInput(
                _by_policy(), code="target_by_policy", fields={"target_at": _by_policy()}
            )
        return begins, "", False
    if asked is None:
        return own_target(ticket, escalation, now), words, True
    ahead(asked, now, "target_at", _("The target time must lie ahead."))
    if not words and (message := _later(ticket, escalation, asked, now)):
        raise InvalidInput(message, code="later_target", fields={"target_reason": message})
    return asked, words, True


def _later(ticket: Ticket, escalation: Escalation, at: datetime, now: datetime) -> str:
    """Than what the date is later, the earliest of it, in words; empty where it is later than nothing."""
    due = min(_resolution(ticket, now), default=None)
    wanted = escalation.target_at if _was_asked(escalation, now) else None
    if wanted is not None and at > wanted and (due is None or wanted <= due):
        return _("Later than %(limit)s, the target that was asked for: write why.") % {
            "limit": wib_text(wanted)
        }
    if due is not None and at > due:
        return _("Later than %(limit)s, when the solution is owed to the customer: write why.") % {
            "limit": wib_text(due)
        }
    return ""


def own_target(ticket: Ticket, escalation: Escalation, now: datetime) -> datetime:
    """What a team promises that names no date: its work's own deadline, where its acceptance begins
    one; else the target that somebody asked for; where nobody did, or that passed before anybody
    accepted, its time anew: the deadline for accepting is none for the work.
    Never later than the ticket's resolution is due, while that lies ahead."""
    begins = working_deadline(ticket, escalation.to_team.code, now)
    if begins is not None:
        return begins
    wanted = _was_asked(escalation, now)
    own = escalation.target_at if wanted else default_target(ticket, escalation.to_team, now)
    return min([own, *_resolution(ticket, now)])


def _was_asked(escalation: Escalation, now: datetime) -> bool:
    """Somebody wrote a date, and it lies ahead."""
    return escalation.target_asked and escalation.target_at > now


def _resolution(ticket: Ticket, now: datetime) -> list[datetime]:
    running = Clock.objects.filter(
        ticket=ticket, metric=Metric.RESOLUTION, state=Clock.State.RUNNING, due_at__gt=now
    )
    return list(running.values_list("due_at", flat=True))


def _by_policy() -> str:
    return _("The SLA policy sets this team's deadline when it accepts; it names no date itself.")
