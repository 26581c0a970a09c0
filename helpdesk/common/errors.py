"""Refusals that every edge (page, API, command) can translate: a stable code and a sentence.

A service raises one of these; a page shows the sentence, the API makes a problem document of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Refusal(Exception):
    """An operation that the rules do not allow; nothing was changed."""

    status = 400
    code = "refused"

    def __init__(self, message: Any, *, code: str = "", fields: Mapping[str, Any] | None = None):
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.fields = dict(fields or {})

    def __str__(self) -> str:
        return str(self.message)


class InvalidInput(Refusal):
    """What was sent cannot be accepted; `fields` names each part and why."""

    status = 400
    code = "invalid_input"


class NotAllowed(Refusal):
    """The actor's role does not permit this."""

    status = 403
    code = "not_allowed"


class WrongState(Refusal):
    """The ticket is not in a state from which this is possible."""

    status = 409
    code = "wrong_state"


class Conflict(Refusal):
    """Somebody else changed the ticket since the actor looked at it."""

    status = 409
    code = "conflict"


class TooMany(Refusal):
    """A limit on attempts or volume was reached; `retry_after` is in seconds."""

    status = 429
    code = "too_many_requests"

    def __init__(self, message: Any, *, retry_after: int, code: str = ""):
        super().__init__(message, code=code)
        self.retry_after = retry_after
