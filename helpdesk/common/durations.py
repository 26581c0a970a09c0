"""How spans of time are worded, for people: `2 j 38 m`, `1 hari 6 j`, `41 d`, `lewat 14 m`.

The browser's countdown (`static/js/countdown.js`) words them the same way from the same
translations; source of the forms: the interface's writing rules (docs/interface.md).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext, pgettext

WIB = ZoneInfo("Asia/Jakarta")
MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
LIVE_SECONDS = 5 * MINUTE
# Something noticed sooner was noticed at once, to a reader.
WORTH_SAYING = MINUTE


class Words(NamedTuple):
    """What spans and instants are worded with, in one language."""

    language: str | None
    day: str
    days: str
    hour: str
    minute: str
    second: str
    left: str
    late: str
    ago: str
    full: str
    exact: str
    today: str
    this_year: str


def words() -> Words:
    """In the active language. Whoever words many instants asks once and hands it to the functions."""
    return _words_in(get_language())


@lru_cache(maxsize=8)
def _words_in(language: str | None) -> Words:
    return Words(
        language=language,
        day=ngettext("day", "days", 1),
        days=ngettext("day", "days", 2),
        hour=pgettext("duration unit", "h"),
        minute=pgettext("duration unit", "m"),
        second=pgettext("duration unit", "s"),
        left=gettext("%s left"),
        late=gettext("late by %s"),
        ago=gettext("%s ago"),
        full=gettext("j M Y H:i"),
        exact=gettext("l, j F Y H:i:s"),
        today=gettext("H:i"),
        this_year=gettext("j M H:i"),
    )


def duration(span: timedelta | float, unit: Words | None = None) -> str:
    """Two units at most, rounded down; seconds only under five minutes. Negative counts as zero."""
    seconds = span.total_seconds() if isinstance(span, timedelta) else span
    total = max(0, int(seconds))
    unit = unit or words()
    days, hours = total // DAY, total % DAY // HOUR
    minutes, rest = total % HOUR // MINUTE, total % MINUTE
    if days:
        text = f"{days} {unit.day if days == 1 else unit.days}"
        return f"{text} {hours} {unit.hour}" if hours else text
    if hours:
        text = f"{hours} {unit.hour}"
        return f"{text} {minutes:02d} {unit.minute}" if minutes else text
    if total >= LIVE_SECONDS:
        return f"{minutes} {unit.minute}"
    if minutes:
        return f"{minutes} {unit.minute} {rest:02d} {unit.second}"
    return f"{rest} {unit.second}"


def remaining(due: datetime, now: datetime, unit: Words | None = None) -> str:
    """`50 m lagi` before the instant, `lewat 14 m` after it."""
    left, unit = due - now, unit or words()
    if left < timedelta():
        return unit.late % duration(-left, unit)
    return unit.left % duration(left, unit)


def ago(moment: datetime, now: datetime) -> str:
    """`12 m lalu`; an instant in the future counts as now."""
    return words().ago % duration(now - moment)


def wib_text(moment: datetime) -> str:
    """`18 Nov 2026 13.12 WIB`, whatever zone the reader's machine is in."""
    unit = words()
    return f"{_written(moment.astimezone(WIB), unit.full, unit.language)} WIB"


def wib_exact(moment: datetime, unit: Words | None = None) -> str:
    """The instant to the second, with its weekday, for titles."""
    unit = unit or words()
    return f"{_written(moment.astimezone(WIB), unit.exact, unit.language)} WIB"


def wib_short(moment: datetime, now: datetime, unit: Words | None = None) -> str:
    """`13.12` today, `17 Nov 13.40` this year, with the year before that."""
    local, today, unit = moment.astimezone(WIB), now.astimezone(WIB), unit or words()
    if local.date() == today.date():
        form = unit.today
    elif local.year == today.year:
        form = unit.this_year
    else:
        form = unit.full
    return _written(local, form, unit.language)


@lru_cache(maxsize=8192)
def _written(local: datetime, form: str, _language: str | None) -> str:
    """Lists show the same instants again and again, and Django takes its time over each."""
    return date_format(local, form)
