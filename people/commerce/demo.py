"""A connector without a marketplace: the same people have the same orders in every run.

Whatever is drawn comes from a digest of the contact, the order number or the agent's code, so that
pages, tests and pictures agree. It knows everybody but those at @unknown.example, and every order
number with a digit in it.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, date, datetime, timedelta
from random import Random

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

STRANGERS = "@unknown.example"
EPOCH = datetime(2026, 11, 1, 3, tzinfo=UTC)
_DATED = re.compile(r"(20\d\d)(\d\d)(\d\d)")
GOODS = (
    ("Blender Philips HR2115", 529_000),
    ("Sepatu lari Ardiles 42", 289_000),
    ("Beras Pandan Wangi 5 kg", 84_500),
    ("Ponsel Redmi Note 13", 2_399_000),
    ("Kemeja batik lengan panjang", 175_000),
    ("Tas ransel Eiger 25 L", 449_000),
    ("Serum wajah 20 ml", 68_000),
    ("Kipas angin Miyako 16 inci", 239_000),
)
SHOPS = ("Toko Maju Jaya", "Griya Elektronik", "Batik Laras", "Sumber Rejeki", "Rumah Gadget")
CARRIERS = ("JNE", "SiCepat", "J&T", "AnterAja", "Pos Indonesia")
METHODS = ("BCA Virtual Account", "GoPay", "OVO", "Mandiri Virtual Account", "Kartu kredit")
PRODUCTS = (
    "Pulsa Telkomsel 50.000",
    "Token PLN 100.000",
    "Paket data XL 10 GB",
    "Pulsa Tri 25.000",
)
STATUSES = (OrderStatus.SHIPPED, OrderStatus.DELIVERED, OrderStatus.COMPLETED)
MOVES = {
    OrderStatus.SHIPPED: "Paket di gudang transit",
    OrderStatus.DELIVERED: "Paket diterima di alamat",
    OrderStatus.COMPLETED: "Paket diterima di alamat",
}


class DemoConnector:
    """Answers at once and is never away."""

    def records_of(self, who: Who) -> Records:
        person = who.email or who.phone
        if person.endswith(STRANGERS):
            return Records()
        orders = _orders(person, who.order_number)
        transactions = [_payment(order) for order in orders]
        if who.agent_code:
            transactions += _sales(who.agent_code)
        return Records(
            orders=tuple(sorted(orders, key=lambda order: order.placed_at, reverse=True)),
            transactions=tuple(sorted(transactions, key=lambda row: row.at, reverse=True)),
            deposit=_deposit(who.agent_code) if who.agent_code else None,
        )


def _orders(person: str, own_number: str) -> list[Order]:
    numbers = [own_number] if any(sign.isdigit() for sign in own_number) else []
    if person:
        drawn = _random(person)
        for _each in range(drawn.randint(2, 3)):
            day = EPOCH.date() - timedelta(days=drawn.randint(3, 200))
            numbers.append(f"INV/{day:%Y%m%d}/MPL/{drawn.randint(10**8, 10**9 - 1)}")
    return [_order(number) for number in dict.fromkeys(numbers)]


def _order(number: str) -> Order:
    drawn = _random(number.upper())
    goods = drawn.sample(GOODS, drawn.randint(1, 2))
    items = tuple(Item(name, drawn.randint(1, 2), price) for name, price in goods)
    status = drawn.choice(STATUSES)
    placed_at = _day_of(number, drawn) + timedelta(minutes=drawn.randint(0, 700))
    carrier = drawn.choice(CARRIERS)
    return Order(
        number=number,
        placed_at=placed_at,
        status=status,
        total_idr=sum(item.quantity * item.price_idr for item in items) + 15_000,
        shop=drawn.choice(SHOPS),
        items=items,
        parcel=Parcel(
            carrier=carrier,
            number=f"{carrier[:2].upper()}{drawn.randint(10**11, 10**12 - 1)}",
            status=MOVES[status],
            at=placed_at + timedelta(hours=drawn.randint(26, 70)),
        ),
    )


def _payment(order: Order) -> Transaction:
    drawn = _random(f"payment {order.number}")
    return Transaction(
        reference=f"PAY{drawn.randint(10**9, 10**10 - 1)}",
        at=order.placed_at + timedelta(minutes=drawn.randint(1, 40)),
        kind=TransactionKind.PAYMENT,
        status=TransactionStatus.SUCCESS,
        amount_idr=order.total_idr,
        method=drawn.choice(METHODS),
        order_number=order.number,
    )


def _sales(agent_code: str) -> list[Transaction]:
    drawn = _random(f"sales {agent_code}")
    rows = [
        Transaction(
            reference=f"TRX{drawn.randint(10**9, 10**10 - 1)}",
            at=EPOCH - timedelta(minutes=drawn.randint(5, 4000)),
            kind=TransactionKind.PURCHASE,
            status=drawn.choice((TransactionStatus.SUCCESS, TransactionStatus.PENDING)),
            amount_idr=drawn.randint(20, 120) * 1000,
            method=drawn.choice(PRODUCTS),
        )
        for _each in range(3)
    ]
    deposit = Transaction(
        reference=f"DEP{drawn.randint(10**9, 10**10 - 1)}",
        at=EPOCH - timedelta(days=2),
        kind=TransactionKind.DEPOSIT,
        status=TransactionStatus.SUCCESS,
        amount_idr=drawn.randint(5, 40) * 100_000 + drawn.randint(1, 999),
        method=drawn.choice(METHODS[:1]),
    )
    return [*rows, deposit]


def _deposit(agent_code: str) -> Deposit:
    drawn = _random(f"deposit {agent_code}")
    return Deposit(
        agent_code=agent_code,
        balance_idr=drawn.randint(100, 9000) * 500,
        as_of=EPOCH,
        upline=f"TP{drawn.randint(1000, 4000)}",
    )


def _day_of(number: str, drawn: Random) -> datetime:
    """The day that stands in the number, where one does."""
    if found := _DATED.search(number):
        try:
            day = date(*map(int, found.groups()))
            return datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
        except ValueError:
            pass
    return EPOCH - timedelta(days=drawn.randint(3, 60))


def _random(word: str) -> Random:
    return Random(hashlib.sha256(word.encode()).digest())  # noqa: S311 - nothing secret is drawn
