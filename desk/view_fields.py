"""What a view may filter by: each field with its operators. What is not listed here is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from helpdesk.common.durations import WIB
from people.models import Team, Tier
from tickets.catalogue import categories
from tickets.states import Channel, Priority, Reporter, State, WantedSolution
from tickets.tag_reads import known_slugs

MOST_VALUES = 60
ME, NOBODY = "me", "nobody"
_RELATIVE = re.compile(r"([+-])(\d{1,4})([hdw])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


@dataclass(frozen=True)
class Field:
    """`column` is what it compares. `known` are the values that may be chosen (of words alone)."""

    label: Any
    kind: str
    column: str
    known: Callable[[], frozenset[str]] = frozenset

    @property
    def operators(self) -> frozenset[str]:
        return frozenset(OPERATORS[self.kind])


OPERATORS: Mapping[str, tuple[str, ...]] = {
    "words": ("in", "not_in"),
    "people": ("in", "not_in"),
    "tags": ("in", "not_in"),
    "moment": ("from", "to"),
    "amount": ("from", "to"),
    "flag": ("is",),
    "number": ("is", "begins"),
    "text": ("contains",),
}


def _values(*choices: Any) -> Callable[[], frozenset[str]]:
    kept = frozenset(str(value) for value in choices)
    return lambda: kept


FIELDS: Mapping[str, Field] = {
    "state": Field(_("State"), "words", "state", _values(*State.values)),
    "priority": Field(_("Priority"), "words", "priority", _values(*Priority.values)),
    "category": Field(_("Category"), "words", "category", lambda: frozenset(categories())),
    "team": Field(
        _("Team"),
        "words",
        "team__code",
        lambda: frozenset(Team.objects.values_list("code", flat=True)),
    ),
    "assignee": Field(_("Assignee"), "people", "assignee_id"),
    "channel": Field(_("Channel"), "words", "channel", _values(*Channel.values)),
    "tier": Field(_("Tier"), "words", "tier", _values(*Tier.values)),
    "reporter": Field(_("Reported by"), "words", "reporter", _values(*Reporter.values)),
    "wanted_solution": Field(
        _("Wanted solution"), "words", "wanted_solution", _values(*WantedSolution.values)
    ),
    "tags": Field(_("Tags"), "tags", "tags", known_slugs),
    "received": Field(_("Received"), "moment", "received_at"),
    "due": Field(_("Nearest deadline"), "moment", "next_due_at"),
    "escalated": Field(_("Escalated"), "moment", "escalated_at"),
    "amount": Field(_("Amount"), "amount", "amount_idr"),
    "waiting": Field(_("Waiting for the customer"), "flag", "waiting_for_customer_since"),
    "at_risk": Field(_("At risk"), "flag", ""),
    "late": Field(_("Late"), "flag", ""),
    "expedited": Field(_("Quick escalation asked"), "flag", ""),
    "held": Field(_("On hold"), "flag", "held_until"),
    "unread": Field(_("With news"), "flag", ""),
    "mentioned": Field(_("Mentioned"), "flag", ""),
    "order_number": Field(_("Order number"), "number", "order_number"),
    "text": Field(_("Words of the subject"), "text", "subject"),
}


def moment_of(text: str, now: datetime) -> datetime | None:
    """`-7d`, `+4h`, `now`, `today` (midnight in WIB) or an ISO instant with its offset; else None."""
    if text == "now":
        return now
    if text == "today":
        return now.astimezone(WIB).replace(hour=0, minute=0, second=0, microsecond=0)
    if found := _RELATIVE.fullmatch(text):
        sign, count, unit = found.groups()
        return now + (-1 if sign == "-" else 1) * int(count) * _UNITS[unit]
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    usable = moment.tzinfo is not None and 2000 <= moment.year <= 2200
    return moment if usable else None
