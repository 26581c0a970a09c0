"""Calendars: known zones, blocks in order, at least one open; closures are dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from helpdesk.common.drafting import Problem
from helpdesk.common.wording import gettext as _
from sla.policy_check.problems import ALWAYS, CODE

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOCK_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00")
MAX_BLOCKS = 6
MAX_CLOSURES = 200
MAX_CLOSURE_NAME = 80


def check_calendars(body: dict[str, Any]) -> Iterator[Problem]:
    for code, calendar in body.get("calendars", {}).items():
        yield from check_calendar(f"calendars.{code}", code, calendar)


def check_calendar(path: str, code: str, calendar: dict[str, Any]) -> Iterator[Problem]:
    if not CODE.fullmatch(code):
        yield Problem(f"{path}.code", _("A code has small letters, digits, - and _, at most 60."))
    for name in ("name_id", "name_en"):
        if not str(calendar.get(name, "")).strip():
            yield Problem(f"{path}.{name}", _("Name the calendar in both languages."))
    if calendar.get("zone", "Asia/Jakarta") not in available_timezones():
        yield Problem(f"{path}.zone", _("This time zone is not known."))
    week = calendar.get("week", {})
    for day, blocks in week.items():
        if day not in DAYS:
            yield Problem(f"{path}.week", _("This day of the week is not known."))
        else:
            yield from _check_day(f"{path}.week.{day}", blocks)
    # The calendar around the clock may say so by having no week at all.
    if code != ALWAYS and not any(week.values()):
        yield Problem(f"{path}.week", _("At least one day must be open."))


def _check_day(path: str, blocks: list[list[str]]) -> Iterator[Problem]:
    if len(blocks) > MAX_BLOCKS:
        yield Problem(path, _("At most %(most)s blocks a day are possible.") % {"most": MAX_BLOCKS})
    before = ""
    for block in blocks:
        opens, closes = block if len(block) == 2 else ("", "")
        if not (CLOCK_TIME.fullmatch(opens) and CLOCK_TIME.fullmatch(closes)):
            yield Problem(path, _("Write each block as 08:00-12:00."))
            return
        if opens >= closes:
            yield Problem(path, _("A block ends after it begins."))
            return
        if opens < before:
            yield Problem(path, _("Blocks follow each other and do not overlap."))
            return
        before = closes


def closure_lines(body: dict[str, Any]) -> list[str]:
    """Each closure as it is typed: the date, and what the day is called."""
    names = body.get("closure_names", {})
    return [f"{day} {names.get(day, '')}".strip() for day in body.get("closures", ())]


def check_closures(body: dict[str, Any]) -> Iterator[Problem]:
    closures = body.get("closures", [])
    if wrong := [str(text) for text in closures if not _is_date(text)]:
        words = _("Write each closure as a date such as 2026-12-31. Not a date: %(dates)s.")
        yield Problem("closures", words % {"dates": ", ".join(wrong[:5])})
    elif len(set(closures)) != len(closures):
        yield Problem("closures", _("A closure is listed twice."))
    if len(closures) > MAX_CLOSURES:
        words = _("At most %(most)s closures are possible.") % {"most": MAX_CLOSURES}
        yield Problem("closures", words)
    names = body.get("closure_names", {})
    if any(len(str(name)) > MAX_CLOSURE_NAME for name in names.values()):
        words = _("The name of a closure has at most %(most)s characters.")
        yield Problem("closures", words % {"most": MAX_CLOSURE_NAME})
    if set(names) - set(map(str, closures)):
        yield Problem("closures", _("A name belongs to a day that is no closure."))


def _is_date(text: Any) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except (TypeError, ValueError):
        return False
