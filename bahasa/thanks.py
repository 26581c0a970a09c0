"""Tells a customer's closing 'terima kasih' from a message that wants an answer.

Every word must be one that such messages are made of: whatever is unknown (a fact, a number, a
'tapi', a name of a thing) makes it an ordinary message. A wrong yes would leave somebody without
an answer, a wrong no costs one look, so doubt means no.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from bahasa.folding import fold

LONGEST = 160
MOST_WORDS = 18
LONGEST_PHRASE = 5

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|&")
_PIECE = re.compile(rf"{_WORD.pattern}|[\n,.!]+")
_STOP = ""
_RUNS = re.compile(r"(.)\1+")
# Faces and hands that thank or agree; all others may say anything, as an angry face does.
_KIND_SIGNS = frozenset("🙏👍👌😊🙂😁😄😀😃🤗🥰😍😇🤝❤♥💕💖💯🙌✅✔☺✨🎉💪🫶🌹🌸🌷💐🫡😘😉👏")
_SKIN = frozenset("🏻🏼🏽🏾🏿")
_SMILES = re.compile(r"(?<![\w:;=])(?:[:;=]-?[)d]|\^_*\^)(?!\w)", re.IGNORECASE)
_PLAIN = frozenset(" \n\t.,!~-–—…'’\"“”&*_")
_COURTESY = re.compile(
    r"\b(?:ada (?:lagi |hal lain |lainnya )?(?:yang|yg) (?:bisa|dapat|perlu|ingin|mau) [^?]{0,40}"
    r"|ada lagi[^?]{0,20}|ada yang lain[^?]{0,20}"
    r"|(?:is there )?anything else[^?]{0,40})\?"
)


def is_closing_thanks(text: str, *, names: Iterable[str] = ()) -> bool:
    """Whether the text only thanks or takes note. `names`: people of ours whom it may address."""
    if not text or len(text) > LONGEST:
        return False
    plain = _without_signs(text)
    if plain is None:
        return False
    words = [_short(piece) for piece in _PIECE.findall(plain)]
    if len(words) > MOST_WORDS:
        return False
    if not any(words):
        return any(sign in _KIND_SIGNS for sign in text)
    known = {_short(part) for name in names for part in _WORD.findall(fold(name).text)}
    kinds = _kinds(words, known)
    if kinds is None:
        return False
    if "thanks" in kinds:
        return True
    return "agreed" in kinds and not kinds & {"solved", "nothing"}


def asks_something(text: str) -> bool:
    """Whether what we wrote asks the customer for an answer: an 'ok' to it would be one.

    'Is there anything else?' ends a conversation and is no such question.
    """
    return "?" in _COURTESY.sub(" ", fold(text).text)


def _without_signs(text: str) -> str | None:
    """The folded words alone; None when there is a digit, a question or an unkind sign."""
    folded = _SMILES.sub(" ", fold(text.replace("\ufe0f", "")).text)
    kept = []
    for character in folded:
        if character.isalpha() or character in _PLAIN:
            kept.append("'" if character == "’" else " " if character in "_*-" else character)
        elif character in _KIND_SIGNS or character in _SKIN:
            kept.append(" ")
        else:
            return None
    return "".join(kept)


def _kinds(words: list[str], names: set[str]) -> set[str] | None:
    """The kinds of phrases that the words are made of, longest first; None if one is unknown."""
    found: set[str] = set()
    at, thanked = 0, False
    while at < len(words):
        kind, size = _phrase_at(words, at)
        if kind == "link":
            thanked = thanked or "thanks" in found
        elif kind == "object" and not thanked:
            return None  # "bantuannya ya kak" asks for help, "makasih bantuannya" thanks for it
        elif not kind and words[at] != _STOP and words[at] not in names:
            return None
        thanked = kind == "thanks" or (thanked and words[at] != _STOP)
        found.add(kind)
        at += size
    return found


def _phrase_at(words: list[str], at: int) -> tuple[str, int]:
    """The kind of the longest phrase that begins here, and its length; '' and 1 if none does."""
    phrases = _phrases()
    for size in range(min(LONGEST_PHRASE, len(words) - at), 0, -1):
        kind = phrases.get(" ".join(words[at : at + size]))
        if kind is not None:
            return kind, size
    return "", 1


@cache
def _phrases() -> dict[str, str]:
    """Phrase -> kind."""
    table: dict[str, str] = {}
    for line in files("bahasa").joinpath("data/thanks.txt").read_text("utf-8").splitlines():
        kind, separator, entries = line.partition(":")
        if separator and not line.startswith("#"):
            for entry in entries.split():
                words = (_short(word) for word in entry.split("_"))
                table.setdefault(" ".join(words), kind)
    return table


def _short(word: str) -> str:
    """`makasiiih` and `okee` as `makasih` and `oke`: no letter twice in a row."""
    return _STOP if word[0] in ",.!\n" else _RUNS.sub(r"\1", word)
