"""What any text from outside must pass before it is stored."""

from __future__ import annotations

import unicodedata
from typing import Any

from helpdesk.common.errors import InvalidInput
from helpdesk.common.wording import gettext as _

# Direction overrides and isolates can make 'exe.jpg' out of 'gpj.exe' (CVE-2023-3417).
_BIDI = dict.fromkeys([0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_INVISIBLE = dict.fromkeys([0x00AD, 0x180E, 0x200B, 0x200C, 0x2060, 0xFEFF])


def clean_text(value: Any, *, field: str, max_length: int, multiline: bool = False) -> str:
    """Text in NFC without control, direction and zero-width characters, ends trimmed.

    Raises InvalidInput for NUL, lone surrogates, non-text and text over `max_length` characters.
    """
    if not isinstance(value, str):
        raise InvalidInput(
            _("This must be text."), code="not_text", fields={field: _("This must be text.")}
        )
    if "\x00" in value:
        _refuse(
            field, _("The text holds a character that cannot be stored (NUL)."), "null_character"
        )
    if any(0xD800 <= ord(char) <= 0xDFFF for char in value):
        _refuse(field, _("The text holds a broken character."), "broken_character")
    if len(value) > max_length:
        message = _("The text is too long: %(length)s characters, at most %(limit)s are possible.")
        _refuse(field, message % {"length": len(value), "limit": max_length}, "too_long")
    text = unicodedata.normalize("NFC", value).translate(_BIDI).translate(_INVISIBLE)
    text = (
        text.replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\u2028", "\n")
        .replace("\u2029", "\n")
    )
    kept = "\n\t" if multiline else ""
    text = "".join(c if c in kept or unicodedata.category(c) != "Cc" else " " for c in text)
    return text.strip()


def _refuse(field: str, message: str, code: str) -> None:
    raise InvalidInput(message, code=code, fields={field: message})
