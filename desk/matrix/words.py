"""The matrix in words: its triggers and rows for the overview, and what differs between two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _

from desk.matrix.forms import form_name, places_of
from escalation.triggers import Trigger, read_triggers
from escalation.words import condition_of, name_of, outcome_of
from people.models import Team
from tickets.catalogue import category_name

Body = dict[str, Any]


@dataclass(frozen=True)
class RuleLine:
    """One trigger as a sentence. `kind` is 'fact', 'time' or 'signal'."""

    code: str
    name: str
    kind: str
    condition: str
    outcome: str
    source: str


@dataclass(frozen=True)
class RowLine:
    category: str
    name: str
    levels: list[str]
    team: str


@dataclass(frozen=True)
class Change:
    """`kind` is 'added', 'removed' or 'changed'; the sides are sentences, empty where there is none.

    `code`: what the part is called in the matrix, where `what` has a name for it.
    """

    kind: str
    what: str
    code: str
    before: str
    after: str


@dataclass(frozen=True)
class Names:
    """What codes are called: of `teams`, and of all that may stand at a level (`places`)."""

    teams: dict[str, str]
    places: dict[str, str]

    @classmethod
    def load(cls) -> Names:
        """One query, for as many matrices as are shown."""
        teams = {team.code: team.name for team in Team.objects.all()}
        return cls(teams, {code: str(name) for code, name in places_of(teams)})


def rule_lines(body: Body, names: Names) -> list[RuleLine]:
    return [_line(row, names.teams) for row in read_triggers(body)]


def _line(row: Trigger, teams: dict[str, str]) -> RuleLine:
    return RuleLine(
        code=row.code,
        name=name_of(row),
        kind=row.kind,
        condition=condition_of(row, teams),
        outcome=outcome_of(row, teams),
        source=row.source,
    )


def row_lines(body: Body, names: Names) -> list[RowLine]:
    teams, places = names.teams, names.places
    return [
        RowLine(
            category=code,
            name=category_name(code),
            levels=[places.get(level, level) for level in row["levels"]],
            team=teams.get(row.get("team") or body["default_team"], ""),
        )
        for code, row in body["rows"].items()
    ]


def changes_between(before: Body, after: Body, names: Names) -> list[Change]:
    """Every part that differs, as sentences."""
    teams = names.teams
    return [
        *_compared(
            _rules(before, teams),
            _rules(after, teams),
            _("Trigger"),
            trigger_names(before, after),
        ),
        *_compared(_rows(before, names), _rows(after, names), _("Matrix row")),
        *_compared(
            _forms(before),
            _forms(after),
            _("Form"),
            {code: form_name(code, teams) for code in {**_forms(before), **_forms(after)}},
        ),
        *_compared(_rest(before, teams), _rest(after, teams), _("Team")),
    ]


def trigger_names(*bodies: Body) -> dict[str, str]:
    """By code; a later body's name holds."""
    return {row.code: name_of(row) for body in bodies for row in read_triggers(body)}


def _compared(
    before: dict[str, tuple[str, Any]],
    after: dict[str, tuple[str, Any]],
    kind: str,
    names: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Change]:
    """`before` and `after` hold, by code, the sentence and what it was made of."""
    for code in {**before, **after}:
        old, new = before.get(code), after.get(code)
        if old == new:
            continue
        how = "added" if old is None else "removed" if new is None else "changed"
        what = f"{kind}: {names.get(code, code)}"
        shown = code if code in names else ""
        yield Change(how, what, shown, old[0] if old else "", new[0] if new else "")


def _rules(body: Body, teams: dict[str, str]) -> dict[str, tuple[str, Any]]:
    return {
        row.code: (
            f"{name_of(row)}: {condition_of(row, teams)} → {outcome_of(row, teams)}",
            row,
        )
        for row in read_triggers(body)
    }


def _rows(body: Body, names: Names) -> dict[str, tuple[str, Any]]:
    return {
        line.name: (f"{' › '.join(line.levels)}; {line.team}", line)
        for line in row_lines(body, names)
    }


def _forms(body: Body) -> dict[str, tuple[str, Any]]:
    return {code: (" / ".join(form.values()), form) for code, form in body.get("forms", {}).items()}


def _rest(body: Body, teams: dict[str, str]) -> dict[str, tuple[str, Any]]:
    named = {_("by default"): body["default_team"], _("at the top"): body["top_team"]}
    return {str(what): (str(teams.get(code, code)), code) for what, code in named.items()}
