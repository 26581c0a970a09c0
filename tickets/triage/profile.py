"""Fills in what a rule set leaves to the organisation's profile: its code, hashtag, tiers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def with_profile(rules: Mapping[str, Any], profile: Mapping[str, Any]) -> dict[str, Any]:
    """The rule set whose flags `text_from` and `tiers_from` became the profile's values.

    The names are dotted paths into the profile. Raises KeyError for one that it lacks.
    """
    flags = {name: _filled(flag, profile) for name, flag in rules.get("flags", {}).items()}
    return {**rules, "flags": flags}


def _filled(flag: Mapping[str, Any], profile: Mapping[str, Any]) -> dict[str, Any]:
    taken = {
        key: _value(profile, flag[f"{key}_from"])
        for key in ("text", "tiers")
        if f"{key}_from" in flag
    }
    return {**flag, **taken}


def _value(profile: Mapping[str, Any], path: str) -> Any:
    value: Any = profile
    for part in path.split("."):
        value = value[part]
    return value
