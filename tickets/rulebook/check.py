"""Whether a rule set can be put in force: every part that is wrong is named. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from helpdesk.common.drafting import Problem
from helpdesk.common.wording import gettext as _
from tickets.rulebook.check_words import check_concepts
from tickets.rulebook.conditions import check_condition
from tickets.rulebook.known import Body, Known
from tickets.triage import RuleSet, RuleSetError
from tickets.triage.profile import with_profile
from tickets.triage.rules import PRIORITIES

__all__ = ["Known", "Problem", "check_rules"]

# The highest that makes sense for each unit of a threshold: a trillion rupiah, a year.
MOST = {"amount_idr": 10**12, "days": 365, "hours": 365 * 24, "minutes": 365 * 24 * 60}
LONGEST_TITLE = 200


def check_rules(body: Body, known: Known, profile: Mapping[str, Any]) -> list[Problem]:
    """What keeps `body` from being published, in the order of the editor; empty when nothing does.

    A problem's path names the part: `thresholds.mediation`, `concepts.hack.3`, `rules.press.when`,
    `priority.order_lost.0.when`, or nothing where the engine refuses the whole.
    """
    found = [
        *_check_thresholds(body),
        *_check_flags(body, profile),
        *check_concepts(body),
        *_check_rules(body, known),
        *_check_categories(body, known),
    ]
    return found or list(_read_whole(body, profile))


def _check_thresholds(body: Body) -> Iterator[Problem]:
    for name, row in body.get("thresholds", {}).items():
        units = [unit for unit in MOST if unit in row]
        if len(units) != 1:
            words = _("Give one: an amount, or days, hours or minutes.")
            yield Problem(f"thresholds.{name}.value", words)
            continue
        value, most = row[units[0]], MOST[units[0]]
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
            words = _("A whole number from 1 to %(most)s is needed.") % {"most": most}
            yield Problem(f"thresholds.{name}.value", words)


def _check_flags(body: Body, profile: Mapping[str, Any]) -> Iterator[Problem]:
    for name, row in body.get("flags", {}).items():
        path = f"flags.{name}"
        yield from _check_titles(path, row)
        kinds = [key for key in ("text", "text_from", "tiers", "tiers_from") if row.get(key)]
        if len(kinds) != 1:
            words = _("Give one: a word, or the tiers that it is for.")
            yield Problem(f"{path}.text", words)
        for key in ("text_from", "tiers_from"):
            if row.get(key) and not _in_profile(profile, row[key]):
                words = _("The organisation's profile has no %(name)s.") % {"name": row[key]}
                yield Problem(f"{path}.text", words)


def _in_profile(profile: Any, path: str) -> bool:
    for part in path.split("."):
        if not isinstance(profile, Mapping) or part not in profile:
            return False
        profile = profile[part]
    return True


def _check_rules(body: Body, known: Known) -> Iterator[Problem]:
    categories = body["categories"]
    for section in ("rules", "fallbacks"):
        names = [row["rule"] for row in body[section]]
        for row in body[section]:
            path = f"{section}.{row['rule']}"
            yield from _check_titles(path, row)
            if names.count(row["rule"]) > 1:
                yield Problem(f"{path}.rule", _("Another rule has this name."))
            if row.get("category") not in categories:
                yield Problem(f"{path}.category", _("Unknown category."))
            if "before" in row and row["before"] not in categories:
                yield Problem(f"{path}.before", _("Unknown category."))
            if row.get("when") is not None:
                yield from check_condition(f"{path}.when", row["when"], body, known)
            elif section == "rules":
                words = _("A rule needs a condition, or it would hold for every ticket.")
                yield Problem(f"{path}.when", words)
    if body["fallbacks"] and body["fallbacks"][-1].get("when") is not None:
        words = _("The last one must hold always: take its condition away.")
        yield Problem(f"fallbacks.{body['fallbacks'][-1]['rule']}.when", words)


def _check_categories(body: Body, known: Known) -> Iterator[Problem]:
    for code, category in body["categories"].items():
        yield from _check_titles(f"categories.{code}", category)
        for table, values in (("priority", PRIORITIES), ("queue", known.queues)):
            rows = category.get(table) or []
            if not rows:
                words = _("A last row that holds always is needed.")
                yield Problem(f"{table}.{code}", words)
            for place, row in enumerate(rows):
                path = f"{table}.{code}.{place}"
                yield from _check_titles(path, row)
                if row.get(table) not in values:
                    yield Problem(f"{path}.value", _("This value is not known."))
                yield from _check_place(path, row, body, known, last=place == len(rows) - 1)


def _check_place(
    path: str, row: Body, body: Body, known: Known, *, last: bool
) -> Iterator[Problem]:
    when = row.get("when")
    if when is not None:
        yield from check_condition(f"{path}.when", when, body, known)
    variant = row.get("variant")
    if last and (when is not None or variant):
        words = _("The last row must hold always: take its condition away, or move it up.")
        yield Problem(f"{path}.when", words)
    if not last and when is None and not variant:
        words = _("Only the last row may hold always: the rows below would never be asked.")
        yield Problem(f"{path}.when", words)


def _check_titles(path: str, row: Body) -> Iterator[Problem]:
    for name in ("id", "en"):
        title = row.get(name)
        if not isinstance(title, str) or not title.strip():
            yield Problem(f"{path}.{name}", _("Write it: officers read it as the reason."))
        elif len(title) > LONGEST_TITLE:
            words = _("At most %(most)s characters.") % {"most": LONGEST_TITLE}
            yield Problem(f"{path}.{name}", words)


def _read_whole(body: Body, profile: Mapping[str, Any]) -> Iterator[Problem]:
    """What only the engine knows; in its own words."""
    try:
        RuleSet.from_dict({**with_profile(body, profile), "version": 1})
    except (RuleSetError, KeyError, TypeError, ValueError) as error:
        yield Problem("", _("The engine cannot read these rules: %(why)s") % {"why": error})
