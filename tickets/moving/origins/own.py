"""Our own export, and CSV files with our columns."""

from __future__ import annotations

import json
from typing import Any

from tickets.moving.entry import Shape
from tickets.moving.origins.plain import words_in
from tickets.moving.people import People


def shape_of(raw: dict[str, Any], people: People) -> Shape:
    if isinstance(raw.get("customer"), dict):
        return raw
    contact = {name: raw.get(f"customer_{name}") for name in ("name", "email", "phone")}
    closing = {name: raw.get(name) for name in ("root_cause", "solution", "confirmation")}
    return {
        **raw,
        "customer": contact,
        "waiting": raw.get("waiting") in (True, "true"),
        "closing": closing if any(closing.values()) else None,
        "tags": words_in(raw.get("tags")),
        "messages": _messages(raw.get("messages")),
    }


def _messages(cell: Any) -> Any:
    """What stands in a cell as JSON; other text is left as it is and refused as no list."""
    try:
        return json.loads(cell) if cell else []
    except ValueError:
        return cell
