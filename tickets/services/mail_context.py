"""What the texts in templates/tickets/mail/ may use."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from people.models import organisation
from tickets.models import Message, OutgoingMail
from tickets.survey_links import ScoreLink, score_links
from tickets.tracking import tracking_url


def mail_context(mail: OutgoingMail) -> dict[str, Any]:
    """`reply` is the answer the mail is about, never a note; `tracking_url` is for customers only."""
    return {
        "mail": mail,
        "ticket": mail.ticket,
        "event": mail.event,
        "organisation": organisation(),
        "tracking_url": tracking_url(mail.ticket),
        "base_url": settings.BASE_URL.rstrip("/"),
        "reply": _reply_of(mail),
        "score_links": _score_links(mail),
    }


def _score_links(mail: OutgoingMail) -> list[ScoreLink]:
    """One for each mark, in the letter that closes."""
    if mail.template != OutgoingMail.Template.CLOSED:
        return []
    closing = getattr(mail.event, "closing_form", None)
    return [] if closing is None else score_links(closing)


def _reply_of(mail: OutgoingMail) -> Message | None:
    """A stranger's words are never sent on: only what a person of ours wrote to the customer is."""
    if mail.template != OutgoingMail.Template.REPLY:
        return None
    pk = mail.event.data.get("message")
    return mail.ticket.messages.filter(pk=pk, kind=Message.Kind.REPLY).first()
