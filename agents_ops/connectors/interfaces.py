"""The interfaces that connectors of the agents' systems keep; each has a demo and an HTTP one."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from agents_ops.connectors.records import (
    Blocked,
    Complaint,
    Found,
    Login,
    Question,
    Receipt,
    Transaction,
)
from people.commerce import Trouble


class Unavailable(Exception):
    """The system did not answer, or with something that cannot be read: nothing is known.

    `retry_after`: seconds that the system asked for.
    """

    def __init__(self, trouble: Trouble, *, retry_after: float | None = None) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble
        self.retry_after = retry_after


class Source(Protocol):
    """One system that is looked into: transactions (sukses, pending, gagal), bank mutations against
    deposit tickets, the payment gateway, credit (Bon), balances, or the directory of agents."""

    def find(self, question: Question) -> Found:
        """What it knows; `not_found` where it knows nothing. Raises Unavailable, nothing else, and
        within the time that the connector is given."""
        ...


class Accounts(Protocol):
    """The server that holds agents' accounts."""

    def block(self, agent_code: str, *, key: str) -> Blocked:
        """Block the account; again with the same key changes nothing. Raises Unavailable."""
        ...

    def logins(self, agent_code: str) -> tuple[Login, ...]:
        """At most MOST_LOGINS entries, the latest first. Raises Unavailable."""
        ...

    def transactions(
        self, agent_code: str, since: datetime, until: datetime
    ) -> tuple[Transaction, ...]:
        """At most MOST_TRANSACTIONS of the time asked for, the oldest first. Raises Unavailable."""
        ...


class Suppliers(Protocol):
    """Where complaints to suppliers go."""

    def send(self, complaint: Complaint) -> Receipt:
        """Hand it over; the same `key` again is the same message. Raises Unavailable."""
        ...
