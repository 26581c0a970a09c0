from __future__ import annotations

from bahasa.secrets import mask_secrets
from helpdesk.common.text import clean_text

MAX_WORDS = 5_000


def clean_words(text: str, *, field: str, max_length: int = MAX_WORDS) -> str:
    """What somebody wrote in a form, without control characters and with its secrets masked."""
    return mask_secrets(clean_text(text, field=field, max_length=max_length, multiline=True)).text
