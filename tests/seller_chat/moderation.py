"""The rules and the model as they are shipped, built once."""

from __future__ import annotations

from functools import cache

from seller_chat.moderation import Decision, Message, Model, RuleSet, moderate
from seller_chat.moderation.places import MODEL, RULES


@cache
def shipped() -> tuple[RuleSet, Model]:
    return RuleSet.from_file(RULES), Model.from_file(MODEL)


def judge(text: str, sender: str = "seller") -> Decision:
    return moderate(Message(sender, text), *shipped())
