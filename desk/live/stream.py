"""GET /events/: the stream itself, as an ASGI application without Django's own request cycle.

A stream lives for hours; Django's cycle would keep a thread and a database connection with it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.db import Error
from django.http.request import split_domain_port, validate_host

from desk.live.hub import Full, Hub
from desk.live.readers import Credentials, reader_of

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
logger = logging.getLogger(__name__)

SEND_SECONDS = 10.0
RETRY = "retry: 3000\n\n"
HEADERS = [
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
]


@dataclass(frozen=True)
class Refused(Exception):
    """Told in two words: whoever is refused learns nothing of why."""

    status: int
    word: str


@dataclass(frozen=True)
class Asked:
    credentials: Credentials
    since: int | None
    drawn_at: datetime | None


async def events(hub: Hub, scope: Scope, receive: Receive, send: Send) -> None:
    try:
        asked = read(scope)
        reader = await hub.in_thread(reader_of, asked.credentials)
        if reader is None:
            raise Refused(403, "refused")
        stream = hub.admit(asked.credentials, reader)
    except Refused as refused:
        await answer(send, refused.status, refused.word)
        return
    except Full:
        await answer(send, 429, "too many", retry_after=60)
        return
    except Error:
        await answer(send, 503, "back soon", retry_after=5)
        return
    try:
        await hub.greet(stream, asked.since, asked.drawn_at)
        await _until_one_ends(_gone(receive), _write(stream.waiting, send))
    except (TimeoutError, OSError):
        logger.info("a live stream was dropped: its reader is too slow or gone")
    except Error:
        logger.warning("a live stream could not begin: the database is away")
    finally:
        hub.leave(stream)


async def _write(waiting: asyncio.Queue[str | None], send: Send) -> None:
    head = [(b"content-type", b"text/event-stream"), (b"x-accel-buffering", b"no"), *HEADERS]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    chunk: str | None = RETRY
    while chunk is not None:
        async with asyncio.timeout(SEND_SECONDS):
            await send({"type": "http.response.body", "body": chunk.encode(), "more_body": True})
        chunk = await waiting.get()
    await send({"type": "http.response.body", "body": b""})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _until_one_ends(*works: Awaitable[None]) -> None:
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _open = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks, return_exceptions=True)


async def answer(send: Send, status: int, word: str, *, retry_after: int = 0) -> None:
    headers = [(b"content-type", b"text/plain"), *HEADERS]
    if retry_after:
        headers.append((b"retry-after", str(retry_after).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": f"{word}\n".encode()})


def read(scope: Scope) -> Asked:
    """What is asked for. Raises Refused."""
    headers = {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
    }
    if scope["method"] != "GET":
        raise Refused(405, "refused")
    host = headers.get("host", "")
    if not validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
        raise Refused(400, "refused")
    query = parse_qs(scope.get("query_string", b"")[:200].decode("latin-1"))
    since = headers.get("last-event-id") or _first(query, "since")
    return Asked(_credentials(headers, host), _number(since), _moment(_first(query, "at")))


def _credentials(headers: dict[str, str], host: str) -> Credentials:
    """A token in its header, never in the address; or a session whose page is ours."""
    scheme, _space, key = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return Credentials(token=key.strip())
    if not _own_page(headers, host):
        raise Refused(403, "refused")
    try:
        cookies = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        raise Refused(403, "refused") from None
    session = cookies.get(settings.SESSION_COOKIE_NAME)
    return Credentials(session=session.value if session else "")


def _own_page(headers: dict[str, str], host: str) -> bool:
    """Whether a page of this site asks: browsers say so in one of three headers, strangers cannot."""
    for name in ("origin", "referer"):
        if name in headers:
            claimed = urlsplit(headers[name])
            if name == "origin" or "sec-fetch-site" not in headers:
                return claimed.scheme in _schemes() and claimed.netloc == host
    return headers.get("sec-fetch-site") == "same-origin"


def _schemes() -> tuple[str, ...]:
    return ("https",) if settings.SESSION_COOKIE_SECURE else ("http", "https")


def _first(query: dict[str, list[str]], name: str) -> str:
    return query.get(name, [""])[0]


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 19 else None


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
