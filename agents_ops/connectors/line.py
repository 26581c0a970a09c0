"""One question by POST to a system whose address stands in the settings."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, TypeVar

from agents_ops.connectors.interfaces import Unavailable
from helpdesk.common.outbound import Answer, NotAllowedThere, post
from people.commerce import Trouble
from people.commerce.breaker import Breaker

T = TypeVar("T")
LARGEST_ANSWER = 512 * 1024
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_REFUSING = frozenset({401, 403})


@dataclass(frozen=True)
class Place:
    """Where a system answers: its base address, its key, and how many seconds one call may take."""

    url: str
    token: str = ""
    seconds: float = 2.0


class Line:
    """Left alone for a while after several failures in a row, so that nobody waits for it each time."""

    def __init__(self, place: Place, path: str) -> None:
        self._place, self._path, self._breaker = place, path, Breaker()

    def ask(self, body: dict[str, Any], read: Callable[[Any], T], *, key: str = "") -> T:
        """The answer as `read` makes it of its JSON; who answers nonsense rests like who does not.

        `key` makes it the same call when it is made again. Raises Unavailable.
        """
        if not self._breaker.may_ask():
            raise Unavailable(Trouble.RESTING)
        try:
            found = read(self._read(self._send(body, key)))
        except Unavailable:
            self._breaker.failed()
            raise
        self._breaker.succeeded()
        return found

    def _send(self, body: dict[str, Any], key: str) -> Answer:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self._place.token:
            headers["Authorization"] = f"Bearer {self._place.token}"
        if key:
            headers["Idempotency-Key"] = key
        try:
            return post(
                self._place.url.rstrip("/") + self._path,
                json.dumps(body).encode(),
                headers,
                seconds=self._place.seconds,
                read=LARGEST_ANSWER,
                ours=True,
            )
        except TimeoutError as error:
            raise Unavailable(Trouble.TIMEOUT) from error
        except (OSError, HTTPException, NotAllowedThere) as error:
            raise Unavailable(Trouble.UNREACHABLE) from error

    @staticmethod
    def _read(answer: Answer) -> Any:
        if answer.status in _REFUSING:
            raise Unavailable(Trouble.REFUSED)
        if answer.status in _PASSING:
            raise Unavailable(Trouble.UNREACHABLE, retry_after=answer.retry_after)
        if not 200 <= answer.status < 300 or len(answer.body) > LARGEST_ANSWER:
            raise Unavailable(Trouble.BROKEN)
        try:
            return json.loads(answer.body)
        except (ValueError, RecursionError) as error:
            raise Unavailable(Trouble.BROKEN) from error
