"""What enforcement hears of conversations."""

from __future__ import annotations

from helpdesk.common.events import hears
from people.models import User
from seller_chat.events import MessageJudged, ReplyMissed
from seller_chat.models import ChatMessage, EnforcementRules, ReviewItem
from seller_chat.services.repairs import reckon_again
from seller_chat.services.violations import record_violation

SELLER = ChatMessage.Sender.SELLER
Outcome = ReviewItem.Outcome


@hears(ReplyMissed)
def _reply_missed(news: ReplyMissed) -> None:
    proof = {"reply_clock_id": news.clock_id}
    record_violation(shop_id=news.shop_id, guideline="late_reply", proof=proof, at=news.due_at)


@hears(MessageJudged)
def _message_judged(news: MessageJudged) -> None:
    """A shop's message that broke a guideline; one that was let go counts from when it was written."""
    if news.sender != SELLER:
        return
    if news.outcome == Outcome.RELEASED:
        sent_at = ChatMessage.objects.values_list("sent_at", flat=True).get(pk=news.message_id)
        reckon_again(news.shop_id, [sent_at])
        return
    reasons = ReviewItem.objects.values_list("reason", flat=True).get(pk=news.review_id)
    known = EnforcementRules.in_force().body["guidelines"]
    for label in news.labels:
        if label in known:
            record_violation(
                shop_id=news.shop_id,
                guideline=label,
                proof={"message_id": news.message_id},
                at=news.at,
                decided_by=User.objects.get(pk=news.decided_by),
                reasons=reasons,
            )
