from __future__ import annotations

from bahasa.secrets import mask_secrets
from helpdesk.common.errors import InvalidInput
from helpdesk.common.text import clean_text
from helpdesk.common.wording import gettext as _

MAX_WORDS = 5_000


def clean_words(text: str, *, field: str, max_length: int = MAX_WORDS) -> str:
    """What somebody wrote in a form, without control characters and with its secrets masked."""
    return mask_secrets(clean_text(text, field=field, max_length=max_length, multiline=True)).text


def needed_words(text: str, *, field: str) -> str:
    """As clean_words, for a reason that must be given."""
    words = clean_words(text, field=field)
    if not words:
        raise InvalidInput(_("Write why."), fields={field: _("Write why.")})
    return words
