"""The rules of verification and approval, as the program reads them (fixtures/agent_rules.json). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

Row = Mapping[str, Any]


class Level(models.TextChoices):
    """How much document 002 asks for it."""

    REQUIRED = "required", _("required")
    STRONGLY = "strongly_required", _("strongly required")
    OPTIONAL = "optional", _("optional")


class Checked(models.TextChoices):
    RECORD = "record", _("compared with the record")
    OFFICER = "officer", _("looked at by the officer")


class Strength(models.TextChoices):
    """What it takes to know it without being the agent."""

    FORGE = "hard_to_forge", _("hard to forge")
    FEW = "known_to_few", _("known to few")
    EASY = "easy_to_learn", _("easy to learn")


@dataclass(frozen=True)
class Point:
    """`kind`: how the answer is compared (`comparing.KINDS`), `file`: an attachment that was looked at."""

    code: str
    names: Row
    level: str
    checked: str
    strength: str
    kind: str

    @classmethod
    def read(cls, row: Row) -> Point:
        names = {"id": row["id"], "en": row["en"]}
        return cls(
            code=row["code"],
            names=names,
            level=row["level"],
            checked=row["checked"],
            strength=row["strength"],
            kind=row.get("kind", ""),
        )


@dataclass(frozen=True)
class Part:
    """At least `needs` of the points `of`."""

    of: tuple[str, ...]
    needs: int

    @classmethod
    def read(cls, row: Row) -> Part:
        return cls(tuple(row["of"]), int(row["needs"]))

    def as_row(self) -> dict[str, Any]:
        return {"of": list(self.of), "needs": self.needs}

    def lacking(self, matched: Iterable[str]) -> int:
        return max(0, self.needs - len(set(self.of) & set(matched)))


@dataclass(frozen=True)
class Rule:
    """What a purpose asks for: every part must hold. Without a code it is a playbook's own."""

    code: str
    names: Row
    parts: tuple[Part, ...]

    @classmethod
    def read(cls, row: Row) -> Rule:
        names = {"id": row["id"], "en": row["en"]}
        return cls(row["code"], names, tuple(Part.read(each) for each in row["parts"]))

    @property
    def points(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(code for part in self.parts for code in part.of))

    def lacking(self, matched: Iterable[str]) -> int:
        """How many points are missing at least; 0: it holds."""
        known = set(matched)
        return sum(part.lacking(known) for part in self.parts)


@dataclass(frozen=True)
class ApprovalKind:
    """What a second person decides. `team`: whose members may, beside those of the top team;
    `verified`: the rule that must hold when it is asked for, empty for none."""

    code: str
    names: Row
    team: str
    amount: bool
    verified: str

    @classmethod
    def read(cls, row: Row) -> ApprovalKind:
        names = {"id": row["id"], "en": row["en"]}
        amount, verified = row.get("amount", False), row.get("verified", "")
        return cls(row["code"], names, row["team"], amount, verified)


@dataclass(frozen=True)
class Rulebook:
    """Everything of one version. `most_wrong` wrong answers `within` lock the agent for `lock_for`."""

    lives: timedelta
    most_wrong: int
    within: timedelta
    lock_for: timedelta
    tell: str
    points: Mapping[str, Point]
    rules: Mapping[str, Rule]
    approval_lives: timedelta
    top_team: str
    approvals: Mapping[str, ApprovalKind]

    @classmethod
    def read(cls, body: Row) -> Rulebook:
        verification, approval = body["verification"], body["approval"]
        wrong = verification["wrong"]
        return cls(
            lives=timedelta(minutes=verification["minutes"]),
            most_wrong=int(wrong["most"]),
            within=timedelta(hours=wrong["within_hours"]),
            lock_for=timedelta(hours=wrong["lock_hours"]),
            tell=wrong["tell"],
            points={row["code"]: Point.read(row) for row in verification["points"]},
            rules={row["code"]: Rule.read(row) for row in verification["rules"]},
            approval_lives=timedelta(hours=approval["hours"]),
            top_team=approval["top_team"],
            approvals={row["code"]: ApprovalKind.read(row) for row in approval["kinds"]},
        )

    def rule_of(self, options: Row) -> Rule | None:
        """That of a step's `with`: a rule by its code, or points and how many of them."""
        if "points" in options:
            part = Part(tuple(options["points"]), int(options.get("needs", len(options["points"]))))
            return Rule("", {}, (part,))
        return self.rules.get(options.get("rule", ""))
