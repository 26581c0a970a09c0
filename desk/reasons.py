"""Why a ticket is classified as it is: reason cards, with the customer's words marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from tickets.models import Classification, Ticket

# Fields of the form are quoted by their value, words of the text by themselves.
IN_TEXT = {"subject", "body"}


@dataclass(frozen=True)
class ReasonCard:
    """`decisive`: the rule set the priority or category (red edge when that is URGENT)."""

    title: str
    quotes: tuple[str, ...]
    facts: tuple[str, ...]
    decisive: bool
    source: str


@dataclass(frozen=True)
class Reasons:
    """`latest` decides; `by_rules` is what triage said first, where somebody overrode it."""

    latest: Classification | None
    cards: tuple[ReasonCard, ...]
    by_rules: Classification | None
    rule_cards: tuple[ReasonCard, ...]

    @property
    def overridden(self) -> bool:
        return self.latest is not None and self.latest.rules_version is None


def reasons_of(ticket: Ticket) -> Reasons:
    """One query."""
    return reasons(list(ticket.classifications.select_related("event__actor").order_by("id")))


def reasons(rows: Sequence[Classification]) -> Reasons:
    """From the ticket's classifications, the oldest first."""
    latest = rows[-1] if rows else None
    by_rules = next((row for row in reversed(rows) if row.rules_version is not None), None)
    return Reasons(
        latest=latest,
        cards=_cards(latest),
        by_rules=by_rules,
        rule_cards=_cards(by_rules) if by_rules is not latest else (),
    )


def cards_of(told: Sequence[dict[str, Any]]) -> tuple[ReasonCard, ...]:
    """The reasons of a decision (`Reason.to_dict`), in their order."""
    return tuple(_card(reason) for reason in told)


def _cards(row: Classification | None) -> tuple[ReasonCard, ...]:
    return cards_of(row.reasons) if row else ()


def _card(reason: dict[str, Any]) -> ReasonCard:
    english = (get_language() or "id").startswith("en")
    evidence = reason.get("evidence") or []
    return ReasonCard(
        title=reason.get("title_en" if english else "title_id") or reason.get("rule", ""),
        quotes=_unique(item["text"] for item in evidence if item.get("field") in IN_TEXT),
        facts=_unique(item["text"] for item in evidence if item.get("field") not in IN_TEXT),
        decisive=bool({"priority", "category"} & set(reason.get("effect") or {})),
        source=reason.get("source", ""),
    )


def _unique(texts: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(text) for text in texts if text))


def marked_spans(ticket: Ticket, told: Reasons) -> list[tuple[int, int]]:
    """Where in the description the rules saw their words: sorted, joined, within the text."""
    row = told.by_rules
    spans = [
        (item["start"], item["end"])
        for reason in (row.reasons if row else [])
        for item in reason.get("evidence") or []
        if item.get("field") == "body"
        and ticket.description[item["start"] : item["end"]] == item["text"]
        and item["end"] > item["start"]
    ]
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
