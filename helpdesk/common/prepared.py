"""Statements that PostgreSQL plans once for each connection instead of at each asking.

A page's large statements take longer to plan than to run. Here the keys and instants that they
compare columns with become parameters; every other value (states, kinds, limits) becomes part of
the text, so that the planner still sees which partial index holds it. PostgreSQL keeps a plan for
all parameters only where it costs no more than one made for these.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from itertools import count, pairwise
from types import NoneType
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper

MOST = 100
WORDS = 4000
_PLACEHOLDER = re.compile(r"%(?:%|s)")
_COMPARES = re.compile(r"(?:[=<>] ?(?:UPPER)?|IN |ANY)\(?$")
_numbers = count()
_quoted: dict[str, str] = {}
_kept: WeakKeyDictionary[Any, OrderedDict[str, str]] = WeakKeyDictionary()


class Given(str):
    """A word that differs from one asking to the next, such as a number typed; a parameter too."""

    __slots__ = ()


_PARAMETERS = (int, datetime, list, Given, NoneType)


def execute(cursor: CursorWrapper, sql: str, params: Sequence[Any]) -> None:
    """As `cursor.execute(sql, params)`. For statements whose words are ours, not a user's.

    Behind a pooler, where no connection is kept (`DB_CONN_MAX_AGE=0`), nothing is prepared.
    """
    if not settings.PREPARES_STATEMENTS:
        cursor.execute(sql, params)
        return
    text, values = _parted(cursor, sql, params)
    name = _prepared(cursor, text)
    given = f" ({', '.join(['%s'] * len(values))})" if values else ""
    cursor.execute(f"EXECUTE {name}{given}", values)


def _prepared(cursor: CursorWrapper, text: str) -> str:
    """The name of the statement on this connection; the least used one is forgotten."""
    known = _kept.setdefault(connection.connection, OrderedDict())
    if text in known:
        known.move_to_end(text)
        return known[text]
    # Past Django's own cursor: once a connection, it is none of a page's statements.
    plain, name = cursor.cursor, f"kept_{next(_numbers)}"
    with connection.wrap_database_errors:
        while len(known) >= MOST:
            plain.execute(f"DEALLOCATE {known.popitem(last=False)[1]}")
        plain.execute(f"PREPARE {name} AS {text}")
    known[text] = name
    return name


def _parted(cursor: CursorWrapper, sql: str, params: Sequence[Any]) -> tuple[str, list[Any]]:
    """The statement with `$1` and literals in the place of its placeholders, and the parameters."""
    pieces, compares = _pieces(sql)
    parts, values, before = [pieces[0]], [], False
    for place, value in enumerate(params):
        follows = before and pieces[place] == ", "
        before = (compares[place] or follows) and isinstance(value, _PARAMETERS)
        if before and not isinstance(value, bool):
            values.append(value)
            parts.append(f"${len(values)}")
        else:
            parts.append(_literal(cursor, value))
        parts.append(pieces[place + 1])
    return "".join(parts), values


@lru_cache(maxsize=4 * MOST)
def _pieces(sql: str) -> tuple[list[str], list[bool]]:
    """The text between placeholders, and of each placeholder whether a column is compared with it
    or its type is said."""
    pieces, began, text = [], 0, ""
    for found in _PLACEHOLDER.finditer(sql):
        text += sql[began : found.start()]
        began = found.end()
        if found[0] == "%%":
            text += "%"
        else:
            pieces.append(text)
            text = ""
    pieces.append(text + sql[began:])
    return pieces, [
        _COMPARES.search(before[-8:]) is not None or after.startswith("::")
        for before, after in pairwise(pieces)
    ]


def _literal(cursor: CursorWrapper, value: Any) -> str:
    if type(value) is int:
        return str(value)
    if not isinstance(value, str):
        return str(cursor.mogrify("%s", [value]).decode())
    quoted = _quoted.get(value)
    if quoted is None:
        if len(_quoted) > WORDS:
            _quoted.clear()
        quoted = _quoted[value] = cursor.mogrify("%s", [value]).decode()
    return quoted
