"""The policy in words, in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from people.models import Team, Tier
from sla.models import Metric
from tickets.catalogue import category_name
from tickets.states import Channel, Priority, Reporter

# The order in which a ticket meets its promises.
METRICS = tuple(Metric.values)
CONDITIONS = ("priority", "reporter", "channel", "tier", "category", "team")


def condition_word(condition: str) -> str:
    return {
        "priority": _("Priority"),
        "reporter": _("Reporter"),
        "channel": _("Channel"),
        "tier": _("Tier"),
        "category": _("Category"),
        "team": _("Team"),
    }[condition]


def metric_word(metric: str) -> str:
    return str(Metric(metric).label) if metric in Metric.values else metric


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def pause_word(reason: str) -> str:
    return {
        "customer": _("while the ball is with the customer"),
        "hold": _("while a supervisor holds the ticket"),
    }.get(reason, reason)


def breach_word(does: str) -> str:
    return {
        "matrix": _("escalates by the escalation matrix"),
        "supervisors": _("escalates to the supervisors"),
        "operations": _("escalates to the operations managers"),
        "notify_supervisors": _("notifies the supervisors, the ticket stays"),
        "notify_operations": _("notifies the operations managers, the ticket stays"),
    }.get(does, does)


def within_words(within: dict[str, int]) -> str:
    """`2 jam`, `5 hari kerja`."""
    unit, number = next(iter(within.items()), ("hours", 0))
    if unit == "minutes":
        words = ngettext("%(number)s minute", "%(number)s minutes", number)
    elif unit == "hours":
        words = ngettext("%(number)s hour", "%(number)s hours", number)
    else:
        words = ngettext("%(number)s working day", "%(number)s working days", number)
    return words % {"number": number}


def levels_words(levels: list[int]) -> str:
    """`50 %, 80 %`."""
    return ", ".join(f"{level}\N{NO-BREAK SPACE}%" for level in levels) or _("none")


class Words:
    """Names for the codes of one body; one query for all teams."""

    def __init__(self, body: dict[str, Any]) -> None:
        self.body = body
        self._teams = {team.code: team.name for team in Team.objects.all()}

    def value(self, condition: str, code: str) -> str:
        if condition == "category":
            return category_name(code)
        if condition == "team":
            return self._teams.get(code, code)
        if condition == "priority":
            return str(Priority(code).label) if code in Priority.values else code
        labels: Any = {"channel": Channel, "reporter": Reporter, "tier": Tier}[condition]
        return str(labels(code).label) if code in labels.values else code

    def team(self, code: str) -> str:
        return self._teams.get(code, code)

    def calendar(self, code: str) -> str:
        row = self.body.get("calendars", {}).get(code, {})
        name = "name_en" if (get_language() or "id").startswith("en") else "name_id"
        return str(row.get(name) or (_("Around the clock") if code == "always" else code))

    def who(self, when: dict[str, list[str]]) -> str:
        """`URGENT, HIGH · e-mail`; everybody without conditions."""
        found = [
            ", ".join(self.value(name, code) for code in when[name])
            for name in CONDITIONS
            if when.get(name)
        ]
        return " · ".join(found) or _("every ticket")

    def hours(self, target: dict[str, Any]) -> str:
        """The calendar, where it says more than the unit: not `5 hari kerja, hari kerja`."""
        name = self.calendar(target.get("calendar", ""))
        in_days = "working_days" in target.get("within", {})
        if in_days and name.casefold() == str(_("working days")).casefold():
            return ""
        return name[:1].lower() + name[1:] if not name.isupper() else name

    def target(self, target: dict[str, Any]) -> str:
        """`URGENT: respons pertama dalam 2 jam, sepanjang waktu`."""
        time = (within_words(target.get("within", {})), self.hours(target))
        words = _("%(who)s: %(promise)s within %(time)s") % {
            "who": capital(self.who(target.get("when", {}))),
            "promise": metric_word(target.get("metric", "")),
            "time": ", ".join(filter(None, time)),
        }
        if "warn" in target:
            words += _("; warns at %(levels)s") % {"levels": levels_words(target["warn"])}
        return words


DAY_CODES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def day_word(day: str) -> str:
    return {
        "mon": _("Monday"),
        "tue": _("Tuesday"),
        "wed": _("Wednesday"),
        "thu": _("Thursday"),
        "fri": _("Friday"),
        "sat": _("Saturday"),
        "sun": _("Sunday"),
    }[day]


def blocks_words(blocks: list[list[str]]) -> str:
    """`08:00-12:00, 13:00-17:00`, as they are typed."""
    return ", ".join(f"{opens}-{closes}" for opens, closes in blocks)


def week_lines(calendar: dict[str, Any]) -> list[tuple[str, str]]:
    """Days with the same hours in one line: (`Senin–Jumat`, `08:00-17:00`)."""
    week = calendar.get("week")
    if week is None:
        return [(_("every day"), _("around the clock"))]
    runs: list[tuple[list[str], list[list[str]]]] = []
    for day in DAY_CODES:
        blocks = week.get(day, [])
        if runs and runs[-1][1] == blocks:
            runs[-1][0].append(day)
        else:
            runs.append(([day], blocks))
    return [(_days(days), _hours(blocks)) for days, blocks in runs]


def _days(days: list[str]) -> str:
    first = day_word(days[0])
    return f"{first}–{day_word(days[-1])}" if len(days) > 1 else first


def _hours(blocks: list[list[str]]) -> str:
    if not blocks:
        return _("closed all day")
    return _("all day") if blocks == [["00:00", "24:00"]] else blocks_words(blocks)
