"""From a part of yesterday to one of today: `kemarin jam 9 pagi … sekarang jam 11` is 26 hours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

# The hour that a part of the day stands for where no clock is named.
_HOUR = {"dini hari": 2, "subuh": 5, "pagi": 8, "siang": 12, "sore": 16, "malam": 20, "malem": 20}
_PART = "(?:" + "|".join(_HOUR) + ")"
_CLOCK = r"(?:jam|jm|pukul|pkl)\s?(\d{1,2})(?:[.:](\d{2}))?(?![\d.:])"
_FROM = re.compile(
    rf"(?<!\w)(?:kemarin|kemaren|kmrn|kmren|kmarin)(?:\s({_PART}))?(?:\s{_CLOCK})?(?:\s({_PART}))?(?!\w)"
)
_NOW = r"(?:sekarang|skrg|skrang|skg|hari ini|kini|sampai|sampe|smp|hingga)"
_FILLED = r"(?:\s(?:sudah|udah|udh|sdh|masih|msh|mau|baru))?"
_TO = re.compile(
    rf"(?<!\w)(?:{_NOW}{_FILLED}\s(?:{_CLOCK}(?:\s({_PART}))?|({_PART}))|({_PART})\sini)(?!\w)"
)
_APART = 60


class Since(NamedTuple):
    """Hours from then to now, with the offsets of both; `exact` where both name a clock."""

    hours: float
    start: int
    end: int
    exact: bool


def since_yesterday(text: str) -> Iterator[Since]:
    """Every length that a folded text gives so; a bare "kemarin" gives none."""
    for match in _FROM.finditer(text):
        part = match[4] or match[1]
        if not part and not match[2]:
            continue
        now = _TO.search(text, match.end(), match.end() + _APART)
        if now is None:
            continue
        now_part = now[3] or now[4] or now[5]
        earlier = _hour(match[2], match[3], part, now_part)
        later = _hour(now[1], now[2], now_part, part)
        yield Since(24 + later - earlier, match.start(), now.end(), bool(match[2] and now[1]))


def _hour(clock: str | None, minute: str | None, part: str | None, other: str | None) -> float:
    """The hour of the day; a clock without its part is taken in the other's half of the day."""
    if clock is None:
        return _HOUR[part or "siang"]
    hour = int(clock) % 24 + int(minute or 0) / 60
    half = part or other
    afternoon = half in {"sore", "malam", "malem"} or (half == "siang" and hour < 10)
    return hour + 12 if afternoon and hour < 12 else hour
