"""The connectors to systems that answer over HTTP (docs/suppliers.md tells what they must say)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from agents_ops.connectors.line import Line, Place
from agents_ops.connectors.reading import (
    read_blocked,
    read_found,
    read_logins,
    read_receipt,
    read_transactions,
)
from agents_ops.connectors.records import (
    Blocked,
    Complaint,
    Found,
    Login,
    Question,
    Receipt,
    Transaction,
)


class HttpSource:
    """Asks `{url}/v1/{system}` by POST: no agent and no number stands in an address or a log."""

    def __init__(self, system: str, place: Place) -> None:
        self._system, self._line = system, Line(place, f"/v1/{system}")

    def find(self, question: Question) -> Found:
        asked = {name: _plain(value) for name, value in asdict(question).items() if value}
        return self._line.ask(asked, lambda body: read_found(self._system, body))


class HttpAccounts:
    """`{url}/v1/blocks`, `/v1/logins` and `/v1/transactions`."""

    def __init__(self, place: Place) -> None:
        self._blocks = Line(place, "/v1/blocks")
        self._logins = Line(place, "/v1/logins")
        self._transactions = Line(place, "/v1/transactions")

    def block(self, agent_code: str, *, key: str) -> Blocked:
        return self._blocks.ask({"agent_code": agent_code, "key": key}, read_blocked, key=key)

    def logins(self, agent_code: str) -> tuple[Login, ...]:
        return self._logins.ask({"agent_code": agent_code}, read_logins)

    def transactions(
        self, agent_code: str, since: datetime, until: datetime
    ) -> tuple[Transaction, ...]:
        asked = {"agent_code": agent_code, "since": _plain(since), "until": _plain(until)}
        return self._transactions.ask(asked, read_transactions)


class HttpSuppliers:
    """`{url}/v1/complaints`, the key both in the body and as `Idempotency-Key`."""

    def __init__(self, place: Place) -> None:
        self._line = Line(place, "/v1/complaints")

    def send(self, complaint: Complaint) -> Receipt:
        body = {name: _plain(value) for name, value in asdict(complaint).items() if value}
        return self._line.ask(body, read_receipt, key=complaint.key)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
