"""Whether a policy can be put in force: `check_policy` names every part that is wrong. Pure."""

from __future__ import annotations

from typing import Any

from helpdesk.common.drafting import Problem
from sla.policy_check.calendars import check_calendars, check_closures
from sla.policy_check.problems import Known
from sla.policy_check.rest import (
    check_breach,
    check_hours,
    check_pauses,
    check_teams,
    check_warnings,
)
from sla.policy_check.targets import check_targets

__all__ = ["Known", "Problem", "check_policy"]


def check_policy(body: dict[str, Any], known: Known) -> list[Problem]:
    """What keeps `body` from being published, in the order of the editor; empty when nothing does.

    A problem's path names the part: `targets.3.within`, `calendars.office.week.mon`, `closures`.
    """
    return [
        *check_targets(body, known),
        *check_calendars(body),
        *check_closures(body),
        *check_pauses(body, known),
        *check_warnings(body),
        *check_breach(body, known),
        *check_teams(body, known),
        *check_hours(body),
    ]
