"""Reads environment variables strictly: a misspelt value stops the start instead of being guessed.

Every reader raises ImproperlyConfigured with the variable's name, the value and what was expected.
"""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}


def text(name: str, default: str = "") -> str:
    """The variable without surrounding blanks; an empty one counts as not set."""
    return os.environ.get(name, "").strip() or default


def required(name: str, why: str) -> str:
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"{name} is not set: {why}")
    return value


def flag(name: str, *, default: bool) -> bool:
    value = text(name).lower()
    if not value:
        return default
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name}={value!r}: expected true or false")


def number(name: str, *, default: int, minimum: int = 0) -> int:
    value = text(name)
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or int(value) < minimum:
        raise ImproperlyConfigured(f"{name}={value!r}: expected a whole number from {minimum} up")
    return int(value)


def choice(name: str, allowed: tuple[str, ...], *, default: str) -> str:
    value = text(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name}={value!r}: expected one of {', '.join(allowed)}")
    return value


def words(name: str, default: list[str]) -> list[str]:
    """A comma-separated list without empty entries."""
    value = text(name)
    return [word.strip() for word in value.split(",") if word.strip()] if value else default


def web_address(name: str, default: str = "") -> str:
    """An http(s) address without a trailing slash, or the default."""
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ImproperlyConfigured(f"{name}={value!r}: expected http(s)://host[:port]")
    return value


def postgres(name: str, default: str = "") -> dict[str, Any]:
    """Django's settings for one PostgreSQL database, from a libpq address.

    A socket folder may be given as libpq does it: ``postgres://user@/name?host=/run/postgresql``.
    """
    value = text(name, default)
    if urlsplit(value).scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{name}: expected postgres://user:password@host:port/name")
    settings: dict[str, Any] = environ.Env.db_url_config(value)
    options = settings.setdefault("OPTIONS", {})
    settings["HOST"] = options.pop("host", settings["HOST"])
    if not settings["NAME"]:
        raise ImproperlyConfigured(f"{name}: the address names no database")
    return settings


def redis(name: str, default: str = "") -> str:
    value = text(name, default)
    if urlsplit(value).scheme not in {"redis", "rediss", "unix"}:
        raise ImproperlyConfigured(f"{name}: expected redis://host:port/number or unix:///socket")
    return value


def mail(name: str) -> dict[str, Any]:
    """Django's EMAIL_* settings from ``smtp+tls://user:password@host:port``."""
    value = required(name, "the address of the outgoing mail server")
    if urlsplit(value).scheme not in environ.Env.EMAIL_SCHEMES:
        raise ImproperlyConfigured(f"{name}: expected smtp://, smtp+tls:// or smtp+ssl://")
    settings: dict[str, Any] = environ.Env.email_url_config(value)
    return {key: setting for key, setting in settings.items() if key.startswith("EMAIL_")}
