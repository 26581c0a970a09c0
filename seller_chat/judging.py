"""What moderation says of a message before it is delivered, and the text that may be stored.

The engine reads the words with their contacts, since those carry many violations; what is stored has
the contacts masked, and the evidence as places in the masked text.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.utils.translation import get_language

from bahasa.secrets import mask_secrets
from seller_chat.masking import Masked, mask_contacts
from seller_chat.models import ModerationDecision
from seller_chat.moderation import Decision, Message, Model, Reason, RuleSet, moderate
from seller_chat.moderation.places import MODEL, RULES
from seller_chat.moderation.rules import Label

logger = logging.getLogger(__name__)
Verdict = ModerationDecision.Verdict
_KEPT = ("found", "nearest")


@dataclass(frozen=True)
class Judged:
    """A text as it may be stored, and the verdict on it."""

    body: str
    masked: tuple[str, ...]
    verdict: str
    labels: tuple[str, ...] = ()
    reasons: list[dict[str, Any]] = field(default_factory=list)
    confidence: float | None = None
    rules_version: int = 0
    model_version: str = ""


@dataclass(frozen=True)
class Guideline:
    """A prohibited behaviour, by its number in the guidelines and its name in the reader's language."""

    label: str
    number: str
    name: str


@cache
def rule_set() -> RuleSet:
    return RuleSet.from_file(RULES)


@cache
def _model() -> Model:
    return Model.from_file(MODEL)


def guideline_of(label: str) -> Guideline:
    """A label that an earlier set of rules knew is told by itself."""
    known: Label | None = rule_set().labels.get(label)
    if known is None:
        return Guideline(label, "", label)
    english = (get_language() or "id").startswith("en")
    number = known.source.removeprefix("001").strip()
    return Guideline(label, number, known.text_en if english else known.text_id)


def all_guidelines() -> list[Guideline]:
    return [guideline_of(label) for label in rule_set().labels]


def spans_of(verdict: ModerationDecision | None, length: int) -> list[tuple[int, int]]:
    """Places within the body, each said once, from left to right, the longest first."""
    if verdict is None:
        return []
    found = {
        (int(start), min(int(end), length))
        for reason in verdict.reasons
        if reason.get("effect") == "found"
        for start, end in reason["spans"]
    }
    return sorted((span for span in found if span[0] < span[1]), key=lambda s: (s[0], -s[1]))


def judge(sender: str, text: str) -> Judged:
    """Never raises: a message that could not be judged is delivered and waits for an officer.

    To hold back everything while the check is broken would silence both sides for a fault of ours.
    """
    hidden = mask_secrets(text)
    contacts = mask_contacts(hidden.text)
    masked = (*sorted(hidden.kinds), *contacts.kinds)
    try:
        decision = moderate(Message(sender, hidden.text), rule_set(), _model())
    except Exception:
        logger.exception("moderation failed")
        return Judged(contacts.text, masked, Verdict.FAILED)
    return Judged(
        body=contacts.text,
        masked=masked,
        verdict=_verdict(decision),
        labels=decision.violations,
        reasons=[_kept(each, contacts) for each in decision.reasons if each.effect in _KEPT],
        confidence=decision.confidence,
        rules_version=decision.rules_version,
        model_version=decision.model_version,
    )


def _verdict(decision: Decision) -> str:
    if decision.needs_review:
        return Verdict.DOUBTFUL
    return Verdict.CLEAR if decision.violations else Verdict.CLEAN


def _kept(reason: Reason, contacts: Masked) -> dict[str, Any]:
    """Places in the stored text, no words: they can be masked or erased without touching this."""
    spans = {contacts.place(each.start, each.end) for each in reason.evidence}
    return {
        "label": reason.violation,
        "rule": reason.rule,
        "effect": reason.effect,
        "source": reason.source,
        "score": reason.score,
        "spans": [list(span) for span in sorted(spans)],
    }
