"""Violations: recorded once for what proves them, decided by a rule or a reviewer, taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation

from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, WrongState
from helpdesk.common.text import clean_text
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import User
from seller_chat.enforcement_timers import POINTS_EXPIRE, VIOLATION
from seller_chat.models import EnforcementAction, EnforcementRules, Violation
from seller_chat.services.letters import tell_shop
from seller_chat.services.parts import record_of_shop
from seller_chat.services.standing import lock_standing, lower_levels, raise_level
from sla.services import arm, disarm

State = Violation.State
RULE = Actor(system="enforcement")
MAX_REASONS = 1000


@transaction.atomic
def record_violation(
    *,
    shop_id: int,
    guideline: str,
    proof: dict[str, Any],
    at: datetime,
    decided_by: User | None = None,
    reasons: str = "",
) -> Violation:
    """The violation that this proves (`message`, `reply_clock` or `shop_week`, by id), once.

    With `decided_by` it is confirmed at once; else as the rules say, by themselves or by a reviewer.
    """
    lock_standing(shop_id)
    # A message may break several guidelines; a clock or a week proves one thing.
    known = Violation.objects.filter(**proof)
    if "message_id" in proof:
        known = known.filter(guideline=guideline)
    if earlier := known.first():
        return earlier
    rules = EnforcementRules.in_force()
    row = rules.guideline(guideline)
    violation = Violation.objects.create(
        shop_id=shop_id,
        guideline=guideline,
        severity=row["severity"],
        points=rules.points_of(guideline),
        state=State.REVIEW,
        rules_version=rules.version,
        recorded_at=at,
        **proof,
    )
    record_of_shop(
        shop_id,
        actor=RULE if decided_by is None else Actor(user=decided_by),
        kind="violation_recorded",
        at=at,
        violation=violation.pk,
        guideline=guideline,
        rules_version=rules.version,
    )
    if decided_by is not None or row["confirmed_by"] == "rule":
        _stand(violation, by=decided_by, reasons=reasons, now=at)
    return violation


@transaction.atomic
def decide_violation(
    *, actor: Actor, violation_id: int, confirmed: bool, reasons: str
) -> Violation:
    """A reviewer confirms what a rule proposed, or dismisses it, with reasons for the seller.

    Raises NotAllowed, InvalidInput without reasons, WrongState when it is decided already.
    """
    person = actor.require_person("review_messages")
    words = required_reasons(reasons, limit=MAX_REASONS)
    violation = locked_violation(violation_id)
    if violation.state != State.REVIEW:
        raise WrongState(_("Somebody has decided about this violation already."))
    now = clock.now()
    if confirmed:
        _stand(violation, by=person, reasons=words, now=now)
    else:
        violation.state, violation.decided_at, violation.decided_by = State.DISMISSED, now, person
        violation.reasons = words
        violation.save(update_fields=["state", "decided_at", "decided_by", "reasons"])
        record_of_shop(
            violation.shop_id,
            actor=actor,
            kind="violation_dismissed",
            at=now,
            violation=violation.pk,
        )
    return violation


def repair_violation(violation: Violation, *, actor: Actor, now: datetime) -> None:
    """It never was: points, levels and record follow. Call under `locked_violation`."""
    if violation.state == State.REPAIRED:
        return
    violation.state, violation.repaired_at = State.REPAIRED, now
    if violation.decided_at is None:
        violation.decided_at = now
    violation.save(update_fields=["state", "repaired_at", "decided_at"])
    disarm(VIOLATION, violation.pk, POINTS_EXPIRE)
    record_of_shop(
        violation.shop_id, actor=actor, kind="violation_repaired", at=now, violation=violation.pk
    )
    how = EnforcementAction.Ended.REPAIRED
    lower_levels(violation.shop_id, actor=actor, how=how, now=now)


def locked_violation(violation_id: int) -> Violation:
    shop_id = Violation.objects.values_list("shop_id", flat=True).get(pk=violation_id)
    lock_standing(shop_id)
    return Violation.objects.select_for_update(of=("self",)).get(pk=violation_id)


def required_reasons(reasons: str, *, limit: int) -> str:
    words = clean_text(reasons, field="reasons", max_length=limit, multiline=True)
    if not words:
        message = _("Give the reasons; the seller reads them.")
        raise InvalidInput(message, code="reasons_needed", fields={"reasons": message})
    return words


def _stand(violation: Violation, *, by: User | None, reasons: str, now: datetime) -> None:
    rules = EnforcementRules.in_force()
    violation.state, violation.decided_at, violation.decided_by = State.STANDING, now, by
    violation.reasons = reasons or _reasons_of_the_rule()
    violation.expires_at = now + rules.points_last if violation.points else None
    violation.save()
    actor = RULE if by is None else Actor(user=by)
    event = record_of_shop(
        violation.shop_id,
        actor=actor,
        kind="violation_confirmed",
        at=now,
        violation=violation.pk,
        points=violation.points,
    )
    if violation.expires_at is not None:
        arm(POINTS_EXPIRE, VIOLATION, violation.pk, violation.expires_at, at=now)
    tell_shop(event)
    raise_level(violation, actor=actor, now=now)


def _reasons_of_the_rule() -> str:
    with translation.override("id"):
        return str(_("Found by the rule itself, from the clock of this conversation."))
