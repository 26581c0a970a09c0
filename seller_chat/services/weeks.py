"""What an evaluated week leads to: a violation for each shop below the target, once."""

from __future__ import annotations

from django.db import transaction

from helpdesk.common import clock
from seller_chat.models import EvaluationWeek, ShopWeek
from seller_chat.services.violations import record_violation

BATCH = 200


def judge_weeks() -> int:
    """Go through the evaluated weeks that nobody has judged to their end; how many shops were found."""
    found = 0
    for pk in EvaluationWeek.objects.filter(
        evaluated_at__isnull=False, finished_at=None
    ).values_list("pk", flat=True):
        while (made := _judge_some(pk)) is not None:
            found += made
    return found


@transaction.atomic
def _judge_some(week_id: int) -> int | None:
    """The next shops below the target; None when all are judged, or somebody else is at it."""
    locked = EvaluationWeek.objects.select_for_update(skip_locked=True)
    week = locked.filter(pk=week_id, finished_at=None).first()
    if week is None:
        return None
    below = ShopWeek.objects.filter(
        week=week,
        shop_id__gt=week.judged_to,
        rate_bp__lt=week.target_bp,
        assessed__gte=week.least_assessed,
    ).order_by("shop_id")[:BATCH]
    rows = list(below)
    now = clock.now()
    for row in rows:
        proof = {"shop_week_id": row.pk}
        record_violation(shop_id=row.shop_id, guideline="low_rate", proof=proof, at=now)
    if rows:
        week.judged_to = rows[-1].shop_id
    else:
        week.finished_at = now
    week.save(update_fields=["judged_to", "finished_at"])
    return len(rows) or None
