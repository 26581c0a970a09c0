"""Reading for one row or for many: a sweep loads for all its tickets what each of them needs.

Outside `shared` every call reads the database. Inside, `once` remembers an answer and `of_each`
loads for all rows of the batch when the first of them asks. What is remembered ends with the
block, which must be one transaction under the locks of its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)
Answer = TypeVar("Answer")


class _Batch:
    def __init__(self, rows: Iterable[models.Model]) -> None:
        self.rows = {(type(row), row.pk): row for row in rows}
        self.answers: dict[Hashable, Any] = {}


_batch: ContextVar[_Batch | None] = ContextVar("batch", default=None)


@contextmanager
def shared(rows: Iterable[models.Model]) -> Iterator[None]:
    """These rows are dealt with together, and held locked, until the block ends."""
    token = _batch.set(_Batch(rows))
    try:
        yield
    finally:
        _batch.reset(token)


def once(load: Callable[..., Answer], *arguments: Hashable) -> Answer:
    """`load(*arguments)`, asked once in a batch."""
    batch = _batch.get()
    if batch is None:
        return load(*arguments)
    key = (load, arguments)
    if key not in batch.answers:
        batch.answers[key] = load(*arguments)
    answer: Answer = batch.answers[key]
    return answer


def of_new(load: Callable[[list[Row]], Mapping[Any, Answer]], row: Row, nothing: Answer) -> Answer:
    """What `of_each` finds for a row that has just come to be: `nothing`, without asking anybody.

    In a batch it stays the same object, as there.
    """
    batch = _batch.get()
    if batch is None:
        return nothing
    answers = batch.answers.setdefault(load, {})
    answer: Answer = answers.setdefault(row.pk, nothing)
    return answer


def of_each(load: Callable[[list[Row]], Mapping[Any, Answer]], row: Row) -> Answer:
    """What `load` finds for `row`; it is given rows and answers for each by its primary key.

    In a batch the answer stays the same object: who changes what it stands for changes it too.
    """
    batch = _batch.get()
    if batch is None or batch.rows.get((type(row), row.pk)) is not row:
        return load([row])[row.pk]
    answers = batch.answers.setdefault(load, {})
    if row.pk not in answers:
        alike: list[Any] = [
            other
            for other in batch.rows.values()
            if type(other) is type(row) and other.pk not in answers
        ]
        answers |= load(alike)
    answer: Answer = answers[row.pk]
    return answer
