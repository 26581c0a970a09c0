"""Holiday Mode: the shop is closed, buyers see it, and its clocks stand still."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, NotAllowed, WrongState
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from seller_chat.models import Conversation, HolidayMode, ReplyClock
from seller_chat.services.clocks import move
from seller_chat.services.parts import (
    feeds,
    hold_holidays_alone,
    record_of_shop,
    sells_in,
)

LONGEST_PLANNED_DAYS = 366


@transaction.atomic
def begin_holiday(
    *,
    actor: Actor,
    shop_id: int,
    begins_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> HolidayMode:
    """Switch it on now, or plan it; without `ends_at` until somebody ends it.

    Never in the past: a deadline that was missed stays missed.
    """
    _require_shop(actor, shop_id)
    hold_holidays_alone(shop_id)
    now = clock.now()
    begins = begins_at or now
    _require_sense(now, begins, ends_at)
    rows = HolidayMode.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=begins), shop=shop_id)
    if ends_at is not None:
        rows = rows.filter(begins_at__lt=ends_at)
    if rows.exists():
        raise WrongState(_("Holiday Mode is on or planned for this time already."))
    holiday = HolidayMode.objects.create(shop_id=shop_id, begins_at=begins, ends_at=ends_at)
    record_of_shop(
        shop_id,
        actor=actor,
        kind="holiday_planned" if begins > now else "holiday_begun",
        at=now,
        holiday=holiday.pk,
        begins_at=begins.isoformat(),
        ends_at=ends_at.isoformat() if ends_at else None,
    )
    _move_clocks(shop_id, actor, now)
    return holiday


@transaction.atomic
def end_holiday(*, actor: Actor, shop_id: int, holiday_id: int | None = None) -> None:
    """Open again now, or call a planned one off. `holiday_id`: which; else the one that is on."""
    _require_shop(actor, shop_id)
    hold_holidays_alone(shop_id)
    now = clock.now()
    rows = HolidayMode.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now), shop=shop_id)
    rows = rows.filter(pk=holiday_id) if holiday_id else rows.filter(begins_at__lte=now)
    holiday = rows.first()
    if holiday is None:
        raise WrongState(_("Holiday Mode is not on."))
    if holiday.begins_at < now:
        holiday.ends_at = now
        holiday.save(update_fields=["ends_at"])
        kind = "holiday_ended"
    else:
        holiday.delete()
        kind = "holiday_called_off"
    record_of_shop(shop_id, actor=actor, kind=kind, at=now, holiday=holiday_id or holiday.pk)
    _move_clocks(shop_id, actor, now)


def _require_shop(actor: Actor, shop_id: int) -> None:
    if not sells_in(actor, shop_id) and not feeds(actor):
        raise NotAllowed(_("Only the shop can do this."))


def _require_sense(now: datetime, begins: datetime, ends: datetime | None) -> None:
    problems: dict[str, str] = {}
    if begins < now:
        problems["begins_at"] = _("Holiday Mode cannot begin in the past.")
    elif (begins - now).days > LONGEST_PLANNED_DAYS:
        problems["begins_at"] = _("Plan at most a year ahead.")
    if ends is not None and ends <= begins:
        problems["ends_at"] = _("It must end after it begins.")
    elif ends is not None and (ends - begins).days > LONGEST_PLANNED_DAYS:
        problems["ends_at"] = _("Plan at most a year ahead.")
    if problems:
        raise InvalidInput(_("Please mend the marked fields."), fields=problems)


def _move_clocks(shop_id: int, actor: Actor, now: datetime) -> None:
    """Every running deadline of the shop, computed anew; no clock begins or ends meanwhile."""
    running = ReplyClock.objects.filter(shop=shop_id, ended_at=None)
    ids = running.values_list("conversation_id", flat=True)
    rows = Conversation.objects.select_for_update(of=("self",), no_key=True)
    locked = {each.pk: each for each in rows.filter(pk__in=list(ids)).order_by("pk")}
    for each in running.filter(conversation__in=locked).order_by("conversation_id"):
        move(locked[each.conversation_id], each, actor=actor, now=now)
