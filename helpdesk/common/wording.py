"""Sentences that know both of our languages, for answers that carry both.

Use `gettext` from here (as `_`) where a service refuses: a page shows the sentence in the reader's
language, the API's problem document gives it in each.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from django.utils import translation
from django.utils.translation import gettext as _translated

LANGUAGES = ("id", "en")


class Wording(str):
    """A translated sentence, in the language that was active when it was made."""

    msgid: str
    values: Any

    def __new__(cls, msgid: str, values: Any = None) -> Self:
        sentence = _translated(msgid)
        made = super().__new__(cls, sentence if values is None else sentence % values)
        made.msgid, made.values = msgid, values
        return made

    def __mod__(self, values: Any) -> Wording:
        return Wording(self.msgid, values)

    def said_in(self, language: str) -> str:
        """The same sentence, with the same values, in another language."""
        with translation.override(language):
            sentence = _translated(self.msgid)
            return sentence if self.values is None else sentence % _values_in(self.values, language)


class Both(str):
    """A sentence given in each language by somebody else's translation."""

    by_language: Mapping[str, str]

    def __new__(cls, by_language: Mapping[str, str]) -> Self:
        active = (translation.get_language() or LANGUAGES[0])[:2]
        made = super().__new__(cls, by_language.get(active, by_language[LANGUAGES[0]]))
        made.by_language = by_language
        return made

    def said_in(self, language: str) -> str:
        return self.by_language[language]


def gettext(msgid: str) -> Wording:
    return Wording(msgid)


def said_in(sentence: Any, language: str) -> str:
    """`sentence` in `language`: what knows both or is lazy is translated, plain text stays."""
    if isinstance(sentence, Wording | Both):
        return sentence.said_in(language)
    with translation.override(language):
        return str(sentence)


def _values_in(values: Any, language: str) -> Any:
    if isinstance(values, Mapping):
        return {name: _value_in(value, language) for name, value in values.items()}
    if isinstance(values, tuple):
        return tuple(_value_in(value, language) for value in values)
    return _value_in(values, language)


def _value_in(value: Any, language: str) -> Any:
    return value.said_in(language) if isinstance(value, Wording | Both) else value
