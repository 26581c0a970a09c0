"""Each target is complete, and every metric has one that holds whatever the ticket is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from helpdesk.common.drafting import Problem
from helpdesk.common.wording import gettext as _
from sla.policy_check.percents import check_percents
from sla.policy_check.problems import CODE, Known, calendar_codes, whole

CONDITIONS = ("category", "priority", "reporter", "tier", "channel", "team")
# The longest that makes sense for each unit: a week, 90 days, a quarter.
LONGEST = {"minutes": 7 * 24 * 60, "hours": 90 * 24, "working_days": 60}
MAX_TARGETS = 200


def check_targets(body: dict[str, Any], known: Known) -> Iterator[Problem]:
    targets = body.get("targets", [])
    if len(targets) > MAX_TARGETS:
        yield Problem(
            "targets", _("At most %(most)s targets are possible.") % {"most": MAX_TARGETS}
        )
        return
    for index, target in enumerate(targets):
        yield from _check_one(f"targets.{index}", target, body, known)
        yield from _check_unique(index, targets)
    for metric in sorted(known.metrics):
        yield from _check_cover(metric, targets, known)


def _check_one(
    path: str, target: dict[str, Any], body: dict[str, Any], known: Known
) -> Iterator[Problem]:
    if not CODE.fullmatch(str(target.get("code", ""))):
        yield Problem(f"{path}.code", _("A code has small letters, digits, - and _, at most 60."))
    if target.get("metric") not in known.metrics:
        yield Problem(f"{path}.metric", _("Choose which promise this is."))
    for name, values in target.get("when", {}).items():
        yield from _check_condition(f"{path}.when.{name}", name, values, known)
    yield from _check_within(f"{path}.within", target.get("within"))
    if target.get("calendar") not in calendar_codes(body):
        yield Problem(f"{path}.calendar", _("Choose a calendar of this policy."))
    if "warn" in target:
        yield from check_percents(f"{path}.warn", target["warn"])


def _check_condition(path: str, name: str, values: Any, known: Known) -> Iterator[Problem]:
    if name not in CONDITIONS:
        yield Problem(path, _("This condition is not known."))
    elif not values or not isinstance(values, list):
        yield Problem(path, _("Choose at least one value, or leave the condition out."))
    elif unknown := [str(value) for value in values if value not in known.of(name)]:
        words = _("Not known here: %(codes)s.") % {"codes": ", ".join(unknown)}
        yield Problem(path, words)


def _check_within(path: str, within: Any) -> Iterator[Problem]:
    if not isinstance(within, dict) or len(within) != 1 or not set(within) <= set(LONGEST):
        yield Problem(path, _("Give one time: minutes, hours or working days."))
        return
    unit, amount = next(iter(within.items()))
    most = LONGEST[unit]
    if not whole(amount) or not 1 <= amount <= most:
        yield Problem(path, _("A whole number from 1 to %(most)s is needed.") % {"most": most})


def _check_unique(index: int, targets: list[dict[str, Any]]) -> Iterator[Problem]:
    mine = targets[index]
    for other in targets[:index]:
        if other.get("code") == mine.get("code"):
            yield Problem(f"targets.{index}.code", _("Another target has this code."))
        if other.get("metric") == mine.get("metric") and _when(other) == _when(mine):
            words = _("Another target of this promise has the same conditions.")
            yield Problem(f"targets.{index}.when", words)
            return


def _when(target: dict[str, Any]) -> dict[str, set[str]]:
    return {name: set(values) for name, values in target.get("when", {}).items()}


def _check_cover(metric: str, targets: list[dict[str, Any]], known: Known) -> Iterator[Problem]:
    """A ticket that no target fits would have no promise at all."""
    own = [_when(target) for target in targets if target.get("metric") == metric]
    if any(not when for when in own):
        return
    covered = set[str]().union(*(w["priority"] for w in own if set(w) == {"priority"}))
    missing = [priority for priority in known.priorities if priority not in covered]
    if not missing:
        return
    if covered:
        words = _(
            "These priorities have no promise of their own, and no target holds always: %(missing)s."
        ) % {"missing": ", ".join(missing)}
    else:
        words = _("A target without conditions is needed, so that no ticket is without a promise.")
    yield Problem(f"metric.{metric}", words)
