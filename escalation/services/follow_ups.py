"""The receiving team's plan: follow-ups with a name and a moment, each with one timer of its own."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min

from escalation.models import Escalation, FollowUp
from escalation.models.follow_up import OPEN
from escalation.services.parts import ahead, lock_accepted, member_of, needed
from helpdesk.common import clock, writes
from helpdesk.common.errors import InvalidInput, WrongState
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import User, organisation
from sla.models import Timer
from sla.services import arm, disarm
from tickets.models import EventKind, Ticket
from tickets.services import notify, record, save_change
from tickets.states import rank_of

FOLLOW_UP = "escalation.follow_up"
FOLLOW_UP_OVERDUE = "escalation.follow_up_overdue"
SUBJECT = "follow_up"
MAX_OPEN = 20
MAX_WHAT = 500


def settings_of_follow_ups() -> tuple[timedelta, timedelta]:
    """After how long the next news is owed, and how long after its moment a follow-up is overdue."""
    hours = organisation()["follow_up"]
    return timedelta(hours=hours["default_hours"]), timedelta(hours=hours["overdue_after_hours"])


@transaction.atomic
def plan_follow_up(
    *,
    actor: Actor,
    ticket_id: int,
    what: str,
    due_at: datetime,
    owner: User | None = None,
    expected_version: int | None = None,
) -> FollowUp:
    """One more step of the plan of an accepted escalation; of the actor unless an owner is named."""
    ticket, escalation, person = lock_accepted(actor, ticket_id, expected_version)
    words = needed(what, "what", _("Write what is to be done."), max_length=MAX_WHAT)
    now = clock.now()
    ahead(due_at, now, "due_at", _("The follow-up must lie ahead."))
    keeper = member_of(ticket, owner, "owner") if owner else person
    if escalation.follow_ups.filter(OPEN).count() >= MAX_OPEN:
        raise WrongState(
            _("%(number)s follow-ups are open. Finish some of them first.") % {"number": MAX_OPEN}
        )
    made = start_follow_up(
        ticket, escalation, owner=keeper, by=person, due_at=due_at, at=now, what=words
    )
    save_change(ticket)
    event = record(
        ticket,
        actor=actor,
        kind=EventKind.FOLLOW_UP_PLANNED,
        at=now,
        data=_data(made) | {"owner": keeper.pk},
        note=words,
    )
    notify(ticket, event, [keeper])
    return made


@transaction.atomic
def finish_follow_up(
    *,
    actor: Actor,
    ticket_id: int,
    follow_up_id: int,
    result: str,
    expected_version: int | None = None,
) -> FollowUp:
    """Done, with what came of it. The news to CS is done by a progress report instead."""
    ticket, escalation, person = lock_accepted(actor, ticket_id, expected_version)
    found = _open(escalation, follow_up_id)
    if found.is_news:
        raise WrongState(_("The news to CS is given by a progress report."), code="report_progress")
    words = needed(result, "result", _("Write what came of it."))
    now = clock.now()
    close_follow_up(found, by=person, at=now, result=words)
    save_change(ticket)
    event = record(
        ticket,
        actor=actor,
        kind=EventKind.FOLLOW_UP_DONE,
        at=now,
        data=_data(found) | {"late": now > found.due_at},
        note=words,
    )
    notify(ticket, event, [found.owner])
    keep_next(escalation)
    return found


@transaction.atomic
def move_follow_up(
    *,
    actor: Actor,
    ticket_id: int,
    follow_up_id: int,
    due_at: datetime,
    reason: str,
    expected_version: int | None = None,
) -> FollowUp:
    """To another moment, with a reason; it reminds anew."""
    ticket, escalation, _person = lock_accepted(actor, ticket_id, expected_version)
    found = _open(escalation, follow_up_id)
    words = needed(reason, "reason", _("Write why."))
    now = clock.now()
    before = found.due_at
    found.due_at = ahead(due_at, now, "due_at", _("The follow-up must lie ahead."))
    found.moves += 1
    found.reminded_at = found.overdue_at = None
    found.save(update_fields=["due_at", "moves", "reminded_at", "overdue_at"])
    _arm(ticket, found, now)
    save_change(ticket)
    data = _data(found) | {"moved_from": before.isoformat()}
    event = record(
        ticket, actor=actor, kind=EventKind.FOLLOW_UP_PLANNED, at=now, data=data, note=words
    )
    notify(ticket, event, [found.owner])
    keep_next(escalation)
    return found


def start_follow_up(
    ticket: Ticket,
    escalation: Escalation,
    *,
    owner: User,
    by: User,
    due_at: datetime,
    at: datetime,
    what: str = "",
) -> FollowUp:
    """The row and its timer, on a locked ticket; without `what` it is the next news to CS."""
    made = FollowUp.objects.create(
        escalation=escalation,
        kind=FollowUp.Kind.STEP if what else FollowUp.Kind.NEWS,
        what=what,
        due_at=due_at,
        owner=owner,
        planned_at=at,
        planned_by=by,
    )
    _arm(ticket, made, at)
    keep_next(escalation)
    return made


def close_follow_up(found: FollowUp, *, by: User, at: datetime, result: str = "") -> None:
    found.done_at, found.done_by, found.result = at, by, result
    found.save(update_fields=["done_at", "done_by", "result"])
    disarm(SUBJECT, found.pk)


def end_follow_ups(ticket: Ticket, *, at: datetime) -> None:
    """The escalation is over: what is still open of its plan ends with it, and no timer is left."""
    writes.at_end(_end, (ticket.pk, at))


def _end(cases: list[tuple[int, datetime]]) -> None:
    """One look for all tickets of a sweep."""
    moments = dict(cases)
    still_open = FollowUp.objects.filter(OPEN, escalation__ticket__in=moments)
    found = dict(still_open.values_list("pk", "escalation__ticket_id"))
    if not found:
        return
    Timer.objects.filter(
        subject_type=SUBJECT, subject_id__in=found, state=Timer.State.ARMED
    ).update(state=Timer.State.CANCELLED)
    for moment in set(moments.values()):
        ended = [pk for pk, ticket_id in found.items() if moments[ticket_id] == moment]
        FollowUp.objects.filter(pk__in=ended).update(ended_at=moment)
    promised = Escalation.objects.filter(ticket__in=moments, follow_up_at__isnull=False)
    promised.update(follow_up_at=None)


def keep_next(escalation: Escalation) -> None:
    """`follow_up_at` is the earliest open one."""
    found = escalation.follow_ups.filter(OPEN).aggregate(at=Min("due_at"))["at"]
    if found != escalation.follow_up_at:
        escalation.follow_up_at = found
        escalation.save(update_fields=["follow_up_at"])


def next_news_at(asked: datetime | None, now: datetime) -> datetime:
    default, _overdue = settings_of_follow_ups()
    return ahead(asked or now + default, now, "follow_up_at", _("The follow-up must lie ahead."))


def _arm(ticket: Ticket, found: FollowUp, now: datetime) -> None:
    disarm(SUBJECT, found.pk)
    urgency = rank_of(ticket.priority)
    arm(FOLLOW_UP, SUBJECT, found.pk, found.due_at, urgency=urgency, at=now, replaces=False)


def _open(escalation: Escalation, pk: int) -> FollowUp:
    found = escalation.follow_ups.filter(pk=pk).select_related("owner").first()
    if found is None:
        message = _("There is no such follow-up on this escalation.")
        raise InvalidInput(message, code="unknown_follow_up", fields={"follow_up": message})
    if not found.is_open:
        raise WrongState(_("This follow-up has ended already."))
    return found


def _data(found: FollowUp) -> dict[str, object]:
    return {
        "escalation": found.escalation_id,
        "follow_up": found.pk,
        "due_at": found.due_at.isoformat(),
    }
