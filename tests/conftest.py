"""Fixtures of the whole suite: the databases (tests/support) and the cast (tests/cast.py)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from helpdesk.common.versioned import VersionedData, forget_cached_rules

pytest_plugins = ["tests.support.database", "tests.cast", "tests.support.live"]


@pytest.fixture(autouse=True)
def fresh_rules(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test sees the rule versions that another one published and rolled back.

    Within a test they are kept however slow the machine is: queries are counted.
    """
    monkeypatch.setattr(VersionedData, "cache_seconds", 3600)
    forget_cached_rules()
    yield
    forget_cached_rules()
