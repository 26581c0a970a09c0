"""What happened to an agent's verification and to what a second person decides, in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from agents_ops.models import AgentRules
from agents_ops.verification.comparing import Result
from agents_ops.verification.words import named
from helpdesk.common.durations import wib_text
from tickets.models import EventKind

Data = dict[str, Any]


def _points(data: Data) -> str:
    """'ID agen: cocok, Saldo akhir: tidak cocok', as the rules of that time call them."""
    points = AgentRules.known(data["rules"]).book.points
    parts = [
        f"{named(points[code].names, code) if code in points else code}: {Result(result).label}"
        for code, result in data.get("results", {}).items()
    ]
    return ", ".join(parts)


def _checked(data: Data, names: Any) -> str:
    return _("Answers of the agent checked. %(points)s") % {"points": _points(data)}


def _verified(data: Data, names: Any) -> str:
    return _("Agent verified. %(points)s") % {"points": _points(data)}


def _locked(data: Data, names: Any) -> str:
    return _(
        "%(wrong)s wrong answers: requests of the agent locked until %(until)s, %(team)s was told"
    ) % {
        "wrong": data["wrong"],
        "until": wib_text(datetime.fromisoformat(data["until"])),
        "team": names.team(data["team"]),
    }


AGENTS: dict[str, Callable[[Data, Any], str]] = {
    EventKind.AGENT_CHECKED: _checked,
    EventKind.AGENT_VERIFIED: _verified,
    EventKind.AGENT_LOCKED: _locked,
}
