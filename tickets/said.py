"""What the words of a ticket say, for those who may not read Indonesian themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bahasa.amounts import find_amounts
from bahasa.contacts import find_contacts
from bahasa.folding import fold

BANKS = ("bca", "bri", "bni", "mandiri", "bsi", "cimb", "permata", "danamon", "btn", "seabank")
_AGENT = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}[0-9]{3,8}(?![A-Za-z0-9])")


@dataclass(frozen=True)
class Said:
    """What stands in one text; each list in the order of the text."""

    amounts: list[int]
    phones: list[str]
    accounts: list[str]
    banks: list[str]
    agents: list[str]


def said_in_text(text: str) -> Said:
    contacts = find_contacts(text)
    return Said(
        amounts=[amount.value for amount in find_amounts(text)],
        phones=[each.value for each in contacts if each.kind == "phone"],
        accounts=[each.value for each in contacts if each.kind == "wallet"],
        banks=[bank.upper() for bank in contains_words(text, BANKS)],
        agents=[match[0].upper() for match in _AGENT.finditer(text)],
    )


def contains_words(text: str, words: Iterable[str]) -> list[str]:
    """Which of these words or phrases stand in the text, whatever their case; each once."""
    folded = fold(text).text
    return [word for word in dict.fromkeys(words) if _stands_in(word, folded)]


def _stands_in(word: str, folded: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(fold(word).text)}(?!\w)", folded) is not None
