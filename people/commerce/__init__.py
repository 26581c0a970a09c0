"""What the marketplace's own systems know of a customer: the front door (docs/customer-data.md)."""

from people.commerce.connector import CommerceConnector, CommerceUnavailable, Trouble
from people.commerce.lookup import connector, look_up
from people.commerce.records import (
    Deposit,
    Item,
    Order,
    OrderStatus,
    Parcel,
    Records,
    Transaction,
    TransactionKind,
    TransactionStatus,
    Who,
)

__all__ = [
    "CommerceConnector",
    "CommerceUnavailable",
    "Deposit",
    "Item",
    "Order",
    "OrderStatus",
    "Parcel",
    "Records",
    "Transaction",
    "TransactionKind",
    "TransactionStatus",
    "Trouble",
    "Who",
    "connector",
    "look_up",
]
