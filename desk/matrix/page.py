"""What the pages of the escalation matrix show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from desk.matrix.forms import RuleForm, form_choices
from desk.matrix.words import (
    Change,
    Names,
    changes_between,
    row_lines,
    rule_lines,
    trigger_names,
)
from escalation.models import CarryingOver, EscalationMatrix
from escalation.preview import DAYS, Led, Preview, preview
from helpdesk.common import clock
from tickets.catalogue import categories, category_name

VERSIONS = 50


@dataclass(frozen=True)
class Version:
    """A line of the history, with what it changed."""

    matrix: EscalationMatrix
    in_force: bool
    changes: list[Change] | None


def latest() -> EscalationMatrix:
    """Read anew: an editor must not build on what this process remembers."""
    found = EscalationMatrix.objects.select_related("published_by").order_by("-version").first()
    return found or EscalationMatrix.in_force()


def overview_context(matrix: EscalationMatrix) -> dict[str, Any]:
    body = matrix.body
    free = sorted((category_name(code), code) for code in categories() if code not in body["rows"])
    names = Names.load()
    return {
        "section": "rules",
        "matrix": matrix,
        "carrying": CarryingOver.objects.filter(matrix=matrix).first(),
        "rules": rule_lines(body, names),
        "rows": row_lines(body, names),
        "without_row": [{"code": code, "name": name} for name, code in free],
        "forms": form_choices(list(body["forms"]), names.teams),
        "default_team": names.teams.get(body["default_team"], ""),
        "top_team": names.teams.get(body["top_team"], ""),
    }


def editor_context(
    matrix: EscalationMatrix, form: RuleForm, body: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The form; with `body` also what would change and what it would have done."""
    context: dict[str, Any] = {"section": "rules", "matrix": matrix, "form": form, "days": DAYS}
    if body is not None:
        found: Preview = preview(matrix.body, body, clock.now())
        known = Names.load()
        names = trigger_names(matrix.body, body)
        context |= {
            "changes": changes_between(matrix.body, body, known),
            "preview": found,
            "effects": [(names.get(row.code, row.code), row) for row in found.effects],
            "moved": [(names.get(row.trigger, ""), row) for row in found.moments.rows],
            "led": [_led(row, known.teams) for row in found.led],
        }
    return context


def _led(row: Led, teams: dict[str, str]) -> dict[str, Any]:
    return {
        "of": row,
        "name": category_name(row.category),
        "before": teams.get(row.before, row.before),
        "after": teams.get(row.after, row.after),
    }


def history() -> list[Version]:
    """The latest versions, each with what it changed against the one before it."""
    rows = list(EscalationMatrix.objects.select_related("published_by")[: VERSIONS + 1])
    older, names = [*rows[1:], None], Names.load()
    return [
        Version(
            matrix=row,
            in_force=place == 0,
            changes=changes_between(before.body, row.body, names) if before else None,
        )
        for place, (row, before) in enumerate(zip(rows, older, strict=True))
    ][:VERSIONS]
