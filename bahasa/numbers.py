"""Number words and written numbers, shared by the readers of amounts and durations."""

from __future__ import annotations

UNITS = {
    "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8,
    "sembilan": 9, "sepuluh": 10, "sebelas": 11,
}  # fmt: skip
SCALES = {"ribu": 1_000, "juta": 1_000_000, "miliar": 1_000_000_000}
_WHOLES = {"seratus": 100, "seribu": 1_000, "sejuta": 1_000_000, "setengah": 0.5}

NUMBER_WORD = "(?:" + "|".join([*UNITS, *_WHOLES, "belas", "puluh", "ratus"]) + ")"


def words_to_number(words: list[str]) -> float | None:
    """`dua belas` -> 12, `tiga ratus lima puluh` -> 350, `dua setengah` -> 2.5; else None."""
    total, current = 0.0, 0.0
    for word in words:
        if word in UNITS:
            current += UNITS[word]
        elif word == "belas":
            current += 10
        elif word == "puluh":
            total, current = total + current * 10, 0.0
        elif word == "ratus":
            total, current = total + current * 100, 0.0
        elif word in _WHOLES:
            total += _WHOLES[word]
        else:
            return None
    return total + current or None


def parse_decimal(digits: str) -> float | None:
    """A number as Indonesians write it: `5.000.211`, `12,5`, `4.95`, `1,250,000`, `12.500,00`."""
    digits = digits.rstrip(".,")
    if digits.isdigit():
        return float(digits)
    last = max(digits.rfind("."), digits.rfind(","))
    whole, tail = digits[:last], digits[last + 1 :]
    pieces = whole.replace(",", ".").split(".")
    grouped = all(len(piece) == 3 for piece in pieces[1:])
    if len(tail) == 3 and grouped and 1 <= len(pieces[0]) <= 3 and pieces[0] != "0":
        return float("".join(pieces) + tail)
    if not grouped or not tail.isdigit():
        return None
    return float("".join(pieces) + "." + tail)
