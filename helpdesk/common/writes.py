"""Writing rows, at once or gathered: the same code serves one person's click and a sweep of many.

Outside a gathering every call writes at once. Inside `gathered()` rows get their primary key at
once, from a block of their table's sequence, and everything is written when the block ends: what
`at_end` collected, then one UPDATE for each set of fields, then one INSERT for each table. Foreign
keys are checked at the commit, so rows may name each other in any order.

Nothing gathered can be read back by SQL before the block ends.
"""
# ruff: noqa: SLF001 - a model's columns and manager have no other names

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from itertools import groupby
from typing import Any, TypeVar

from django.db import connection, models

from helpdesk.common.copying import copy_in, insert_few, insert_one, mark_saved

Row = TypeVar("Row", bound=models.Model)
Item = TypeVar("Item")
Model = type[models.Model]


class Gathering:
    """What waits to be written; see the module."""

    def __init__(self, rows: int, like: str) -> None:
        self._like = like
        self._block_size = 1 if like else max(2, rows // 4)
        self._given: dict[Model, int] = {}
        self._inserts: dict[Model, dict[Any, models.Model]] = {}
        self._unless_there: dict[Model, list[models.Model]] = {}
        # By row: which instance holds the latest value of each field.
        self._updates: dict[tuple[Model, Any], dict[str, models.Model]] = {}
        self._at_end: dict[Callable[[list[Any]], object], list[Any]] = {}
        self._numbers: dict[Model, Iterator[int]] = {}
        self._drawn: Counter[Model] = Counter()
        self._afterwards: list[Callable[[], object]] = []

    def insert(self, row: models.Model) -> None:
        if row.pk is None:
            row.pk = self._next_number(type(row))
        self._inserts.setdefault(type(row), {})[row.pk] = row

    def insert_unless_there(self, row: models.Model) -> None:
        self._unless_there.setdefault(type(row), []).append(row)

    def update(self, row: models.Model, fields: Iterable[str]) -> None:
        waiting = self._inserts.get(type(row), {}).get(row.pk)
        if waiting is not None:
            for field in fields if waiting is not row else ():
                setattr(waiting, field, getattr(row, field))
            return
        self._updates.setdefault((type(row), row.pk), {}).update(dict.fromkeys(fields, row))

    def at_end(self, act: Callable[[list[Item]], object], item: Item) -> None:
        self._at_end.setdefault(act, []).append(item)

    def afterwards(self, act: Callable[[], object]) -> None:
        self._afterwards.append(act)

    def go_on(self) -> None:
        for act in self._afterwards:
            act()

    def inserts_of(self, model: type[Row]) -> list[Row]:
        return list(self._inserts.get(model, {}).values())  # type: ignore[arg-type]

    def write(self) -> None:
        acts, self._at_end = self._at_end, {}
        for act, items in acts.items():
            act(items)
        updates, self._updates = self._updates, {}
        for (model, fields), changed in _by_shape(updates).items():
            _update_all(model, fields, changed)
        inserts, self._inserts = self._inserts, {}
        unless_there, self._unless_there = self._unless_there, {}
        if self._like:
            _learn(self._like, self._drawn)
            rows = [row for by_key in inserts.values() for row in by_key.values()]
            if insert_few(rows, [row for rows in unless_there.values() for row in rows]):
                return
        for model, by_key in inserts.items():
            rows = list(by_key.values())
            if not copy_in(rows):
                _insert_all(model, rows)
        for model, rows in unless_there.items():
            _insert_all(model, rows, unless_there=True)

    def _next_number(self, model: Model) -> int:
        self._drawn[model] += 1
        if self._like and not self._numbers:
            self._numbers = _blocks(_usual.get(self._like, {}))
        number = next(self._numbers.get(model, iter(())), None)
        if number is None:
            # Growing each time: few statements for many rows, few gaps for few.
            given = self._given.get(model, 0)
            size = max(self._block_size, 2 * given)
            self._given[model] = given + size
            self._numbers[model] = iter(_block(model, size))
            number = next(self._numbers[model])
        return number


# By what is done: how many keys of each table it draws at least.
_usual: dict[str, dict[Model, int]] = {}
_gathering: ContextVar[Gathering | None] = ContextVar("gathering", default=None)


@contextmanager
def gathered(*, rows: int = 1, like: str = "") -> Iterator[Gathering]:
    """Gather the block's writes and write them at its end; nothing, when it raises.

    `rows`: about how many rows of one table are to be expected. `like` names what is done once for
    one thing: its keys come together, as many as each time before, and its rows go in one round trip.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("writes are gathered inside a transaction only")
    if _gathering.get() is not None:
        raise RuntimeError("writes are being gathered already")
    gathering = Gathering(rows, like)
    token = _gathering.set(gathering)
    try:
        yield gathering
    finally:
        _gathering.reset(token)
    gathering.write()
    gathering.go_on()


def insert(*rows: models.Model) -> None:
    """New rows; each has its primary key afterwards."""
    if gathering := _gathering.get():
        for row in rows:
            gathering.insert(row)
    elif len(rows) == 1:
        if not insert_one(rows[0]):
            rows[0].save(force_insert=True)
    else:
        for model, same in groupby(rows, key=type):
            _insert_all(model, same)


def insert_unless_there(*rows: models.Model) -> None:
    """New rows, but not those that a unique constraint refuses; their keys stay unknown."""
    if gathering := _gathering.get():
        for row in rows:
            gathering.insert_unless_there(row)
        return
    for model, same in groupby(rows, key=type):
        _insert_all(model, same, unless_there=True)


def update(row: models.Model, *fields: str) -> None:
    """Save these fields of a row that the caller holds locked."""
    if gathering := _gathering.get():
        gathering.update(row, fields)
    else:
        row.save(update_fields=fields)


def link(row: models.Model, name: str, *others: models.Model) -> None:
    """Add to the many-to-many field `name` those that are not in it yet."""
    if _gathering.get() is None:
        getattr(row, name).add(*others)
        return
    field: Any = row._meta.get_field(name)
    through = field.remote_field.through
    ours, theirs = field.m2m_column_name(), field.m2m_reverse_name()
    insert_unless_there(
        *[through(**{ours: row.pk, theirs: other.pk}) for other in dict.fromkeys(others)]
    )


def at_end(act: Callable[[list[Item]], object], item: Item) -> None:
    """Call `act` with all such items of the gathering, before its updates; outside one, at once."""
    if gathering := _gathering.get():
        gathering.at_end(act, item)
    else:
        act([item])


def afterwards(act: Callable[[], object]) -> None:
    """Call `act`, which reads what is gathered, once that is written; outside a gathering, at once."""
    if gathering := _gathering.get():
        gathering.afterwards(act)
    else:
        act()


def waiting(model: type[Row]) -> list[Row]:
    """The new rows of a table that are gathered and not written yet."""
    gathering = _gathering.get()
    return gathering.inserts_of(model) if gathering else []


def _block(model: Model, size: int) -> list[int]:
    """The next numbers of the table's sequence; those left over are gaps, as after a rollback."""
    key = model._meta.pk
    if not isinstance(key, models.AutoField | models.BigAutoField):
        raise TypeError(f"{model.__name__} has no sequence: give its rows their key")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval((SELECT pg_get_serial_sequence(%s, %s)::regclass))"
            " FROM generate_series(1, %s)",
            [connection.ops.quote_name(model._meta.db_table), key.column, size],
        )
        return [number for (number,) in cursor.fetchall()]


def _learn(like: str, drawn: Counter[Model]) -> None:
    """No more than every one needed: a key drawn in vain leaves a gap."""
    known = _usual.get(like, drawn)
    _usual[like] = {model: min(drawn[model], n) for model, n in known.items() if drawn[model]}


def _blocks(wanted: dict[Model, int]) -> dict[Model, Iterator[int]]:
    """As `_block`, for several tables in one statement."""
    if not wanted:
        return {}
    models_ = list(wanted)
    lines = [
        f"({place}, '{_sequence_of(model)}'::regclass)"
        for place, model in enumerate(models_)
        for _number in range(wanted[model])
    ]
    numbers: dict[Model, list[int]] = {model: [] for model in models_}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT place, nextval(sequence) FROM (VALUES {', '.join(lines)})"  # noqa: S608
            " AS wanted (place, sequence)"
        )
        for place, number in cursor.fetchall():
            numbers[models_[place]].append(number)
    return {model: iter(found) for model, found in numbers.items()}


@cache
def _sequence_of(model: Model) -> str:
    key: Any = model._meta.pk
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_serial_sequence(%s, %s)",
            [connection.ops.quote_name(model._meta.db_table), key.column],
        )
        return str(cursor.fetchone()[0])


def _insert_all(model: Model, rows: Iterable[models.Model], *, unless_there: bool = False) -> None:
    for row in model._base_manager.bulk_create(rows, ignore_conflicts=unless_there):
        mark_saved(row)


def _by_shape(
    updates: dict[tuple[Model, Any], dict[str, models.Model]],
) -> dict[tuple[Model, tuple[str, ...]], list[tuple[Any, dict[str, models.Model]]]]:
    """Rows whose same fields change, together."""
    shapes: dict[tuple[Model, tuple[str, ...]], list[tuple[Any, dict[str, models.Model]]]] = {}
    for (model, key), fields in updates.items():
        shapes.setdefault((model, tuple(sorted(fields))), []).append((key, fields))
    return shapes


def _update_all(
    model: Model, names: tuple[str, ...], rows: list[tuple[Any, dict[str, models.Model]]]
) -> None:
    quote = connection.ops.quote_name
    key: Any = model._meta.pk
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    values: list[Any] = []
    for pk, holders in rows:
        values.append(key.get_db_prep_save(pk, connection))
        for name, field in zip(names, fields, strict=True):
            value = field.pre_save(holders[name], add=False)
            values.append(field.get_db_prep_save(value, connection))
    line = f"({', '.join(['%s'] * (1 + len(fields)))})"
    typed = ", ".join(f"%s::{_type_of(field)}" for field in [key, *fields])
    changes = ", ".join(f"{quote(field.column)} = v{place}" for place, field in enumerate(fields))
    columns = ", ".join(["k", *(f"v{place}" for place in range(len(fields)))])
    sql = (
        f"UPDATE {quote(model._meta.db_table)} SET {changes}"  # noqa: S608 - names of the models
        f" FROM (VALUES {', '.join([f'({typed})', *[line] * (len(rows) - 1)])}) AS new ({columns})"
        f" WHERE {quote(model._meta.db_table)}.{quote(key.column)} = k"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        if cursor.rowcount != len(rows):
            raise RuntimeError(f"{len(rows) - cursor.rowcount} rows of {model.__name__} are gone")


def _type_of(field: Any) -> str:
    """Without its length: a cast would cut a text to it, where an assignment refuses."""
    kind = field.rel_db_type(connection) if field.primary_key else field.db_type(connection)
    return str(kind).partition("(")[0]
