"""The edge cases of the 24-hour rule and of the Monday evaluation, played by the real services.

Each row says what happened, when the latest clock was due, what stopped it, whether the reply was
missed, and what the week makes of each message of the buyer. 9 November 2026 is a Monday; 17 August
2026 is one as well, and a public holiday. Times are WIB.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from helpdesk.common import clock
from people.actors import of_user
from people.models import User
from seller_chat.models import ChatMessage, ReplyClock, ShopWeek, Verdict
from seller_chat.services import (
    begin_holiday,
    change_reply_settings,
    decide_report,
    delete_message,
    end_holiday,
    evaluate_week,
    report_buyer,
    send_message,
    undo_waiver,
    waive_reply,
)
from sla.calendars import WIB
from sla.services import sweep
from tests.support.chat import ANSWER, QUESTION, THANKS, Talk, talk_of

pytestmark = pytest.mark.django_db
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WEEK, HOLIDAY_WEEK = date(2026, 11, 9), date(2026, 8, 17)
Steps = list[tuple[str, str]]


@dataclass(frozen=True)
class Row:
    """`due`: of the latest clock, 'unknown' where no one knows it. `ended`: '' while it runs."""

    happens: Steps
    due: str
    ended: str
    missed: bool
    week: dict[str, int]
    monday: date = field(default=WEEK)


TABLE: dict[str, Row] = {
    "Friday 23:59, answered on Saturday at exactly 23:59": Row(
        [("Fri 23:59", "asks"), ("Sat 23:59", "answers")],
        due="Sat 23:59", ended="replied Sat 23:59", missed=False, week={"in_time": 1}),
    "Friday 23:59, answered on Sunday": Row(
        [("Fri 23:59", "asks"), ("Sun 08:00", "answers")],
        due="Sat 23:59", ended="replied Sun 08:00", missed=True, week={"late": 1}),
    "Saturday: the clock runs, the week leaves it out": Row(
        [("Sat 00:00", "asks"), ("Sun 08:00", "answers")],
        due="Sun 00:00", ended="replied Sun 08:00", missed=True, week={"weekend": 1}),
    "answer at exactly 24:00:00": Row(
        [("Tue 10:00", "asks"), ("Wed 10:00", "answers")],
        due="Wed 10:00", ended="replied Wed 10:00", missed=False, week={"in_time": 1}),
    "answer a microsecond after 24:00:00": Row(
        [("Tue 10:00", "asks"), ("Wed 10:00:00.000001", "answers")],
        due="Wed 10:00", ended="replied Wed 10:00:00.000001", missed=True, week={"late": 1}),
    "public holiday on Monday: the clock runs, the week leaves it out": Row(
        [("Mon 09:00", "asks"), ("Wed 09:00", "answers")],
        due="Tue 09:00", ended="replied Wed 09:00", missed=True, week={"holiday": 1},
        monday=HOLIDAY_WEEK),
    "the day after the holiday counts": Row(
        [("Mon 23:59", "asks"), ("Tue 00:00", "asks again"), ("Tue 08:00", "answers")],
        due="Tue 23:59", ended="replied Tue 08:00", missed=False,
        week={"holiday": 1, "in_time": 1}, monday=HOLIDAY_WEEK),
    "Holiday Mode half way: the rest of the hours goes on": Row(
        [("Tue 09:00", "asks"), ("Tue 19:00", "closes"), ("Thu 19:00", "opens"),
         ("Fri 09:00", "answers")],
        due="Fri 09:00", ended="replied Fri 09:00", missed=False, week={"holiday_mode": 1}),
    "Holiday Mode from the next day: the message counts, its hours stand still": Row(
        [("Tue 09:00", "asks"), ("Wed 08:00", "closes"), ("Fri 08:00", "opens"),
         ("Fri 09:00", "answers")],
        due="Fri 09:00", ended="replied Fri 09:00", missed=False, week={"in_time": 1}),
    "the same, answered a second too late": Row(
        [("Tue 09:00", "asks"), ("Wed 08:00", "closes"), ("Fri 08:00", "opens"),
         ("Fri 09:00:01", "answers")],
        due="Fri 09:00", ended="replied Fri 09:00:01", missed=True, week={"late": 1}),
    "Holiday Mode over the end of the week: nothing was missed, nothing is assessed": Row(
        [("Fri 09:00", "asks"), ("Sat 08:00", "closes")],
        due="unknown", ended="", missed=False, week={"holiday_mode": 1}),
    "asked while the shop is closed": Row(
        [("Tue 08:00", "closes"), ("Tue 09:00", "asks"), ("Wed 08:00", "opens"),
         ("Thu 08:00", "answers")],
        due="Thu 08:00", ended="replied Thu 08:00", missed=False, week={"holiday_mode": 1}),
    "Holiday Mode after the deadline mends nothing": Row(
        [("Tue 09:00", "asks"), ("Wed 10:00", "closes")],
        due="Wed 09:00", ended="", missed=True, week={"unanswered": 1}),
    "automatic reply at night": Row(
        [("Mon 08:00", "sets up the automatic reply"), ("Wed 02:13", "asks")],
        due="Thu 02:13", ended="auto Wed 02:13", missed=False, week={"in_time": 1}),
    "automatic reply at night, once: the next message waits for a person": Row(
        [("Mon 08:00", "sets up the automatic reply"), ("Wed 02:13", "asks"),
         ("Wed 02:20", "asks again")],
        due="Thu 02:20", ended="", missed=True, week={"in_time": 1, "unanswered": 1}),
    "deleted before it was answered": Row(
        [("Tue 10:00", "asks"), ("Tue 11:00", "deletes the first")],
        due="Wed 10:00", ended="deleted Tue 11:00", missed=False, week={"deleted": 1}),
    "deleted, and another one waits: its own clock": Row(
        [("Tue 10:00", "asks"), ("Tue 15:00", "asks again"), ("Tue 16:00", "deletes the first"),
         ("Wed 15:00", "answers")],
        due="Wed 15:00", ended="replied Wed 15:00", missed=False,
        week={"deleted": 1, "in_time": 1}),
    "deleted when it was late: the missed reply stays on record, the week leaves it out": Row(
        [("Tue 10:00", "asks"), ("Thu 10:00", "deletes the first")],
        due="Wed 10:00", ended="deleted Thu 10:00", missed=True, week={"deleted": 1}),
    "buyer reported, and verified in time": Row(
        [("Tue 10:00", "asks"), ("Tue 20:00", "is reported"), ("Tue 21:00", "is verified")],
        due="Wed 10:00", ended="excluded Tue 21:00", missed=False, week={"excluded": 1}),
    "buyer reported, verified after the week": Row(
        [("Tue 10:00", "asks"), ("Tue 11:00", "answers"), ("Tue 20:00", "is reported"),
         ("Mon+ 09:00", "is verified")],
        due="Wed 10:00", ended="replied Tue 11:00", missed=False, week={"excluded": 1}),
    "two messages before one answer": Row(
        [("Tue 10:00", "asks"), ("Tue 22:00", "asks again"), ("Wed 09:59", "answers")],
        due="Wed 10:00", ended="replied Wed 09:59", missed=False, week={"in_time": 2}),
    "two messages, the answer late for the first alone": Row(
        [("Tue 10:00", "asks"), ("Tue 22:00", "asks again"), ("Wed 12:00", "answers")],
        due="Wed 10:00", ended="replied Wed 12:00", missed=True, week={"late": 1, "in_time": 1}),
    "closing thanks need no reply": Row(
        [("Tue 10:00", "thanks"), ("Tue 12:00", "waives")],
        due="Wed 10:00", ended="waived Tue 12:00", missed=False, week={"waived": 1}),
    "the buyer objects: what was waived does not count": Row(
        [("Tue 10:00", "thanks"), ("Tue 12:00", "waives"), ("Tue 20:00", "objects"),
         ("Wed 18:00", "answers")],
        due="Wed 18:00", ended="replied Wed 18:00", missed=False, week={"in_time": 1}),
}  # fmt: skip


def instant(words: str, monday: date) -> datetime:
    """'Wed 02:13' in the week of this Monday; 'Mon+' is the next one."""
    day, time = words.split()
    place = 7 if day == "Mon+" else DAYS.index(day)
    hours, minutes, seconds = [*time.split(":"), "0"][:3]
    start = datetime(monday.year, monday.month, monday.day, tzinfo=WIB)
    return start + timedelta(
        days=place, hours=int(hours), minutes=int(minutes), microseconds=round(float(seconds) * 1e6)
    )


class Player:
    """Does what a row says, with the people who may."""

    def __init__(self, talk: Talk, officer: User) -> None:
        self.talk, self.officer = talk, officer
        self.buyer, self.shop = of_user(talk.buyer), of_user(talk.seller)

    def do(self, what: str) -> None:
        verbs = {
            "asks": lambda: self.says(self.buyer, QUESTION),
            "asks again": lambda: self.says(self.buyer, "Ada warna biru kak?"),
            "thanks": lambda: self.says(self.buyer, THANKS),
            "answers": lambda: self.says(self.shop, ANSWER),
            "closes": lambda: begin_holiday(actor=self.shop, shop_id=self.talk.shop.pk),
            "opens": lambda: end_holiday(actor=self.shop, shop_id=self.talk.shop.pk),
            "waives": lambda: waive_reply(actor=self.shop, **self.where),
            "objects": lambda: undo_waiver(actor=self.buyer, **self.where),
            "deletes the first": self.deletes,
            "sets up the automatic reply": self.sets_up,
            "is reported": self.is_reported,
            "is verified": self.is_verified,
        }
        verbs[what]()

    @property
    def where(self) -> dict[str, Any]:
        return {"conversation_id": self.talk.conversation.pk}

    @property
    def first(self) -> ChatMessage:
        return self.talk.conversation.messages.order_by("id")[0]

    def says(self, actor: Any, text: str) -> None:
        sent = send_message(actor=actor, body=text, **self.where).message
        assert sent.state == "delivered"

    def deletes(self) -> None:
        delete_message(actor=self.buyer, message_id=self.first.pk, **self.where)

    def sets_up(self) -> None:
        change_reply_settings(
            actor=self.shop,
            shop_id=self.talk.shop.pk,
            when="outside",
            text="Toko buka lagi pukul delapan ya kak",
            opens=datetime(2026, 1, 1, 8).time(),
            closes=datetime(2026, 1, 1, 17).time(),
            days=range(5),
        )

    def is_reported(self) -> None:
        self.report = report_buyer(
            actor=self.shop, reason="spam", message_ids=[self.first.pk], **self.where
        )

    def is_verified(self) -> None:
        decide_report(actor=of_user(self.officer), report_id=self.report.pk, verified=True)


@pytest.mark.parametrize("name", TABLE)
def test_the_table(name: str, customer_user: User, seller: User, officer: User) -> None:
    row = TABLE[name]
    end = instant("Mon+ 00:00", row.monday)
    with clock.at(instant("Mon 00:00", row.monday)):
        talk = talk_of(customer_user, seller)
    talk.conversation.refresh_from_db()
    player = Player(talk, officer)
    steps = [(instant(when, row.monday), what) for when, what in row.happens]
    for at, what in [step for step in steps if step[0] < end]:
        with clock.at(at):
            sweep()
            player.do(what)
    with clock.at(end):
        sweep()
        evaluate_week(row.monday)
    for at, what in [step for step in steps if step[0] >= end]:
        with clock.at(at):
            player.do(what)
    assert _clock_of(talk, row) == (row.due, row.ended, row.missed)
    figures = ShopWeek.objects.get(shop=talk.shop, week__week_start=row.monday)
    found = {each: figures.count_of(each) for each in Verdict.values if figures.count_of(each)}
    assert found == row.week


def _clock_of(talk: Talk, row: Row) -> tuple[str, str, bool]:
    """The latest one, in the words of the table."""
    last = talk.clock()
    if last.due_at is None:
        due = "unknown"
    else:
        due = row.due if last.due_at == instant(row.due, row.monday) else str(last.due_at)
    ended = ""
    if last.ended_at is not None:
        when = row.ended.partition(" ")[2]
        same = bool(when) and last.ended_at == instant(when, row.monday)
        ended = f"{last.ended_how} {when if same else last.ended_at}"
    missed = ReplyClock.objects.filter(
        conversation=talk.conversation, breached_at__isnull=False
    ).exists()
    return due, ended, missed
