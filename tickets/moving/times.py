"""Instants as exports write them."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import Any

_FORMATS = ("%d/%m/%Y %H:%M", "%d-%m-%Y %H:%M", "%Y/%m/%d %H:%M", "%d %b, %Y %I:%M %p")


def instant_of(value: Any, zone: tzinfo) -> datetime | None:
    """ISO 8601, with a space too, seconds since 1970, or day first; `zone` where none is said.

    None for what is no instant.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _of_seconds(float(value))
    text = str(value).strip()
    if not text or len(text) > 40:
        return None
    found = _of_text(text)
    if found is None:
        return None
    try:
        found = found if found.tzinfo else found.replace(tzinfo=zone)
        return found.astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def _of_text(text: str) -> datetime | None:
    plain = text.removesuffix(" UTC") + ("+00:00" if text.endswith(" UTC") else "")
    try:
        return datetime.fromisoformat(plain)
    except ValueError:
        pass
    for form in _FORMATS:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 - the zone is the caller's
        except ValueError:
            continue
    return None


def _of_seconds(seconds: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None
