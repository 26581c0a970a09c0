"""On Monday morning (WIB) supervisors get the report on the week before: each one mail, once."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q

from helpdesk.common import clock
from helpdesk.common.durations import WIB
from helpdesk.common.faults import words_of
from helpdesk.common.one_at_a_time import one_at_a_time
from people.models import User
from people.roles import Role
from tickets.catalogue import category_name
from tickets.models import TriageWeek, TriageWeekMail
from tickets.services.letters import message
from tickets.weekly_triage import figures_of, monday_of

HOUR = 7
MAX_ATTEMPTS = 48
PAUSE = timedelta(minutes=30)
IN_MAIL = 5


def report_on_triage(*, connection: BaseEmailBackend | None = None) -> int:
    """Make the report of the week before, if it is time and nobody has; send what is owed.

    How many mails were sent. A crash between sending and marking may send one again, under the same
    Message-ID.
    """
    make_week()
    sent = 0
    while (outcome := _send_one(connection)) is not None:
        sent += outcome
    return sent


@transaction.atomic
def make_week() -> TriageWeek | None:
    """The report on the last whole week; None when it was made before or its Monday has not begun.

    A week in which nothing was judged is written down, and nobody is told of it.
    """
    now = clock.now()
    monday = monday_of(now)
    if now.astimezone(WIB).date() == monday and now.astimezone(WIB).hour < HOUR:
        return None
    one_at_a_time("weekly report on triage")
    week = monday - timedelta(days=7)
    if TriageWeek.objects.filter(monday=week).exists():
        return None
    figures = figures_of(week)
    made = TriageWeek.objects.create(monday=week, figures=figures, made_at=now)
    if figures["decided"]:
        TriageWeekMail.objects.bulk_create(
            TriageWeekMail(week=made, person=person, next_try_at=now) for person in _supervisors()
        )
    return made


def _supervisors() -> list[User]:
    led = Q(groups__name=Role.SUPERVISOR)
    return list(User.objects.filter(led, is_active=True).distinct().order_by("pk"))


@transaction.atomic
def _send_one(connection: BaseEmailBackend | None) -> int | None:
    """1 when sent, 0 when it must be tried later, None when nothing is due. Others pass it over."""
    now = clock.now()
    due = TriageWeekMail.objects.filter(next_try_at__lte=now).select_related("week", "person")
    mail = due.select_for_update(skip_locked=True, of=("self",)).order_by("next_try_at").first()
    if mail is None:
        return None
    mail.attempts += 1
    try:
        letter = message(
            "tickets/mail/triage_week",
            _context(mail.week),
            language=mail.person.language,
            recipient=mail.person.email,
            uuid=mail.uuid,
            automatic=True,
        )
        (connection or get_connection()).send_messages([letter])
    except Exception as error:  # noqa: BLE001 - whatever a mail server does, the mail stays owed
        mail.last_error = words_of(error)
        mail.next_try_at = now + PAUSE if mail.attempts < MAX_ATTEMPTS else None
        sent = 0
    else:
        mail.sent_at, mail.next_try_at, mail.last_error = now, None, ""
        sent = 1
    mail.save(update_fields=["attempts", "sent_at", "next_try_at", "last_error"])
    return sent


def _context(week: TriageWeek) -> dict[str, object]:
    figures = week.figures
    worst = [row for row in figures["categories"] if row["corrected"]][:IN_MAIL]
    return {
        "monday": week.monday,
        "sunday": week.monday + timedelta(days=6),
        "decided": figures["decided"],
        "corrected": figures["corrected"],
        "percent": round(figures["rate"] * 100),
        "rows": [
            {
                **row,
                # Called where it stands, in the reader's language.
                "name": partial(category_name, row["of"][0]),
                "percent": round(row["rate"] * 100),
            }
            for row in worst
        ],
        "base_url": settings.BASE_URL.rstrip("/"),
    }
