"""Every operation of the API says which scope a token needs for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from helpdesk.common.scopes import ANY, SCOPES

# The document itself: read by whoever is signed in.
UNSCOPED = {"api/v1/schema/"}


def _views(resolver: URLResolver, below: str = "") -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        route = below + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _views(entry, route)
        elif isinstance(entry, URLPattern) and route.startswith("api/v1/"):
            yield route, entry.callback


def test_every_operation_of_the_api_declares_its_scope() -> None:
    known, found = {ANY, *SCOPES}, []
    for route, view in _views(get_resolver()):
        if route in UNSCOPED:
            continue
        methods = [word.upper() for word in view.cls.http_method_names if word != "options"]
        scopes = getattr(view.cls, "scopes", {})
        found += [f"{method} {route}" for method in methods if scopes.get(method) not in known]
    assert found == [], "give its tag an area in helpdesk/common/scopes.py, or say scope=…"
