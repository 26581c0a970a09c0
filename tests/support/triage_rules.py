"""A change of the triage rules that decides whatever the learned reader thinks."""

from __future__ import annotations

from typing import Any

FROG = "zzkodokzz"
A_FROG = f"mau tanya jam buka toko {FROG}"


def frogs(body: dict[str, Any]) -> None:
    """Where a frog is named, it is an account takeover."""
    body["concepts"]["frogs"] = [FROG]
    row = {"rule": "frog", "category": "account_takeover", "id": "Kodok", "en": "Frog"}
    body["rules"].append({**row, "when": "frogs", "decides": True})


def more_words(name: str, pattern: str) -> Any:
    """One more pattern for a concept."""

    def change(body: dict[str, Any]) -> None:
        body["concepts"][name].append(pattern)

    return change
