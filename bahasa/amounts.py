"""Amounts of money in rupiah: `Rp 12.500.000`, `12,5 juta`, `12jt`, `750rb`, `lima juta lebih`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bahasa.folding import Folded, fold
from bahasa.numbers import NUMBER_WORD, parse_decimal, words_to_number


@dataclass(frozen=True, slots=True)
class Amount:
    """`value` whole rupiah; `more_than`/`less_than` when the text says so ("5 juta lebih")."""

    value: int
    start: int
    end: int
    text: str
    more_than: bool = False
    less_than: bool = False

    def exceeds(self, threshold: int) -> bool:
        """Strictly more: 5.000.000 is not over 5 juta, 5.000.001 and "5 juta lebih" are."""
        if self.more_than:
            return self.value >= threshold
        if self.less_than:
            return self.value * 0.9 > threshold
        return self.value > threshold


_SCALE = {
    "ribu": 1_000, "rb": 1_000, "rbu": 1_000, "rebu": 1_000, "k": 1_000, "ribuan": 1_000,
    "juta": 1_000_000, "jt": 1_000_000, "jeti": 1_000_000, "jutaan": 1_000_000, "jtan": 1_000_000,
    "jt-an": 1_000_000, "jut": 1_000_000, "million": 1_000_000, "mio": 1_000_000,
    "miliar": 1_000_000_000, "milyar": 1_000_000_000,
    "triliun": 1_000_000_000_000,
}  # fmt: skip
_SCALE_WORD = "(?:" + "|".join(sorted(map(re.escape, _SCALE), key=len, reverse=True)) + ")"
_BEFORE_MORE = re.compile(
    r"(?:lebih(?: besar)?(?: dari(?:pada)?)?|(?:di ?)?atas|melebihi|>|minimal|min|melampaui|tembus)"
    r"[ :]{0,2}(?:rp\.? ?)?$"
)
_BEFORE_LESS = re.compile(
    r"(?:kurang (?:dari|lebih)?|(?:di ?)?bawah|<|hampir|nyaris|hampir sampai|maksimal|belum sampai"
    r"|ga sampe|tidak sampai|gak sampe)[ :]{0,2}(?:rp\.? ?)?$"
)
_ABOUT = re.compile(r"kurang lebih[ :]{0,2}(?:rp\.? ?)?$")
_AFTER_MORE = re.compile(
    r"(?:[ ,-]{0,2}(?:rupiah|perak))?[ ,-]{0,2}(?:an )?"
    r"(?:lebih(?! (?:dari|baik|murah|mahal|cepat))|lebihan|sekian|\+|keatas|ke atas|an lebih)"
)
_AMOUNT = re.compile(
    rf"""(?<![\w.,/#-])(?:
      (?P<rp>(?:rp|idr)\.?\s?)(?P<rpnum>\d[\d.,]{{0,20}})(?:\s?(?P<rpscale>{_SCALE_WORD})(?!\w))?
    | (?P<num>\d{{1,3}}(?:[.,]\d{{3}}){{1,3}}(?![\d]|[.,]\d)|\d{{1,9}}(?:[.,]\d{{1,3}})?)
        (?:\s?(?P<scale>{_SCALE_WORD})(?!\w)
          (?:\s(?P<rest>\d{{1,3}}(?:[.,]\d{{1,2}})?)
            (?:\s?(?P<restscale>ribu|rb|k)|(?=\s(?:rupiah|perak)|$|\s?[.,!?)](?:\s|$)))(?!\w))?)?
    | (?P<words>{NUMBER_WORD}(?:\s{NUMBER_WORD}){{0,5}})\s(?P<wscale>ribu|juta|jt|rb|miliar|milyar)(?!\w)
        (?:\s(?P<wrest>{NUMBER_WORD}(?:\s{NUMBER_WORD}){{0,5}})\s(?P<wrestscale>ribu|rb)(?!\w)
          |\s(?P<hundreds>{NUMBER_WORD}\sratus)(?!\w|\s(?:{NUMBER_WORD}|ribu|rb))
          |\s(?P<half>setengah)(?!\w))?
    | (?P<single>sejuta|seribu|seratus\sribu|cetiao|goceng|ceban|gocap|gopek|cepek)
        (?:\s(?P<shalf>setengah)(?!\w))?(?!\w)
    )""",
    re.VERBOSE,
)
_SINGLE = {
    "sejuta": 1_000_000, "seribu": 1_000, "seratus ribu": 100_000, "cetiao": 1_000_000,
    "goceng": 5_000, "ceban": 10_000, "gocap": 50_000, "gopek": 500_000, "cepek": 100_000,
}  # fmt: skip
_MONEY_BEFORE = re.compile(
    r"(?:rp|rupiah|bayar|harga|transfer|trf|tf|senilai|nilai(?:nya)?|nominal(?:nya)?|sebesar|saldo"
    r"|total(?:nya)?|dana|depo(?:sit)?|seharga|uang|refund|kerugian|rugi|tagihan|biaya|tiket"
    r"|debit|sejumlah|jumlah|top ?up|ongkir|laku|sisa|omzet|cair(?:kan)?|tarik|isi|bon)\W{0,3}"
    r"(?:\w{1,9}\s){0,2}$"
)
_NOT_MONEY_AFTER = re.compile(
    r"\s?(?:watt|w|mah|gram|gr|g|kg|ml|liter|l|km|m|cm|mm|orang|org|pcs|buah|unit|biji|lembar|kali|x"
    r"|pengikut|followers?|follower|pengguna|penjual|pembeli|toko|produk|sku|data|hari|jam|menit"
    r"|bulan|tahun|poin|points?|koin|coins?|gb|mb|tb|hz|mah|inch|inci|volt|kata|pelanggan|akun"
    r"|pesanan|order|paket|transaksi|halaman|panggilan|followers|viewers?|penonton|karyawan|tiket|listing"
    r"|download(?:s)?|unduhan|wib|wita|wit|%|persen)(?!\w)"
)


def find_amounts(text: str | Folded) -> list[Amount]:
    """Every rupiah amount in the text, in order, with offsets into the text as written."""
    folded = fold(text) if isinstance(text, str) else text
    found = []
    for match in _AMOUNT.finditer(folded.text):
        value = _value(match, folded.text)
        if value is None or value < 1 or value > 10**15:
            continue
        start, end = match.span()
        before, after = folded.text[max(0, start - 30) : start], folded.text[end : end + 24]
        less = bool(_BEFORE_LESS.search(before)) and not _ABOUT.search(before)
        more_after = _AFTER_MORE.match(after)
        more = not less and bool(more_after or _BEFORE_MORE.search(before))
        if more_after and more:
            end += more_after.end()
        first, last = folded.span(start, end)
        quoted = folded.original[first:last]
        found.append(Amount(round(value), first, last, quoted, more, less))
    return found


def _value(match: re.Match[str], text: str) -> float | None:
    if match["rp"]:
        return _scaled(match["rpnum"], match["rpscale"])
    if match["num"]:
        return _from_digits(match, text)
    if match["single"]:
        value: float = _SINGLE[" ".join(match["single"].split())]
        return value * 1.5 if match["shalf"] else value
    scale = _SCALE[match["wscale"]]
    number = words_to_number(match["words"].split())
    if number is None:
        return None
    value = number * scale
    if match["wrest"]:
        value += (words_to_number(match["wrest"].split()) or 0) * _SCALE[match["wrestscale"]]
    if match["half"]:
        value += scale / 2
    if match["hundreds"]:
        # "dua juta tiga ratus": thousands go without saying.
        value += (words_to_number(match["hundreds"].split()) or 0) * scale / 1_000
    return value


def _from_digits(match: re.Match[str], text: str) -> float | None:
    """A number without "Rp": money when scaled, grouped like money, or named as money."""
    start, end = match.span()
    if match.end("num") - start < 4 and not match["scale"]:
        return None
    if _NOT_MONEY_AFTER.match(text, end):
        return None
    if match["scale"]:
        # "12.500rb" is not a way to write money, "1.2jt" is.
        value = _scaled(match["num"], match["scale"])
        if value is not None and match["rest"]:
            rest = parse_decimal(match["rest"])
            value += (rest or 0) * 1_000
        return value
    digits = match["num"]
    named = _MONEY_BEFORE.search(text, max(0, start - 40), start)
    unit_after = re.match(r"\s?(?:rupiah|perak|idr)", text[end : end + 8])
    groups = len(re.findall(r"[.,]\d{3}(?!\d)", digits))
    if groups >= 2 or (groups == 1 and (named or unit_after)):
        return parse_decimal(digits)
    plain = digits.isdigit() and 4 <= len(digits) <= 9 and not digits.startswith("0")
    return parse_decimal(digits) if plain and (unit_after or named) else None


def _scaled(digits: str, scale: str | None) -> float | None:
    if scale is None:
        return parse_decimal(digits)
    # With a scale word a lone separator is decimal: "1.250 juta" is 1,25 juta.
    if re.fullmatch(r"\d{1,3}[.,]\d{1,3}", digits.rstrip(".,")):
        number: float | None = float(digits.rstrip(".,").replace(",", "."))
    else:
        number = parse_decimal(digits)
    return None if number is None else number * _SCALE[scale]
