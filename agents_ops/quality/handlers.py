"""What happens when the time to answer a review is over."""

from __future__ import annotations

from datetime import datetime

from agents_ops.models import QaReview
from agents_ops.quality.services import settle_unanswered
from agents_ops.quality.timers import ANSWER_OVER, REVIEW
from sla.models import Timer
from sla.timers import fires, locks


@locks(REVIEW)
def lock_free_reviews(ids: list[int]) -> dict[int, QaReview]:
    rows = QaReview.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    found = rows.filter(pk__in=ids).select_related("ticket", "officer").order_by("pk")
    return {review.pk: review for review in found}


@fires(ANSWER_OVER)
def _answer_over(timer: Timer, review: QaReview, now: datetime) -> None:
    settle_unanswered(review, now)
