"""JSON as the standard means it, within limits: what two readers could read differently is refused.

Refused: NaN and infinite numbers, a key twice in one object, more than 50 levels, a lone surrogate,
a NUL, anything but UTF-8, more than 2 MB. Each with a code of its own, before any of it is used.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from rest_framework.parsers import BaseParser, JSONParser

from helpdesk.common.errors import InvalidInput, Refusal
from helpdesk.common.wording import gettext as _

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 50

_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)


class TooLarge(Refusal):
    """More was sent than is read."""

    status = 413
    code = "too_large"


def loads(raw: bytes) -> Any:
    """The value that `raw` holds. Raises InvalidInput or TooLarge."""
    if len(raw) > MAX_BYTES:
        raise TooLarge(_("The request is larger than %(limit)s MB.") % {"limit": 2})
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidInput(_("The text is not UTF-8."), code="not_utf8") from None
    _check_depth(text)
    try:
        value = json.loads(
            text, parse_constant=_no_number, parse_float=_finite, object_pairs_hook=_unique
        )
    except (ValueError, RecursionError):
        message = _("The request is not JSON that can be read.")
        raise InvalidInput(message, code="malformed_json") from None
    # Raw NUL is no JSON; what is left to find came in as an escape such as \u0000 or \ud83d.
    if "\\u" in text:
        _check_characters(value)
    return value


def _check_depth(text: str) -> None:
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return
    depth = 0
    for match in _BRACKETS.finditer(text):
        sign = match.group()
        if sign in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                message = _("The JSON is nested deeper than %(limit)s levels.")
                raise InvalidInput(message % {"limit": MAX_DEPTH}, code="too_deep")
        elif sign in "]}":
            depth -= 1


def _no_number(_name: str) -> NoReturn:
    raise InvalidInput(_("NaN and Infinity are no numbers in JSON."), code="not_a_number")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise InvalidInput(_("The JSON holds a number that is too large."), code="number_too_large")
    return number


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise InvalidInput(_("The JSON names a key twice in one object."), code="duplicate_key")
    return found


def _check_characters(value: Any) -> None:
    if isinstance(value, str):
        if "\x00" in value:
            message = _("The text holds a character that cannot be stored (NUL).")
            raise InvalidInput(message, code="null_character")
        if any(0xD800 <= ord(character) <= 0xDFFF for character in value):
            raise InvalidInput(_("The text holds a broken character."), code="broken_character")
    elif isinstance(value, dict):
        for key, part in value.items():
            _check_characters(key)
            _check_characters(part)
    elif isinstance(value, list):
        for part in value:
            _check_characters(part)


class StrictJsonParser(BaseParser):
    """The API's reader of request bodies."""

    media_type = "application/json"
    renderer_class = JSONParser.renderer_class

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        return loads(stream.read(MAX_BYTES + 1))
