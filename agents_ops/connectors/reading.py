"""A system's JSON, checked part by part before anything of it is believed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from agents_ops.connectors.interfaces import Unavailable
from agents_ops.connectors.records import (
    AMOUNTS,
    FACTS,
    MOMENTS,
    MOST_LOGINS,
    MOST_TRANSACTIONS,
    SYSTEMS,
    Blocked,
    Fact,
    Found,
    Login,
    Receipt,
    Transaction,
)
from helpdesk.common.errors import InvalidInput
from helpdesk.common.money import is_amount
from helpdesk.common.text import clean_text
from people.commerce import Trouble

LONGEST_WORD = 120
LONGEST_TEXT = 1_000
Part = dict[str, Any]
T = TypeVar("T")


def read_found(system: str, body: Any) -> Found:
    """Raises Unavailable (broken answer), as every reader here."""

    def read(part: Part) -> Found:
        result = part["result"]
        if result not in SYSTEMS[system]:
            raise ValueError("result")
        facts = part.get("facts", {})
        return Found(
            result,
            {name: _fact(name, facts[name]) for name in FACTS if facts.get(name) not in (None, "")},
        )

    return _believed(read, body)


def read_blocked(body: Any) -> Blocked:
    return _believed(lambda part: Blocked(_word(part["reference"]), _moment(part["at"])), body)


def read_receipt(body: Any) -> Receipt:
    def read(part: Part) -> Receipt:
        result = part.get("result", "")
        if result not in ("", "success", "failed", "pending"):
            raise ValueError("result")
        return Receipt(_word(part["reference"]), result, _word(part.get("text", ""), LONGEST_TEXT))

    return _believed(read, body)


def read_logins(body: Any) -> tuple[Login, ...]:
    return _believed(lambda part: _rows(part, "logins", _login, MOST_LOGINS), body)


def read_transactions(body: Any) -> tuple[Transaction, ...]:
    def read(part: Part) -> tuple[Transaction, ...]:
        found = _rows(part, "transactions", _transaction, MOST_TRANSACTIONS)
        return tuple(sorted(found, key=lambda row: row.at))

    return _believed(read, body)


def _believed(read: Callable[[Part], T], body: Any) -> T:
    try:
        if not isinstance(body, dict):
            raise TypeError("no object")
        return read(body)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, InvalidInput) as error:
        raise Unavailable(Trouble.BROKEN) from error


def _rows(part: Part, name: str, read: Callable[[Part], T], most: int) -> tuple[T, ...]:
    rows = part[name]
    if not isinstance(rows, list):
        raise TypeError(name)
    return tuple(read(row) for row in rows[:most])


def _login(row: Part) -> Login:
    return Login(
        at=_moment(row["at"]),
        ip=_word(row.get("ip", "")),
        device=_word(row.get("device", "")),
        place=_word(row.get("place", "")),
    )


def _transaction(row: Part) -> Transaction:
    if row["status"] not in ("success", "pending", "failed"):
        raise ValueError("status")
    return Transaction(
        reference=_word(row["reference"]),
        at=_moment(row["at"]),
        product=_word(row.get("product", "")),
        destination=_word(row.get("destination", "")),
        amount_idr=_amount(row["amount_idr"]),
        status=row["status"],
        serial=_word(row.get("serial", "")),
    )


def _fact(name: str, value: Any) -> Fact:
    if name in AMOUNTS:
        return _amount(value)
    return _moment(value) if name in MOMENTS else _word(value)


def _word(value: Any, most: int = LONGEST_WORD) -> str:
    return clean_text(value, field="answer", max_length=most)


def _amount(value: Any) -> int:
    if not is_amount(value):
        raise ValueError("amount")
    return int(value)


def _moment(value: Any) -> datetime:
    found = datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise ValueError("an instant needs its zone")
    return found
