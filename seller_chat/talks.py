"""Reads of Buyer Messages, and the funnel through which each side reaches its conversations.

Whatever is not the actor's own answers as if it did not exist.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.http import Http404

from people.actors import Actor
from people.models import Customer, Shop
from seller_chat.models import (
    BuyerReport,
    ChatAttachment,
    ChatMessage,
    Conversation,
    ConversationLook,
    ConversationTicket,
    FaqAnswer,
    HolidayMode,
    ReplyClock,
    ReplySettings,
    ReviewItem,
)
from tickets.models import Ticket

BUYER, SELLER = "buyer", "seller"
_UNDELIVERED = (ChatMessage.State.HELD, ChatMessage.State.REFUSED)
# How long after a look its files may be opened.
LOOKING = timedelta(hours=8)
# How much of a conversation stands around a message in review.
BEFORE, AFTER = 10, 5


def shops_of(actor: Actor) -> QuerySet[Shop]:
    if actor.user is None or not actor.user.is_active:
        return Shop.objects.none()
    if actor.may("receive_for_others"):
        return Shop.objects.all()
    return Shop.objects.filter(sellers=actor.user).order_by("pk")


def shop_for_actor_or_404(actor: Actor, pk: int) -> Shop:
    shop = shops_of(actor).filter(pk=pk).first()
    if shop is None:
        raise Http404("shop")
    return shop


def own_customer(actor: Actor) -> Customer | None:
    """The buyer that the signed-in person is."""
    return Customer.objects.filter(user=actor.user).first() if actor.user else None


def conversations_of(actor: Actor, side: str = "") -> QuerySet[Conversation]:
    """Those in which the actor is a side (`side`: just as this one); a connected system sees all."""
    user = actor.user
    if user is None or not user.is_active:
        return Conversation.objects.none()
    rows = Conversation.objects.select_related("shop", "buyer")
    if actor.may("receive_for_others"):
        return rows
    as_buyer, as_seller = Q(buyer__user=user), Q(shop__in=shops_of(actor))
    mine = {BUYER: as_buyer, SELLER: as_seller}.get(side, as_buyer | as_seller)
    return rows.filter(mine)


def conversation_for_actor_or_404(actor: Actor, key: str, side: str = "") -> Conversation:
    found = conversations_of(actor, side).filter(key=key).first()
    if found is None:
        raise Http404("conversation")
    return found


def listed(actor: Actor, side: str = "") -> QuerySet[Any]:
    """The conversations with what a list shows of each, the latest first.

    `seen` and `unread` are the actor's own side's; a connected system reads as the shop.
    """
    running = ReplyClock.objects.filter(conversation=OuterRef("pk"), ended_at=None)
    as_buyer = Q(buyer__user=actor.user)
    news = ChatMessage.objects.filter(
        conversation=OuterRef("pk"), state=ChatMessage.State.DELIVERED, pk__gt=OuterRef("seen")
    )
    last = ChatMessage.objects.filter(
        conversation=OuterRef("pk"), state=ChatMessage.State.DELIVERED
    ).order_by("-id")
    return (
        conversations_of(actor, side)
        .annotate(
            seen=Case(When(as_buyer, then=F("buyer_seen")), default=F("shop_seen")),
            unread=Case(
                When(as_buyer, then=Exists(news.exclude(sender=BUYER))),
                default=Exists(news.filter(sender=BUYER)),
            ),
            owed=Exists(running),
            due_at=Subquery(running.values("due_at")[:1]),
            clock_began=Subquery(running.values("opened_at")[:1]),
            breached_at=Subquery(running.values("breached_at")[:1]),
            last_words=Subquery(last.values("body")[:1]),
        )
        .order_by("-last_message_at", "-id")
    )


def messages_for(conversation: Conversation, side: str) -> QuerySet[ChatMessage]:
    """What one side sees: its own words whatever became of them, the other's once delivered."""
    own = [BUYER] if side == BUYER else ["seller", "auto", "faq"]
    visible = Q(sender__in=own) | ~Q(state__in=_UNDELIVERED)
    return (
        conversation.messages.filter(visible)
        .select_related("author", "moderation", "review")
        .prefetch_related("attachments")
        .order_by("id")
    )


def all_messages(conversation: Conversation) -> QuerySet[ChatMessage]:
    """For a reviewer whose look is on record."""
    return (
        conversation.messages.select_related("moderation", "review")
        .prefetch_related("attachments")
        .order_by("id")
    )


def excerpt_around(item: ReviewItem) -> list[ChatMessage]:
    """What a reviewer reads of the conversation, the message itself included; the look comes first."""
    rows = all_messages(item.message.conversation)
    before = rows.filter(pk__lte=item.message_id).order_by("-id")[: BEFORE + 1]
    return [*reversed(before), *rows.filter(pk__gt=item.message_id)[:AFTER]]


def has_looked(actor: Actor, item: ReviewItem) -> bool:
    """Whether the actor has read what they are to decide about."""
    return ConversationLook.objects.filter(user=actor.user, review=item).exists()


def has_read_evidence(actor: Actor, report: BuyerReport, now: datetime) -> bool:
    """Whether the actor has opened the messages of the report lately."""
    return ConversationLook.objects.filter(
        user=actor.user,
        conversation=report.conversation_id,
        ticket=report.ticket_id,
        at__gt=now - LOOKING,
    ).exists()


def reports_of_ticket(ticket: Ticket) -> list[BuyerReport]:
    """What shops reported about buyers on this ticket, or on the conversations it is about."""
    talks = ConversationTicket.objects.filter(ticket=ticket).values("conversation")
    rows = BuyerReport.objects.filter(Q(ticket=ticket) | Q(conversation__in=talks))
    return list(rows.select_related("shop", "ticket")[:20])


def withheld_from(conversation: Conversation) -> QuerySet[ChatMessage]:
    """The buyer's messages in which an officer found a violation: never delivered, but evidence."""
    return (
        conversation.messages.filter(
            sender=BUYER,
            state=ChatMessage.State.REFUSED,
            review__outcome=ReviewItem.Outcome.CONFIRMED,
        )
        .select_related("review", "moderation")
        .order_by("id")
    )


def side_in(actor: Actor, conversation: Conversation) -> str:
    """As which side the actor reads; a connected system as the shop."""
    user = actor.user
    return BUYER if user is not None and conversation.buyer.user_id == user.pk else SELLER


def attachment_for_actor_or_404(actor: Actor, key: str, now: datetime) -> ChatAttachment:
    """A file of a message that the actor sees, or whose conversation an officer has just opened."""
    found = (
        ChatAttachment.objects.select_related("message__conversation__buyer")
        .filter(key=key)
        .first()
    )
    if found is None:
        raise Http404("attachment")
    conversation = found.message.conversation
    if conversations_of(actor).filter(pk=conversation.pk).exists():
        side = side_in(actor, conversation)
        shown = messages_for(conversation, side).exclude(state=ChatMessage.State.DELETED)
        if shown.filter(pk=found.message_id).exists():
            return found
    looked = ConversationLook.objects.filter(
        user=actor.user, conversation=conversation, at__gt=now - LOOKING
    )
    if actor.at_desk and looked.exists():
        return found
    raise Http404("attachment")


def running_clock_of(conversation: Conversation) -> ReplyClock | None:
    return (
        ReplyClock.objects.filter(conversation=conversation, ended_at=None)
        .select_related("opened_by")
        .first()
    )


def last_clock_of(conversation: Conversation) -> ReplyClock | None:
    rows = ReplyClock.objects.filter(conversation=conversation).order_by("-id")
    return rows.select_related("opened_by", "ended_by").first()


def holidays_of(shop_id: int, now: datetime) -> list[HolidayMode]:
    """The Holiday Mode that is on, and those that are planned, in order."""
    rows = HolidayMode.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now), shop=shop_id)
    return list(rows.order_by("begins_at"))


def holiday_or_404(shop: Shop, pk: int) -> HolidayMode:
    """One of this shop, also one that is over."""
    found = HolidayMode.objects.filter(shop=shop, pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404("holiday")
    return found


def holiday_now(shop_id: int, now: datetime) -> HolidayMode | None:
    return next((each for each in holidays_of(shop_id, now) if each.begins_at <= now), None)


def reply_settings_of(shop_id: int) -> ReplySettings:
    """As saved, or as a shop begins."""
    found = ReplySettings.objects.filter(shop=shop_id).first()
    return found or ReplySettings(shop_id=shop_id, days=[0, 1, 2, 3, 4, 5])


def faq_of(shop_id: int) -> list[FaqAnswer]:
    return list(FaqAnswer.objects.filter(shop=shop_id))


def mark_of(conversation: Conversation) -> str:
    """Changes whenever something on a page of the conversation does."""
    last = conversation.events.order_by("-id").values_list("pk", flat=True).first()
    return f"{last or 0}-{conversation.buyer_seen}-{conversation.shop_seen}"


def open_reviews() -> QuerySet[ReviewItem]:
    """What waits for an officer: first where its sender asks, then the oldest."""
    return (
        ReviewItem.objects.filter(decided_at=None)
        .select_related("message__conversation__shop", "message__moderation")
        .order_by(F("asked_at").asc(nulls_last=True), "opened_at", "id")
    )


def review_or_404(actor: Actor, pk: int) -> ReviewItem:
    rows = ReviewItem.objects.select_related(
        "message__conversation__shop", "message__conversation__buyer", "message__moderation"
    )
    found = rows.filter(pk=pk).first() if actor.may("review_messages") else None
    if found is None:
        raise Http404("review")
    return found


def links_of_ticket(ticket: Ticket) -> QuerySet[ConversationTicket]:
    rows = ConversationTicket.objects.filter(ticket=ticket)
    return rows.select_related("conversation__shop", "conversation__buyer").order_by("id")


def conversation_looks(
    since: datetime | None, until: datetime | None, person: int | None
) -> QuerySet[ConversationLook]:
    rows = ConversationLook.objects.select_related("user", "conversation", "ticket")
    if since:
        rows = rows.filter(at__gte=since)
    if until:
        rows = rows.filter(at__lt=until)
    return rows.filter(user=person) if person else rows
