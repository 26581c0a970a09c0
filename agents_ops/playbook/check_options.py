"""What is wrong with a step's `with`, whatever its kind: its promise of time, its complaint, its hand-over."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from agents_ops.states import StepKind
from helpdesk.common.wording import gettext as _

FOLLOW_UP_LEAST, FOLLOW_UP_MOST = 300, 60 * 60 * 24 * 7
ABOUT = ("pending", "missing")


def check_given(row: Mapping[str, Any], calendars: Collection[str]) -> Iterator[Any]:
    """In sentences. `calendars`: those of the policy in force."""
    given = row.get("with", {})
    if "watch" in given:
        if given["watch"] not in calendars:
            yield _("The time is counted by hours that the policy does not have.")
        if not row.get("seconds"):
            yield _("A promise needs a time standard.")
    if row.get("kind") == StepKind.SUPPLIER_COMPLAINT:
        yield from _check_complaint(given)
    if not isinstance(given.get("automatic", False), bool):
        yield _("This value is not known.")


def _check_complaint(given: Mapping[str, Any]) -> Iterator[Any]:
    if given.get("about") not in ABOUT:
        yield _("Say what the supplier is complained to about.")
    hard, every = given.get("hard", False), given.get("follow_up_seconds")
    if not isinstance(hard, bool):
        yield _("This value is not known.")
    if every is None:
        return
    if hard:
        yield _("The supplier is asked again by the first complaint's step, not by the hard one's.")
    if isinstance(every, bool) or not isinstance(every, int):
        yield _("This must be a whole number.")
    elif not FOLLOW_UP_LEAST <= every <= FOLLOW_UP_MOST:
        yield _("The supplier is asked again every 5 minutes at most, every 7 days at least.")
