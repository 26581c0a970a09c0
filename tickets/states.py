"""The words of the ticket's life (domain sections 2, 3 and 6)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    RECEIVED = "received", _("received")
    CLASSIFIED = "classified", _("classified")
    HANDLED = "handled", _("handled")
    ESCALATED = "escalated", _("escalated")
    MONITORED = "monitored", _("monitored")
    CLOSED = "closed", _("closed")


OPEN_STATES = (State.RECEIVED, State.CLASSIFIED, State.HANDLED, State.ESCALATED, State.MONITORED)

# A team beyond the squad has it, or is asked to take it.
WITH_A_TEAM_STATES = (State.ESCALATED, State.MONITORED)
IN_WORK_STATES = (State.HANDLED, State.MONITORED)
# What a specialist team has is not taken from it by a merge.
MERGEABLE_STATES = (State.CLASSIFIED, State.HANDLED)
ESCALATABLE_STATES = (State.RECEIVED, State.CLASSIFIED, *IN_WORK_STATES)


class Priority(models.TextChoices):
    URGENT = "URGENT", "URGENT"
    HIGH = "HIGH", "HIGH"
    MEDIUM = "MEDIUM", "MEDIUM"
    LOW = "LOW", "LOW"


_RANK: dict[str, int] = {Priority.URGENT: 0, Priority.HIGH: 1, Priority.MEDIUM: 2, Priority.LOW: 3}


def rank_of(priority: str) -> int:
    """0 for URGENT to 3 for LOW; an unknown word ranks as MEDIUM."""
    return _RANK.get(priority, 2)


class Channel(models.TextChoices):
    WEB = "web", _("web form")
    EMAIL = "email", _("e-mail")
    LIVE_CHAT = "live_chat", _("live chat")
    PHONE = "phone", _("phone")
    SOCIAL = "social", _("social media")
    API = "api", "API"
    SELLER_CENTER = "seller_center", "Seller Center"
    CHATBOT = "chatbot", _("chatbot")
    FORUM = "forum", _("community forum")


class Reporter(models.TextChoices):
    BUYER = "buyer", _("buyer")
    SELLER = "seller", _("seller")
    AGENT = "agent", _("reseller agent")


class WantedSolution(models.TextChoices):
    REFUND = "refund", _("money back")
    REPLACEMENT = "replacement", _("replacement of the item")
    RECOVERY = "recovery", _("recovery of the account")
    INFORMATION = "information", _("an explanation")
    OTHER = "other", _("something else")


class Confirmation(models.TextChoices):
    CONFIRMED = "confirmed", _("confirmed")
    NO_ANSWER = "no_answer", _("no answer")
    DISPUTED = "disputed", _("disputed")
