"""The live streams at /events/, which WSGI cannot hold, and nothing else: pages stay with WSGI.

uvicorn helpdesk.asgi:application --lifespan on --timeout-graceful-shutdown 2
"""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
django.setup(set_prefix=False)

from desk.live.hub import Hub  # noqa: E402
from desk.live.stream import Receive, Send, answer, events  # noqa: E402
from helpdesk.checks import (  # noqa: E402
    refuse_demo_people_in_production,
    refuse_unprepared_database_in_production,
)
from helpdesk.common.health import PATH, database_answers  # noqa: E402

refuse_demo_people_in_production()
refuse_unprepared_database_in_production()


class Application:
    """`hub` exists from start-up to shutdown of the server's lifespan."""

    def __init__(self) -> None:
        self.hub: Hub | None = None

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http" and self.hub is not None:
            await self._answer(self.hub, scope, receive, send)

    async def _answer(
        self, hub: Hub, scope: MutableMapping[str, Any], receive: Receive, send: Send
    ) -> None:
        if scope["path"] == "/events/":
            await events(hub, scope, receive, send)
        elif scope["path"] == PATH:
            healthy = await hub.in_thread(database_answers)
            await answer(send, 200 if healthy else 503, "ok" if healthy else "database unreachable")
        else:
            await answer(send, 404, "not here")

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.hub = Hub()
                await self.hub.open()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                if self.hub is not None:
                    await self.hub.close()
                await send({"type": "lifespan.shutdown.complete"})
                return


application = Application()
