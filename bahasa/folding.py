"""Folding: one plain lower-case form of a text, with the way back to the original kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_NEEDS_WORK = re.compile(r"[^\n\t -~]")


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` is folded; `starts[i]` is where its character i stands in `original`."""

    original: str
    text: str
    starts: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The slice of the original that folded characters start to end came from."""
        if start >= end:
            at = self.starts[start] if start < len(self.starts) else len(self.original)
            return at, at
        return self.starts[start], self.starts[end - 1] + 1


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    """Lower-case NFKC; nothing for invisible, control and text-direction characters."""
    if character in "\n\t":
        return character
    if character == "\r":
        return "\n"
    category = unicodedata.category(character)
    if category in {"Cc", "Cf", "Cs", "Mn", "Me"}:
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(character))
    return unicodedata.normalize("NFKC", character).lower()


def fold(text: str) -> Folded:
    """Lower-case NFKC without zero-width, control and bidirectional characters."""
    if not _NEEDS_WORK.search(text):
        return Folded(text, text.lower(), range(len(text)))
    parts: list[str] = []
    starts: list[int] = []
    for index, character in enumerate(text):
        folded = _fold_character(character)
        if len(folded) == 1:
            parts.append(folded)
            starts.append(index)
        elif folded:
            parts.append(folded)
            starts.extend([index] * len(folded))
    return Folded(text, "".join(parts), starts)
