"""A rule set as named parts, so that two of them can be compared and brought together. Pure.

A part's key is a pair such as ("concepts", "hack"), ("rules", "press"), ("priority", "order_lost")
or ("precedence", ""). What this program does not know is a part of its own and is kept.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

Key = tuple[str, str]
Body = dict[str, Any]
NAMED = ("thresholds", "flags", "concepts", "hints", "lists")
ROWS = ("rules", "fallbacks")
TABLES = ("priority", "queue")
# A number that the file carries; a published version has its own.
NO_PART = ("version",)


def parts_of(body: Body) -> dict[Key, Any]:
    """Every part by its key, in the order of the document."""
    parts: dict[Key, Any] = {}
    for section, value in body.items():
        if section in NAMED:
            parts |= {(section, name): part for name, part in value.items()}
        elif section in ROWS:
            parts |= {(section, row["rule"]): row for row in value}
        elif section == "categories":
            for code, category in value.items():
                head = {name: part for name, part in category.items() if name not in TABLES}
                parts["categories", code] = head
                parts |= {(table, code): category[table] for table in TABLES}
        elif section not in NO_PART:
            parts[section, ""] = value
    return parts


def put_part(body: Body, key: Key, value: Any) -> None:
    """In its place where the part is known, else behind the last one of its section."""
    section, name = key
    value = deepcopy(value)
    if section in NAMED:
        body.setdefault(section, {})[name] = value
    elif section in ROWS:
        _put_row(body[section], name, value)
    elif section == "categories":
        body["categories"][name] = {**body["categories"].get(name, {}), **value}
    elif section in TABLES:
        body["categories"].setdefault(name, {})[section] = value
    else:
        body[section] = value


def drop_part(body: Body, key: Key) -> None:
    """What is gone already stays gone."""
    section, name = key
    if section in NAMED or section == "categories":
        body.get(section, {}).pop(name, None)
    elif section in ROWS:
        body[section] = [row for row in body[section] if row["rule"] != name]
    elif section not in TABLES:
        body.pop(section, None)


def changed_parts(before: Body, after: Body) -> list[Key]:
    """Keys of the parts that differ: first those of `after` in its order, then those that went."""
    old, new = parts_of(before), parts_of(after)
    changed = [key for key, value in new.items() if key not in old or old[key] != value]
    return changed + [key for key in old if key not in new]


def merged(base: Body, mine: Body, theirs: Body) -> Body:
    """`theirs` with what changed from `base` to `mine`; where both changed a part, mine holds.

    Of words each pattern is a part of its own: what either added or took out is added or out.
    """
    whole, wanted = deepcopy(theirs), parts_of(mine)
    before, others = parts_of(base), parts_of(theirs)
    for key in changed_parts(base, mine):
        if key not in wanted:
            drop_part(whole, key)
        elif key[0] == "concepts" and key in before and key in others:
            put_part(whole, key, _words(before[key], wanted[key], others[key]))
        else:
            put_part(whole, key, wanted[key])
    return whole


def _words(base: list[str], mine: list[str], theirs: list[str]) -> list[str]:
    gone = set(base) - set(mine)
    kept = [pattern for pattern in theirs if pattern not in gone]
    return kept + [each for each in mine if each not in base and each not in kept]


def _put_row(rows: list[Any], name: str, value: Any) -> None:
    for place, row in enumerate(rows):
        if row["rule"] == name:
            rows[place] = value
            return
    rows.append(value)
