"""How much is sent, and by which seed."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("fuzz")
    group.addoption("--examples", dest="fuzz_examples", type=int, default=2, help="a request")
    group.addoption("--seed", dest="fuzz_seed", type=int, default=1)
    group.addoption("--seconds", dest="fuzz_seconds", type=float, default=80.0, help="of all roles")
