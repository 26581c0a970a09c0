"""Personal data cut down to what tells two people apart and reaches neither of them."""

from __future__ import annotations

import re

HIDDEN = "***"
SHORT = 8
LOCAL = "+62"
_NUMBER = re.compile(r"\+?[\d\s().-]{8,}")
_NO_DIGIT = re.compile(r"[^\d+]")


def masked_email(address: str) -> str:
    """'bu***@mail.id': the domain and at most two letters; how long the name is does not show."""
    name, _at, domain = address.rpartition("@")
    shown = name[:2] if len(name) > 3 else name[:1]
    return f"{shown}{HIDDEN}@{domain}" if name else HIDDEN


def masked_phone(number: str) -> str:
    """'0812-****-789' of '+6281234567789'; a number of another country keeps its beginning."""
    local = f"0{number[len(LOCAL) :]}" if number.startswith(LOCAL) else number
    if len(local) < SHORT:
        return f"{HIDDEN}*"
    return f"{local[:4]}-****-{local[-3:]}"


def masked_name(name: str) -> str:
    """'W*** H***': the first letter of each word."""
    return " ".join(f"{word[0]}{HIDDEN}" for word in name.split())


def masked_contact(text: str) -> str:
    """An address or a number, whichever it is and however it is spaced; anything else unchanged."""
    if "@" in text and " " not in text:
        return masked_email(text)
    if _NUMBER.fullmatch(text):
        return masked_phone(_NO_DIGIT.sub("", text))
    return text
