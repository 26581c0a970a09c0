"""Undoes what writers do to words so that they slip through: "w.a", "b1ntang", "gmail titik com"."""

from __future__ import annotations

import re
from collections.abc import Callable

from bahasa.folding import Folded, fold

# Letters of other alphabets that look like ours; digits are never made from letters here.
_LOOKALIKES = str.maketrans(
    "аеорсухікмнтвѕјԁɡοαιѵƽ",
    "aeopcyxikmhtbsjdgoaivs",
)
_LEET = str.maketrans("0134578", "oieastb")
# A digit between letters stands for a letter; "masuk2" and "20rb" have none there.
_LEET_WORD = re.compile(r"(?<![^\W_])[a-z]+(?:[0134578]{1,2}[a-z]+){1,6}(?![^\W_])")
_NUMBER_INSIDE = re.compile(r"(?:nol|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan)")
_SPACED = re.compile(r"(?<![^\W_])(?:[a-z0-9](?: |[.*_-] ?)){3,40}[a-z0-9](?![^\W_])")
_SHORT = re.compile(r"(?<![^\W_])(?:w[ ./_*-]{1,2}a|i[./_*-]g|f[./_*-]b|t[./_*-]f)(?![^\W_])")
_TLD = "com|co|id|net|org|me|shop|store|online|site|xyz|link|app|web|biz|info|ly|gl|my|be"
_DOT = re.compile(rf"\s?[\[({{]\s?(?:dot|titik)\s?[\])}}]\s?|\s(?:dot|titik)\s(?=(?:{_TLD})\b)")
_SLASH = re.compile(
    r"\s?[\[({]\s?(?:slash|garis miring)\s?[\])}]\s?"
    r"|(?<=[a-z])\s(?:slash|garis miring)\s(?=[a-z0-9])|(?<=\.(?:me|id|ly))\s/\s"
)
_AT = re.compile(
    r"\s?[\[({]\s?at\s?[\])}]\s?"
    r"|\s(?:at|et)\s(?=(?:gmail|yahoo|ymail|hotmail|outlook|icloud|proton|rocketmail)\b)"
)


def unmask(text: str | Folded) -> Folded:
    """The folded text with disguised words written plainly; places still lead to the original."""
    folded = fold(text) if isinstance(text, str) else text
    if not folded.text.isascii():
        folded = Folded(folded.original, folded.text.translate(_LOOKALIKES), folded.starts)
    for pattern, plain in _STEPS:
        folded = _replace(folded, pattern, plain)
    return folded


def _joined(match: re.Match[str]) -> str:
    letters = re.sub(r"[^a-z0-9]", "", match[0])
    # Digits written apart are a number, which its own reader reads.
    return letters if sum(map(str.isalpha, letters)) >= 3 else match[0]


def _without_leet(match: re.Match[str]) -> str:
    word = match[0]
    letters = sum(map(str.isalpha, word))
    if letters <= len(word) - letters or _NUMBER_INSIDE.search(word):
        return word
    return word.translate(_LEET)


_STEPS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (_SPACED, _joined),
    (_SHORT, lambda match: match[0][0] + match[0][-1]),
    (_LEET_WORD, _without_leet),
    (_DOT, lambda _: "."),
    (_SLASH, lambda _: "/"),
    (_AT, lambda _: "@"),
)


def _replace(
    folded: Folded, pattern: re.Pattern[str], plain: Callable[[re.Match[str]], str]
) -> Folded:
    parts: list[str] = []
    starts: list[int] = []
    done = 0
    for match in pattern.finditer(folded.text):
        new = plain(match)
        if new == match[0]:
            continue
        first, last = match.span()
        parts += [folded.text[done:first], new]
        starts += folded.starts[done:first]
        # The last letter stands where the last one stood, so that a quotation takes in all.
        starts += [folded.starts[first]] * (len(new) - 1) + [folded.starts[last - 1]]
        done = last
    if not parts:
        return folded
    parts.append(folded.text[done:])
    starts += folded.starts[done:]
    return Folded(folded.original, "".join(parts), starts)
