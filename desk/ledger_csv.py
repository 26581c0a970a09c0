"""The ledger as a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from desk.csv_file import csv_moment, csv_rows
from desk.ledger_page import Line
from escalation.ledger import Told


def csv_lines(lines: Iterable[Line]) -> Iterator[str]:
    return csv_rows(_titles(), (_cells(line) for line in lines))


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
        csv_moment(of.due_at),
        csv_moment(of.requested_at),
        "" if of.is_automatic else csv_moment(of.decided_at),
        str(of.decided_by or ""),
        _seconds(of.past_seconds),
        _seconds(of.late_seconds),
        str(entry.moved.label) if entry.moved else "",
        of.sweep_id or "",
        str(of.from_team),
        str(of.to_team),
        str(of.requested_by or _("automatic")),
        csv_moment(of.accepted_at),
        str(of.accepted_by or ""),
        entry.notices,
        entry.notices_read,
        "; ".join(_notice(told) for told in entry.told),
        "; ".join(
            f"{mail.recipient} {mail.state} {csv_moment(mail.sent_at)} {mail.message_id}"
            for mail in entry.mails
        ),
    ]


def _notice(told: Told) -> str:
    words = f"{told.person} {csv_moment(told.at)}"
    if told.read_at is None:
        return words
    return _("%(notice)s, read %(at)s") % {"notice": words, "at": csv_moment(told.read_at)}


def _seconds(number: float | None) -> float | str:
    return "" if number is None else round(number, 3)
