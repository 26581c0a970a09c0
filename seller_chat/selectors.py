"""Reads about shops, and the funnel through which a seller reaches what is theirs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.http import Http404

from helpdesk.common import clock
from helpdesk.common.errors import NotAllowed
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import Shop
from seller_chat.models import (
    Appeal,
    AppealDocument,
    BuyerReport,
    ChatMessage,
    Conversation,
    EnforcementAction,
    EnforcementRules,
    EvaluationWeek,
    ReplyClock,
    ShopWeek,
    Violation,
)

Level = EnforcementAction.Level


def shops_of(actor: Actor) -> QuerySet[Shop]:
    """Those the actor sells for; reviewers see all, through the desk."""
    if actor.may("review_messages"):
        return Shop.objects.all()
    if actor.user is None or not actor.user.is_active:
        return Shop.objects.none()
    return Shop.objects.filter(sellers=actor.user)


def own_shop_or_404(actor: Actor) -> Shop:
    """The shop of a signed-in seller; of several the first."""
    shop = None
    if actor.user is not None:
        shop = Shop.objects.filter(sellers=actor.user).order_by("pk").first()
    if shop is None:
        raise Http404("shop")
    return shop


def visible_violations(actor: Actor) -> QuerySet[Violation]:
    """A seller sees what was confirmed or taken back, a reviewer what waits as well."""
    rows = Violation.objects.filter(shop__in=shops_of(actor)).select_related(
        "shop", "message", "reply_clock__opened_by", "shop_week__week", "appeal", "decided_by"
    )
    if actor.may("review_messages"):
        return rows
    return rows.exclude(state=Violation.State.DISMISSED)


def violation_or_404(actor: Actor, pk: int) -> Violation:
    found = visible_violations(actor).filter(pk=pk).first()
    if found is None:
        raise Http404("violation")
    return found


def visible_actions(actor: Actor) -> QuerySet[EnforcementAction]:
    rows = EnforcementAction.objects.filter(shop__in=shops_of(actor))
    return rows.select_related("shop", "violation")


def visible_appeals(actor: Actor) -> QuerySet[Appeal]:
    rows = Appeal.objects.filter(violation__shop__in=shops_of(actor))
    return rows.select_related(
        "violation__shop", "violation__message", "violation__reply_clock", "opened_by", "decided_by"
    )


def appeal_or_404(actor: Actor, pk: int) -> Appeal:
    found = visible_appeals(actor).filter(pk=pk).first()
    if found is None:
        raise Http404("appeal")
    return found


def document_or_404(actor: Actor, key: str) -> AppealDocument:
    found = AppealDocument.objects.filter(appeal__in=visible_appeals(actor), key=key).first()
    if found is None:
        raise Http404("document")
    return found


def visible_reports(actor: Actor) -> QuerySet[BuyerReport]:
    rows = BuyerReport.objects.filter(shop__in=shops_of(actor))
    return rows.select_related("shop", "conversation", "buyer", "ticket", "decided_by")


def report_or_404(actor: Actor, key: str) -> BuyerReport:
    found = visible_reports(actor).filter(key=key).first() if is_key(key) else None
    if found is None:
        raise Http404("report")
    return found


def own_conversation_or_404(actor: Actor, key: str) -> Conversation:
    """One of the seller's own shop."""
    rows = Conversation.objects.filter(key=key, shop__sellers=actor.user)
    known = actor.user is not None and is_key(key)
    found = rows.select_related("shop", "buyer").first() if known else None
    if found is None:
        raise Http404("conversation")
    return found


def is_key(text: str) -> bool:
    """Whether it could be one of our public keys at all."""
    return re.fullmatch(r"[A-Za-z0-9_-]{1,20}", text) is not None


def visible_weeks(actor: Actor) -> QuerySet[ShopWeek]:
    rows = ShopWeek.objects.filter(shop__in=shops_of(actor))
    return rows.select_related("shop", "week").filter(week__evaluated_at__isnull=False)


def weeks_of(shop: Shop, *, last: int = 6) -> list[ShopWeek]:
    """The latest evaluated weeks of the shop, the newest first."""
    rows = ShopWeek.objects.filter(shop=shop, week__evaluated_at__isnull=False)
    return list(rows.select_related("week").order_by("-week__week_start")[:last])


def week_of(shop: Shop, week: EvaluationWeek) -> ShopWeek | None:
    return ShopWeek.objects.filter(shop=shop, week=week).select_related("week").first()


def waiting_clocks(shop: Shop) -> QuerySet[ReplyClock]:
    """Conversations that wait for an answer of the shop, the most urgent first."""
    rows = ReplyClock.objects.filter(shop=shop, ended_at=None)
    return rows.select_related("conversation__buyer", "opened_by").order_by("due_at", "pk")


def messages_by_id(shop: Shop, ids: Sequence[int]) -> list[ChatMessage]:
    found = ChatMessage.objects.filter(shop=shop, pk__in=ids)
    return list(found.select_related("conversation__buyer").order_by("delivered_at", "pk"))


def restriction_of(shop_id: int, *, at: datetime | None = None) -> str:
    """The hardest restriction in force, as an EnforcementAction.Level; empty where there is none."""
    now = at or clock.now()
    running = EnforcementAction.objects.filter(shop=shop_id, ended_at=None).exclude(
        level=Level.WARNING
    )
    levels = set(
        running.filter(Q(ends_at=None) | Q(ends_at__gt=now)).values_list("level", flat=True)
    )
    return next((str(level) for level in (Level.SHOP, Level.MESSAGES) if level in levels), "")


def require_may_write(conversation: Conversation) -> None:
    """Whether the shop may write here now: answering stays possible, promotion does not.

    With restricted messages the buyer must have written within the days of the rules; a restricted
    shop must owe a reply. Raises NotAllowed (`shop_restricted`).
    """
    level, now = restriction_of(conversation.shop_id), clock.now()
    if not level:
        return
    days = EnforcementRules.in_force().body["answering_days"]
    asked = ChatMessage.objects.filter(
        conversation=conversation,
        sender=ChatMessage.Sender.BUYER,
        state=ChatMessage.State.DELIVERED,
        delivered_at__gt=now - timedelta(days=days),
    )
    owes = ReplyClock.objects.filter(conversation=conversation, ended_at=None)
    if not (owes if level == Level.SHOP else asked).exists():
        raise NotAllowed(
            _("Your shop is restricted: it may only answer buyers who write to it."),
            code="shop_restricted",
        )
