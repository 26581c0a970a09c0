"""What a draft or a version changes, part by part, in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from desk.editing import Change
from desk.policy.words import (
    Words,
    breach_word,
    capital,
    levels_words,
    metric_word,
    pause_word,
    week_lines,
)
from sla.policy_parts import Key, changed_parts, parts_of


def difference(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """Every part that differs, in the order of the editor."""
    old, new = parts_of(before), parts_of(after)
    words = (Words(before), Words(after))
    return [
        Change(
            section=section_word(key[0]),
            before=part_words(words[0], key, old[key]) if key in old else "",
            after=part_words(words[1], key, new[key]) if key in new else "",
            path=key,
        )
        for key in changed_parts(before, after)
    ]


def section_word(section: str) -> str:
    return {
        "targets": _("Promise"),
        "calendars": _("Calendar"),
        "closures": _("Closure"),
        "pauses": _("Pauses"),
        "breach": _("Missed deadline"),
        "receiving": _("Receiving team"),
        "after_acceptance": _("After acceptance"),
        "warning_percent": _("Warnings"),
        "warn_leads_from_percent": _("Warnings"),
    }.get(section, _("Waiting"))


def part_words(words: Words, key: Key, value: Any) -> str:
    """One part of the policy as a sentence."""
    section, code = key
    if section == "targets":
        return words.target(value)
    if section == "calendars":
        return _calendar(words, code, value)
    if section == "closures":
        return str(value)
    if section == "pauses":
        reasons = _(" and ").join(pause_word(reason) for reason in value)
        return f"{capital(metric_word(code))}: {reasons}"
    if section == "breach":
        return f"{capital(metric_word(code))}: {breach_word(value)}"
    if section in ("receiving", "after_acceptance"):
        return f"{words.team(code)}: {metric_word(value)}"
    return _plain(section, value)


def _calendar(words: Words, code: str, value: dict[str, Any]) -> str:
    hours = "; ".join(f"{days} {hours}" for days, hours in week_lines(value))
    free = _("without public holidays and closures") if value.get("holidays") else ""
    return f"{words.calendar(code)}: " + ", ".join(filter(None, (hours, free)))


def _plain(section: str, value: Any) -> str:
    if section == "warning_percent":
        return _("Warns at %(levels)s of the time used") % {"levels": levels_words(value)}
    words = {
        "warn_leads_from_percent": _("The leads are warned from %(value)s %% on"),
        "customer_silence_hours": _("A silent customer is no longer waited for after %(value)s h"),
        "confirmation_hours": _("An unanswered confirmation closes the ticket after %(value)s h"),
    }
    return words[section] % {"value": value}
