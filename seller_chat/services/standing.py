"""What a shop's points lead to: levels that begin with a violation and end by time, expiry or repair.

Everything here runs under `lock_standing`, the last lock that a verb takes.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Sum

from helpdesk.common.one_at_a_time import got_alone, one_at_a_time
from people.actors import Actor
from seller_chat.enforcement_timers import ACTION, ACTION_ENDS
from seller_chat.models import EnforcementAction, EnforcementRules, Violation
from seller_chat.services.letters import tell_shop
from seller_chat.services.parts import record_of_shop
from sla.services import arm, disarm

Ended = EnforcementAction.Ended


def lock_standing(shop_id: int) -> None:
    one_at_a_time(_lock_of(shop_id))


def standing_is_free(shop_id: int) -> bool:
    """Lock it without waiting; False when somebody else has it."""
    return got_alone(_lock_of(shop_id))


def _lock_of(shop_id: int) -> str:
    return f"standing of shop {shop_id}"


def points_of(shop_id: int, now: datetime) -> int:
    standing = Violation.objects.filter(
        shop=shop_id, state=Violation.State.STANDING, expires_at__gt=now
    )
    return int(standing.aggregate(sum=Sum("points"))["sum"] or 0)


def raise_level(violation: Violation, *, actor: Actor, now: datetime) -> EnforcementAction | None:
    """A violation that adds points opens the level that they reach, unless it or a harder one runs."""
    if not violation.points:
        return None
    rules = EnforcementRules.in_force()
    points = points_of(violation.shop_id, now)
    reached = [level for level in rules.levels if level["from_points"] <= points]
    if not reached:
        return None
    level = reached[-1]
    as_hard = [row["code"] for row in rules.levels if row["from_points"] >= level["from_points"]]
    running = EnforcementAction.objects.filter(shop=violation.shop_id, ended_at=None)
    if running.filter(level__in=as_hard).exists():
        return None
    action = EnforcementAction.objects.create(
        shop_id=violation.shop_id,
        level=level["code"],
        points=points,
        violation=violation,
        rules_version=rules.version,
        begins_at=now,
        ends_at=now + timedelta(days=level["days"]) if level["days"] else None,
    )
    if action.ends_at is not None:
        arm(ACTION_ENDS, ACTION, action.pk, action.ends_at, at=now)
    event = record_of_shop(
        action.shop_id,
        actor=actor,
        kind="action_begun",
        at=now,
        action=action.pk,
        level=action.level,
        points=points,
        violation=violation.pk,
    )
    tell_shop(event)
    return action


def lower_levels(shop_id: int, *, actor: Actor, how: str, now: datetime) -> int:
    """End what the points no longer reach; how many actions ended."""
    rules, points = EnforcementRules.in_force(), points_of(shop_id, now)
    reached = {row["code"] for row in rules.levels if row["from_points"] <= points}
    running = EnforcementAction.objects.filter(shop=shop_id, ended_at=None)
    ended = 0
    for action in running.exclude(level__in=reached).order_by("pk"):
        end_action(action, actor=actor, how=how, now=now)
        ended += 1
    return ended


def end_action(action: EnforcementAction, *, actor: Actor, how: str, now: datetime) -> None:
    action.ended_at, action.ended_how = now, how
    action.save(update_fields=["ended_at", "ended_how"])
    disarm(ACTION, action.pk, ACTION_ENDS)
    event = record_of_shop(
        action.shop_id,
        actor=actor,
        kind="action_ended",
        at=now,
        action=action.pk,
        level=action.level,
        how=how,
    )
    tell_shop(event)
