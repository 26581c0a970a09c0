from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.template import engines
from django.utils import translation

from helpdesk.common import clock

NOW = datetime(2026, 11, 18, 6, 12, tzinfo=UTC)  # 13.12 WIB, a Wednesday


@pytest.fixture
def render() -> Iterator[Callable[..., str]]:
    """Renders a piece of template in English at NOW; no database is read."""

    def rendered(source: str, **context: object) -> str:
        template = engines["django"].from_string("{% load ui timers fields %}" + source)
        return template.render(context).strip()

    with clock.at(NOW), translation.override("en"):
        yield rendered
