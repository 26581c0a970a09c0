"""Which icon, class and word stand for each priority, state, tier and timer: one table each."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _


class Mark(NamedTuple):
    """An icon of the sprite, a class of the stylesheet, and the word that says the same."""

    icon: str
    css: str
    word: object


# Priorities are never translated (docs/interface.md, writing).
PRIORITIES: dict[str, Mark] = {
    "URGENT": Mark("p-urgent", "prio-urgent", "URGENT"),
    "HIGH": Mark("p-high", "prio-high", "HIGH"),
    "MEDIUM": Mark("p-medium", "prio-medium", "MEDIUM"),
    "LOW": Mark("p-low", "prio-low", "LOW"),
}

STATES: dict[str, Mark] = {
    "received": Mark("s-received", "state-received", _("Received")),
    "classified": Mark("s-classified", "state-classified", _("Classified")),
    "handled": Mark("s-handled", "state-handled", _("Handled")),
    "escalated": Mark("up", "state-escalated", _("Escalated")),
    "monitored": Mark("eye", "state-monitored", _("Monitored")),
    "closed": Mark("s-closed", "state-closed", _("Closed")),
}

AVAILABILITY: dict[str, Mark] = {
    "available": Mark("done", "is-here", _("available")),
    "away": Mark("pause", "is-away", _("away")),
    "off": Mark("out", "is-off", _("off shift")),
}

# A regular customer wears no badge: what everybody has says nothing.
TIERS: dict[str, Mark] = {
    "silver": Mark("g1", "", "Silver"),
    "gold": Mark("g2", "", "Gold"),
    "platinum": Mark("g3", "", "Platinum"),
    "diamond": Mark("g4", "", "Diamond"),
}

CHANNELS: dict[str, Mark] = {
    "web": Mark("globe", "", _("Web form")),
    "chatbot": Mark("bot", "", _("Chatbot")),
    "forum": Mark("users", "", _("Community forum")),
    "live_chat": Mark("chat", "", _("Live chat")),
    "phone": Mark("phone", "", _("Phone")),
    "email": Mark("mail", "", _("E-mail")),
    "social": Mark("hash", "", _("Social media")),
    "seller_center": Mark("store", "", _("Seller Center")),
    "api": Mark("link", "", _("Partner API")),
}

ROLES: dict[str, object] = {
    "customer": _("customer"),
    "seller": _("seller"),
    "agent": _("reseller agent"),
    "officer": _("CS officer"),
    "supervisor": _("supervisor"),
    "operations_manager": _("operations manager"),
    "specialist": _("specialist"),
    "integrator": _("integrator"),
    "administrator": _("administrator"),
}

LEVELS: dict[str, Mark] = {
    "": Mark("clock", "", ""),
    "50": Mark("t50", "is-50", ""),
    "80": Mark("t80", "is-80", ""),
    "late": Mark("late", "is-late", ""),
    "paused": Mark("pause", "is-paused", _("paused, waiting for the customer")),
    "met": Mark("done", "is-met", _("met")),
}


def level_of(used: float, *, late: bool) -> str:
    """The level of a running timer by the share of its time used (0..1)."""
    if late:
        return "late"
    if used >= 0.8:
        return "80"
    return "50" if used >= 0.5 else ""
