"""Connectors without a company behind them: the same question has the same answer in every run.

What is told follows from the last digit that the question has, so that a demonstration can choose it:
of the destination (0-4 pending, 5-7 success, 8-9 failed), of the amount, of the agent's code.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from random import Random

from agents_ops.connectors.records import (
    Blocked,
    Complaint,
    Fact,
    Found,
    Login,
    Question,
    Receipt,
    Transaction,
)

EPOCH = datetime(2026, 11, 1, 3, tzinfo=UTC)
STRANGERS = "TP0"
SUPPLIERS = ("Mitra Pulsa Nusantara", "Digiflazz Raya", "Serba Pulsa")
PRODUCTS = ("Pulsa Telkomsel 50.000", "Token PLN 100.000", "Paket data XL 10 GB")
PHONES = ("Redmi Note 13", "Samsung A15", "Vivo Y28", "Infinix Hot 40")
CITIES = ("Semarang", "Makassar", "Palembang")


class DemoSource:
    """Answers at once and is never away."""

    def __init__(self, system: str) -> None:
        self._find = getattr(self, f"_{system}")

    def find(self, question: Question) -> Found:
        if question.agent_code.startswith(STRANGERS):
            return Found("not_found")
        found: Found = self._find(question)
        return found

    @staticmethod
    def _transaction(asked: Question) -> Found:
        last = _last_digit(asked.destination)
        if last is None:
            return Found("not_found")
        result = "pending" if last < 5 else "success" if last < 8 else "failed"
        drawn = _random(f"transaction {asked.destination} {asked.product}")
        facts: dict[str, Fact] = {
            "reference": f"TRX{drawn.randint(10**9, 10**10 - 1)}",
            "at": asked.at or EPOCH,
            "product": asked.product or drawn.choice(PRODUCTS),
            "destination": asked.destination,
            "supplier": drawn.choice(SUPPLIERS),
        }
        if result == "success":
            facts["serial"] = f"{drawn.randint(10**15, 10**16)}"
        return Found(result, facts)

    @staticmethod
    def _deposit(asked: Question) -> Found:
        """A ticket's amount ends in its own three digits; a round one matches none."""
        amount = asked.amount_idr or 0
        if not amount % 1000:
            return Found("not_found")
        facts: dict[str, Fact] = {
            "at": asked.at or EPOCH,
            "amount_idr": amount,
            "bank": asked.bank or "BCA",
        }
        return Found("matched", facts)

    @staticmethod
    def _payment_gateway(asked: Question) -> Found:
        last = (asked.amount_idr or 0) % 10
        result = "success" if last < 7 else "pending" if last < 9 else "failed"
        return Found(result, {"amount_idr": asked.amount_idr or 0, "at": asked.at or EPOCH})

    @staticmethod
    def _credit(asked: Question) -> Found:
        owes = (_last_digit(asked.agent_code) or 0) % 2
        return Found("owing", {"owed_idr": 750_000}) if owes else Found("clear", {"owed_idr": 0})

    @staticmethod
    def _balance(asked: Question) -> Found:
        spent = (_last_digit(asked.agent_code) or 0) % 2
        return Found("spent" if spent else "unspent", {"balance_idr": 0 if spent else 1_250_000})

    @staticmethod
    def _agent(asked: Question) -> Found:
        drawn = _random(f"agent {asked.agent_code}")
        return Found("active", {"upline": f"TP{drawn.randint(1000, 4000)}"})


class DemoAccounts:
    """Blocks whoever it is told, and remembers nothing of it."""

    def block(self, agent_code: str, *, key: str) -> Blocked:
        drawn = _random(f"block {key}")
        return Blocked(f"BLK{drawn.randint(10**5, 10**6 - 1)}", datetime.now(UTC))

    def logins(self, agent_code: str) -> tuple[Login, ...]:
        drawn = _random(f"logins {agent_code}")
        at, found = EPOCH + timedelta(days=20), []
        for _each in range(4):
            at -= timedelta(minutes=drawn.randint(7, 900))
            ip = f"36.{drawn.randint(64, 95)}.{drawn.randint(1, 254)}.{drawn.randint(1, 254)}"
            device = f"{drawn.choice(PHONES)} {drawn.randint(10**7, 10**8 - 1)}"
            found.append(Login(at, ip, device, drawn.choice(CITIES)))
        return tuple(found)

    def transactions(
        self, agent_code: str, since: datetime, until: datetime
    ) -> tuple[Transaction, ...]:
        drawn = _random(f"transactions {agent_code}")
        rows = []
        for _each in range(12):
            product = drawn.choice(PRODUCTS)
            rows.append(
                Transaction(
                    reference=f"TRX{drawn.randint(10**9, 10**10 - 1)}",
                    at=since + (until - since) * drawn.random(),
                    product=product,
                    destination=f"0812{drawn.randint(10**7, 10**8 - 1)}",
                    amount_idr=drawn.randint(20, 120) * 1000,
                    status=drawn.choice(("success", "success", "pending", "failed")),
                    serial=f"{drawn.randint(10**11, 10**12 - 1)}",
                )
            )
        return tuple(sorted(rows, key=lambda row: row.at))


class DemoSuppliers:
    """Takes every complaint, and answers it never: whoever plays the demonstration does."""

    def send(self, complaint: Complaint) -> Receipt:
        drawn = _random(f"complaint {complaint.key}")
        return Receipt(f"SUP-{drawn.randint(10**5, 10**6 - 1)}", "pending")


def _last_digit(text: str) -> int | None:
    return next((int(sign) for sign in reversed(text) if sign in "0123456789"), None)


def _random(word: str) -> Random:
    return Random(hashlib.sha256(word.encode()).digest())  # noqa: S311 - nothing secret is drawn
