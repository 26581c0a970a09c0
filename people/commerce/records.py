"""Orders, transactions and deposits as a connector tells them. Amounts are whole rupiah, instants
carry their offset; nothing here is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

MOST_ORDERS = 20
MOST_ITEMS = 30
MOST_TRANSACTIONS = 30


class OrderStatus(models.TextChoices):
    WAITING_PAYMENT = "waiting_payment", _("waiting for payment")
    PROCESSED = "processed", _("being prepared")
    SHIPPED = "shipped", _("on its way")
    DELIVERED = "delivered", _("delivered")
    COMPLETED = "completed", _("completed")
    CANCELLED = "cancelled", _("cancelled")
    RETURNED = "returned", _("returned")
    OTHER = "other", _("other status")


class TransactionKind(models.TextChoices):
    PAYMENT = "payment", _("payment")
    REFUND = "refund", _("refund")
    DEPOSIT = "deposit", _("deposit")
    PURCHASE = "purchase", _("purchase")
    WITHDRAWAL = "withdrawal", _("withdrawal")
    OTHER = "other", _("other transaction")


class TransactionStatus(models.TextChoices):
    PENDING = "pending", _("pending")
    SUCCESS = "success", _("successful")
    FAILED = "failed", _("failed")
    OTHER = "other", _("other status")


@dataclass(frozen=True)
class Who:
    """Whom and what is asked about: a contact on record, the ticket's own order, an agent's code."""

    email: str = ""
    phone: str = ""
    order_number: str = ""
    agent_code: str = ""

    def __bool__(self) -> bool:
        return bool(self.email or self.phone or self.order_number or self.agent_code)


@dataclass(frozen=True)
class Item:
    name: str
    quantity: int
    price_idr: int


@dataclass(frozen=True)
class Parcel:
    """`number` is the airway bill ('resi')."""

    carrier: str
    number: str
    status: str
    at: datetime | None = None


@dataclass(frozen=True)
class Order:
    number: str
    placed_at: datetime
    status: OrderStatus
    total_idr: int
    shop: str = ""
    items: tuple[Item, ...] = ()
    parcel: Parcel | None = None


@dataclass(frozen=True)
class Transaction:
    """`method` is a bank, wallet or product, in the system's own words."""

    reference: str
    at: datetime
    kind: TransactionKind
    status: TransactionStatus
    amount_idr: int
    method: str = ""
    order_number: str = ""


@dataclass(frozen=True)
class Deposit:
    """An agent's balance as of an instant; `upline` is the code of the agent above."""

    agent_code: str
    balance_idr: int
    as_of: datetime
    upline: str = ""


@dataclass(frozen=True)
class Records:
    """All that is told at once; the latest first. Empty for somebody who is not known there."""

    orders: tuple[Order, ...] = ()
    transactions: tuple[Transaction, ...] = ()
    deposit: Deposit | None = None
