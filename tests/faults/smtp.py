"""A mail server of the test's own: it keeps what it took, and fails as it is told to."""

from __future__ import annotations

import re
import socketserver
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count


class Server(socketserver.ThreadingTCPServer):
    """`taken` counts Message-IDs. `breaks_after` letters each further connection is cut in the middle;
    with `swallows` the letter is taken first, so that the sender never learns of it."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.taken: Counter[str] = Counter()
        self.breaks_after: int | None = None
        self.swallows = False
        self.number = count(1)

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Talk(socketserver.StreamRequestHandler):
    server: Server

    def handle(self) -> None:
        self._say("220 ready")
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            if verb == "DATA":
                self._say("354 go on")
                letter = self._letter()
                if not self._takes(letter):
                    return
                self._say("250 taken")
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _letter(self) -> str:
        lines = []
        while (line := self.rfile.readline().decode()) not in (".\r\n", ""):
            lines.append(line)
        return "".join(lines)

    def _takes(self, letter: str) -> bool:
        whole = self.server.breaks_after is None or (
            next(self.server.number) <= self.server.breaks_after
        )
        if whole or self.server.swallows:
            found = re.search(r"^Message-ID:\s*(<[^>]+>)", letter, re.MULTILINE | re.IGNORECASE)
            assert found
            self.server.taken[found[1]] += 1
        return whole

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
