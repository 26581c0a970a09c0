"""What the words of a ticket say, for those who may not read Indonesian themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bahasa.folding import fold


def contains_words(text: str, words: Iterable[str]) -> list[str]:
    """Which of these words or phrases stand in the text, whatever their case; each once."""
    folded = fold(text).text
    return [word for word in dict.fromkeys(words) if _stands_in(word, folded)]


def _stands_in(word: str, folded: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(fold(word).text)}(?!\w)", folded) is not None
