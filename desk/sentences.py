"""Events in words: one short sentence for the timeline and for notices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.agent_sentences import AGENTS
from desk.assignment_sentences import ASSIGNMENT
from desk.joining_sentences import JOINING
from desk.playbook_sentences import PLAYBOOKS
from desk.receiving_sentences import RECEIVING
from desk.supplier_sentences import ICONS as SUPPLIER_ICONS
from desk.supplier_sentences import SUPPLIERS
from escalation.matrix import trigger_name
from escalation.models import Signal
from escalation.models.escalation import BREACH, FOLLOWED, TARGETED
from helpdesk.common.durations import WORTH_SAYING, duration, wib_text
from helpdesk.common.money import idr_text
from people.models import Team, User
from sla.models import Metric
from tickets.catalogue import category_name
from tickets.models import EventKind, TicketEvent
from tickets.states import Confirmation, State, WantedSolution
from tickets.tag_reads import tags_of_ids

ICONS: dict[str, str] = {
    EventKind.RECEIVED: "inbox",
    EventKind.CLASSIFIED: "filter",
    EventKind.RECLASSIFIED: "filter",
    EventKind.ASSIGNED: "user",
    EventKind.NOBODY_FREE: "clock",
    EventKind.HANDLED: "user",
    EventKind.REPLIED: "send",
    EventKind.REPLY_WAITS: "send",
    EventKind.REPLY_TAKEN_BACK: "undo",
    EventKind.REPLY_NOT_SENT: "warn",
    EventKind.CUSTOMER_WROTE: "chat",
    EventKind.NOTED: "lock",
    EventKind.MENTIONED: "at",
    EventKind.CORRECTED: "edit",
    EventKind.TAGGED: "hash",
    EventKind.SIGNALLED: "bell",
    EventKind.CONFIRMATION_ASKED: "pause",
    EventKind.REPLY_NOT_NEEDED: "done",
    EventKind.REPLY_NEEDED: "chat",
    EventKind.HELD: "pause",
    EventKind.RELEASED: "refresh",
    EventKind.PULLED_FORWARD: "bolt",
    EventKind.CONFIRMED: "done",
    EventKind.DISPUTED: "warn",
    EventKind.ESCALATION_REQUESTED: "up",
    EventKind.ESCALATION_DECLINED: "undo",
    EventKind.ESCALATED: "up",
    EventKind.REDIRECTED: "up",
    EventKind.ALERTED: "bell",
    EventKind.ACCEPTED: "eye",
    EventKind.RETURNED: "undo",
    EventKind.PROGRESS: "edit",
    EventKind.FOLLOW_UP_PLANNED: "clock",
    EventKind.FOLLOW_UP_DONE: "done",
    EventKind.FOLLOW_UP_OVERDUE: "late",
    EventKind.TARGET_MOVED: "clock",
    EventKind.TARGET_MISSED: "late",
    EventKind.HEARD: "chat",
    EventKind.DECIDED: "scale",
    EventKind.FREEZE_ASKED: "ban",
    EventKind.FREEZE_UNDECIDED: "late",
    EventKind.FREEZE_DECIDED: "shield",
    EventKind.RELAY_RELEASED: "send",
    EventKind.RECOMPUTED: "clock",
    EventKind.WARNED: "t80",
    EventKind.BREACHED: "late",
    EventKind.CUSTOMER_SILENT: "clock",
    EventKind.TIMER_FIRED: "clock",
    EventKind.MERGED: "merge",
    EventKind.ABSORBED: "merge",
    EventKind.UNMERGED: "undo",
    EventKind.SEPARATED: "undo",
    EventKind.SPLIT: "split",
    EventKind.SPLIT_OFF: "split",
    EventKind.LINKED: "link",
    EventKind.UNLINKED: "undo",
    EventKind.WATCHED: "eye",
    EventKind.INCIDENT_JOINED: "warn",
    EventKind.INCIDENT_LEFT: "undo",
    EventKind.PLAYBOOK_STARTED: "book",
    EventKind.PLAYBOOK_STEP: "done",
    EventKind.PLAYBOOK_SKIPPED: "warn",
    EventKind.PLAYBOOK_LEFT: "x",
    EventKind.PLAYBOOK_ENDED: "done",
    EventKind.AGENT_CHECKED: "eye",
    EventKind.AGENT_VERIFIED: "shield",
    EventKind.AGENT_UNVERIFIED: "x",
    EventKind.AGENT_LOCKED: "ban",
    EventKind.AGENT_UNLOCKED: "lock",
    EventKind.APPROVAL_ASKED: "users",
    EventKind.APPROVAL_DECIDED: "shield",
    EventKind.APPROVAL_WITHDRAWN: "undo",
    EventKind.APPROVAL_EXPIRED: "late",
    **SUPPLIER_ICONS,
    EventKind.QUALITY_TOLD: "scale",
    EventKind.QUALITY_ANSWERED: "chat",
    EventKind.QUALITY_SETTLED: "scale",
    EventKind.CLOSED: "done",
    EventKind.REOPENED: "refresh",
    EventKind.SEALED: "lock",
    EventKind.SURVEYED: "chart",
}


class Names:
    """Names for the codes and ids that events hold; at most two queries for any number of events.

    `people` and `teams` are those at hand; only who is missing there is asked for.
    """

    def __init__(
        self,
        events: Iterable[TicketEvent],
        people: Mapping[int, str] | None = None,
        teams: Mapping[str, Team] | None = None,
    ) -> None:
        events = list(events)
        ids = {value for event in events for value in _people_in(event.data)} - set(people or {})
        self._people = dict(User.objects.filter(pk__in=ids).values_list("pk", "full_name"))
        self._people |= people or {}
        if teams is None:
            codes = {value for event in events for value in _teams_in(event.data)}
            teams = {team.code: team for team in Team.objects.filter(code__in=codes)}
        self._teams = {code: team.name for code, team in teams.items()}

    def person(self, pk: Any) -> str:
        return self._people.get(pk) or _("nobody")

    def team(self, code: Any) -> str:
        return self._teams.get(code) or str(code or "")

    def tags(self, ids: Any) -> str:
        return ", ".join(tag.label for tag in tags_of_ids(ids or []))


def _people_in(data: dict[str, Any]) -> list[int]:
    keys = ("assignee", "from", "to", "owner")
    named = [data[key] for key in keys if isinstance(data.get(key), int)]
    return named + [line[0] for line in data.get("auto", {}).get("considered", ())]


def _teams_in(data: dict[str, Any]) -> list[str]:
    return [data[key] for key in ("team", "from_team", "to_team") if isinstance(data.get(key), str)]


def sentence(event: TicketEvent, names: Names) -> str:
    """What happened, without who and when; the note beside it is the caller's to show."""
    build = _SENTENCES.get(event.kind)
    return build(event.data, names) if build else str(EventKind(event.kind).label)


def _surveyed(data: dict[str, Any], names: Names) -> str:
    values = {"score": data.get("score"), "before": data.get("before")}
    if data.get("before") not in (None, data.get("score")):
        return _("Satisfaction changed from %(before)s to %(score)s of 5") % values
    return _("Satisfaction: %(score)s of 5") % values


def _classified(data: dict[str, Any], names: Names) -> str:
    return _("Classified as %(category)s, %(priority)s") % {
        "category": category_name(data.get("category", "")),
        "priority": data.get("priority", ""),
    }


def _reclassified(data: dict[str, Any], names: Names) -> str:
    before, after = data.get("from", {}), data.get("to", {})
    if before.get("category") == after.get("category"):
        words = {"before": before.get("priority"), "after": after.get("priority")}
        if data.get("correction"):
            return _("By the corrected facts %(after)s, no longer %(before)s") % words
        return _("Priority changed from %(before)s to %(after)s") % words
    return _("Classification changed to %(category)s, %(priority)s") % {
        "category": category_name(after.get("category", "")),
        "priority": after.get("priority", ""),
    }


def _metric(data: dict[str, Any]) -> str:
    metric = data.get("metric", "")
    return str(Metric(metric).label) if metric in Metric.values else metric


def _recomputed(data: dict[str, Any], names: Names) -> str:
    """Each promise with its new deadline, and the policy's version that was applied."""
    moves = "; ".join(_moved(move) for move in data.get("moves", ()))
    words = _("Version %(version)s of the SLA policy applied: %(moves)s")
    return words % {"version": data.get("policy_version", "–"), "moves": moves}


def _moved(move: dict[str, str]) -> str:
    words = {
        "paused": _("%(promise)s due %(due)s, stands still from now on"),
        "running": _("%(promise)s due %(due)s, runs on from now"),
    }.get(move.get("then", ""), _("%(promise)s due %(due)s"))
    return words % {
        "promise": _metric(move),
        "due": wib_text(datetime.fromisoformat(move["to"])),
    }


def _warned(data: dict[str, Any], names: Names) -> str:
    return _("%(percent)s %% of the time for %(promise)s is used") % {
        "percent": data.get("percent"),
        "promise": _metric(data),
    }


def _breached(data: dict[str, Any], names: Names) -> str:
    if data.get("late_seconds", 0) < WORTH_SAYING:
        return _("Deadline missed: %(promise)s") % {"promise": _metric(data)}
    return _("Deadline missed: %(promise)s. Noticed %(late)s after it") % {
        "promise": _metric(data),
        "late": duration(data["late_seconds"]),
    }


def _escalated(data: dict[str, Any], names: Names) -> str:
    words = _("Escalated to %(team)s") % {"team": names.team(data.get("to_team"))}
    return words + _because(data)


def _redirected(data: dict[str, Any], names: Names) -> str:
    words = _("Escalation passed on to %(team)s") % {"team": names.team(data.get("to_team"))}
    return words + _because(data)


def _because(data: dict[str, Any]) -> str:
    """Whoever gets the case has no other notice of what was missed."""
    trigger = data.get("trigger", "")
    if trigger == FOLLOWED:
        return ". " + _("Follow-up overdue")
    if trigger == TARGETED:
        return ". " + _("Target of the team missed")
    if trigger.startswith(BREACH):
        promise = _metric({"metric": trigger.removeprefix(BREACH)})
        return ". " + _("Deadline missed: %(promise)s") % {"promise": promise}
    return ""


def _closed(data: dict[str, Any], names: Names) -> str:
    answer = data.get("confirmation", "")
    word = Confirmation(answer).label if answer in Confirmation.values else answer
    return _("Closed; customer: %(answer)s") % {"answer": word}


_TRIGGERS = {
    "escalation.seller_silent": "seller_silent",
    "escalation.dispute_age": "dispute_age",
    "escalation.follow_up": "follow_up",
    "escalation.target_nears": "target",
}


def _timer_fired(data: dict[str, Any], names: Names) -> str:
    if name := trigger_name(data.get("trigger", "")):
        return _("Time trigger: %(name)s") % {"name": name}
    kind = _TRIGGERS.get(data.get("kind", ""))
    if kind == "seller_silent":
        return _("Time trigger: the seller has been silent too long")
    if kind == "dispute_age":
        return _("Time trigger: the dispute is too old")
    if kind == "follow_up":
        return _("The follow-up of the team is due")
    if kind == "target":
        at = wib_text(datetime.fromisoformat(data["due_at"]))
        return _("The target that the team promised nears: %(at)s") % {"at": at}
    return _("Time trigger")


def _held(data: dict[str, Any], names: Names) -> str:
    until = datetime.fromisoformat(data["until"])
    return _("On hold until %(moment)s") % {"moment": wib_text(until)}


def _released(data: dict[str, Any], names: Names) -> str:
    words = {
        "time": _("The hold has ended"),
        "customer": _("Off hold: the customer wrote"),
        "escalation": _("Off hold: the ticket was escalated"),
        "closing": _("Off hold: the ticket was closed"),
    }
    return words.get(data.get("cause", ""), _("Taken off hold"))


def _pulled_forward(data: dict[str, Any], names: Names) -> str:
    return _("Pulled forward") if data.get("on") else _("No longer pulled forward")


def _alerted(data: dict[str, Any], names: Names) -> str:
    team = names.team(data.get("team"))
    if name := trigger_name(data.get("trigger", "")):
        return _("%(team)s was told: %(name)s") % {"team": team, "name": name}
    return _("%(team)s was told") % {"team": team}


def _corrected(data: dict[str, Any], names: Names) -> str:
    before, after = data.get("from", {}), data.get("to", {})
    parts = [
        _("%(fact)s from %(before)s to %(after)s")
        % {
            "fact": label,
            "before": _fact(name, before[name]),
            "after": _fact(name, after.get(name)),
        }
        if name in before
        else label
        for name, label in _FACTS.items()
        if name in data.get("changed", ())
    ]
    return _("Facts put right: %(facts)s") % {"facts": "; ".join(str(part) for part in parts)}


_FACTS = {
    "amount_idr": gettext_lazy("amount"),
    "order_number": gettext_lazy("order number"),
    "problem_since": gettext_lazy("begin of the problem"),
    "wanted_solution": gettext_lazy("wanted solution"),
}


def _fact(name: str, value: Any) -> str:
    if value is None:
        return _("not known")
    if name == "amount_idr":
        return idr_text(value)
    if name == "problem_since":
        return wib_text(datetime.fromisoformat(value))
    return str(WantedSolution(value).label) if value in WantedSolution.values else str(value)


def _tagged(data: dict[str, Any], names: Names) -> str:
    added, removed = names.tags(data.get("added")), names.tags(data.get("removed"))
    if added and removed:
        return _("Tagged %(added)s, no longer %(removed)s") % {"added": added, "removed": removed}
    if added:
        return _("Tagged %(added)s") % {"added": added}
    return _("No longer tagged %(removed)s") % {"removed": removed}


def _signalled(data: dict[str, Any], names: Names) -> str:
    kind = data.get("kind", "")
    words = str(Signal.Kind(kind).label) if kind in Signal.Kind.values else kind
    if (amount := data.get("amount_idr")) is not None:
        words = f"{words}, {idr_text(amount)}"
    if count := data.get("count"):
        return _("Another system reports: %(signal)s, %(count)s times") % {
            "signal": words,
            "count": count,
        }
    return _("Another system reports: %(signal)s") % {"signal": words}


_SENTENCES: dict[str, Callable[[dict[str, Any], Names], str]] = {
    EventKind.CLASSIFIED: _classified,
    EventKind.RECLASSIFIED: _reclassified,
    **ASSIGNMENT,
    EventKind.ESCALATION_REQUESTED: lambda d, n: (
        _("Escalation to %(team)s asked for") % {"team": n.team(d.get("to_team"))}
    ),
    EventKind.ESCALATED: _escalated,
    EventKind.REDIRECTED: _redirected,
    EventKind.ALERTED: _alerted,
    EventKind.CORRECTED: _corrected,
    EventKind.TAGGED: _tagged,
    EventKind.SIGNALLED: _signalled,
    EventKind.RETURNED: lambda d, n: _("Returned by %(team)s") % {"team": n.team(d.get("team"))},
    **RECEIVING,
    **JOINING,
    **PLAYBOOKS,
    **AGENTS,
    **SUPPLIERS,
    EventKind.HELD: _held,
    EventKind.RELEASED: _released,
    EventKind.PULLED_FORWARD: _pulled_forward,
    EventKind.RECOMPUTED: _recomputed,
    EventKind.WARNED: _warned,
    EventKind.BREACHED: _breached,
    EventKind.TIMER_FIRED: _timer_fired,
    EventKind.CLOSED: _closed,
    EventKind.SURVEYED: _surveyed,
}


def state_word(state: str) -> str:
    return str(State(state).label) if state in State.values else state
