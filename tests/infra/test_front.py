"""The front: one address for pages and live streams, one request a connection, bytes unread."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from deploy.front import Front, closing

HOST = "127.0.0.1"
Ask = Callable[[bytes], Awaitable[bytes]]


def behind(name: bytes, taken: list[bytes]) -> Any:
    """A server that answers with its name and what it was sent, and closes."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        got = await reader.readuntil(b"\r\n\r\n")
        if b"Content-Length: " in got:
            length = int(got.split(b"Content-Length: ")[1].split(b"\r\n")[0])
            got += await reader.readexactly(length)
        taken.append(got)
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + name)
        await writer.drain()
        writer.close()

    return answer


def with_front(test: Callable[[Ask, list[bytes]], Awaitable[None]], *, events: bool = True) -> None:
    async def run() -> None:
        taken: list[bytes] = []
        servers = [
            await asyncio.start_server(behind(name, taken), HOST, 0)
            for name in (b"pages", b"events")
        ]
        ports = [server.sockets[0].getsockname()[1] for server in servers]
        if not events:
            servers[1].close()
        front = await Front((HOST, ports[0]), (HOST, ports[1])).serve(HOST, 0)

        async def ask(request: bytes) -> bytes:
            port = front.sockets[0].getsockname()[1]
            reader, writer = await asyncio.open_connection(HOST, port)
            writer.write(request)
            try:
                return await asyncio.wait_for(reader.read(), 10)
            except ConnectionResetError:  # closed while there was more to read
                return b""
            finally:
                writer.close()

        await test(ask, taken)
        front.close()
        for server in servers:
            server.close()

    asyncio.run(run())


def test_streams_go_one_way_and_pages_the_other() -> None:
    async def test(ask: Ask, taken: list[bytes]) -> None:
        for path, name in (
            (b"/events/", b"events"),
            (b"/events/?since=1", b"events"),
            (b"/", b"pages"),
            (b"/events", b"pages"),
            (b"/events/x", b"pages"),
            (b"/?/events/", b"pages"),
        ):
            answer = await ask(b"GET " + path + b" HTTP/1.1\r\nHost: a\r\n\r\n")
            assert answer.endswith(name), path

    with_front(test)


def test_a_body_passes_whole_and_the_connection_is_closed() -> None:
    body = bytes(range(256)) * 2_000

    async def test(ask: Ask, taken: list[bytes]) -> None:
        head = b"POST /x HTTP/1.1\r\nConnection: keep-alive\r\nContent-Length: %d\r\n\r\n"
        assert (await ask(head % len(body) + body)).endswith(b"pages")
        assert taken[0].endswith(body)
        assert b"keep-alive" not in taken[0]
        assert b"\r\nConnection: close\r\n" in taken[0]

    with_front(test)


def test_a_second_request_on_the_same_connection_reaches_nobody() -> None:
    async def test(ask: Ask, taken: list[bytes]) -> None:
        one = b"GET /%d HTTP/1.1\r\nHost: a\r\n\r\n"
        await ask(one % 1 + one % 2)
        assert len(taken) == 1

    with_front(test)


def test_what_is_away_or_too_large_is_said_plainly() -> None:
    async def test(ask: Ask, taken: list[bytes]) -> None:
        away = await ask(b"GET /events/ HTTP/1.1\r\nHost: a\r\n\r\n")
        assert away.startswith(b"HTTP/1.1 503 ")
        large = await ask(b"GET / HTTP/1.1\r\nX: " + b"a" * 200_000 + b"\r\n\r\n")
        assert large == b"" or large.startswith(b"HTTP/1.1 431 ")
        assert taken == []
        assert (await ask(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")).endswith(b"pages")

    with_front(test, events=False)


def test_only_the_hops_own_headers_are_taken_away() -> None:
    head = b"GET / HTTP/1.1\r\nHost: a\r\nconnection : x\r\nKeep-Alive: 5\r\nX: Connection\r\n\r\n"
    assert (
        closing(head) == b"GET / HTTP/1.1\r\nHost: a\r\nX: Connection\r\nConnection: close\r\n\r\n"
    )
