"""Masks what nobody should have written down: passwords, PINs, OTPs, card and CVV numbers.

Order, tracking, phone and device numbers and amounts stay as they are: an officer needs them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bahasa.cards import card_spans
from bahasa.folding import fold

PLACEHOLDERS = {
    "otp": "[OTP disamarkan]",
    "pin": "[PIN disamarkan]",
    "password": "[kata sandi disamarkan]",
    "card": "[nomor kartu disamarkan]",
    "cvv": "[CVV disamarkan]",
}

_OTP = (
    r"otp(?:nya)?|kode\s?(?:otp|verifikasi|verif|konfirmasi|rahasia|akses|keamanan)(?:nya)?"
    r"|(?:verification|security|login)\s?code"
)
_PIN = r"pin(?:nya|ku)?|m-?pin"
_SANDI = (
    r"(?:kata\s?sandi|sandi|password|passwort|passwd|passcode|pasword|pass|psw|pwd|pw)"
    r"(?:nya|ku|mu)?"
    # Also what one searches the shop by: a secret only as somebody's own or with a digit stated.
    r"|kata\s?kunci(?:nya|ku|mu|(?=\s(?:akun|login|saya|sy|aku)(?!\w)|\s?[:=]\s?\S{0,64}\d))"
)
_CVV = r"cvv2?(?:nya)?|cvc2?(?:nya)?|(?:3|tiga)\s(?:angka|digit)\s(?:di\s)?belakang(?:\skartu)?"
_CARD = (
    r"(?:nomor|no|nomer)\.?\s(?:kartu|cc)(?:nya)?|(?:kartu|card)\s?(?:kredit|debit|atm)?(?:nya)?|cc"
)
# Fewest and most digits of each kind of code.
_SIZES = {"otp": (4, 8), "pin": (4, 8), "cvv": (3, 4), "card": (12, 19)}
_FILLER = (
    r"saya|sy|aku|gw|gue|ku|kami|kamu|anda|akun|akunku|agen|atm|bank|bca|bri|bni|mandiri|gopay|ovo"
    r"|dana|tokopedia|toped|tokped|travelpulsa|aplikasi|apk|app|email|gmail|login|kartu|kredit"
    r"|debit|hp|baru|lama|ini|itu|tadi|barusan|yaitu|adalah|ialah|is|nya|yg|yang|masuk|dikirim|dapat"
    r"|dpt|diterima|muncul|terakhir|kode|code|nomor|no|user|pertama|kedua|[46]\s(?:digit|angka)"
    r"|cuma|sms|wa|dari|via|lewat|kasih|dikasih|kukasih|sebut|disebut|berupa|isinya|isi|ke|jadi"
    r"|sudah|udah|udh|sdh|terlanjur|telanjur|disebutkan|diberikan|dibacakan|dibaca|kak|min|nih"
)
_LABEL = re.compile(
    rf"(?<![\w])(?:(?P<otp>{_OTP})|(?P<pin>{_PIN})|(?P<password>{_SANDI})|(?P<cvv>{_CVV})"
    # People write 'PIN123456' too.
    rf"|(?P<card>{_CARD}))(?:(?!\w)|(?:(?<=otp)|(?<=pin))(?=\d{{4}}))"
)
_FILLERS = re.compile(rf"(?:[\s:=,\"'()>-]{{1,4}}(?:{_FILLER})(?!\w)){{0,7}}")
_CONNECTOR = re.compile(r"[\s:=,\"'`“”‘’(>#*-]{0,6}")
_STATED = re.compile(r"[:=]|(?:adalah|yaitu|ialah|\bis)\W*$")
_NUMBER = re.compile(r"\d+(?:[^\w\n\[]{1,3}\d+|_\d+){0,18}")
_GROUP = re.compile(r"\d+")
_LETTERED_CODE = re.compile(r"(?=[a-z]{0,7}\d)(?=\d{0,7}[a-z])[a-z\d]{4,8}(?![\w@/-])")
_DIGIT_WORDS = re.compile(
    r"(?:nol|kosong|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan)"
    r"(?:[\s,-]{1,2}(?:nol|kosong|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan)){3,7}(?!\w)"
)
_NEXT = re.compile(r"[\s,/;]{1,3}(?:(?:dan|lalu|terus|atau|kemudian|jadi|menjadi|ke|dn)\s)?[\s:]*")
_WORD = re.compile(r"[^\s\[\]]{1,128}")
_QUOTED = re.compile(r"[\"'“‘`]([^\"'”’`\n\[\]]{3,64})[\"'”’`]")
_NAMED_AFTER = re.compile(
    r"(?:(?<!\w)(?:itu|adalah|ini|sbg|sebagai)|=)\s{1,2}(?:\w{1,8}\s){0,2}?"
    r"(?P<kind>otp|pin|kode\s?verifikasi|kode\s?otp)(?!\w)"
)
_CODE_BEFORE = re.compile(r"(?<![\w/.,-])(\d{4,8}|\d{2,4}(?:[ -]\d{2,4}){1,3})[ ,]{0,3}$")
# A bare "kode 483920" counts only where the text speaks of one-time codes at all.
_BARE_CODE = re.compile(r"(?<!\w)kode(?:nya)?[\s:=]{1,3}(\d{6}|\d{3}[ -]\d{3})(?![\w/.-])")
_ORDINARY = re.compile(
    r"(?:lupa|salah|tidak|tdk|ga|gak|nggak|gk|belum|blm|sudah|udah|sdh|bisa|hilang|kosong|yang|yg|dan"
    r"|saya|sy|aku|akun|nya|diganti|berubah|direset|reset|bocor|ditolak|gagal|masih|tolong|mohon"
    r"|apa|rahasia|terkirim|jangan|tetap|benar|bener|sama|hal|untuk|agar|supaya|dengan|https?)\W*"
)
# Within a word; others ('/', '&', '!') people write between words too.
_SIGN = re.compile(r"\w[@#$%^~]")
_DOUBLED_WORD = re.compile(r"[a-z]+2(?:nya|an)?")
_NOT_A_PASSWORD = re.compile(
    r"(?:tp|inv|trx|id|order)[\d/].*|\d{1,3}|\d{9,}|\d[\d.,]*(?:jt|juta|rb|ribu|k|x|jam|hari|menit|%)"
    r"|rp.*|\d{1,3}(?:[.,]\d{3})+|\+?62\d+|08\d+|https?:.*|(?:\d+[/:])+\d+"
    r"|[\w.+-]+@(?:[\w-]+\.[\w.-]+|g(?:oogle)?mail|y(?:ahoo|mail)|hotmail|outlook|icloud)"
)


@dataclass(frozen=True)
class Masked:
    """The text without its secrets, and which kinds were found (`otp`, `pin`, `password`, ...)."""

    text: str
    kinds: frozenset[str]


def mask_secrets(text: str) -> Masked:
    """Replace each secret by a placeholder that names it. Masking twice changes nothing more."""
    folded = fold(text)
    spans = sorted(_secret_spans(folded.text), key=lambda span: (span[0], -span[1]))
    parts: list[str] = []
    kinds: set[str] = set()
    written = 0
    for start, end, kind in spans:
        first, last = folded.span(start, end)
        if first < written:
            continue
        parts += [text[written:first], PLACEHOLDERS[kind]]
        kinds.add(kind)
        written = last
    return Masked("".join(parts) + text[written:], frozenset(kinds))


def _secret_spans(text: str) -> Iterator[tuple[int, int, str]]:
    for start, end in card_spans(text):
        yield start, end, "card"
    label = _LABEL.search(text)
    while label:
        kind = label.lastgroup or "otp"
        values = _values_after(text, label.end(), kind)
        yield from ((start, end, kind) for start, end in values)
        label = _LABEL.search(text, values[-1][1] if values else label.end())
    for match in _NAMED_AFTER.finditer(text):
        code = _CODE_BEFORE.search(text[max(0, match.start() - 24) : match.start()])
        if code:
            start = max(0, match.start() - 24) + code.start(1)
            yield start, start + len(code[1]), "pin" if match["kind"] == "pin" else "otp"
    if re.search(r"(?<!\w)otp|verifikasi", text):
        for match in _BARE_CODE.finditer(text):
            yield match.start(1), match.end(1), "otp"


def _values_after(text: str, position: int, kind: str) -> list[tuple[int, int]]:
    fillers = _FILLERS.match(text, position)
    after = fillers.end() if fillers else position
    connector = _CONNECTOR.match(text, after)
    start = connector.end() if connector else after
    if kind == "password":
        return _password(text, position, after, start)
    if kind == "otp" and text.startswith("g-", start):  # as Google sends them
        start += 2
    found: list[tuple[int, int]] = []
    smallest, largest = _SIZES[kind]
    for _ in range(5):
        end = _code_end(text, start, smallest, largest)
        if end is None:
            break
        found.append((start, end))
        follow = _NEXT.match(text, end)
        if not follow:
            break
        start = follow.end()
    if kind == "otp" and not found and _STATED.search(text, position, start):
        code = _LETTERED_CODE.match(text, start)
        if code and not _innocent(code[0]):
            found.append(code.span())
    return found


def _code_end(text: str, start: int, smallest: int, largest: int) -> int | None:
    """Where the code that starts here ends: its groups of digits, as people space them."""
    words = _DIGIT_WORDS.match(text, start)
    if words:
        return words.end()
    run = _NUMBER.match(text, start)
    if not run:
        return None
    total, end, first_size = 0, start, 0
    for group in _GROUP.finditer(text, start, run.end()):
        size = len(group[0])
        spaced = text[end : group.start()].isspace() if total else False
        if total + size > largest or (total >= smallest and spaced and size != first_size):
            break
        first_size = first_size or size
        total, end = total + size, group.end()
    glued = end < len(text) and (text[end].isalpha() or text[end] == "/")
    return end if total >= smallest and not glued else None


def _password(text: str, label_end: int, after: int, start: int) -> list[tuple[int, int]]:
    quoted = _QUOTED.match(text, start - 1) if start > label_end else None
    if quoted:
        return [quoted.span(1)]
    word = _WORD.match(text, start)
    if not word or text.startswith("[", start):
        return []
    value = word[0].rstrip(".,;!?)\"'”’")
    if not value:
        return []
    stated = bool(_STATED.search(text, label_end, start)) and not _ORDINARY.fullmatch(value)
    mixed = any(c.isdigit() for c in value) or _SIGN.search(value)
    if not stated and (not mixed or _innocent(value)):
        return []
    return [(start, start + len(value))]


def _innocent(value: str) -> bool:
    """An order, an amount, a time, a phone number, an address or a word written double."""
    return bool(_DOUBLED_WORD.fullmatch(value) or _NOT_A_PASSWORD.fullmatch(value))
