"""How the engine fares on labelled cases: accuracy, urgent cases missed or invented, confusions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tickets.triage.batch import MEASURED, Score
from tickets.triage.decision import Decision

URGENT = "URGENT"


@dataclass
class Evaluation:
    """Decisions held against their labels; cases without labels are left out."""

    score: Score = field(default_factory=Score)
    urgent_missed: list[str] = field(default_factory=list)
    urgent_false: list[str] = field(default_factory=list)
    confusions: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, case_id: Any, decision: Decision, expected: dict[str, Any]) -> None:
        """`expected` holds `category`, `priority` and `queue`; empty where the case has no label."""
        if not expected:
            return
        self.score.add(decision, expected)
        wanted = str(expected.get("category"))
        if decision.category != wanted:
            self.confusions[wanted, decision.category] += 1
        if (expected.get("priority") == URGENT) != (decision.priority == URGENT):
            missed = expected.get("priority") == URGENT
            (self.urgent_missed if missed else self.urgent_false).append(str(case_id))

    def lines(self, *, confusions: int, ids: bool) -> Iterator[str]:
        """The report, one line each; `ids` names the urgent cases that went wrong."""
        score = self.score
        yield f"{score.cases} cases"
        for name in (*MEASURED, "all three"):
            yield f"{name:<10} {score.share(name):6.1%}"
        urgent = score.right["urgent"]
        for told, among, cases in (
            ("missed", urgent, self.urgent_missed),
            ("false", score.cases - urgent, self.urgent_false),
        ):
            named = f": {', '.join(cases)}" if ids and cases else ""
            yield f"URGENT {told} {len(cases)} of {among}{named}"
        worst = sorted(self.confusions.items(), key=lambda item: (-item[1], item[0]))[:confusions]
        for (wanted, given), count in worst:
            yield f"{count:>4}  {wanted} taken for {given}"


@dataclass
class Curve:
    """How many decisions are at least so sure, and how many of those have the right category."""

    known: list[tuple[float, bool]] = field(default_factory=list)

    def add(self, decision: Decision, category: str) -> None:
        self.known.append((decision.confidence, decision.category == category))

    def points(self) -> Iterator[tuple[float, float, float]]:
        """Confidence, share of decisions that have it, share of those that are right."""
        for step in range(0, 100, 5):
            threshold = step / 100
            kept = [right for sure, right in self.known if sure >= threshold]
            if kept:
                yield threshold, len(kept) / len(self.known), sum(kept) / len(kept)

    def lines(self) -> Iterator[str]:
        yield "confidence  coverage  category right"
        for threshold, coverage, right in self.points():
            yield f"{threshold:>10.2f}  {coverage:8.1%}  {right:14.1%}"
