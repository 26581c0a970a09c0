"""Many new rows of one table by COPY: what an INSERT of so many values costs goes into building it."""
# ruff: noqa: SLF001 - a model's columns have no other names

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, models
from django_fsm import ConcurrentTransitionMixin

# Below this many rows an INSERT is as fast.
WORTH_IT = 50
UNLESS_THERE = " ON CONFLICT DO NOTHING"
_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})
Writer = Callable[[Any], str]


class _NotForCopy(Exception):
    """A value that only an INSERT can carry, such as an expression."""


def copy_in(rows: Sequence[models.Model]) -> bool:
    """Insert new rows of one model that have their keys; False, with nothing done, where COPY cannot."""
    model = type(rows[0])
    columns = _columns(model)
    if len(rows) < WORTH_IT or columns is None:
        return False
    try:
        lines = [
            "\t".join([write(read(row)) for read, write in columns.values()]) + "\n" for row in rows
        ]
    except _NotForCopy:
        return False
    quote = connection.ops.quote_name
    names = ", ".join(quote(name) for name in columns)
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY {quote(model._meta.db_table)} ({names}) FROM STDIN", io.StringIO("".join(lines))
        )
    for row in rows:
        mark_saved(row)
    return True


def mark_saved(row: models.Model) -> None:
    """As `save` leaves a row: a state machine compares later changes with the state that was written."""
    row._state.adding, row._state.db = False, connection.alias
    if isinstance(row, ConcurrentTransitionMixin):
        row._update_initial_state()


def insert_one(row: models.Model) -> bool:
    """Insert one new row, which has its key afterwards; False, with nothing done, where it cannot.

    A third of the time of `save`, which words the statement anew for each row.
    """
    statement = _insert_of(type(row))
    if statement is None:
        return False
    with connection.cursor() as cursor:
        if row.pk is not None:
            cursor.execute(statement.keyed, statement.values(row))
        else:
            cursor.execute(statement.keyless + statement.returning, statement.values(row))
            row.pk = cursor.fetchone()[0]
    mark_saved(row)
    return True


def insert_few(rows: Sequence[models.Model], unless_there: Sequence[models.Model]) -> bool:
    """Insert new rows of several models in one round trip; False, with nothing done, where it cannot.

    `unless_there`: not those that are there already; their keys stay unknown.
    """
    statements, values = [], []
    for row, end in (*((row, "") for row in rows), *((row, UNLESS_THERE) for row in unless_there)):
        statement = _insert_of(type(row))
        if statement is None:
            return False
        statements.append((statement.keyless if row.pk is None else statement.keyed) + end)
        values += statement.values(row)
    with connection.cursor() as cursor:
        cursor.execute("; ".join(statements), values)
    for row in (*rows, *unless_there):
        mark_saved(row)
    return True


class _Insert(NamedTuple):
    """For rows without and with their key; by column how its value is read and given."""

    keyless: str
    keyed: str
    returning: str
    key: str
    columns: dict[str, tuple[Writer, Callable[[Any], Any]]]

    def values(self, row: models.Model) -> list[Any]:
        without = self.key if row.pk is None else ""
        columns = self.columns.items()
        return [give(read(row)) for name, (read, give) in columns if name != without]


@lru_cache(maxsize=128)
def _insert_of(model: type[models.Model]) -> _Insert | None:
    if _columns(model) is None:
        return None
    columns = {
        str(field.column): (_reader(field), _giver(field))
        for field in model._meta.local_concrete_fields
    }
    quote, key = connection.ops.quote_name, str(model._meta.pk.column)

    def insert(names: list[str]) -> str:
        into, places = ", ".join(map(quote, names)), ", ".join(["%s"] * len(names))
        return f"INSERT INTO {quote(model._meta.db_table)} ({into}) VALUES ({places})"  # noqa: S608

    keyless = insert([name for name in columns if name != key])
    return _Insert(keyless, insert(list(columns)), f" RETURNING {quote(key)}", key, columns)


def _giver(field: Any) -> Callable[[Any], Any]:
    """From a row's value to what the database's driver takes."""
    if isinstance(field, models.JSONField):
        encoder = field.encoder
        return lambda value: json.dumps(value, cls=encoder)
    if isinstance(field, models.UUIDField):
        return lambda value: str(value) if value is not None else None
    return lambda value: str(value) if isinstance(value, str) else value


@lru_cache(maxsize=64)
def _columns(model: type[models.Model]) -> dict[str, tuple[Writer, Writer]] | None:
    """By column: how its value is read from a row, and how it is written."""
    if len(model._meta.concrete_fields) != len(model._meta.local_concrete_fields):
        return None
    found = {}
    for field in model._meta.local_concrete_fields:
        if isinstance(field, models.FileField | models.BinaryField | models.GeneratedField):
            return None
        found[str(field.column)] = (_reader(field), _writer(field))
    return found


def _reader(field: Any) -> Writer:
    if isinstance(field, models.ForeignKey):
        return lambda row: _key_of(field, row)
    if type(field).pre_save is models.Field.pre_save:
        name = field.attname
        return lambda row: getattr(row, name)
    return lambda row: field.pre_save(row, add=True)


def _key_of(field: models.ForeignKey[Any, Any], row: models.Model) -> Any:
    """Also of a row that had no key yet when this one was made to name it."""
    key = getattr(row, field.attname)
    if key is None and field.is_cached(row):
        named = getattr(row, field.name)
        key = getattr(named, field.target_field.attname) if named is not None else None
        setattr(row, field.attname, key)
    return key


def _writer(field: Any) -> Writer:
    if isinstance(field, models.JSONField):
        encoder = field.encoder
        return lambda value: _text(json.dumps(value, cls=encoder))
    return _written


def _written(value: Any) -> str:
    write = _WRITERS.get(type(value))
    if write is not None:
        return write(value)
    if isinstance(value, str):  # a member of an enumeration
        return _text(str(value))
    raise _NotForCopy(type(value))


def _text(value: str) -> str:
    return value.translate(_ESCAPES)


def _several(values: list[Any]) -> str:
    return _text("{" + ",".join(map(_entry, values)) + "}")


def _entry(value: Any) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if type(value) is int:
        return str(value)
    raise _NotForCopy(type(value))


def _span(value: timedelta) -> str:
    return f"{value.days} days {value.seconds}.{value.microseconds:06d} seconds"


_WRITERS: dict[type, Writer] = {
    str: _text,
    int: str,
    float: repr,
    bool: lambda value: "t" if value else "f",
    type(None): lambda _value: "\\N",
    datetime: datetime.isoformat,
    date: date.isoformat,
    timedelta: _span,
    UUID: str,
    list: _several,
}
