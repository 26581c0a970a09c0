"""What was counted wrongly is counted anew: messages taken out, weeks evaluated again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from people.actors import Actor
from seller_chat.evaluating import monday_before
from seller_chat.models import ChatMessage, EvaluationWeek, Violation
from seller_chat.services.evaluation import evaluate_shop
from seller_chat.services.taking_back import exclude_messages
from seller_chat.services.violations import locked_violation, repair_violation
from sla.calendars import WIB


def reckon_again(shop_id: int, moments: Iterable[datetime]) -> list[EvaluationWeek]:
    """The evaluated weeks in which these moments lie, for one shop; a running week reckons itself."""
    mondays = {monday_before(moment.astimezone(WIB).date()) for moment in moments}
    weeks = list(EvaluationWeek.objects.filter(week_start__in=mondays).order_by("week_start"))
    for week in weeks:
        evaluate_shop(week, shop_id)
    return weeks


def take_out(messages: Sequence[ChatMessage], *, actor: Actor, now: datetime) -> None:
    """Messages of one conversation leave the evaluation, and what they had proved is taken back."""
    first = messages[0]
    ids = [message.pk for message in messages]
    exclude_messages(actor=actor, conversation_id=first.conversation_id, message_ids=ids)
    weeks = reckon_again(first.shop_id, [m.delivered_at for m in messages if m.delivered_at])
    wrong = set(
        Violation.objects.filter(reply_clock__opened_by__in=ids).values_list("pk", flat=True)
    )
    for violation in Violation.objects.filter(shop=first.shop_id, shop_week__week__in=weeks):
        row = violation.shop_week
        if row is not None and (row.rate_bp is None or row.rate_bp >= row.week.target_bp):
            wrong.add(violation.pk)
    for pk in sorted(wrong):
        repair_violation(locked_violation(pk), actor=actor, now=now)


def take_out_of_evaluation(violation: Violation, *, actor: Actor) -> None:
    """The message whose missed answer was no violation after all no longer counts."""
    if violation.reply_clock is None:
        return
    opened_by = violation.reply_clock.opened_by
    exclude_messages(
        actor=actor, conversation_id=opened_by.conversation_id, message_ids=[opened_by.pk]
    )
    if opened_by.delivered_at is not None:
        reckon_again(violation.shop_id, [opened_by.delivered_at])
