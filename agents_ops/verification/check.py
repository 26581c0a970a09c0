"""What is wrong with rules of verification and approval, before they are loaded or published."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from agents_ops.verification.comparing import KINDS
from agents_ops.verification.rules import Checked, Level, Strength
from helpdesk.common.drafting import Problem
from helpdesk.common.wording import gettext as _

Body = Mapping[str, Any]
FILE = "file"
MOST_MINUTES = 60 * 24
MOST_HOURS = 24 * 30
MOST_WRONG = 100
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")


def check_agent_rules(body: Body, *, teams: Collection[str]) -> list[Problem]:
    """Every problem, at its path such as `verification.rules.withdrawal`; none when all is well."""
    try:
        return [*_verification(body["verification"], teams), *_approval(body, teams)]
    except (LookupError, TypeError, AttributeError, ValueError):
        return [Problem("", _("This is not shaped as the rules are."))]


def _verification(body: Body, teams: Collection[str]) -> Iterator[Problem]:
    yield from _number(body, "minutes", MOST_MINUTES, "verification")
    wrong = body["wrong"]
    for name, most in (
        ("most", MOST_WRONG),
        ("within_hours", MOST_HOURS),
        ("lock_hours", MOST_HOURS),
    ):
        yield from _number(wrong, name, most, "verification.wrong")
    if wrong["tell"] not in teams:
        yield Problem("verification.wrong.tell", _("This team is not known."))
    points = {row["code"] for row in body["points"]}
    yield from _named(body["points"], "verification.points")
    for row in body["points"]:
        yield from _point(row, f"verification.points.{row['code']}")
    yield from _named(body["rules"], "verification.rules")
    for row in body["rules"]:
        place = f"verification.rules.{row['code']}"
        if not row["parts"]:
            yield Problem(place, _("A rule asks for one point at least."))
        for part in row["parts"]:
            yield from check_part(part, points, place)


def check_part(part: Body, points: Collection[str], place: str) -> Iterator[Problem]:
    """At least so many of these points, each known and named once."""
    of, needs = list(part["of"]), part["needs"]
    if not set(of) <= set(points):
        yield Problem(place, _("This point of verification is not known."))
    if len(set(of)) < len(of) or isinstance(needs, bool) or not 1 <= int(needs) <= len(of):
        yield Problem(place, _("It asks for one of its points at least, and for no more than all."))


def _point(row: Body, place: str) -> Iterator[Problem]:
    known = (("level", Level), ("checked", Checked), ("strength", Strength))
    for name, choices in known:
        if row[name] not in choices.values:
            yield Problem(f"{place}.{name}", _("This value is not known."))
    kind = row.get("kind", "")
    fits = kind in KINDS if row["checked"] == Checked.RECORD else kind in ("", FILE)
    if not fits:
        yield Problem(f"{place}.kind", _("This value is not known."))


def _approval(body: Body, teams: Collection[str]) -> Iterator[Problem]:
    approval = body["approval"]
    rules = {row["code"] for row in body["verification"]["rules"]}
    yield from _number(approval, "hours", MOST_HOURS, "approval")
    if approval["top_team"] not in teams:
        yield Problem("approval.top_team", _("This team is not known."))
    yield from _named(approval["kinds"], "approval.kinds")
    for row in approval["kinds"]:
        place = f"approval.kinds.{row['code']}"
        if row["team"] not in teams:
            yield Problem(f"{place}.team", _("This team is not known."))
        if row.get("verified", "") not in {"", *rules}:
            yield Problem(f"{place}.verified", _("This rule of verification is not known."))


def _named(rows: list[Body], place: str) -> Iterator[Problem]:
    """Codes, each once, and names in both languages."""
    for code, times in Counter(str(row["code"]) for row in rows).items():
        if times > 1 or not _CODE.fullmatch(code):
            yield Problem(f"{place}.{code}", _("A code is written in small letters, and once."))
    for row in rows:
        for name in ("id", "en"):
            if not str(row[name]).strip() or len(row[name]) > 120:
                yield Problem(f"{place}.{row['code']}", _("A name has 1 to 120 characters."))


def _number(row: Body, name: str, most: int, place: str) -> Iterator[Problem]:
    value = row[name]
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        message = _("A whole number from 1 to %(most)s is needed.") % {"most": most}
        yield Problem(f"{place}.{name}", message)
