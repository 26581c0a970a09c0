"""`{name}` in the words of a template. Pure; nothing but the given names is ever filled in."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

_PLACE = re.compile(r"\{([^{}\n]*)\}")


def filled(template: str, values: Mapping[str, str]) -> str:
    """Each known `{name}` replaced once; what a value says is never read as a template again."""
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), template)


def names_in(template: str) -> list[str]:
    """Every name that stands in braces, in order, once."""
    return list(dict.fromkeys(_PLACE.findall(template)))


def unknown_names(template: str, known: Collection[str]) -> list[str]:
    return sorted({name for name in _PLACE.findall(template) if name not in known})
