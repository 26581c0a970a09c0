"""A policy's document as named parts, so that two of them can be compared and brought together. Pure.

A part's key is a pair such as ("targets", "first-urgent"), ("breach", "resolution"),
("closures", "2026-12-31") or ("warning_percent", "").
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from sla.policy_check.calendars import closure_lines

Key = tuple[str, str]
NAMED = ("calendars", "pauses", "breach", "receiving", "after_acceptance")
PLAIN = (
    "warning_percent",
    "warn_leads_from_percent",
    "customer_silence_hours",
    "confirmation_hours",
)


def parts_of(body: dict[str, Any]) -> dict[Key, Any]:
    """Every part by its key; targets and closures in the order of the document."""
    parts: dict[Key, Any] = {("targets", row["code"]): row for row in body.get("targets", ())}
    for name in NAMED:
        parts |= {(name, code): value for code, value in body.get(name, {}).items()}
    parts |= {("closures", line.split()[0]): line for line in closure_lines(body)}
    parts |= {(name, ""): body[name] for name in PLAIN if name in body}
    # A promise that never pauses may be left out or be an empty list: the same.
    return {key: value for key, value in parts.items() if key[0] != "pauses" or value}


def body_of(parts: dict[Key, Any]) -> dict[str, Any]:
    """The document that has exactly these parts."""
    body: dict[str, Any] = {"calendars": {}, "closures": [], "targets": []}
    body |= {name: {} for name in NAMED}
    for (section, code), value in parts.items():
        if section == "targets":
            body[section].append(deepcopy(value))
        elif section == "closures":
            body[section].append(code)
            if name := value.partition(" ")[2]:
                body.setdefault("closure_names", {})[code] = name
        elif section in NAMED:
            body[section][code] = deepcopy(value)
        else:
            body[section] = deepcopy(value)
    body["closures"].sort()
    return body


def changed_parts(before: dict[str, Any], after: dict[str, Any]) -> list[Key]:
    """Keys of the parts that differ: first those of `after` in its order, then those that went."""
    old, new = parts_of(before), parts_of(after)
    changed = [key for key, value in new.items() if old.get(key) != value]
    return changed + [key for key in old if key not in new]


def merged(base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
    """`theirs` with what changed from `base` to `mine`; where both changed a part, mine holds."""
    parts, wanted = parts_of(theirs), parts_of(mine)
    for key in changed_parts(base, mine):
        if key in wanted:
            parts[key] = wanted[key]
        else:
            parts.pop(key, None)
    return body_of(parts)


def both_changed(base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]) -> list[Key]:
    """The parts that `mine` and `theirs` both changed, each in another way."""
    ours, others = parts_of(mine), parts_of(theirs)
    touched = set(changed_parts(base, theirs))
    return [
        key
        for key in changed_parts(base, mine)
        if key in touched and ours.get(key) != others.get(key)
    ]
