"""What the agents' systems are asked and what they tell. docs/suppliers.md has the same in JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

# Each system that a step may look into, with the results that it may tell.
SYSTEMS: dict[str, tuple[str, ...]] = {
    "transaction": ("success", "pending", "failed", "not_found"),
    "deposit": ("matched", "differs", "not_found"),
    "payment_gateway": ("success", "pending", "failed", "not_found"),
    "credit": ("clear", "owing", "not_found"),
    "balance": ("unspent", "spent", "not_found"),
    "agent": ("active", "blocked", "not_found"),
}
# The facts beside a result, by kind: what is personal is masked before it is kept.
AMOUNTS = ("amount_idr", "balance_idr", "owed_idr")
MOMENTS = ("at",)
WORDS = ("reference", "product", "supplier", "serial", "bank", "method", "upline")
NAMES = ("name",)
NUMBERS = ("destination", "phone")
FACTS = (*MOMENTS, *AMOUNTS, *WORDS, *NAMES, *NUMBERS)
MOST_LOGINS = 100
MOST_TRANSACTIONS = 2_000

Fact = str | int | datetime


@dataclass(frozen=True)
class Question:
    """The least that finds it; empty where the case does not know. `amount_idr` in rupiah."""

    agent_code: str = ""
    destination: str = ""
    product: str = ""
    bank: str = ""
    method: str = ""
    amount_idr: int | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class Found:
    """`result` is one of the system's; `facts` by the names of FACTS, instants aware."""

    result: str
    facts: dict[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True)
class Login:
    """One entry into an agent's account, as the server kept it."""

    at: datetime
    ip: str
    device: str
    place: str = ""


@dataclass(frozen=True)
class Blocked:
    """The server's own number of the block, and since when it holds."""

    reference: str
    at: datetime


@dataclass(frozen=True)
class Transaction:
    """A line of the official log. `status`: success, pending or failed."""

    reference: str
    at: datetime
    product: str
    destination: str
    amount_idr: int
    status: str
    serial: str = ""


@dataclass(frozen=True)
class Complaint:
    """A message to the supplier. The same `key` is the same message: it is to be acted on once.

    `complaint` names the matter, `about` is pending or missing, `kind` complaint, follow_up or hard.
    """

    key: str
    complaint: str
    kind: str
    about: str
    supplier: str
    text: str
    reference: str = ""
    product: str = ""
    destination: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Receipt:
    """The supplier's own number; `result` is success, failed or pending ('' when nothing is said)."""

    reference: str
    result: str = ""
    text: str = ""
