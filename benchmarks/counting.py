from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


class Statements:
    count = 0

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        self.count += 1
        return execute(*arguments)


@contextmanager
def statements() -> Iterator[Statements]:
    """Counts the statements that this process sends inside the block."""
    counter = Statements()
    with connection.execute_wrapper(counter):
        yield counter
