"""Numbers that name an order, a transaction, a parcel or a reseller agent."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bahasa.folding import Folded, fold


@dataclass(frozen=True, slots=True)
class Reference:
    """`kind` is order, tracking or agent; `text` as written, at start to end of the original."""

    kind: str
    text: str
    start: int
    end: int


_REFERENCE = re.compile(
    r"(?<![\w/])(?:"
    r"(?P<order>inv/\d{4,8}(?:/[a-z0-9]{2,20}){1,3}|(?:inv|ord|trx)-?\d[a-z0-9-]{3,24})"
    r"|(?P<agent>tp\d{3,8})"
    r"|(?:id[ ]agen|agen)[ :=#]{1,3}(?P<agent_named>[a-z]{0,4}\d{3,10})"
    r"|(?:order[ ]?id|id[ ](?:order|pesanan|transaksi)"
    r"|(?:no|nomor|nomer)\.?[ ](?:order|pesanan|invoice|transaksi)|invoice|pesanan|order|komplain)"
    r"[ :=#]{1,3}(?P<order_named>[a-z]{0,5}[/-]?\d[\w/-]{3,28})"
    r"|(?:(?:no|nomor|nomer)\.?[ ])?(?:resi|awb)(?:nya)?[ :=#]{1,3}"
    r"(?P<tracking_named>[a-z]{0,5}[ -]?\d[a-z0-9-]{5,22})"
    r"|(?P<tracking>(?:jx|jp|jne|jnt|spx|tkp|sicepat|anteraja|tlj|cgk|nlid)[a-z]{0,6}-?\d{6,18})"
    r")(?![\w/])"
)


def find_references(text: str | Folded) -> list[Reference]:
    """Order, tracking and agent numbers in order of place. Amounts and telephones are none."""
    folded = fold(text) if isinstance(text, str) else text
    found = []
    for match in _REFERENCE.finditer(folded.text):
        name = match.lastgroup or ""
        start, end = folded.span(*match.span(name))
        found.append(Reference(name.removesuffix("_named"), folded.original[start:end], start, end))
    return found
