"""Small changes of a draft that need no form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from helpdesk.common.errors import WrongState
from helpdesk.common.wording import gettext as _

Change = Callable[[dict[str, Any]], None]


def without_target(code: str) -> Change:
    """Taking away what is gone already changes nothing."""

    def change(body: dict[str, Any]) -> None:
        body["targets"] = [row for row in body["targets"] if row["code"] != code]

    return change


def without_calendar(code: str) -> Change:
    """Refuses with WrongState while a promise counts by it."""

    def change(body: dict[str, Any]) -> None:
        if any(row.get("calendar") == code for row in body["targets"]):
            raise WrongState(_("A promise counts by this calendar. Give it another one first."))
        body["calendars"].pop(code, None)

    return change
