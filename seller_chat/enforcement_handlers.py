"""What the clock brings about in enforcement: points expire, levels end, appeals are overdue."""

from __future__ import annotations

from datetime import datetime

from people.actors import SWEEP
from seller_chat.enforcement_timers import (
    ACTION,
    ACTION_ENDS,
    APPEAL,
    APPEAL_DUE,
    POINTS_EXPIRE,
    VIOLATION,
)
from seller_chat.models import Appeal, EnforcementAction, Violation
from seller_chat.services.appeals import appeal_is_overdue
from seller_chat.services.standing import end_action, lower_levels, standing_is_free
from sla.models import Timer
from sla.timers import fires, locks

Ended = EnforcementAction.Ended


@locks(VIOLATION)
def lock_free_violations(ids: list[int]) -> dict[int, Violation]:
    """Those of shops whose standing nobody changes now; that lock covers all of it."""
    found = Violation.objects.in_bulk(ids)
    return {pk: each for pk, each in found.items() if standing_is_free(each.shop_id)}


@locks(ACTION)
def lock_free_actions(ids: list[int]) -> dict[int, EnforcementAction]:
    found = EnforcementAction.objects.in_bulk(ids)
    return {pk: each for pk, each in found.items() if standing_is_free(each.shop_id)}


@locks(APPEAL)
def lock_free_appeals(ids: list[int]) -> dict[int, Appeal]:
    found = Appeal.objects.select_related("violation").in_bulk(ids)
    return {pk: each for pk, each in found.items() if standing_is_free(each.violation.shop_id)}


@fires(POINTS_EXPIRE)
def _points_expire(timer: Timer, violation: Violation, now: datetime) -> None:
    lower_levels(violation.shop_id, actor=SWEEP, how=Ended.POINTS, now=now)


@fires(ACTION_ENDS)
def _action_ends(timer: Timer, action: EnforcementAction, now: datetime) -> None:
    action.refresh_from_db()  # read before the lock
    if action.ended_at is None:
        end_action(action, actor=SWEEP, how=Ended.TIME, now=now)


@fires(APPEAL_DUE)
def _appeal_due(timer: Timer, appeal: Appeal, now: datetime) -> None:
    appeal.refresh_from_db()
    appeal_is_overdue(appeal, now)
