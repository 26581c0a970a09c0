from __future__ import annotations

NO_BREAK_SPACE = "\u00a0"


def idr_text(amount: int) -> str:
    """Whole rupiah: `Rp 2.300.000` with a no-break space, points in every language."""
    sign = "-" if amount < 0 else ""
    return f"{sign}Rp{NO_BREAK_SPACE}{abs(amount):,}".replace(",", ".")
