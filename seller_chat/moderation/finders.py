"""What a message holds that is no word: numbers, links, handles, accounts, files.

Each finding carries a kind that rules use like a concept, written `@kind`:

    @phone @phone_part   a mobile number, whole or with its rest hidden
    @account             a bank or e-wallet number
    @reference           a parcel, order, serial, batch or similar number
    @link @platform_link a web address, the platform's own told apart
    @email @handle @file
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bahasa.contacts import find_contacts
from bahasa.dialled import Dialled, find_dialled
from bahasa.folding import Folded

KINDS = (
    "@phone", "@phone_part", "@account", "@reference", "@link", "@platform_link", "@email",
    "@handle", "@file",
)  # fmt: skip
PLATFORM_HOSTS = ("tokopedia.com", "tokopedia.link", "tokopedia.id")
_WORD = re.compile(r"[^\W_]+")
_LOOK_BACK = 48
_ACCOUNT = frozenset({
    "rek", "rekening", "norek", "bca", "bri", "bni", "mandiri", "bsi", "btn", "cimb",
    "permata", "danamon", "jago", "seabank", "jenius", "dana", "ovo", "gopay", "shopeepay",
    "linkaja", "va", "virtual", "bank", "transfer", "tf",
})  # fmt: skip
_REFERENCE = frozenset({
    "resi", "resinya", "awb", "imei", "seri", "serial", "sn", "batch", "produksi", "bpom",
    "faktur", "booking", "ean", "barcode", "sertifikat", "antrian", "antrean", "invoice",
    "tracking", "lot", "komplain", "komplainnya", "sku", "po", "halal", "warna", "kode",
    "upc", "isbn", "voucher", "segel", "tiket",
})  # fmt: skip
_WEAK_REFERENCE = frozenset({
    "pesanan", "order", "orderan", "pesananku", "ordernya", "transaksi",
})  # fmt: skip
_CONTACT = frozenset({
    "wa", "whatsapp", "wasap", "telp", "telpon", "telepon", "hp", "hubungi", "hub", "chat",
    "kontak", "admin", "call", "sms", "nope", "nohp", "nomornya", "cs",
})  # fmt: skip
_LANDLINE = re.compile(r"(?:62|0)[2-79]\d{7,10}$")
_SITE = re.compile(
    r"(?<![\w@.-])(?:https?://[^\s<>\"']{1,300}|www\.[a-z0-9.-]{3,80}[^\s<>\"']{0,200}"
    r"|[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,3}\."
    r"(?:com|net|org|id|me|ly|gl|gle|ee|be|io|co|shop|store|online|site|xyz|link|app|web|biz|info|my|tv|cc|to|club|top|vip|live|page|gg|us)"
    r"(?![\w-])(?:/[^\s<>\"']{0,200})?)"
)
_EMAIL = re.compile(r"(?<![\w.+-])[a-z0-9][a-z0-9._+-]{0,63}@[a-z0-9-]{2,40}\.[a-z]{2,10}")
_AT_HANDLE = re.compile(r"(?<![\w.@/])@ ?[a-z][a-z0-9_.]{2,29}")
_PLACE = (
    r"(?:ig|insta(?:gram)?|instag ram|snapgram|tele(?:gram)?|line|fb|facebook|efbe|tiktok|twitter|wechat|discord"
    r"|signal|michat|kakaotalk|skype|yt|youtube|threads|bbm|pin)"
)
_NAMED = re.compile(
    rf"(?<![^\W_]){_PLACE}(?: ?(?:id|ku|saya|kami|kita|toko|nya|official|akun|akunnya|namanya)){{0,3}}"
    r" ?(?:[:=]{1,2}|@|\bnamanya\b|\bakunnya\b) ?@?\"?([a-z0-9][a-z0-9_.#-]{2,29})"
    rf"|(?<![^\W_]){_PLACE}(?: [a-z]{{2,10}}){{0,2}} ([a-z0-9]+(?:[_.][a-z0-9]+)+)"
)
_FILE = re.compile(
    r"(?<![\w])[\w.-]{0,60}\.(?:apk|exe|scr|bat|vbs|js|jar|cmd|msi|ps1|xlsm|docm|lnk|hta|iso|zip|rar)(?![\w])"
    r"|(?<![^\W_])(?:file )?apk(?:nya)?(?![^\W_])"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """`start` to `end` in the unmasked text."""

    kind: str
    value: str
    start: int
    end: int


def find_all(plain: Folded) -> list[Finding]:
    """Every finding of an unmasked text, in order of place. Time linear in its length."""
    text = plain.text
    found = [*_addresses(text)]
    taken = [(item.start, item.end) for item in found]
    found += _handles(text, taken)
    taken = [(item.start, item.end) for item in found]
    for number in find_dialled(plain):
        if any(start <= number.start < end for start, end in taken):
            continue
        kind = _kind_of_number(text, number)
        if kind:
            found.append(Finding(kind, number.digits, number.start, number.end))
    found += _wallets(plain, found)
    return sorted(found, key=lambda item: (item.start, item.end))


def is_platform(host: str) -> bool:
    """Whether a host name is the platform's own; one that only looks alike is not."""
    return any(host == own or host.endswith("." + own) for own in PLATFORM_HOSTS)


def _addresses(text: str) -> Iterator[Finding]:
    covered = -1
    for match in _FILE.finditer(text):
        yield Finding("@file", match[0], *match.span())
    for match in _EMAIL.finditer(text):
        covered = match.end()
        yield Finding("@email", match[0], *match.span())
    for match in _SITE.finditer(text):
        if match.start() < covered and text[match.start() - 1 : match.start()] == "@":
            continue
        written = match[0].rstrip(".,;:!?)")
        host = re.sub(r"^https?://", "", written).split("/", 1)[0].removeprefix("www.")
        kind = "@platform_link" if is_platform(host) else "@link"
        yield Finding(kind, written, match.start(), match.start() + len(written))


def _handles(text: str, taken: list[tuple[int, int]]) -> Iterator[Finding]:
    for pattern in (_NAMED, _AT_HANDLE):
        for match in pattern.finditer(text):
            if not any(start < match.end() and match.start() < end for start, end in taken):
                taken.append(match.span())
                yield Finding("@handle", match[0], *match.span())


def _kind_of_number(text: str, number: Dialled) -> str:
    before = _WORD.findall(text, max(0, number.start - _LOOK_BACK), number.start)[-5:]
    if number.kind == "phone_part":
        return "@phone_part"
    near = set(before)
    named = near & _REFERENCE or set(before[-2:]) & _WEAK_REFERENCE
    if named and not near & (_CONTACT | _ACCOUNT):
        return "@reference"
    if number.kind == "phone" or (near & _CONTACT and _LANDLINE.match(number.digits)):
        return "@phone"
    if near & _ACCOUNT and 7 <= len(number.digits) <= 18:
        return "@account"
    return "@reference" if len(number.digits) >= 11 else ""


def _wallets(plain: Folded, found: list[Finding]) -> Iterator[Finding]:
    for contact in find_contacts(plain):
        if contact.kind != "wallet":
            continue
        start = plain.text.find(contact.text.lower()) if plain.text else -1
        if start >= 0 and not any(
            item.start < start + len(contact.text) and start < item.end for item in found
        ):
            yield Finding("@account", contact.value, start, start + len(contact.text))
