from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from helpdesk.common.errors import Refusal
from tests.support.stages import stage

__all__ = ["stage"]


def at_once(acts: Iterable[Callable[[], Any]]) -> list[Any]:
    """Run all acts at the same moment, each on its own connection; results or refusals, in order.

    Anything that is not a refusal is raised: it would have been a 500.
    """
    acts = list(acts)
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            barrier.wait(timeout=20)
            return act()
        except Refusal as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.fixture(name="at_once")
def at_once_fixture() -> Callable[[Iterable[Callable[[], Any]]], list[Any]]:
    return at_once
