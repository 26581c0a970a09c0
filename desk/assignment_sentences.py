"""Who got a ticket and why, in words: for the timeline, the toast and the side of the ticket."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from helpdesk.common.durations import wib_text
from sla.models import Metric
from tickets.models import EventKind

if TYPE_CHECKING:
    from desk.sentences import Names


def why_next(why: dict[str, Any]) -> str:
    """By which rule a ticket was the next one of those that nobody had."""
    rule = why.get("rule")
    if rule == "expedited":
        return _("it goes first in your teams")
    if rule == "due":
        promise = why.get("promise", "")
        return _("nearest deadline in your teams: %(promise)s due %(due)s") % {
            "promise": Metric(promise).label if promise in Metric.values else promise,
            "due": wib_text(datetime.fromisoformat(why["due_at"])),
        }
    return _("longest in your teams without a deadline")


def _handled(data: dict[str, Any], names: Names) -> str:
    said = _("Handled by %(person)s") % {"person": names.person(data.get("assignee"))}
    if why := data.get("next"):
        return _("%(said)s, taken as the next one (%(why)s)") % {
            "said": said,
            "why": why_next(why),
        }
    return said


ASSIGNMENT: dict[str, Callable[[dict[str, Any], Names], str]] = {
    EventKind.HANDLED: _handled,
}
