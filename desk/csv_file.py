"""A file of comma-separated values: row by row, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import translation

from helpdesk.common.durations import WIB

BYTE_ORDER_MARK = "\ufeff"
# What a spreadsheet would take for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Echo:
    """A file that gives back what is written to it."""

    def write(self, line: str) -> str:
        return line


def csv_rows(titles: list[str], rows: Iterable[list[Any]]) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield BYTE_ORDER_MARK
    yield writer.writerow(titles)
    for row in rows:
        yield writer.writerow([safe(cell) for cell in row])


def csv_download(lines: Iterator[str], name: str) -> StreamingHttpResponse:
    """Sent while it is read. `name`: without the ending."""
    return StreamingHttpResponse(
        _in_language(lines, translation.get_language() or "id"),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def safe(cell: Any) -> Any:
    """Text that a spreadsheet would compute gets an apostrophe before it; numbers stay numbers."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(FORMULA):
        return f"'{cell}"
    return cell


def csv_moment(at: datetime | None) -> str:
    """To the millisecond, in WIB, as spreadsheets and databases read it."""
    return at.astimezone(WIB).isoformat(sep=" ", timespec="milliseconds") if at else ""


def _in_language(lines: Iterator[str], language: str) -> Iterator[str]:
    """What is streamed is worded when the request's own language has been put away already."""
    while True:
        with translation.override(language):
            line = next(lines, None)
        if line is None:
            return
        yield line
