"""A connector's JSON, checked part by part; the shape is told in docs/customer-data.md."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.db import models

from helpdesk.common.errors import InvalidInput
from helpdesk.common.money import is_amount
from helpdesk.common.text import clean_text
from people.commerce.connector import CommerceUnavailable, Trouble
from people.commerce.records import (
    MOST_ITEMS,
    MOST_ORDERS,
    MOST_TRANSACTIONS,
    Deposit,
    Item,
    Order,
    OrderStatus,
    Parcel,
    Records,
    Transaction,
    TransactionKind,
    TransactionStatus,
)

LONGEST_WORD = 120
MOST_OF_ONE = 100_000
Part = dict[str, Any]
T = TypeVar("T")
Code = TypeVar("Code", bound=models.TextChoices)


def read_records(raw: bytes) -> Records:
    """The records; what goes beyond the limits is left out. Raises CommerceUnavailable."""
    try:
        body = _part(json.loads(raw))
        return Records(
            orders=_several(body, "orders", _order, MOST_ORDERS),
            transactions=_several(body, "transactions", _transaction, MOST_TRANSACTIONS),
            deposit=_perhaps(body, "deposit", _deposit),
        )
    except (ValueError, TypeError, KeyError, RecursionError, InvalidInput) as error:
        raise CommerceUnavailable(Trouble.BROKEN) from error


def _order(part: Part) -> Order:
    return Order(
        number=_word(part, "number", needed=True),
        placed_at=_moment(part["placed_at"]),
        status=_code(OrderStatus, part["status"]),
        total_idr=_amount(part, "total_idr"),
        shop=_word(part, "shop"),
        items=_several(part, "items", _item, MOST_ITEMS),
        parcel=_perhaps(part, "parcel", _parcel),
    )


def _item(part: Part) -> Item:
    quantity = part["quantity"]
    if not is_amount(quantity) or quantity > MOST_OF_ONE:
        raise ValueError("quantity")
    return Item(_word(part, "name", needed=True), quantity, _amount(part, "price_idr"))


def _parcel(part: Part) -> Parcel:
    at = part.get("at")
    return Parcel(
        carrier=_word(part, "carrier"),
        number=_word(part, "number"),
        status=_word(part, "status"),
        at=None if at is None else _moment(at),
    )


def _transaction(part: Part) -> Transaction:
    return Transaction(
        reference=_word(part, "reference", needed=True),
        at=_moment(part["at"]),
        kind=_code(TransactionKind, part["kind"]),
        status=_code(TransactionStatus, part["status"]),
        amount_idr=_amount(part, "amount_idr"),
        method=_word(part, "method"),
        order_number=_word(part, "order_number"),
    )


def _deposit(part: Part) -> Deposit:
    return Deposit(
        agent_code=_word(part, "agent_code", needed=True),
        balance_idr=_amount(part, "balance_idr"),
        as_of=_moment(part["as_of"]),
        upline=_word(part, "upline"),
    )


def _part(value: Any) -> Part:
    if not isinstance(value, dict):
        raise TypeError("not an object")
    return value


def _several(part: Part, name: str, read: Callable[[Part], T], most: int) -> tuple[T, ...]:
    rows = part.get(name)
    if rows is None:
        return ()
    if not isinstance(rows, list):
        raise TypeError(name)
    return tuple(read(_part(row)) for row in rows[:most])


def _perhaps(part: Part, name: str, read: Callable[[Part], T]) -> T | None:
    value = part.get(name)
    return None if value is None else read(_part(value))


def _word(part: Part, name: str, *, needed: bool = False) -> str:
    value = part.get(name)
    text = clean_text("" if value is None else value, field=name, max_length=LONGEST_WORD)
    if needed and not text:
        raise ValueError(name)
    return text


def _amount(part: Part, name: str) -> int:
    value = part[name]
    if not is_amount(value):
        raise ValueError(name)
    return int(value)


def _moment(value: Any) -> datetime:
    at = datetime.fromisoformat(value)
    if at.tzinfo is None:
        raise ValueError("without an offset")
    return at


def _code(codes: type[Code], value: Any) -> Code:
    """A code that we do not know yet is shown as 'other', not refused."""
    if not isinstance(value, str):
        raise TypeError("code")
    return codes(value if value in codes.values else "other")
