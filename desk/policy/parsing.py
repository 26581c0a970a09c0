"""What people type, read into parts of the policy. Refusals speak of the field."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _

_BLOCK = re.compile(r"(\d{1,2})[.:](\d{2})\s*[-–]\s*(\d{1,2})[.:](\d{2})")
_BETWEEN = re.compile(r"[\s,;]+")


def read_blocks(text: str) -> list[list[str]]:
    """`08:00-12:00, 13.00–17.00` as [["08:00", "12:00"], ["13:00", "17:00"]]; closed when empty."""
    blocks: list[list[str]] = []
    place = 0
    text = text.strip()
    while place < len(text):
        found = _BLOCK.match(text, place)
        if found is None:
            raise forms.ValidationError(_("Write each block as 08:00-12:00."))
        first, last = (int(found[1]), found[2]), (int(found[3]), found[4])
        blocks.append([f"{first[0]:02d}:{first[1]}", f"{last[0]:02d}:{last[1]}"])
        between = _BETWEEN.match(text, found.end())
        place = between.end() if between else found.end()
        if place < len(text) and between is None:
            raise forms.ValidationError(_("Write each block as 08:00-12:00."))
    return blocks


def read_numbers(text: str) -> list[int]:
    """`50, 80` or `50 % 80 %` as [50, 80]."""
    words = [word for word in re.split(r"[\s,;%]+", text) if word]
    if not all(word.isdecimal() and len(word) < 4 for word in words):
        raise forms.ValidationError(_("Warning levels are whole numbers from 1 to 99."))
    return [int(word) for word in words]


def read_days(text: str) -> dict[str, str]:
    """One date a line and, behind it, what the day is called, if anything; in the order of dates.

    A date that is listed twice is kept once, with the name that was given last.
    """
    lines = (line.split(maxsplit=1) for line in text.splitlines() if line.strip())
    found: dict[str, str] = {}
    for day, *name in lines:
        found[day] = (name[0].strip() if name else "") or found.get(day, "")
    return dict(sorted(found.items()))


def new_code(name: str, taken: Any) -> str:
    """A code for a new part, from its name; numbered where the name is taken."""
    code = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:50] or "x"
    number = 2
    made = code
    while made in taken:
        made, number = f"{code}-{number}", number + 1
    return made
