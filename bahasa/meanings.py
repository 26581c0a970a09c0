"""What a word means in a complaint, whatever the language or the register that it is said in.

`dibajak`, `digondol`, `hijacked` mean `bajak`: a reader that learns from examples learns of all when
it learns of one. The table is `data/meanings.txt`; a word may have several meanings, or none.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files

from bahasa.normalise import standard_words
from bahasa.search_words import stem


@lru_cache(maxsize=50_000)
def meanings_of(word: str) -> tuple[str, ...]:
    """The meanings of one word in standard spelling, else those of its root."""
    table = _table()
    return table.get(word) or table.get(stem(word)) or ()


@cache
def _table() -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    text = files("bahasa").joinpath("data/meanings.txt").read_text("utf-8")
    for line in text.splitlines():
        meaning, separator, words = line.partition(":")
        if line.startswith("#") or not separator:
            continue
        for word in words.split():
            for form in (word, standard_words(word)[0], stem(word)):
                found.setdefault(form, {})[meaning] = None
    return {form: tuple(meanings) for form, meanings in found.items()}
