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
from helpdesk.common.money import idr_text
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


def _kind(data: Data) -> dict[str, str]:
    """What was asked for, as the rules of that time call it."""
    kind = AgentRules.known(data["rules"]).book.approvals.get(data["kind"])
    return {"kind": named(kind.names, data["kind"]) if kind else data["kind"]}


def _asked(data: Data, names: Any) -> str:
    if (amount := data.get("amount_idr")) is None:
        return _("Approval asked for: %(kind)s") % _kind(data)
    words = _kind(data) | {"amount": idr_text(amount)}
    return _("Approval asked for: %(kind)s, %(amount)s") % words


def _decided(data: Data, names: Any) -> str:
    words = _("Approved: %(kind)s") if data["approved"] else _("Approval refused: %(kind)s")
    return words % _kind(data)


AGENTS: dict[str, Callable[[Data, Any], str]] = {
    EventKind.AGENT_CHECKED: _checked,
    EventKind.AGENT_VERIFIED: _verified,
    EventKind.AGENT_LOCKED: _locked,
    EventKind.AGENT_UNLOCKED: lambda d, n: (
        _("Lock lifted, which would have held until %(until)s")
        % {"until": wib_text(datetime.fromisoformat(d["until"]))}
    ),
    EventKind.APPROVAL_ASKED: _asked,
    EventKind.APPROVAL_DECIDED: _decided,
    EventKind.APPROVAL_WITHDRAWN: lambda d, n: (
        _("Request for approval withdrawn: %(kind)s") % _kind(d)
    ),
    EventKind.APPROVAL_EXPIRED: lambda d, n: _("Request for approval expired: %(kind)s") % _kind(d),
}
