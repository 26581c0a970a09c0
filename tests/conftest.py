"""Fixtures of the whole suite: the databases (tests/support) and the cast (tests/cast.py)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from helpdesk.common.versioned import forget_cached_rules

pytest_plugins = ["tests.support.database", "tests.cast", "tests.support.live"]


@pytest.fixture(autouse=True)
def fresh_rules() -> Iterator[None]:
    """No test sees the rule versions that another one published and rolled back."""
    forget_cached_rules()
    yield
    forget_cached_rules()
