"""People of another system, where its tickets name them by id alone."""

from __future__ import annotations

from email.utils import parseaddr
from pathlib import Path
from typing import Any

from tickets.moving.files import read_rows

AGENTS = ("agent", "admin")


class People:
    """Who is who by id: {'name', 'email', 'phone', 'agent'}."""

    def __init__(self) -> None:
        self._by_id: dict[str, dict[str, Any]] = {}

    @classmethod
    def from_file(cls, path: Path | None) -> People:
        """Users as the other system exports them. Raises Unreadable."""
        people = cls()
        for row in read_rows(path) if path else ():
            people.add(row.values or {})
        return people

    def add(self, raw: dict[str, Any]) -> None:
        if (key := raw.get("id")) is not None:
            self._by_id[str(key)] = person_of(raw)

    def known(self, key: Any) -> dict[str, Any]:
        return self._by_id.get(str(key), {})


def person_of(raw: Any) -> dict[str, Any]:
    """A person given as an object, or as 'Name <address>' or an address."""
    if isinstance(raw, dict):
        name = raw.get("name") or raw.get("full_name") or _full_name(raw)
        phone = raw.get("phone") or raw.get("mobile")
        agent = raw.get("role") in AGENTS if raw.get("role") else None
        return {"name": name, "email": raw.get("email"), "phone": phone, "agent": agent}
    name, address = parseaddr(str(raw or ""))
    return {"name": name, "email": address} if "@" in address else {"name": str(raw or "")}


def _full_name(raw: dict[str, Any]) -> str:
    return " ".join(str(raw[part]) for part in ("firstname", "lastname") if raw.get(part))
