"""The systems behind the agents' cases: what they are asked, and who answers (docs/suppliers.md)."""

from agents_ops.connectors.chosen import accounts, forget_connectors, source, suppliers
from agents_ops.connectors.interfaces import Accounts, Source, Suppliers, Unavailable
from agents_ops.connectors.records import (
    SYSTEMS,
    Blocked,
    Complaint,
    Found,
    Login,
    Question,
    Receipt,
    Transaction,
)

__all__ = [
    "SYSTEMS",
    "Accounts",
    "Blocked",
    "Complaint",
    "Found",
    "Login",
    "Question",
    "Receipt",
    "Source",
    "Suppliers",
    "Transaction",
    "Unavailable",
    "accounts",
    "forget_connectors",
    "source",
    "suppliers",
]
