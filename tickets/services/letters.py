"""Owed mails as messages: one letter each, or many for the desk as one digest."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import translation

from people.models import organisation
from tickets.models import EventKind, OutgoingMail
from tickets.services.mail_context import mail_context
from tickets.states import Priority, rank_of

DIGEST_LINES = 200


@dataclass(frozen=True)
class Line:
    """One ticket of a digest, with its latest event."""

    number: str
    priority: str
    subject: str
    kind: EventKind
    at: datetime


def letter_of(mail: OutgoingMail) -> EmailMultiAlternatives:
    return message(
        f"tickets/mail/{mail.template}",
        mail_context(mail),
        language=mail.language,
        recipient=mail.recipient,
        uuid=mail.uuid,
        automatic=mail.template != OutgoingMail.Template.REPLY,
    )


def digest_of(bundle: UUID, mails: QuerySet[OutgoingMail]) -> EmailMultiAlternatives:
    """One message for all of `mails`, which are of one address."""
    rows = list(
        mails.order_by("event_id").values_list(
            "recipient",
            "event__at",
            "event__kind",
            "ticket__number",
            "ticket__priority",
            "ticket__subject",
        )
    )
    return message(
        "tickets/mail/digest",
        _digest_context(rows),
        language=settings.LANGUAGE_CODE,
        recipient=rows[0][0],
        uuid=bundle,
        automatic=True,
    )


def message_id(uuid: UUID) -> str:
    """As it stands in the letter's header."""
    return f"<{uuid}@{organisation()['email']['sender'].rsplit('@', 1)[-1]}>"


def _digest_context(rows: list[tuple[Any, ...]]) -> dict[str, Any]:
    latest = {
        number: Line(number, priority, " ".join(subject.split())[:80], EventKind(kind), at)
        for _recipient, at, kind, number, priority, subject in rows
    }
    lines = sorted(latest.values(), key=lambda line: (rank_of(line.priority), line.at))
    counts = Counter(line.priority for line in lines)
    return {
        "count": len(rows),
        "tickets": len(lines),
        "since": rows[0][1],
        "highest": lines[0].priority,
        "counts": [(code, counts[code]) for code in Priority.values if counts[code]],
        "lines": lines[:DIGEST_LINES],
        "more": max(0, len(lines) - DIGEST_LINES),
        "base_url": settings.BASE_URL.rstrip("/"),
    }


def message(
    name: str,
    context: dict[str, Any],
    *,
    language: str,
    recipient: str,
    uuid: UUID,
    automatic: bool,
) -> EmailMultiAlternatives:
    profile = organisation()
    with translation.override(language):
        subject = " ".join(render_to_string(f"{name}_subject.txt", context).split())
        body = render_to_string(f"{name}.txt", context)
    return EmailMultiAlternatives(
        subject=subject,
        body=body,
        from_email=f"{profile['name']} Care <{profile['email']['sender']}>",
        to=[recipient],
        headers={
            "Message-ID": message_id(uuid),
            "Auto-Submitted": "auto-generated" if automatic else "no",
            "X-Auto-Response-Suppress": "All",
        },
    )
