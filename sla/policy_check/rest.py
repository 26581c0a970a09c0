"""Pauses, warning levels, what a breach does, which promise a team's receipt runs, plain hours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from helpdesk.common.drafting import Problem
from helpdesk.common.wording import gettext as _
from sla.policy_check.percents import check_percents
from sla.policy_check.problems import Known, whole

PAUSES = ("customer", "hold")
NEVER_PAUSED = ("first_response",)
BREACH = ("matrix", "supervisors", "operations", "notify_supervisors", "notify_operations")
HOURS = ("customer_silence_hours", "confirmation_hours")
MOST_HOURS = 30 * 24
# Promises that run while a team holds the ticket; any other would run twice.
RECEIVING = frozenset({"acceptance", "fraud_response", "mediator_assigned"})
AFTER_ACCEPTANCE = frozenset({"mediation_decision"})


def check_pauses(body: dict[str, Any], known: Known) -> Iterator[Problem]:
    for metric, reasons in body.get("pauses", {}).items():
        path = f"pauses.{metric}"
        if metric not in known.metrics:
            yield Problem(path, _("This promise is not known."))
        elif reasons and metric in NEVER_PAUSED:
            yield Problem(path, _("The first response never pauses: the customer waits for us."))
        elif not set(reasons) <= set(PAUSES):
            yield Problem(path, _("A promise pauses for the customer or on hold, nothing else."))


def check_warnings(body: dict[str, Any]) -> Iterator[Problem]:
    levels = body.get("warning_percent", [])
    yield from check_percents("warning_percent", levels)
    leads: Any = body.get("warn_leads_from_percent")
    if not whole(leads) or not 1 <= leads <= 100:
        words = _("A whole number from 1 to %(most)s is needed.") % {"most": 100}
        yield Problem("warn_leads_from_percent", words)


def check_breach(body: dict[str, Any], known: Known) -> Iterator[Problem]:
    breach = body.get("breach", {})
    for metric, does in breach.items():
        if metric not in known.metrics:
            yield Problem(f"breach.{metric}", _("This promise is not known."))
        elif does not in BREACH:
            yield Problem(f"breach.{metric}", _("Choose what a missed deadline does."))
    for metric in sorted(known.metrics - set(breach)):
        yield Problem(f"breach.{metric}", _("Choose what a missed deadline does."))


def check_teams(body: dict[str, Any], known: Known) -> Iterator[Problem]:
    for part, metrics in (("receiving", RECEIVING), ("after_acceptance", AFTER_ACCEPTANCE)):
        for team, metric in body.get(part, {}).items():
            if team not in known.teams:
                yield Problem(f"{part}.{team}", _("There is no team with this code."))
            elif metric not in metrics & known.metrics:
                yield Problem(f"{part}.{team}", _("This promise is none that a team can have."))


def check_hours(body: dict[str, Any]) -> Iterator[Problem]:
    for name in HOURS:
        hours: Any = body.get(name)
        if not whole(hours) or not 1 <= hours <= MOST_HOURS:
            words = _("A whole number from 1 to %(most)s is needed.") % {"most": MOST_HOURS}
            yield Problem(name, words)
