"""Names for addresses that outsiders see: random, so that nobody finds a row by counting."""

from __future__ import annotations

import secrets


def public_key() -> str:
    """16 characters of the URL alphabet, 96 random bits."""
    return secrets.token_urlsafe(12)
