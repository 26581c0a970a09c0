"""Events in words: one short sentence for the timeline and for notices."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _

from helpdesk.common.durations import duration
from people.models import Team, User
from sla.models import Metric
from tickets.catalogue import category_name
from tickets.models import EventKind, TicketEvent
from tickets.states import Confirmation, State

ICONS: dict[str, str] = {
    EventKind.RECEIVED: "inbox",
    EventKind.CLASSIFIED: "filter",
    EventKind.RECLASSIFIED: "filter",
    EventKind.ASSIGNED: "user",
    EventKind.HANDLED: "user",
    EventKind.REPLIED: "send",
    EventKind.CUSTOMER_WROTE: "chat",
    EventKind.NOTED: "lock",
    EventKind.CONFIRMATION_ASKED: "pause",
    EventKind.CONFIRMED: "done",
    EventKind.DISPUTED: "warn",
    EventKind.ESCALATION_REQUESTED: "up",
    EventKind.ESCALATION_DECLINED: "x",
    EventKind.ESCALATED: "up",
    EventKind.REDIRECTED: "up",
    EventKind.ALERTED: "bell",
    EventKind.ACCEPTED: "eye",
    EventKind.RETURNED: "undo",
    EventKind.PROGRESS: "edit",
    EventKind.WARNED: "t80",
    EventKind.BREACHED: "late",
    EventKind.CUSTOMER_SILENT: "clock",
    EventKind.TIMER_FIRED: "clock",
    EventKind.CLOSED: "done",
    EventKind.REOPENED: "refresh",
    EventKind.SEALED: "lock",
    EventKind.SURVEYED: "chart",
}


class Names:
    """Names for the codes and ids that events hold; two queries for any number of events."""

    def __init__(self, events: Iterable[TicketEvent]) -> None:
        events = list(events)
        ids = {value for event in events for value in _people_in(event.data)}
        codes = {value for event in events for value in _teams_in(event.data)}
        self._people = dict(User.objects.filter(pk__in=ids).values_list("pk", "full_name"))
        self._teams = {team.code: team.name for team in Team.objects.filter(code__in=codes)}

    def person(self, pk: Any) -> str:
        return self._people.get(pk) or _("nobody")

    def team(self, code: Any) -> str:
        return self._teams.get(code) or str(code or "")


def _people_in(data: dict[str, Any]) -> list[int]:
    return [data[key] for key in ("assignee", "from", "to") if isinstance(data.get(key), int)]


def _teams_in(data: dict[str, Any]) -> list[str]:
    return [data[key] for key in ("team", "from_team", "to_team") if isinstance(data.get(key), str)]


def sentence(event: TicketEvent, names: Names) -> str:
    """What happened, without who and when; the note beside it is the caller's to show."""
    build = _SENTENCES.get(event.kind)
    return build(event.data, names) if build else str(EventKind(event.kind).label)


def _classified(data: dict[str, Any], names: Names) -> str:
    return _("Classified as %(category)s, %(priority)s") % {
        "category": category_name(data.get("category", "")),
        "priority": data.get("priority", ""),
    }


def _reclassified(data: dict[str, Any], names: Names) -> str:
    before, after = data.get("from", {}), data.get("to", {})
    if before.get("category") == after.get("category"):
        return _("Priority changed from %(before)s to %(after)s") % {
            "before": before.get("priority"),
            "after": after.get("priority"),
        }
    return _("Classification changed to %(category)s, %(priority)s") % {
        "category": category_name(after.get("category", "")),
        "priority": after.get("priority", ""),
    }


def _metric(data: dict[str, Any]) -> str:
    metric = data.get("metric", "")
    return str(Metric(metric).label) if metric in Metric.values else metric


def _warned(data: dict[str, Any], names: Names) -> str:
    return _("%(percent)s %% of the time for %(promise)s is used") % {
        "percent": data.get("percent"),
        "promise": _metric(data),
    }


def _breached(data: dict[str, Any], names: Names) -> str:
    return _("Deadline missed: %(promise)s. Noticed %(late)s after it") % {
        "promise": _metric(data),
        "late": duration(data.get("late_seconds", 0)),
    }


def _escalated(data: dict[str, Any], names: Names) -> str:
    return _("Escalated to %(team)s") % {"team": names.team(data.get("to_team"))}


def _redirected(data: dict[str, Any], names: Names) -> str:
    return _("Escalation passed on to %(team)s") % {"team": names.team(data.get("to_team"))}


def _closed(data: dict[str, Any], names: Names) -> str:
    answer = data.get("confirmation", "")
    word = Confirmation(answer).label if answer in Confirmation.values else answer
    return _("Closed; customer: %(answer)s") % {"answer": word}


_TRIGGERS = {
    "escalation.seller_silent": "seller_silent",
    "escalation.dispute_age": "dispute_age",
    "escalation.follow_up": "follow_up",
}


def _timer_fired(data: dict[str, Any], names: Names) -> str:
    kind = _TRIGGERS.get(data.get("kind", ""))
    if kind == "seller_silent":
        return _("Time trigger: the seller has been silent too long")
    if kind == "dispute_age":
        return _("Time trigger: the dispute is too old")
    if kind == "follow_up":
        return _("The follow-up of the team is due")
    return _("Time trigger")


_SENTENCES: dict[str, Callable[[dict[str, Any], Names], str]] = {
    EventKind.CLASSIFIED: _classified,
    EventKind.RECLASSIFIED: _reclassified,
    EventKind.ASSIGNED: lambda d, n: (
        _("Assigned to %(person)s") % {"person": n.person(d.get("to"))}
    ),
    EventKind.HANDLED: lambda d, n: (
        _("Handled by %(person)s") % {"person": n.person(d.get("assignee"))}
    ),
    EventKind.ESCALATION_REQUESTED: lambda d, n: (
        _("Escalation to %(team)s asked for") % {"team": n.team(d.get("to_team"))}
    ),
    EventKind.ESCALATED: _escalated,
    EventKind.REDIRECTED: _redirected,
    EventKind.ALERTED: lambda d, n: _("%(team)s was told") % {"team": n.team(d.get("team"))},
    EventKind.ACCEPTED: lambda d, n: _("Accepted by %(team)s") % {"team": n.team(d.get("team"))},
    EventKind.RETURNED: lambda d, n: _("Returned by %(team)s") % {"team": n.team(d.get("team"))},
    EventKind.WARNED: _warned,
    EventKind.BREACHED: _breached,
    EventKind.TIMER_FIRED: _timer_fired,
    EventKind.CLOSED: _closed,
    EventKind.SURVEYED: lambda d, n: _("Satisfaction: %(score)s of 5") % {"score": d.get("score")},
}


def state_word(state: str) -> str:
    return str(State(state).label) if state in State.values else state
