"""Settings of the systems behind the reseller agents' cases (docs/suppliers.md)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from helpdesk import environment as env

OF_THEIR_OWN = (
    "transaction",
    "deposit",
    "payment_gateway",
    "credit",
    "balance",
    "agent",
    "accounts",
)


def systems(prefix: str, *, production: bool, parts: tuple[str, ...] = ()) -> dict[str, Any]:
    """`kind` none, demo or http; for http `url`, `token`, `timeout_ms`, and `{part}_url` where a part
    answers at an address of its own."""
    kind = env.choice(
        f"{prefix}_CONNECTOR", ("none", "demo", "http"), default="none" if production else "demo"
    )
    if production and kind == "demo":
        raise ImproperlyConfigured(f"{prefix}_CONNECTOR: a production start refuses the demo's")
    found: dict[str, Any] = {
        "kind": kind,
        "url": "",
        "token": env.text(f"{prefix}_TOKEN"),
        "timeout_ms": env.number(f"{prefix}_TIMEOUT_MS", default=2000, minimum=200),
    }
    if kind != "http":
        return found
    found["url"] = _address(f"{prefix}_URL", production=production)
    for part in parts:
        name = f"{prefix}_{part.upper()}_URL"
        if env.text(name):
            found[f"{part}_url"] = _address(name, production=production)
    return found


def _address(name: str, *, production: bool) -> str:
    found = env.web_address(name)
    if production and urlsplit(found).scheme != "https":
        raise ImproperlyConfigured(f"{name}: a production start needs an https:// address")
    return found


def log_signing() -> dict[str, str]:
    """The key that signs official documents: PEM files and the passphrase of the first. Without them one is
    made outside production, and nothing is signed in it."""
    found = {
        "key": env.text("LOG_SIGNING_KEY"),
        "cert": env.text("LOG_SIGNING_CERT"),
        "passphrase": env.text("LOG_SIGNING_PASSPHRASE"),
    }
    if bool(found["key"]) != bool(found["cert"]):
        raise ImproperlyConfigured("LOG_SIGNING_KEY and LOG_SIGNING_CERT belong together")
    return found
