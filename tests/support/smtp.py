"""A mail server of our own on a local port, that keeps what it is given and can be told to misbehave."""

from __future__ import annotations

import email
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from typing import Any

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend


class MailServer(socketserver.ThreadingTCPServer):
    """`messages`: what was accepted, in order. `hang_up_after_data`: takes a mail, never says so."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.messages: list[Message] = []
        self.hang_up_after_data = False
        self.refuse = False

    def connection(self) -> BaseEmailBackend:
        host, port = self.server_address[:2]
        backend = "django.core.mail.backends.smtp.EmailBackend"
        made: Any = get_connection(
            backend, host=host, port=port, username="", password="", use_tls=False, timeout=5
        )
        return made


class _Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self._say("220 tests")
        while line := self.rfile.readline():
            verb = line[:4].upper().strip()
            if verb == b"QUIT":
                self._say("221 bye")
                return
            if verb == b"RCPT" and self.server.refuse:
                self._say("451 not now")
            elif verb != b"DATA":
                self._say("250 ok")
            elif not self._data():
                return

    def _data(self) -> bool:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line[1:] if line.startswith(b"..") else line)
        self.server.messages.append(email.message_from_bytes(b"".join(lines)))
        if self.server.hang_up_after_data:
            return False
        self._say("250 taken")
        return True

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
