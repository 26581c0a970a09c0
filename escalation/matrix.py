"""Reads the escalation matrix in force (domain section 5)."""

from __future__ import annotations

from typing import Any

from escalation.models import EscalationMatrix
from helpdesk.common import reads
from people.models import Team
from tickets.models import Ticket


def matrix() -> dict[str, Any]:
    body: dict[str, Any] = EscalationMatrix.in_force().body
    return body


def next_team(ticket: Ticket) -> Team:
    """Where the ticket goes from where it lies: a specialist team that its row names, else the supervisor.

    From a specialist team (or the supervisor) on, it goes to the operations manager.
    """
    body = matrix()
    if ticket.team is not None and ticket.team.kind != Team.Kind.SQUAD:
        return team_of(body["top_team"])
    return team_of(_specialist_code(ticket, body) or body["default_team"])


def team_after_breach(ticket: Ticket, effect: str) -> Team:
    """Where the policy's effect of a missed promise leads: the next by the matrix, or one level."""
    if effect == "matrix":
        return next_team(ticket)
    return team_of(matrix()["top_team" if effect.endswith("operations") else "default_team"])


def team_of(code: str) -> Team:
    return reads.once(_read_team, code)


def _read_team(code: str) -> Team:
    return Team.objects.get(code=code)


def allowed_teams(ticket: Ticket) -> list[Team]:
    """The teams to which the matrix leads without skipping a level, the proposed one first."""
    body = matrix()
    codes = [next_team(ticket).code, body["default_team"]]
    if (
        ticket.team is not None
        and ticket.team.kind == Team.Kind.SQUAD
        and ticket.queue != "general"
    ):
        codes.append(ticket.queue)
    teams = {team.code: team for team in Team.objects.filter(code__in=codes)}
    return [teams[code] for code in dict.fromkeys(codes) if code in teams]


def at_once_team(ticket: Ticket) -> Team | None:
    """The team to which an automatic trigger takes a ticket as soon as it is classified."""
    row = matrix()["rows"].get(ticket.category, {})
    mode = matrix()["queues"].get(ticket.queue, {}).get("mode", "on_breach")
    if row.get("mode", mode) != "at_once":
        return None
    code = _specialist_code(ticket, matrix())
    return Team.objects.filter(code=code).first() if code else None


def alert_team(ticket: Ticket) -> Team | None:
    """The team that is told at once although the squad keeps the ticket (URGENT cases)."""
    row = matrix()["rows"].get(ticket.category, {})
    return Team.objects.filter(code=row["alert"]).first() if row.get("alert") else None


def _specialist_code(ticket: Ticket, body: dict[str, Any]) -> str | None:
    """The team of triage's queue, else of the category's row; None where the row ends with CS."""
    if ticket.queue and ticket.queue != "general":
        return ticket.queue
    code: str | None = body["rows"].get(ticket.category, {}).get("team")
    return code
