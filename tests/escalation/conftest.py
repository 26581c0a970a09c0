from __future__ import annotations

from collections.abc import Callable

import pytest

from people.models import User
from tests.support.receiving import Receiving
from tests.support.stages import Stage, stage


@pytest.fixture
def case(stage: Stage, people: dict[str, User]) -> Callable[[], Receiving]:
    """A fresh handled case (or `ticket` changes), to be sent to a receiving team."""
    return lambda **changes: Receiving(stage.handled(**changes), people)


__all__ = ["stage"]
