"""Every address of the site."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import include, path

_MODULES = [
    ("", "tickets.urls_public"),
    ("", "people.urls"),
    ("", "desk.urls"),
    ("api/v1/", "people.api.urls"),
    ("api/v1/", "tickets.api.urls"),
    ("api/v1/", "escalation.api.urls"),
    ("api/v1/", "sla.api.urls"),
    ("api/v1/", "desk.api.urls"),
]


def _exists(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


urlpatterns = [path(prefix, include(module)) for prefix, module in _MODULES if _exists(module)]
