"""Names of categories and queues, read from the triage rule set in force."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language

from people.models import Team
from tickets.models import TriageRules


def categories() -> dict[str, dict[str, Any]]:
    """Every category by code; each with its names under 'id' and 'en'."""
    found: dict[str, dict[str, Any]] = TriageRules.in_force().body["categories"]
    return found


def category_name(code: str) -> str:
    """The category in the reader's language; the code itself when no rule set knows it."""
    entry = categories().get(code)
    if entry is None:
        return code
    return str(entry["en" if (get_language() or "id").startswith("en") else "id"])


def known_category(code: str) -> bool:
    return code in categories()


def known_queue(code: str) -> bool:
    return code == "general" or Team.objects.filter(code=code).exists()
