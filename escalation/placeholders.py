"""`{name}` in the words of a form template. Pure; nothing but the known names is ever filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping

NAMES = frozenset(
    {
        "amount",
        "category",
        "cause",
        "description",
        "evidence",
        "priority",
        "since",
        "solution",
        "subject",
    }
)
_PLACE = re.compile(r"\{([^{}\n]*)\}")


def filled(template: str, values: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), template)


def unknown_names(template: str) -> list[str]:
    return sorted({name for name in _PLACE.findall(template) if name not in NAMES})
