"""The connector to a system that answers over HTTP (docs/customer-data.md tells what it must say)."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading
import time
from dataclasses import asdict
from urllib.parse import urlsplit

from people.commerce.breaker import Breaker
from people.commerce.connector import CommerceUnavailable, Trouble
from people.commerce.reading import read_records
from people.commerce.records import Records, Who

PATH = "/v1/records"
LARGEST_ANSWER = 512 * 1024
ATTEMPTS = 2
WORTH_TRYING_SECONDS = 0.2
_PASSING = frozenset({502, 503, 504})
_REFUSING = frozenset({401, 403})
OK, NOT_FOUND = 200, 404


class HttpConnector:
    """Asks `base`/v1/records by POST, so that no contact stands in an address or an access log.

    One call takes `seconds` at most, attempts and all; looking the name up comes on top. Redirects
    are not followed: the address is ours to choose, not the answer's.
    """

    def __init__(self, base: str, token: str, *, seconds: float = 2.0) -> None:
        parts = urlsplit(base)
        self._secure = parts.scheme == "https"
        self._host, self._port = parts.hostname or "", parts.port
        self._path = parts.path.rstrip("/") + PATH
        self._token, self._seconds = token, seconds
        self._breaker = Breaker()

    def records_of(self, who: Who) -> Records:
        if not who:
            return Records()
        if not self._breaker.may_ask():
            raise CommerceUnavailable(Trouble.RESTING)
        try:
            found = self._ask(json.dumps(asdict(who)).encode())
        except CommerceUnavailable:
            self._breaker.failed()
            raise
        self._breaker.succeeded()
        return found

    def _ask(self, question: bytes) -> Records:
        """Asks again where trying again can help and time is left."""
        ends = time.monotonic() + self._seconds
        trouble = Trouble.TIMEOUT
        for _attempt in range(ATTEMPTS):
            left = ends - time.monotonic()
            if left < WORTH_TRYING_SECONDS:
                break
            try:
                status, answer = self._post(question, left)
            except (OSError, http.client.HTTPException):
                late = time.monotonic() >= ends
                trouble = Trouble.TIMEOUT if late else Trouble.UNREACHABLE
                continue
            if status in _PASSING:
                trouble = Trouble.UNREACHABLE
                continue
            return _read(status, answer)
        raise CommerceUnavailable(trouble)

    def _post(self, question: bytes, seconds: float) -> tuple[int, bytes]:
        kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        line = kind(self._host, self._port, timeout=seconds)
        begun = time.monotonic()
        try:
            line.connect()
            # A time-out of the socket holds for each piece; a slow drip of pieces ends by this.
            left = max(0.01, seconds - (time.monotonic() - begun))
            watch = threading.Timer(left, _hang_up, [line.sock])
            watch.daemon = True
            watch.start()
            try:
                line.request("POST", self._path, question, self._headers())
                answer = line.getresponse()
                body = answer.read(LARGEST_ANSWER + 1)
                if answer.length and len(body) <= LARGEST_ANSWER:  # the line was cut
                    raise http.client.IncompleteRead(body)
                return answer.status, body
            finally:
                watch.cancel()
        finally:
            line.close()

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        return headers | ({"Authorization": f"Bearer {self._token}"} if self._token else {})


def _hang_up(line: socket.socket) -> None:
    with contextlib.suppress(OSError):  # where it has ended by itself
        # Of the plain socket, also below TLS: that wakes whoever waits for it.
        socket.socket.shutdown(line, socket.SHUT_RDWR)


def _read(status: int, answer: bytes) -> Records:
    if status == NOT_FOUND:
        return Records()
    if status in _REFUSING:
        raise CommerceUnavailable(Trouble.REFUSED)
    if status != OK or len(answer) > LARGEST_ANSWER:
        raise CommerceUnavailable(Trouble.BROKEN)
    return read_records(answer)
