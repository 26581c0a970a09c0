"""Exports as they lie on the disk: CSV, JSON lines, a JSON list or pages of an API; row by row."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from helpdesk.common.wording import gettext as _

CHUNK = 1 << 16
LONGEST_FIELD = 1 << 24


class Unreadable(Exception):
    """The file, or the rest of it, cannot be read; `message` knows both languages."""

    def __init__(self, message: Any) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Row:
    """`number` counts from 1 and is the line in a CSV file (its header is 1). `done`: bytes read.

    `values` is None where the row is no object.
    """

    number: int
    values: dict[str, Any] | None
    done: int


def read_rows(path: Path) -> Iterator[Row]:
    """The rows in their order, never more than one in memory. Raises Unreadable."""
    try:
        with path.open("rb") as raw:
            text = io.TextIOWrapper(raw, encoding="utf-8-sig", errors="replace", newline="")
            yield from _csv_rows(text, raw) if path.suffix.lower() == ".csv" else _json(text, raw)
    except OSError as error:
        raise Unreadable(_("The file cannot be opened.")) from error


def _csv_rows(text: IO[str], raw: IO[bytes]) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_FIELD)
    header = text.readline()
    delimiter = max(",;\t", key=header.count)
    names = [name.strip().lower() for name in next(csv.reader([header], delimiter=delimiter), [])]
    lines = csv.reader(text, delimiter=delimiter)
    try:
        for cells in lines:
            number = lines.line_num + 1
            if not any(cells):
                continue
            same = len(cells) == len(names)
            yield Row(number, dict(zip(names, cells, strict=True)) if same else None, raw.tell())
    except csv.Error as error:
        raise Unreadable(_("The rest of the file is no CSV.")) from error


def _json(text: IO[str], raw: IO[bytes]) -> Iterator[Row]:
    first = text.readline()
    while first and not first.strip():
        first = text.readline()
    if first.lstrip().startswith("["):
        yield from _counted(_items(first.lstrip()[1:], text), raw)
        return
    try:
        json.loads(first or "{}")
    except ValueError:
        yield from _counted([_whole(first, text)], raw)
        return
    yield from _counted(map(_line, _lines(first, text)), raw)


def _lines(first: str, text: IO[str]) -> Iterator[str]:
    yield first
    yield from text


def _line(line: str) -> Any:
    try:
        return json.loads(line) if line.strip() else {}
    except ValueError:
        return None


def _whole(first: str, text: IO[str]) -> Any:
    try:
        return json.loads(first + text.read())
    except ValueError as error:
        raise Unreadable(_("The file is no JSON.")) from error


def _items(buffer: str, text: IO[str]) -> Iterator[Any]:
    """The items of a list whose bracket has been read."""
    decoder, size = json.JSONDecoder(), CHUNK
    while True:
        buffer = buffer.lstrip(" \t\r\n,")
        if buffer.startswith("]"):
            return
        try:
            value, end = decoder.raw_decode(buffer)
        except ValueError as error:
            more = text.read(size)
            if not more:
                raise Unreadable(_("The rest of the file is no JSON.")) from error
            buffer, size = buffer + more, size * 2
            continue
        yield value
        buffer, size = buffer[end:], CHUNK


def _counted(values: Iterable[Any], raw: IO[bytes]) -> Iterator[Row]:
    """Numbered; the pages of an API are opened: {"tickets": […]}, {"users": […]}."""
    number = 0
    for value in values:
        for item in _opened(value):
            number += 1
            yield Row(number, item if isinstance(item, dict) else None, raw.tell())


def _opened(value: Any) -> Iterable[Any]:
    if value == {}:
        return []
    if isinstance(value, dict):
        for name in ("tickets", "users", "contacts", "agents", "results"):
            if isinstance(value.get(name), list):
                return value[name]
    return [value]
