"""Who got a ticket and why, in words: for the timeline, the toast and the side of the ticket."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.common.durations import wib_text
from sla.models import Metric
from tickets.models import EventKind, TicketEvent

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


def _assigned(data: dict[str, Any], names: Names) -> str:
    auto, said = data.get("auto"), {"person": names.person(data.get("to"))}
    if not auto:
        return _("Assigned to %(person)s") % said
    if auto.get("cause") == "gone":
        said["before"] = names.person(data.get("from"))
        return _("Assigned to %(person)s: %(before)s is gone, and it is unanswered") % said
    return _("Assigned to %(person)s automatically") % said


def _nobody(data: dict[str, Any], names: Names) -> str:
    if data.get("auto", {}).get("cause") == "new":
        return _("Nobody free to get it yet; it is tried again")
    return _("Nobody else free to get it yet; it is tried again")


@dataclass(frozen=True)
class Weighed:
    """Somebody who was considered for a ticket, and why they got it or did not."""

    name: str
    words: str
    chosen: bool


@dataclass(frozen=True)
class Weighing:
    """The latest automatic decision: who was considered, and how many more there were."""

    at: datetime
    people: list[Weighed]
    more: int


def weighing(events: Iterable[TicketEvent], names: Names) -> Weighing | None:
    """Of the latest event that an automatic decision left; None where there was none."""
    found = next((event for event in reversed(list(events)) if event.data.get("auto")), None)
    if found is None:
        return None
    auto = found.data["auto"]
    people = [_weighed(line, names) for line in auto.get("considered", ())]
    return Weighing(found.at, people, int(auto.get("more", 0)))


def _weighed(line: list[Any], names: Names) -> Weighed:
    pk, verdict, load, capacity, lacks = line
    load_words = _("%(load)s of %(capacity)s") % {"load": load, "capacity": capacity}
    words = {
        "chosen": _("least load: %(load)s"),
        "busier": _("more load: %(load)s"),
        "lately": _("as free, but got one more recently: %(load)s"),
        "full": _("full: %(load)s"),
        "away": _("away"),
        "off": _("off shift"),
        "skill": _("does not take it: %(skills)s"),
    }.get(verdict, verdict)
    skills = ", ".join(str(SKILL_WORDS.get(name, name)) for name in lacks)
    return Weighed(
        names.person(pk), words % {"load": load_words, "skills": skills}, verdict == "chosen"
    )


SKILL_WORDS = {
    "categories": gettext_lazy("category"),
    "languages": gettext_lazy("language"),
    "channels": gettext_lazy("channel"),
    "tiers": gettext_lazy("tier"),
}
ASSIGNMENT: dict[str, Callable[[dict[str, Any], Names], str]] = {
    EventKind.ASSIGNED: _assigned,
    EventKind.NOBODY_FREE: _nobody,
    EventKind.HANDLED: _handled,
}
