"""Texts without what tells who wrote them: for examples that leave the house."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bahasa.cards import card_spans
from bahasa.contacts import find_contacts
from bahasa.orders import find_references

SIGNS = {
    "email": "[surel]",
    "phone": "[telepon]",
    "wallet": "[rekening]",
    "url": "[tautan]",
    "handle": "[akun]",
    "order": "[pesanan]",
    "tracking": "[resi]",
    "agent": "[agen]",
    "card": "[kartu]",
    "number": "[nomor]",
}
NAME = "[nama]"
_SHORT = 3
# What is long enough to name one person or account: identity card, bank account, virtual account.
_LONG_NUMBER = re.compile(r"(?<![\d.,])\d(?:[ -]?\d){9,19}(?![\d.,]\d)")
_CALLED = re.compile(
    r"\b((?i:nama (?:saya|aku|sy|lengkap)|atas nama|a\.?n\.?|my name is)\s*:?\s+)"
    r"([A-Z][\w'.-]+(?:\s+[A-Z][\w'.-]+){0,3})"
)


def without_personal_data(text: str, names: Iterable[str] = ()) -> str:
    """Contacts, accounts, numbers of orders and people, and these names, each as a sign in brackets."""
    spans = [(each.start, each.end, each.kind) for each in find_contacts(text)]
    spans += [(each.start, each.end, each.kind) for each in find_references(text)]
    spans += [(start, end, "card") for start, end in card_spans(text)]
    spans += [(*match.span(), "number") for match in _LONG_NUMBER.finditer(text)]
    parts, at = [], 0
    for start, end, kind in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= at:
            parts += [text[at:start], SIGNS.get(kind, "[data]")]
            at = end
    text = "".join([*parts, text[at:]])
    text = _CALLED.sub(lambda match: match[1] + NAME, text)
    for word in sorted({w for name in names for w in name.split() if len(w) >= _SHORT}, key=len):
        text = re.sub(rf"(?i)(?<!\w){re.escape(word)}(?!\w)", NAME, text)
    return text
