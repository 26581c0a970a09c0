"""The ledger as CSV, row by row, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from desk.ledger_page import Line
from escalation.ledger import Told
from helpdesk.common.durations import WIB

BYTE_ORDER_MARK = "\ufeff"
# What a spreadsheet would take for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Echo:
    """A file that gives back what is written to it."""

    def write(self, line: str) -> str:
        return line


def csv_lines(lines: Iterable[Line]) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield BYTE_ORDER_MARK
    yield writer.writerow(_titles())
    for line in lines:
        yield writer.writerow([safe(cell) for cell in _cells(line)])


def safe(cell: Any) -> Any:
    """Text that a spreadsheet would compute gets an apostrophe before it; numbers stay numbers."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(FORMULA):
        return f"'{cell}"
    return cell


def _titles() -> list[str]:
    return [
        _("Escalation"),
        _("Ticket"),
        _("Priority"),
        _("State"),
        _("Cause"),
        _("Trigger"),
        _("Reason"),
        _("Matrix version"),
        _("Policy version"),
        _("Promise"),
        _("Deadline"),
        _("Fired or asked for at"),
        _("Verified at"),
        _("Verified by"),
        _("Seconds past the deadline"),
        _("Seconds late"),
        _("The deadline"),
        _("Sweep"),
        _("From"),
        _("To"),
        _("Asked for by"),
        _("Accepted at"),
        _("Accepted by"),
        _("Notices"),
        _("Notices read"),
        _("Who was told"),
        _("Mails"),
    ]


def _cells(line: Line) -> list[Any]:
    entry, of = line.entry, line.of
    return [
        of.reference,
        of.ticket.number,
        of.ticket.priority,
        str(of.get_state_display()),
        line.cause,
        of.trigger,
        of.reason,
        of.matrix_version or "",
        of.policy_version or "",
        str(of.get_metric_display()),
        _moment(of.due_at),
        _moment(of.requested_at),
        "" if of.is_automatic else _moment(of.decided_at),
        str(of.decided_by or ""),
        _seconds(of.past_seconds),
        _seconds(of.late_seconds),
        str(entry.moved.label) if entry.moved else "",
        of.sweep_id or "",
        str(of.from_team),
        str(of.to_team),
        str(of.requested_by or _("automatic")),
        _moment(of.accepted_at),
        str(of.accepted_by or ""),
        entry.notices,
        entry.notices_read,
        "; ".join(_notice(told) for told in entry.told),
        "; ".join(
            f"{mail.recipient} {mail.state} {_moment(mail.sent_at)} {mail.message_id}"
            for mail in entry.mails
        ),
    ]


def _notice(told: Told) -> str:
    words = f"{told.person} {_moment(told.at)}"
    if told.read_at is None:
        return words
    return _("%(notice)s, read %(at)s") % {"notice": words, "at": _moment(told.read_at)}


def _seconds(number: float | None) -> float | str:
    return "" if number is None else round(number, 3)


def _moment(at: datetime | None) -> str:
    """To the millisecond, in WIB, as spreadsheets and databases read it."""
    return at.astimezone(WIB).isoformat(sep=" ", timespec="milliseconds") if at else ""
