"""A week's hours as a drawing: one bar a day, from midnight to midnight."""

from __future__ import annotations

from typing import Any

from desk.policy.words import DAY_CODES, blocks_words, day_word

MINUTES = 24 * 60


def week_picture(week: dict[str, Any]) -> list[dict[str, Any]]:
    """Per day its name, its hours in words, and each block's place in 0..1440."""
    return [
        {
            "name": day_word(day),
            "words": blocks_words(week.get(day, [])),
            "blocks": [
                {"x": _minutes(opens), "width": _minutes(closes) - _minutes(opens)}
                for opens, closes in week.get(day, [])
                if _minutes(opens) < _minutes(closes) <= MINUTES
            ],
        }
        for day in DAY_CODES
    ]


def _minutes(text: str) -> int:
    hours, _colon, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)
