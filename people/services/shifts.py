"""Who works when. Planned by those who may assign work to others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db import transaction

from helpdesk.common import clock
from helpdesk.common.durations import WIB
from helpdesk.common.errors import Conflict, InvalidInput, WrongState
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import Shift, Team, User

LONGEST = timedelta(hours=16)
AHEAD = timedelta(days=92)
WEEK = timedelta(days=7)
PERMISSION = "assign_others"


def start_of_week(day: date) -> datetime:
    """Midnight in WIB of the Monday on or before `day`."""
    monday = day - timedelta(days=day.weekday())
    return datetime.combine(monday, time(), tzinfo=WIB)


@transaction.atomic
def plan_shifts(
    *, actor: Actor, user_id: int, spans: Sequence[tuple[datetime, datetime]]
) -> list[Shift]:
    """Plan a person's shifts from each start to its end: all of them or none.

    Raises NotAllowed, InvalidInput (times, person) or Conflict (one overlaps another of theirs).
    """
    actor.require(PERMISSION)
    person = _locked(user_id)
    planned = []
    for starts_at, ends_at in spans:
        _require_sensible(starts_at, ends_at)
        if _overlapping(person, starts_at, ends_at):
            raise Conflict(
                _("%(name)s already works at that time: %(day)s.")
                % {"name": person.full_name, "day": starts_at.astimezone(WIB).strftime("%d-%m-%Y")}
            )
        planned.append(
            Shift.objects.create(
                user=person, starts_at=starts_at, ends_at=ends_at, planned_by=actor.user
            )
        )
    return planned


@transaction.atomic
def remove_shift(*, actor: Actor, shift_id: int) -> Shift:
    """Returns what was removed. Raises NotAllowed, WrongState (also when somebody was quicker)."""
    actor.require(PERMISSION)
    shift = Shift.objects.select_for_update(of=("self",), no_key=True).filter(pk=shift_id).first()
    if shift is None:
        raise WrongState(_("This shift is no longer planned."))
    Shift.objects.filter(pk=shift_id).delete()
    return shift


@transaction.atomic
def copy_week(*, actor: Actor, team: Team, monday: datetime) -> int:
    """Plan the team's week before `monday` again from then on; what overlaps is left out.

    Returns how many shifts were planned. Raises NotAllowed.
    """
    actor.require(PERMISSION)
    members = list(
        User.objects.select_for_update(of=("self",), no_key=True)
        .filter(memberships__team=team, is_active=True)
        .order_by("pk")
    )
    before = Shift.objects.filter(
        user__in=members, starts_at__gte=monday - WEEK, starts_at__lt=monday
    )
    planned = 0
    for shift in before.select_related("user"):
        starts_at, ends_at = shift.starts_at + WEEK, shift.ends_at + WEEK
        if not _overlapping(shift.user, starts_at, ends_at):
            Shift.objects.create(
                user=shift.user, starts_at=starts_at, ends_at=ends_at, planned_by=actor.user
            )
            planned += 1
    return planned


def _locked(user_id: int) -> User:
    """The person, locked, so that two who plan at once see each other's shifts."""
    found = User.objects.select_for_update(no_key=True).filter(pk=user_id, is_active=True).first()
    if found is None or not found.works_at_desk:
        raise InvalidInput(
            _("Only people who work at the desk have shifts."),
            fields={"person": _("Choose a member of the team.")},
        )
    return found


def _require_sensible(starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        raise InvalidInput(
            _("A shift ends after it begins."), fields={"ends": _("A shift ends after it begins.")}
        )
    if ends_at - starts_at > LONGEST:
        text = _("A shift lasts %(hours)s hours at most.") % {
            "hours": int(LONGEST.total_seconds() // 3600)
        }
        raise InvalidInput(text, fields={"ends": text})
    if abs(starts_at - clock.now()) > AHEAD:
        text = _("That day is too far away.")
        raise InvalidInput(text, fields={"day": text})


def _overlapping(person: User, starts_at: datetime, ends_at: datetime) -> bool:
    return person.shifts.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).exists()
