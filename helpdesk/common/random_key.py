from __future__ import annotations

import uuid


def random_key() -> str:
    """32 hexadecimal digits: a name that nobody guesses, the same at every try of what it names."""
    return uuid.uuid4().hex
