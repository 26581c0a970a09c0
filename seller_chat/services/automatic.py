"""Replies that a shop has set up: FAQ answers by words, and one for all or outside its hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bahasa.normalise import tokenise
from helpdesk.common.durations import WIB
from people.actors import Actor
from seller_chat.models import ChatMessage, Conversation, FaqAnswer, ReplyClock, ReplySettings
from seller_chat.services.clocks import end_turn, running_clock
from seller_chat.services.parts import Sender, State, record

AUTOMATIC = Actor(system="automatic_reply")


def answer_by_itself(conversation: Conversation, question: ChatMessage, *, now: datetime) -> None:
    """A FAQ answer where the words fit, else the automatic reply; each once until a person writes."""
    given = _given_since_a_person_wrote(conversation)
    faq = _fitting(conversation.shop_id, question.body, given)
    if faq is not None:
        _say(conversation, Sender.FAQ, faq.answer, now=now, faq=faq)
        return
    settings = ReplySettings.objects.filter(shop=conversation.shop_id).first()
    said = any(message.sender == Sender.AUTO for message in given)
    if settings is not None and not said and is_wanted(settings, now):
        _say(conversation, Sender.AUTO, settings.text, now=now)


def is_wanted(settings: ReplySettings, now: datetime) -> bool:
    """Whether the automatic reply goes out at this instant."""
    if settings.when != ReplySettings.When.OUTSIDE:
        return settings.when == ReplySettings.When.ALWAYS
    local = now.astimezone(WIB)
    open_now = settings.opens <= local.time() < settings.closes
    return not (local.weekday() in settings.days and open_now)


def _given_since_a_person_wrote(conversation: Conversation) -> list[ChatMessage]:
    rows = ChatMessage.objects.filter(conversation=conversation, state=State.DELIVERED)
    person = rows.filter(sender=Sender.SELLER).order_by("-id").values_list("pk", flat=True).first()
    by_itself = rows.filter(sender__in=[Sender.AUTO, Sender.FAQ], pk__gt=person or 0)
    return list(by_itself.only("sender", "faq_id"))


def _fitting(shop_id: int, text: str, given: Sequence[ChatMessage]) -> FaqAnswer | None:
    answers = list(FaqAnswer.objects.filter(shop=shop_id))
    if not answers:
        return None
    told = {message.faq_id for message in given}
    words = words_of(text)
    return next((each for each in answers if each.pk not in told and fits(each, words)), None)


def fits(answer: FaqAnswer, words: frozenset[str]) -> bool:
    """Whether all words of one of its groups are there, in standard spelling and any order."""
    groups = (words_of(line) for line in answer.words.split("\n"))
    return any(group and group <= words for group in groups)


def words_of(text: str) -> frozenset[str]:
    """'brp ongkirnya' and 'Berapa ongkir nya' are the same words."""
    return frozenset(word.removesuffix("nya") or word for word in (t.word for t in tokenise(text)))


def _say(
    conversation: Conversation,
    sender: str,
    text: str,
    *,
    now: datetime,
    faq: FaqAnswer | None = None,
) -> None:
    message = ChatMessage.objects.create(
        conversation=conversation,
        shop_id=conversation.shop_id,
        sender=sender,
        body=text,
        faq=faq,
        sent_at=now,
        delivered_at=now,
    )
    record(
        conversation,
        actor=AUTOMATIC,
        kind="sent",
        at=now,
        message=message.pk,
        sender=sender,
        faq=faq.pk if faq else None,
    )
    running = running_clock(conversation)
    if running is not None:
        how = ReplyClock.Ended.AUTO
        end_turn(conversation, running, actor=AUTOMATIC, how=how, at=now, by=message)
