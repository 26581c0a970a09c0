"""What an API token may be limited to: a small list, and which of it each operation needs.

An operation needs the scope of its tag's area, to read or to write, unless it names another. One
whose tag is missing here is open to unlimited tokens alone, and a test names it.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

ALL = "*"
# Needed by what tells a caller no more than who it is.
ANY = ""

SCOPES: dict[str, Any] = {
    "tickets:read": _("Read tickets, messages, files, clocks and escalations"),
    "tickets:write": _("File tickets, write messages, act on tickets"),
    "customers:read": _("Read customers' contact data and orders"),
    "signals:read": _("Read reported signals"),
    "signals:write": _("Report signals about accounts"),
    "rules:read": _("Read policies, the escalation matrix and triage rules"),
    "rules:write": _("Change rules and macros"),
    "reports:read": _("Read the ledger, the engine's state and reports"),
    "people:read": _("Read teams, people and their work"),
    "people:write": _("Change status and assignment of people"),
    "chats:read": _("Read conversations of buyers and shops"),
    "chats:write": _("Write in conversations, review messages"),
    "shops:read": _("Read how shops are evaluated, violations, appeals and reports about buyers"),
    "shops:write": _("Holiday Mode and replies of shops, appeals, reports, decisions"),
    "events:read": _("Read the feed of events"),
    "webhooks:manage": _("Manage webhooks"),
    "suppliers:answer": _("Answer complaints to suppliers"),
}
SUPPLIERS = "suppliers:answer"
# A narrow scope that a wider one holds already.
WIDER = {SUPPLIERS: "tickets:write"}

_AREAS = {
    "Tickets": "tickets",
    "Actions": "tickets",
    "Conversation": "tickets",
    "Escalation": "tickets",
    "Receiving teams": "tickets",
    "Watching": "tickets",
    "Incidents": "tickets",
    "Many tickets": "tickets",
    "Tags": "tickets",
    "Views": "tickets",
    "SLA": "tickets",
    "Customer data": "customers",
    "Signals": "signals",
    "Triage": "rules",
    "Macros": "rules",
    "Playbooks": "tickets",
    "Agents": "tickets",
    "Supplier complaints": "tickets",
    "Quality": "people",
    "Reports": "reports",
    "People": "people",
    "Assignment": "people",
    "Keys": "people",
    "Shops": "shops",
    "Buyer Messages": "chats",
}
READING = ("GET", "HEAD", "OPTIONS")


def scope_of(tag: str, method: str) -> str | None:
    """The scope that an operation under this tag needs; None: the tag has no area yet."""
    area = _AREAS.get(tag)
    if area is None:
        return None
    return f"{area}:read" if method in READING or area == "customers" else f"{area}:write"


def declare(view: Any, methods: list[str], tag: str, scope: str | None) -> None:
    """Write on the view's class what each of its methods needs; see people/api/authentication.py."""
    needed = {method: scope if scope is not None else scope_of(tag, method) for method in methods}
    view.cls.scopes = {**getattr(view.cls, "scopes", {}), **needed}
