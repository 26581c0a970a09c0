"""Statements planned once answer as those planned at each asking."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from helpdesk.common import prepared
from helpdesk.common.prepared import Given

pytestmark = pytest.mark.django_db
MOMENT = datetime(2026, 12, 1, 3, 4, 5, 678901, tzinfo=UTC)


def answer(sql: str, *params: Any) -> Any:
    with connection.cursor() as cursor:
        prepared.execute(cursor, sql, params)
        return cursor.fetchall()


def plainly(sql: str, *params: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


@pytest.mark.parametrize(
    ("sql", "params"),
    [
        ("SELECT n FROM generate_series(1, 9) AS n WHERE n = %s", [4]),
        ("SELECT n FROM generate_series(1, 9) AS n WHERE n IN (%s, %s, %s) LIMIT %s", [4, 5, 8, 2]),
        ("SELECT n FROM generate_series(1, 9) AS n WHERE n = ANY(%s)", [[3, 4]]),
        ("SELECT %s AS n, %s AS word, %s, %s", [7, "10% 'off' \\", None, True]),
        ("SELECT w FROM (VALUES ('ada%%'), (%s)) AS v (w) WHERE w LIKE 'a%%'", ["b"]),
        ("SELECT at FROM (VALUES (%s)) AS v (at) WHERE at <= %s", [MOMENT, MOMENT]),
        ("SELECT 1 WHERE (%s, %s) > (%s, %s)", [3, 1, 2, 9]),
        ("SELECT w FROM (VALUES ('x'), ('y')) AS v (w) WHERE w = %s", [Given("y'; --")]),
        ("SELECT w FROM (VALUES ('x'), ('y')) AS v (w) WHERE w = %s", [Given("y")]),
        ("SELECT 1", []),
    ],
)
def test_the_answer_is_the_same(sql, params):
    for _time in range(7):  # PostgreSQL takes a plan for all parameters from the sixth on
        assert answer(sql, *params) == plainly(sql, *params)


def planned() -> int:
    return int(
        plainly("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'kept%%'")[0][0]
    )


def test_other_keys_use_the_same_plan_and_other_words_do_not():
    sql = "SELECT %s AS word FROM generate_series(1, 9) AS n WHERE n = %s"
    before = planned()
    assert answer(sql, "a", 1) == answer(sql, "a", 2) == [("a",)]
    assert answer(sql, "b", 1) == [("b",)]
    assert planned() == before + 2


def test_a_connection_keeps_no_more_than_it_may(monkeypatch):
    monkeypatch.setattr(prepared, "MOST", 3)
    for number in (*range(6), *range(6)):
        assert answer(f"SELECT {number}") == [(number,)]
    assert planned() == 3


def test_what_was_planned_survives_a_rollback():
    def fails() -> None:
        with transaction.atomic():
            assert answer("SELECT 1 AS survives") == [(1,)]
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert answer("SELECT 1 AS survives") == [(1,)]


def test_behind_a_pooler_nothing_is_prepared(settings):
    settings.PREPARES_STATEMENTS, before = False, planned()
    assert answer("SELECT 'pooled' WHERE 1 = %s", 1) == [("pooled",)]
    assert planned() == before


def test_what_cannot_be_prepared_is_an_error_of_djangos():
    with pytest.raises(ProgrammingError), transaction.atomic():
        answer("SELECT nothing FROM no_such_table")
