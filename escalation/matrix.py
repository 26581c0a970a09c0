"""Reads the escalation matrix in force (domain section 5)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import get_language

from escalation.models import EscalationMatrix
from escalation.triggers import WORDS, Facts, Trigger
from helpdesk.common import reads
from people.models import Team
from tickets.models import Ticket


def matrix() -> dict[str, Any]:
    body: dict[str, Any] = EscalationMatrix.in_force().body
    return body


def facts_about(ticket: Ticket, **changes: Any) -> Facts:
    """What triggers may ask; `changes` says what was different before."""
    names = ("category", "queue", "priority", "channel", "tier", "reporter", "amount_idr")
    since = ticket.problem_since or ticket.received_at
    return Facts(**({name: getattr(ticket, name) for name in names} | {"since": since} | changes))


def concerned_by(trigger: Trigger) -> Q:
    """The tickets that `Trigger.concerns` holds for, as a condition of a query."""
    when = trigger.when
    wanted = Q(**{f"{name}__in": when[name] for name in WORDS if when.get(name)})
    return wanted & ~Q(category__in=when.get("except_category", []))


def trigger_name(code: str) -> str:
    """A trigger's name in the reader's language; '' for one that the matrix no longer has."""
    language = "en" if (get_language() or "id").startswith("en") else "id"
    rows = (row for row in matrix()["triggers"] if row["code"] == code)
    return next((str(row[f"name_{language}"]) for row in rows), "")


def next_team(ticket: Ticket, rules: EscalationMatrix) -> Team:
    """Where the ticket goes from where it lies: a specialist team that its row names, else the supervisor.

    From a specialist team (or the supervisor) on, it goes to the operations manager.
    """
    body = rules.body
    if ticket.team is not None and ticket.team.kind != Team.Kind.SQUAD:
        return team_of(body["top_team"])
    return team_of(_specialist_code(ticket, body) or body["default_team"])


def team_after_breach(ticket: Ticket, effect: str, rules: EscalationMatrix) -> Team:
    """Where the policy's effect of a missed promise leads: the next by the matrix, or one level."""
    if effect == "matrix":
        return next_team(ticket, rules)
    return team_of(rules.body["top_team" if effect.endswith("operations") else "default_team"])


def team_of(code: str) -> Team:
    return reads.once(_read_team, code)


def _read_team(code: str) -> Team:
    return Team.objects.get(code=code)


def allowed_teams(ticket: Ticket, rules: EscalationMatrix) -> list[Team]:
    """The teams to which the matrix leads without skipping a level, the proposed one first."""
    codes = [next_team(ticket, rules).code, rules.body["default_team"]]
    if (
        ticket.team is not None
        and ticket.team.kind == Team.Kind.SQUAD
        and ticket.queue != "general"
    ):
        codes.append(ticket.queue)
    teams = {team.code: team for team in Team.objects.filter(code__in=codes)}
    return [teams[code] for code in dict.fromkeys(codes) if code in teams]


def _specialist_code(ticket: Ticket, body: dict[str, Any]) -> str | None:
    """The team of triage's queue, else of the category's row; None where the row ends with CS."""
    if ticket.queue and ticket.queue != "general":
        return ticket.queue
    code: str | None = body["rows"].get(ticket.category, {}).get("team")
    return code
