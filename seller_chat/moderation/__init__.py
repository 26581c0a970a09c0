"""Moderation: which prohibited behaviour a chat message between buyer and seller shows, and why."""

from seller_chat.moderation.decision import Decision, Evidence, Message, Reason
from seller_chat.moderation.engine import moderate
from seller_chat.moderation.model import Model
from seller_chat.moderation.rules import RuleSet, RuleSetError

__all__ = [
    "Decision",
    "Evidence",
    "Message",
    "Model",
    "Reason",
    "RuleSet",
    "RuleSetError",
    "moderate",
]
