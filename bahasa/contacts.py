"""Ways to reach somebody, found in a text: e-mail, telephone, e-wallet, handles, addresses.

Also written apart to slip through: "0812 dot 3456", "budi [at] gmail", "w.a".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bahasa.folding import Folded, fold


@dataclass(frozen=True, slots=True)
class Contact:
    """`kind`: email, phone, wallet, url or handle. `value` is normalised: +62…, host in lower case."""

    kind: str
    value: str
    text: str
    start: int
    end: int


_AT = r"(?:@|\s?[\[({]\s?at\s?[\])}]\s?|\s(?:at|et)\s)"
_DOT = r"(?:\.|\s?[\[({]\s?(?:dot|titik)\s?[\])}]\s?|\s(?:dot|titik)\s)"
_TLD = (
    "(?:com|co|id|net|org|io|me|shop|store|online|site|xyz|link|app|web|biz|info|ly|gl|my|tv|cc|to)"
)
_EMAIL = re.compile(
    rf"(?<![\w.+-])([a-z0-9][a-z0-9._+-]{{0,63}}){_AT}([a-z0-9-]{{1,63}}(?:{_DOT}[a-z0-9-]{{2,24}}){{1,3}})"
)
_URL = re.compile(
    rf"(?<![\w@.-])(?:https?://[^\s<>\"']{{1,500}}|(?:[a-z0-9-]{{1,63}}\.){{1,4}}{_TLD}(?![\w-])(?:/[^\s<>\"']{{0,300}})?)"
)
_PHONE = re.compile(
    r"(?<![\w/.,-])(?:\+?62|0)[\s.()-]{0,2}8[\s.()-]{0,2}\d(?:[\s.()-]{0,2}\d){6,10}(?![\d/])"
)
_HANDLE = re.compile(
    r"(?<!\w)(?:ig|insta(?:gram)?|telegram|tele|line|tiktok|twitter|fb|facebook|shopee|wechat)"
    r"(?:\s(?:saya|kami|kita|id|aku|toko))?\s?[:=@]{1,2}\s?@?([a-z0-9_.]{3,30})"
)
_WALLET = re.compile(
    r"(?<!\w)(gopay|ovo|dana|shopeepay|linkaja|rek(?:ening)?|bca|bri|bni|mandiri|bsi|jago|seabank)"
    r"(?:\s(?:saya|kami|a\.?n\.?|no\.?|nomor|ke|bank|bca|bri|bni|mandiri)){0,3}[\s:=.-]{1,3}"
    r"(\d[\d -]{6,22}\d)(?!\d)"
)
_NOT_DIGIT = re.compile(r"\D")
_SPELT_DOT = re.compile(r"\s?[\[({]\s?(?:dot|titik)\s?[\])}]\s?|\s(?:dot|titik)\s")


def find_contacts(text: str | Folded) -> list[Contact]:
    """Every contact, in order of place; a part of a longer contact is not told twice."""
    folded = fold(text) if isinstance(text, str) else text
    found: list[tuple[int, int, str, str]] = []
    for kind, (pattern, value) in _KINDS.items():
        found += [(*match.span(), kind, value(match)) for match in pattern.finditer(folded.text)]
    return _without_overlaps(folded, found)


def _email_address(match: re.Match[str]) -> str:
    host = _SPELT_DOT.sub(".", match[2])
    return f"{match[1]}@{host}"


def phone_number(written: str) -> str:
    """An Indonesian mobile number as +62…, from any spacing."""
    digits = _NOT_DIGIT.sub("", written)
    return "+62" + (digits[2:] if digits.startswith("62") else digits.removeprefix("0"))


_KINDS: dict[str, tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = {
    "email": (_EMAIL, _email_address),
    "url": (_URL, lambda match: match[0].rstrip(".,;:!?)")),
    "wallet": (_WALLET, lambda match: _NOT_DIGIT.sub("", match[2])),
    "phone": (_PHONE, lambda match: phone_number(match[0])),
    "handle": (_HANDLE, lambda match: match[1]),
}


def _without_overlaps(folded: Folded, found: list[tuple[int, int, str, str]]) -> list[Contact]:
    contacts: list[Contact] = []
    covered = -1
    for start, end, kind, value in sorted(found, key=lambda row: (row[0], -row[1])):
        if start < covered:
            continue
        covered = end
        first, last = folded.span(start, end)
        contacts.append(Contact(kind, value, folded.original[first:last], first, last))
    return contacts
