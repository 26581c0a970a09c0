"""One address for two servers: /events/ goes to the live streams, everything else to the pages.

`python -m deploy.front --listen 127.0.0.1:8000 --pages 127.0.0.1:8001 --events 127.0.0.1:8002`

It reads the head of a request, asks for the connection to be closed after the answer, and from then
on passes bytes on unread: one request a connection, so there is nothing to lose count of. Whoever
has a proxy that knows addresses (nginx, Caddy) routes /events/ there instead.
"""

from __future__ import annotations

import argparse
import asyncio
from contextlib import suppress

HEAD_SECONDS = 15.0
HEAD_BYTES = 64 * 1024
CONNECT_SECONDS = 5.0
PIECE = 64 * 1024
HOP = (b"connection", b"keep-alive", b"proxy-connection")
AWAY = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\nContent-Length: 10\r\n"
    b"Retry-After: 5\r\nCache-Control: no-store\r\nConnection: close\r\n\r\nback soon\n"
)
TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Length: 0\r\n"
    b"Connection: close\r\n\r\n"
)

Address = tuple[str, int]


class Front:
    def __init__(self, pages: Address, events: Address) -> None:
        self._pages, self._events = pages, events

    async def serve(self, host: str, port: int) -> asyncio.Server:
        return await asyncio.start_server(self._handle, host, port, limit=HEAD_BYTES)

    async def _handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            await self._pass_on(reader, writer)
        with suppress(OSError):
            writer.close()
            await writer.wait_closed()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(HEAD_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, TimeoutError):
            return
        except asyncio.LimitOverrunError:
            writer.write(TOO_LARGE)
            return
        streams = is_stream(head)
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                target = self._events if streams else self._pages
                behind, ahead = await asyncio.open_connection(*target)
        except (OSError, TimeoutError):
            writer.write(AWAY)
            return
        try:
            ahead.write(closing(head))
            asking = asyncio.create_task(_copy(reader, ahead))
            answering = asyncio.create_task(_copy(behind, writer))
            # Who closes a stream's page is gone; who has only ended a request waits for its answer.
            waited_for = [answering, asking] if streams else [answering]
            await asyncio.wait(waited_for, return_when=asyncio.FIRST_COMPLETED)
            asking.cancel()
            answering.cancel()
            await asyncio.gather(asking, answering, return_exceptions=True)
        finally:
            ahead.close()


def is_stream(head: bytes) -> bool:
    words = head.split(b" ", 2)
    return len(words) == 3 and words[1].split(b"?", 1)[0] == b"/events/"


def closing(head: bytes) -> bytes:
    """The head of the request with the wish to close the connection after the answer."""
    first, *lines = head[:-4].split(b"\r\n")
    kept = [line for line in lines if line.partition(b":")[0].strip().lower() not in HOP]
    return b"\r\n".join([first, *kept, b"Connection: close", b"", b""])


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    """Until the source ends. A slow target holds the source up: nothing heaps up here."""
    with suppress(ConnectionError):
        while piece := await source.read(PIECE):
            target.write(piece)
            await target.drain()


def _address(text: str) -> Address:
    host, _colon, port = text.rpartition(":")
    if not host or not port.isdecimal():
        raise argparse.ArgumentTypeError(f"{text}: expected host:port")
    return host, int(port)


async def _run(options: argparse.Namespace) -> None:
    server = await Front(options.pages, options.events).serve(*options.listen)
    async with server:
        await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m deploy.front", description=__doc__)
    for name in ("listen", "pages", "events"):
        parser.add_argument(f"--{name}", type=_address, required=True, metavar="HOST:PORT")
    with suppress(KeyboardInterrupt):
        asyncio.run(_run(parser.parse_args()))


if __name__ == "__main__":
    main()
