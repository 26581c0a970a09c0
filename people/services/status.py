"""Available, away, off shift: said by oneself, or by a supervisor for somebody else."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, NotAllowed, WrongState
from helpdesk.common.events import publish
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.availability import Availability, Standing
from people.events import StatusChanged
from people.models import StatusChange, User, standings

LONGEST_AWAY = timedelta(days=31)
FOR_OTHERS = "assign_others"


@transaction.atomic
def set_status(
    *, actor: Actor, status: str, until: datetime | None = None, user_id: int | None = None
) -> Standing:
    """The actor's own status, or with `user_id` another's; the same again adds nothing to the history.

    Raises NotAllowed, InvalidInput (status, until, person), WrongState (`off_shift`: the plan says so).
    """
    person = lock_person(_whose(actor, user_id))
    now = clock.now()
    _require_sensible(status, until, now)
    before = standings([person.pk], now)[person.pk]
    if before.by_plan and before.status == Availability.OFF and status != Availability.OFF:
        raise WrongState(
            _("By the shift plan this is not working time. A supervisor can plan a shift."),
            code="off_shift",
        )
    if before.status == status and (status != Availability.AWAY or before.until == until):
        return before
    StatusChange.objects.create(user=person, status=status, until=until, at=now, set_by=actor.user)
    after = standings([person.pk], now)[person.pk]
    publish(StatusChanged(person, after))
    return after


def lock_person(user_id: int) -> User:
    """Somebody at the desk, locked: what they hold and how they stand changes for one at a time.

    The order of locks: a ticket first, then people by their ids; whoever holds a person waits for no
    ticket.
    """
    found = User.objects.select_for_update(no_key=True).filter(pk=user_id, is_active=True).first()
    if found is None or not found.works_at_desk:
        raise InvalidInput(
            _("Only people who work at the desk have a status."),
            code="unknown_person",
            fields={"person": _("There is no such person at the desk.")},
        )
    return found


def _whose(actor: Actor, user_id: int | None) -> int:
    if actor.user is None or not actor.user.works_at_desk:
        raise NotAllowed(_("Your role does not permit this."))
    if user_id is None or user_id == actor.user.pk:
        return actor.user.pk
    actor.require(FOR_OTHERS)
    return user_id


def _require_sensible(status: str, until: datetime | None, now: datetime) -> None:
    if status not in Availability.values:
        text = _("Choose available, away or off shift.")
        raise InvalidInput(text, fields={"status": text})
    if until is None:
        return
    if status != Availability.AWAY:
        text = _("Only being away ends at a moment.")
        raise InvalidInput(text, fields={"until": text})
    if not now < until <= now + LONGEST_AWAY:
        text = _("Choose a moment ahead, within %(days)s days.") % {"days": LONGEST_AWAY.days}
        raise InvalidInput(text, fields={"until": text})
