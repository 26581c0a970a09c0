"""Mails to sellers (and supervisors) about events of a shop: owed with the event, sent afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import translation

from helpdesk.common import clock
from helpdesk.common.faults import words_of
from people.models import Team, User
from seller_chat.models import ChatEvent, ChatLetter
from seller_chat.news import is_overtaken, news_of
from tickets.services.letters import message

MAX_ATTEMPTS = 48
PAUSE = timedelta(minutes=30)


def tell_shop(event: ChatEvent) -> None:
    """A letter to each seller of the shop, in their language."""
    _owe(event, User.objects.filter(shops=event.shop_id, is_active=True).order_by("pk"))


def tell_team(event: ChatEvent, code: str) -> None:
    team = Team.objects.get(code=code)
    _owe(event, User.objects.filter(memberships__team=team, is_active=True).order_by("pk"))


def deliver_letters(*, connection: BaseEmailBackend | None = None, limit: int = 200) -> int:
    """Send what is owed; how many were sent. One that fails is tried again later."""
    sent = 0
    for _each in range(limit):
        outcome = _send_one(connection)
        if outcome is None:
            break
        sent += outcome
    return sent


def _owe(event: ChatEvent, people: Iterable[User]) -> None:
    ChatLetter.objects.bulk_create(
        ChatLetter(event=event, person=person, next_try_at=event.at) for person in people
    )


@transaction.atomic
def _send_one(connection: BaseEmailBackend | None) -> int | None:
    """1 when sent, 0 when it must be tried later, None when nothing is due. Others pass it over."""
    now = clock.now()
    due = ChatLetter.objects.filter(next_try_at__lte=now).select_related("event__shop", "person")
    letter = due.select_for_update(skip_locked=True, of=("self",)).order_by("next_try_at").first()
    if letter is None:
        return None
    if is_overtaken(letter.event):
        letter.next_try_at, letter.last_error = None, "overtaken"
        letter.save(update_fields=["next_try_at", "last_error"])
        return 0
    letter.attempts += 1
    try:
        _send(letter, connection)
    except Exception as error:  # noqa: BLE001 - whatever a mail server does, the letter stays owed
        letter.last_error = words_of(error)
        letter.next_try_at = now + PAUSE if letter.attempts < MAX_ATTEMPTS else None
        sent = 0
    else:
        letter.sent_at, letter.next_try_at, letter.last_error = now, None, ""
        sent = 1
    letter.save(update_fields=["attempts", "sent_at", "next_try_at", "last_error"])
    return sent


def _send(letter: ChatLetter, connection: BaseEmailBackend | None) -> None:
    with translation.override(letter.person.language):
        news = news_of(letter.event)
    made = message(
        "seller_chat/mail/news",
        {"news": news, "shop": letter.event.shop, "base_url": settings.BASE_URL.rstrip("/")},
        language=letter.person.language,
        recipient=letter.person.email,
        uuid=letter.uuid,
        automatic=True,
    )
    (connection or get_connection()).send_messages([made])
