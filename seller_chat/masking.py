"""Contact data in a message, masked before it is stored (001 section 4.2.2).

What leads off the platform is masked: telephone and account numbers, e-mail addresses, handles and
links. The platform's own links and numbers of orders and parcels stay: they serve the order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bahasa.disguise import unmask
from seller_chat.moderation.finders import find_all

PLACEHOLDERS = {
    "@phone": ("phone", "[nomor telepon disamarkan]"),
    "@phone_part": ("phone", "[nomor telepon disamarkan]"),
    "@account": ("account", "[nomor rekening disamarkan]"),
    "@email": ("email", "[alamat surel disamarkan]"),
    "@handle": ("handle", "[akun lain disamarkan]"),
    "@link": ("link", "[tautan disamarkan]"),
}


@dataclass(frozen=True)
class Cut:
    """`start` to `end` of the text before became `put`."""

    start: int
    end: int
    put: str


@dataclass(frozen=True)
class Masked:
    """The text without contacts, which kinds were found, and where."""

    text: str
    kinds: tuple[str, ...]
    cuts: Sequence[Cut]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where words from `start` to `end` of the text before now stand; a cut word as a whole."""
        return self._moved(start, last=False), self._moved(end, last=True)

    def _moved(self, at: int, *, last: bool) -> int:
        shift = 0
        for cut in self.cuts:
            if cut.end > at:
                if cut.start < at:
                    return cut.start + shift + (len(cut.put) if last else 0)
                break
            shift += len(cut.put) - (cut.end - cut.start)
        return at + shift


def mask_contacts(text: str) -> Masked:
    """Linear in the length of the text; masking twice changes nothing more."""
    plain = unmask(text)
    spans = sorted(
        (*plain.span(found.start, found.end), found.kind)
        for found in find_all(plain)
        if found.kind in PLACEHOLDERS
    )
    cuts: list[Cut] = []
    kinds: list[str] = []
    parts: list[str] = []
    done = 0
    for start, end, kind in spans:
        if start < done:
            continue
        name, put = PLACEHOLDERS[kind]
        cuts.append(Cut(start, end, put))
        kinds.append(name)
        parts += [text[done:start], put]
        done = end
    return Masked("".join(parts) + text[done:], tuple(dict.fromkeys(kinds)), cuts)
