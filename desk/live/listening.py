"""The one connection on which PostgreSQL calls."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable
from typing import Any

import psycopg2  # type: ignore[import-untyped]
from django.db import connection

from helpdesk.common.telling import EVENTS, PRESENCE, RIGHTS

logger = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0
# A host that vanished is noticed within half a minute; until then the hub looks by itself.
KEEPALIVE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}


class Listener:
    """Calls `hear(channel, payload)` in the loop's thread; reconnects for as long as it runs."""

    def __init__(self, hear: Callable[[str, str], None]) -> None:
        self._hear = hear

    async def run(self) -> None:
        pause = FIRST_PAUSE
        while True:
            began = time.monotonic()
            try:
                await self._listen()
            except (psycopg2.Error, OSError) as error:
                logger.warning("live updates do not hear the database: %s", error)
            steady = time.monotonic() - began > LONGEST_PAUSE
            pause = FIRST_PAUSE if steady else min(LONGEST_PAUSE, pause * 2)
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - no secret

    async def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        link = await loop.run_in_executor(None, _connect)
        lost: asyncio.Future[None] = loop.create_future()

        def readable() -> None:
            try:
                link.poll()
            except psycopg2.Error as error:
                if not lost.done():
                    lost.set_exception(error)
                return
            for call in link.notifies:
                self._hear(call.channel, call.payload)
            link.notifies.clear()

        number = link.fileno()  # a lost link has none any more, the loop must be told all the same
        loop.add_reader(number, readable)
        try:
            # What was called before we listened: read as if called now.
            self._hear(RIGHTS, "")
            await lost
        finally:
            loop.remove_reader(number)
            link.close()


def _connect() -> Any:
    wanted = connection.get_connection_params()
    link = psycopg2.connect(
        **{
            name: value
            for name, value in wanted.items()
            if name not in ("cursor_factory", "context")
        },
        **KEEPALIVE,
    )
    link.autocommit = True
    with link.cursor() as cursor:
        for channel in (EVENTS, RIGHTS, PRESENCE):
            cursor.execute(f"LISTEN {channel}")
    return link
