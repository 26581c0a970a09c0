"""Ticket numbers: short, readable on the phone, self-checking, not guessable.

'TUN-K7M4-P2XC': seven random characters of an alphabet of 31 without look-alikes (no 0, O, 1, I, U)
and one check character. 31 is prime, so the weighted sum catches every single wrong character and
every swap of two. 31^7 is 27.5 billion: outsiders find nothing by counting.
"""

from __future__ import annotations

import re
import secrets

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTVWXYZ"
PREFIX = "TUN"
LENGTH = 7
_VALUE = {char: index for index, char in enumerate(ALPHABET)}


def _check_character(body: str) -> str:
    total = sum(weight * _VALUE[char] for weight, char in enumerate(body, start=2))
    return ALPHABET[total % len(ALPHABET)]


def new_number() -> str:
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return shape(body + _check_character(body))


def shape(characters: str) -> str:
    return f"{PREFIX}-{characters[:4]}-{characters[4:]}"


def read_number(typed: str) -> str | None:
    """The canonical number for what a person typed or dictated, None when it cannot be one."""
    characters = re.sub(r"[^0-9A-Z]", "", typed[:40].upper()).removeprefix(PREFIX)
    if len(characters) != LENGTH + 1 or any(char not in _VALUE for char in characters):
        return None
    if _check_character(characters[:-1]) != characters[-1]:
        return None
    return shape(characters)
