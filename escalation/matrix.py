"""Reads the escalation matrix in force (domain section 5)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language

from escalation.models import EscalationMatrix
from escalation.triggers import Facts, Trigger, read_triggers
from helpdesk.common import reads
from people.models import Team
from tickets.models import Ticket


def matrix() -> dict[str, Any]:
    body: dict[str, Any] = EscalationMatrix.in_force().body
    return body


def triggers() -> list[Trigger]:
    """In the order of the matrix: of several that would escalate, the first does."""
    return read_triggers(matrix())


def facts_about(ticket: Ticket, **changes: Any) -> Facts:
    """What triggers may ask; `changes` says what was different before."""
    names = ("category", "queue", "priority", "channel", "tier", "reporter", "amount_idr")
    since = ticket.problem_since or ticket.received_at
    return Facts(**({name: getattr(ticket, name) for name in names} | {"since": since} | changes))


def trigger_name(code: str) -> str:
    """A trigger's name in the reader's language; '' for one that the matrix no longer has."""
    language = "en" if (get_language() or "id").startswith("en") else "id"
    rows = (row for row in matrix()["triggers"] if row["code"] == code)
    return next((str(row[f"name_{language}"]) for row in rows), "")


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
    facts = facts_about(ticket)
    rows = (row for row in triggers() if row.kind == "fact" and row.team and row.matches(facts))
    found = next(rows, None)
    return Team.objects.filter(code=found.team).first() if found else None


def alert_team(ticket: Ticket) -> Team | None:
    """The team that is told at once although the squad keeps the ticket (URGENT cases)."""
    facts = facts_about(ticket)
    rows = (row for row in triggers() if row.kind == "fact" and row.alert and row.matches(facts))
    found = next(rows, None)
    return Team.objects.filter(code=found.alert).first() if found else None


def _specialist_code(ticket: Ticket, body: dict[str, Any]) -> str | None:
    """The team of triage's queue, else of the category's row; None where the row ends with CS."""
    if ticket.queue and ticket.queue != "general":
        return ticket.queue
    code: str | None = body["rows"].get(ticket.category, {}).get("team")
    return code
