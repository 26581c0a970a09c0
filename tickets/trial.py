"""What a draft of the triage rules would have said of the tickets received lately. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tickets.triage import Decision

FIELDS = ("category", "priority", "queue")
KEPT = 300
Said = dict[str, str]


@dataclass
class Outcome:
    """Counts and examples that grow ticket by ticket, and can be laid aside as JSON in between.

    `moves` counts 'before>after' by field. `corrected` are tickets that a person classified; of
    those, how many are as the person said `now` (by the version in force) and by the `draft`.
    """

    tickets: int = 0
    changed: int = 0
    moves: dict[str, Counter[str]] = field(default_factory=lambda: {f: Counter() for f in FIELDS})
    corrected: int = 0
    right: Counter[str] = field(default_factory=Counter)
    examples: list[dict[str, Any]] = field(default_factory=list)

    def add(self, ticket: int, now: Decision, draft: Decision, person: Said | None) -> None:
        """One ticket; `person` is what an officer said of it, if one did."""
        self.tickets += 1
        before, after = said(now), said(draft)
        if person is not None:
            self.corrected += 1
            self.right["now"] += before == person
            self.right["draft"] += after == person
        if before == after:
            return
        self.changed += 1
        differ = [name for name in FIELDS if before[name] != after[name]]
        for name in differ:
            self.moves[name][f"{before[name]}>{after[name]}"] += 1
        if len(self.examples) < KEPT:
            example = {"ticket": ticket, "before": before, "after": after, "person": person}
            self.examples.append(
                example | {"why": {name: [why(now, name), why(draft, name)] for name in differ}}
            )

    def as_json(self) -> dict[str, Any]:
        return {
            "tickets": self.tickets,
            "changed": self.changed,
            "moves": {name: dict(moves) for name, moves in self.moves.items()},
            "corrected": self.corrected,
            "right": dict(self.right),
            "examples": self.examples,
        }

    @classmethod
    def of_json(cls, kept: dict[str, Any]) -> Outcome:
        """As laid aside; a new one where nothing was."""
        if not kept:
            return cls()
        moves = {name: Counter(kept["moves"][name]) for name in FIELDS}
        numbers = {name: kept[name] for name in ("tickets", "changed", "corrected", "examples")}
        return cls(**numbers, moves=moves, right=Counter(kept["right"]))


def said(decision: Decision) -> Said:
    return {name: getattr(decision, name) for name in FIELDS}


def why(decision: Decision, name: str) -> dict[str, str]:
    """The reason that set this field: its rule and titles, without the customer's words."""
    value = getattr(decision, name)
    for reason in decision.reasons:
        if reason.effect.get(name) == value:
            return {"rule": reason.rule, "id": reason.title_id, "en": reason.title_en}
    return {"rule": "", "id": "", "en": ""}
