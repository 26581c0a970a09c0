"""How spans of time are worded, for people: `2 j 38 m`, `1 hari 6 j`, `41 d`, `lewat 14 m`.

The browser's countdown (`static/js/countdown.js`) words them the same way from the same
translations; source of the forms: the interface's writing rules (docs/interface.md).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext, pgettext

WIB = ZoneInfo("Asia/Jakarta")
MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
LIVE_SECONDS = 5 * MINUTE


def unit_words() -> dict[str, str]:
    """The unit words in the active language: day, days, hour, minute, second."""
    return {
        "day": ngettext("day", "days", 1),
        "days": ngettext("day", "days", 2),
        "hour": pgettext("duration unit", "h"),
        "minute": pgettext("duration unit", "m"),
        "second": pgettext("duration unit", "s"),
    }


def duration(span: timedelta | float) -> str:
    """Two units at most, rounded down; seconds only under five minutes. Negative counts as zero."""
    seconds = span.total_seconds() if isinstance(span, timedelta) else span
    total = max(0, int(seconds))
    words = unit_words()
    days, hours = total // DAY, total % DAY // HOUR
    minutes, rest = total % HOUR // MINUTE, total % MINUTE
    if days:
        text = f"{days} {words['day' if days == 1 else 'days']}"
        return f"{text} {hours} {words['hour']}" if hours else text
    if hours:
        text = f"{hours} {words['hour']}"
        return f"{text} {minutes:02d} {words['minute']}" if minutes else text
    if total >= LIVE_SECONDS:
        return f"{minutes} {words['minute']}"
    if minutes:
        return f"{minutes} {words['minute']} {rest:02d} {words['second']}"
    return f"{rest} {words['second']}"


def remaining(due: datetime, now: datetime) -> str:
    """`50 m lagi` before the instant, `lewat 14 m` after it."""
    left = due - now
    if left < timedelta():
        return gettext("late by %s") % duration(-left)
    return gettext("%s left") % duration(left)


def ago(moment: datetime, now: datetime) -> str:
    """`12 m lalu`; an instant in the future counts as now."""
    return gettext("%s ago") % duration(now - moment)


def wib_text(moment: datetime) -> str:
    """`18 Nov 2026 13.12 WIB`, whatever zone the reader's machine is in."""
    return f"{_written(moment.astimezone(WIB), gettext('j M Y H:i'), get_language())} WIB"


def wib_exact(moment: datetime) -> str:
    """The instant to the second, with its weekday, for titles."""
    return f"{_written(moment.astimezone(WIB), gettext('l, j F Y H:i:s'), get_language())} WIB"


def wib_short(moment: datetime, now: datetime) -> str:
    """`13.12` today, `17 Nov 13.40` this year, with the year before that."""
    local, today = moment.astimezone(WIB), now.astimezone(WIB)
    if local.date() == today.date():
        form = gettext("H:i")
    elif local.year == today.year:
        form = gettext("j M H:i")
    else:
        form = gettext("j M Y H:i")
    return _written(local, form, get_language())


@lru_cache(maxsize=8192)
def _written(local: datetime, form: str, _language: str | None) -> str:
    """Lists show the same instants again and again, and Django takes its time over each."""
    return date_format(local, form)
