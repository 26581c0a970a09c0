from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from people.models import User
from tests.support.live import HOST, EventsProcess, StreamReader


@pytest.fixture
def session() -> Callable[[User], dict[str, str]]:
    """The headers that a page of this person sends."""

    def signed_in(user: User) -> dict[str, str]:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        key = client.cookies[settings.SESSION_COOKIE_NAME].value
        return {
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={key}",
            "Origin": f"http://{HOST}",
        }

    return signed_in


@pytest.fixture
def listen(events_process: EventsProcess, session: Any) -> Iterator[Any]:
    """Opens a stream as this person and waits for its greeting."""
    opened: list[StreamReader] = []

    def start(user: User | None = None, *, query: str = "", **headers: Any) -> StreamReader:
        sent = {**(session(user) if user else {}), **headers}
        sent = {name.replace("_", "-"): value for name, value in sent.items() if value}
        stream = StreamReader(events_process.port, sent, query)
        stream.session = sent.get("Cookie", "").partition("=")[2]
        opened.append(stream)
        if stream.status == 200:
            stream.next()
        return stream

    yield start
    for stream in opened:
        stream.close()
