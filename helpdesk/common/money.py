from __future__ import annotations

NO_BREAK_SPACE = "\u00a0"
MAX_AMOUNT = 10**15


def idr_text(amount: int) -> str:
    """Whole rupiah: `Rp 2.300.000` with a no-break space, points in every language."""
    sign = "-" if amount < 0 else ""
    return f"{sign}Rp{NO_BREAK_SPACE}{abs(amount):,}".replace(",", ".")


def is_amount(value: object) -> bool:
    """Whether it is a whole number of rupiah such as a ticket may hold."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_AMOUNT
