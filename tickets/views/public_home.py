"""The front page: two ways in, and every other way to reach us, from the organisation's profile alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import time_format
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from people.models import organisation
from tickets.views import visitors


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    profile = organisation()
    context = {
        "profile": profile,
        "phone_menu": [
            {"key": entry["key"], "name": in_language(entry, "name")}
            for entry in profile["call_center"]["menu"]
        ],
        "chat_hours": hours(profile["live_chat"]["open"]),
        "social_hours": hours(profile["social_media"]["open"]),
        "community_promise": in_language(profile["community"], "promise"),
        "regular_promise": in_language(profile["email"]["regular"], "promise"),
        "priority_promise": in_language(profile["email"]["priority"], "promise"),
        "priority_tiers": ", ".join(tier.title() for tier in profile["email"]["priority"]["tiers"]),
        "office_note": in_language(profile["head_office"], "note"),
        "own": visitors.reports_for_self(visitors.person_of(request)),
    }
    return render(request, "tickets/public/home.html", context)


def in_language(entry: Mapping[str, Any], name: str) -> str:
    """`name_id` or `name_en` by the reader's language; plain `name` where the profile has one text."""
    code = "en" if (get_language() or "id").startswith("en") else "id"
    return str(entry.get(f"{name}_{code}", entry.get(name, "")))


def hours(span: list[str]) -> str:
    """['08:00', '22:00'] as `08.00–22.00`."""
    form = gettext("H:i")
    return "–".join(time_format(time.fromisoformat(moment), form) for moment in span)
