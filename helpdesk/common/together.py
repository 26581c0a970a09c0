"""Several querysets in one statement: what a page shows of one thing costs one round trip.

Each queryset becomes a subselect that PostgreSQL answers as JSON; from there Django makes the same
instances of it as if it had been asked alone (`select_related`, annotations and all).
"""

from __future__ import annotations

import copy
import json
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import chain
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import QuerySet
from django.utils.dateparse import parse_duration

from helpdesk.common import prepared
from helpdesk.common.prepared import Given

Rows = QuerySet[Any, Any]
_STAND_IN = (int, datetime, Given)


class Subselect:
    """A queryset with its SQL; empty SQL where no row can be meant."""

    def __init__(self, queryset: Rows) -> None:
        self._queryset = queryset
        self._compiler = queryset.query.get_compiler(using=connection.alias)
        self.sql: str = ""
        self.params: Sequence[Any] = ()
        try:
            self.sql, params = self._compiler.as_sql()
        except EmptyResultSet:
            return
        self.params = tuple(params)
        fields = [column[0].output_field for column in self._compiler.select]
        self._read = [_READ.get(field.get_internal_type(), _as_is) for field in fields]
        self.names = ", ".join(f"c{place}" for place in range(len(fields)))

    def with_values(self, values: Mapping[Any, Any]) -> Subselect:
        """The same with other parameters in the place of those named as keys."""
        again = copy.copy(self)
        again.params = tuple(
            values.get(value, value) if type(value) in _STAND_IN else value for value in self.params
        )
        return again

    def rows(self, answer: Iterable[Iterable[Any]]) -> list[Any]:
        """What the queryset holds, from the values of each row that the database said."""
        rows = [
            tuple(
                None if value is None else read(value)
                for read, value in zip(self._read, row, strict=True)
            )
            for row in answer
        ]
        if not rows:
            return []
        # Copies, so that a subselect that is kept may be answered by several threads at once.
        compiler: Any = copy.copy(self._compiler)
        compiler.execute_sql = lambda *args, **options: [rows]
        queryset = self._queryset.all()
        query: Any = queryset.query
        query.get_compiler = lambda *args, **options: compiler
        return list(queryset)


def read_together(*asked: Rows | Subselect) -> list[list[Any]]:
    """The rows of each, in one statement. What a queryset prefetches is read as usual, afterwards.

    Not for floats, decimals and bytes, which JSON does not carry unchanged.
    """
    parts = [one if isinstance(one, Subselect) else Subselect(one) for one in asked]
    wanted = [part for part in parts if part.sql]
    answers = _ask(
        [f"SELECT json_agg(r)::text FROM ({part.sql}) AS r ({part.names})" for part in wanted],  # noqa: S608
        chain.from_iterable(part.params for part in wanted),
    )
    said = dict(zip(map(id, wanted), answers, strict=True))
    return [part.rows(row.values() for row in said.get(id(part), ())) for part in parts]


def read_in_turn(*asked: Rows | Subselect, size: int) -> list[tuple[int, Any]]:
    """At most `size` rows, of the first queryset and then of the next, each with its queryset's place.

    Their columns are the same. One statement that reads no further than it must.
    """
    made = [one if isinstance(one, Subselect) else Subselect(one) for one in asked]
    parts = [(place, part) for place, part in enumerate(made) if part.sql]
    if not parts:
        return []
    each = " UNION ALL ".join(
        f"SELECT {place} AS part, p.* FROM ({part.sql}) AS p ({part.names})"  # noqa: S608
        for place, part in parts
    )
    params = chain.from_iterable(part.params for _place, part in parts)
    (answer,) = _ask(
        [f"SELECT json_agg(r)::text FROM (SELECT * FROM ({each}) AS u LIMIT %s) AS r"],  # noqa: S608
        [*params, size],
    )
    values: dict[int, list[Any]] = {}
    for row in answer:
        place, *rest = row.values()
        values.setdefault(place, []).append(rest)
    return [(place, one) for place, part in parts for one in part.rows(values.get(place, ()))]


def _ask(asked: Sequence[str], params: Iterable[Any]) -> list[list[dict[str, Any]]]:
    """The rows that each subselect answers, in one statement."""
    if not asked:
        return []
    with connection.cursor() as cursor:
        prepared.execute(cursor, f"SELECT {', '.join(f'({one})' for one in asked)}", list(params))
        return [json.loads(answer) if answer else [] for answer in cursor.fetchone()]


class Shelf:
    """Querysets by name whose SQL is made once in a process: making it costs more than asking it.

    A set that uses a value otherwise than to compare a column with it is made at each asking.
    """

    MOST = 1000

    def __init__(self) -> None:
        self._made: OrderedDict[Hashable, dict[str, Subselect] | None] = OrderedDict()

    def parts(
        self, key: Hashable, build: Callable[..., Mapping[str, Rows]], *values: Any
    ) -> dict[str, Subselect]:
        """`build(*values)`; `key` tells apart whatever else it depends on.

        Values are keys of rows, instants and words.
        """
        made = self._made.get(key, {})
        if made == {}:
            made = self._make(key, build, values)
        if made is None:
            return _subselects(build(*map(_given, values)))
        wanted = {_stand_in(place, value): _given(value) for place, value in enumerate(values)}
        return {name: part.with_values(wanted) for name, part in made.items()}

    def _make(
        self, key: Hashable, build: Callable[..., Mapping[str, Rows]], values: Sequence[Any]
    ) -> dict[str, Subselect] | None:
        """Made with two sets of values: alike, when those are exchanged, if nothing else is done."""
        sets = [[_stand_in(n + 100 * s, value) for n, value in enumerate(values)] for s in (0, 1)]
        first, second = (_subselects(build(*given)) for given in sets)
        exchanged = dict(zip(*sets, strict=True))
        alike = all(
            (part.sql, part.with_values(exchanged).params)
            == (second[name].sql, second[name].params)
            for name, part in first.items()
        )
        # An instant or word that is none of those given was reckoned from one, perhaps rounded.
        alike = alike and all(
            value in exchanged
            for part in first.values()
            for value in part.params
            if isinstance(value, (datetime, Given))
        )
        made = first if alike else None
        self._made[key] = made
        if len(self._made) > self.MOST:
            self._made.popitem(last=False)
        return made


def _subselects(querysets: Mapping[str, Rows]) -> dict[str, Subselect]:
    return {name: Subselect(rows) for name, rows in querysets.items()}


def _given(value: Any) -> Any:
    return Given(value) if isinstance(value, str) else value


def _stand_in(place: int, value: Any) -> Any:
    """A value of the same kind that nobody else uses."""
    if isinstance(value, datetime):
        return datetime.fromtimestamp(place, UTC)
    return -7_000_001 - place if isinstance(value, int) else Given(f"given {place}")


def _as_is(value: Any) -> Any:
    return value


# By the kind of field: from what JSON says to what the database's driver would have given.
_READ: dict[str, Callable[[Any], Any]] = {
    models.DateTimeField().get_internal_type(): datetime.fromisoformat,
    models.DateField().get_internal_type(): date.fromisoformat,
    models.DurationField().get_internal_type(): parse_duration,
    models.UUIDField().get_internal_type(): UUID,
    models.JSONField().get_internal_type(): json.dumps,
}
