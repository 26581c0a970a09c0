"""Reads the message template that customers are told to paste (document 000).

"Halo CS, saya [nama] mengalami [masalah]. Order ID: … Kronologi: … Bukti: … Harapan solusi: …"
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

from bahasa.folding import fold


@dataclass(frozen=True)
class TemplateFields:
    """The parts of the pasted template, as written; None where missing or left unfilled."""

    name: str | None = None
    problem: str | None = None
    order_number: str | None = None
    chronology: str | None = None
    evidence: str | None = None
    wanted_solution: str | None = None


_LABEL = re.compile(
    r"(?<!\w)(?:"
    r"(?P<order_number>order[ \t]?id|id[ \t](?:order|pesanan|transaksi)"
    r"|(?:no|nomor|nomer)\.?[ \t](?:order|pesanan|invoice|transaksi)|invoice|no\.?[ \t]inv)"
    r"|(?P<chronology>kronologi(?:s|nya|snya)?(?:[ \t]kejadian)?)"
    r"|(?P<evidence>bukti(?:nya)?(?:[ \t](?:foto|lampiran|pendukung))?|lampiran)"
    r"|(?P<wanted_solution>harapan(?:[ \t]solusi)?|solusi(?:[ \t]yang)?(?:[ \t]di(?:inginkan|harapkan))?"
    r"|solusi(?:[ \t]yg)[ \t]di(?:inginkan|harapkan))"
    r"|(?P<name>nama(?:[ \t]lengkap)?)|(?P<problem>masalah|kendala|keluhan)"
    r")[ \t]{0,3}[:=][ \t]{0,3}"
)
_INTRO = re.compile(
    r"(?<!\w)(?:saya|sy|nama saya|perkenalkan|dengan)[ \t,]{1,3}(?P<name>[^\n:.]{1,60}?)[ \t,]{1,3}"
    r"(?:sedang |telah |ingin |mau )?(?:mengalami|alami|ngalamin)[ \t:]{1,3}(?P<problem>[^\n]{1,300})"
)
_UNFILLED = re.compile(
    r"\[?\s*(?:nama(?: lengkap)?|masalah|x{2,}|waktu dan detail kejadian|terlampir\s?/\s?tidak"
    r"|refund/replace/etc|-+|\.+|…+)\s*\]?",
    re.IGNORECASE,
)
_TIDY = " \t\r\n,;"
# Labels beyond the first few are a list or an attack, not the template.
_MOST_LABELS = 40


def read_template(text: str) -> TemplateFields | None:
    """The template's fields, or None when the text does not follow it.

    It counts as the template from two of its parts on, of which one is a labelled part of the
    official wording (order number, chronology, evidence, wanted solution).
    """
    folded = fold(text)
    labels = []
    for match in _LABEL.finditer(folded.text):
        labels.append(match)
        if len(labels) >= _MOST_LABELS:
            break
    found: dict[str, str | None] = {}
    for index, label in enumerate(labels):
        end = labels[index + 1].start() if index + 1 < len(labels) else len(folded.text)
        first, last = folded.span(label.end(), end)
        found.setdefault(label.lastgroup or "", _value(text[first:last]))
    official = [name for name in found if name not in {"name", "problem"}]
    if not official:
        return None
    head = folded.text[: labels[0].start() if labels else 0][:600]
    intro = _INTRO.search(head)
    if intro:
        for name in ("name", "problem"):
            first, last = folded.span(*intro.span(name))
            found.setdefault(name, _value(text[first:last]))
    if len(found) < 2:
        return None
    known = {field.name for field in fields(TemplateFields)}
    return TemplateFields(**{name: value for name, value in found.items() if name in known})


def _value(raw: str) -> str | None:
    value = raw.strip(_TIDY)
    if value.endswith(".") and value.count(".") == 1:
        value = value[:-1].rstrip(_TIDY)
    if _UNFILLED.fullmatch(value):
        return None
    if value.startswith("[") and value.endswith("]") and "[" not in value[1:]:
        value = value[1:-1].strip()
    return value or None
