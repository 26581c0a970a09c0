"""The receiving team's events in words (a part of `desk.sentences`)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from escalation.models import Decision, FreezeRequest, Party
from helpdesk.common.durations import WORTH_SAYING, duration, wib_text
from tickets.models import EventKind

Data = dict[str, Any]
ACTIONS = FreezeRequest.Action


def _moment(text: Any) -> str:
    return wib_text(datetime.fromisoformat(text)) if text else "–"


def _accepted(data: Data, names: Any) -> str:
    words = {"team": names.team(data.get("team"))}
    if not data.get("target_at"):
        return _("Accepted by %(team)s") % words
    words |= {"person": names.person(data.get("assignee")), "at": _moment(data["target_at"])}
    return _("Accepted by %(team)s: %(person)s, target %(at)s") % words


def _planned(data: Data, names: Any) -> str:
    if data.get("moved_from"):
        return _("Follow-up moved to %(at)s") % {"at": _moment(data.get("due_at"))}
    words = {"at": _moment(data.get("due_at")), "person": names.person(data.get("owner"))}
    return _("Follow-up planned for %(at)s: %(person)s") % words


def _done(data: Data, names: Any) -> str:
    return _("Follow-up done after its time") if data.get("late") else _("Follow-up done")


def _overdue(data: Data, names: Any) -> str:
    if data.get("late_seconds", 0) < WORTH_SAYING:
        return _("Follow-up overdue")
    return _("Follow-up overdue. Noticed %(late)s after its limit") % {
        "late": duration(data["late_seconds"])
    }


def _target_moved(data: Data, names: Any) -> str:
    words = {"at": _moment(data.get("target_at")), "before": _moment(data.get("moved_from"))}
    return _("Target of the team moved from %(before)s to %(at)s") % words


def _target_missed(data: Data, names: Any) -> str:
    at = _moment(data.get("due_at"))
    if data.get("late_seconds", 0) < WORTH_SAYING:
        return _("Target of the team missed: %(at)s") % {"at": at}
    return _("Target of the team missed: %(at)s. Noticed %(late)s after it") % {
        "at": at,
        "late": duration(data["late_seconds"]),
    }


def _heard(data: Data, names: Any) -> str:
    words = {"party": _label(Party, data.get("party"))}
    if data.get("silent"):
        return _("Stays silent: %(party)s") % words
    return _("Heard: %(party)s") % words


def _decided(data: Data, names: Any) -> str:
    return _("Mediation decided: %(outcome)s") % {
        "outcome": _label(Decision.Outcome, data.get("outcome"))
    }


def _freeze_asked(data: Data, names: Any) -> str:
    words = {"subject": _label(FreezeRequest.Subject, data.get("subject"))}
    if data.get("action") == ACTIONS.UNFREEZE:
        return _("Unfreezing asked for: %(subject)s") % words
    return _("Freezing asked for: %(subject)s") % words


def _freeze_undecided(data: Data, names: Any) -> str:
    words = {
        "subject": _label(FreezeRequest.Subject, data.get("subject")),
        "waited": duration(data.get("waited_seconds", 0)),
    }
    if data.get("action") == ACTIONS.UNFREEZE:
        return _("Unfreezing undecided for %(waited)s: %(subject)s") % words
    return _("Freezing undecided for %(waited)s: %(subject)s") % words


def _freeze_decided(data: Data, names: Any) -> str:
    words = {"subject": _label(FreezeRequest.Subject, data.get("subject"))}
    unfrozen = data.get("action") == ACTIONS.UNFREEZE and data.get("approved")
    if unfrozen and data.get("frozen"):
        return _("Unfreezing approved: %(subject)s, still frozen through another ticket") % words
    sentences = {
        (ACTIONS.FREEZE, True): _("Freezing approved: %(subject)s"),
        (ACTIONS.FREEZE, False): _("Freezing declined: %(subject)s"),
        (ACTIONS.UNFREEZE, True): _("Unfreezing approved: %(subject)s"),
        (ACTIONS.UNFREEZE, False): _("Unfreezing declined: %(subject)s"),
    }
    return sentences[ACTIONS(data.get("action", "freeze")), bool(data.get("approved"))] % words


def _label(choices: Any, value: Any) -> str:
    return str(choices(value).label) if value in choices.values else str(value or "")


RECEIVING: dict[str, Callable[[Data, Any], str]] = {
    EventKind.ACCEPTED: _accepted,
    EventKind.FOLLOW_UP_PLANNED: _planned,
    EventKind.FOLLOW_UP_DONE: _done,
    EventKind.FOLLOW_UP_OVERDUE: _overdue,
    EventKind.TARGET_MOVED: _target_moved,
    EventKind.TARGET_MISSED: _target_missed,
    EventKind.HEARD: _heard,
    EventKind.DECIDED: _decided,
    EventKind.FREEZE_ASKED: _freeze_asked,
    EventKind.FREEZE_UNDECIDED: _freeze_undecided,
    EventKind.FREEZE_DECIDED: _freeze_decided,
    EventKind.RELAY_RELEASED: lambda d, n: _("Released for the customer: the officer may tell it"),
}
