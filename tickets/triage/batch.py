"""Cases as lines of JSON: reading one, writing its decision, and scoring against labels."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from tickets.triage.decision import Complaint, Decision

MEASURED = ("category", "priority", "queue")
_TEXTS = {"channel": "", "reporter": "buyer", "tier": "regular", "subject": "", "body": ""}


class CaseError(ValueError):
    """A line is no case; the message says why."""


def parse_case(line: str) -> tuple[Any, Complaint, dict[str, Any]]:
    """The id, the complaint and the expected labels (empty where absent) of one line.

    Missing fields take their defaults. Raises `CaseError` for broken JSON and wrong types.
    """
    try:
        case = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise CaseError(f"not JSON: {error}") from None
    if not isinstance(case, dict):
        raise CaseError("not a JSON object")
    texts = {}
    for name, default in _TEXTS.items():
        value = case.get(name)
        if value is not None and not isinstance(value, str):
            raise CaseError(f"{name!r} must be text")
        texts[name] = default if value is None else value
    amount = _number(case, "amount_idr")
    if amount is not None and amount != int(amount):
        raise CaseError("'amount_idr' must be a whole number of rupiah")
    complaint = Complaint(
        amount_idr=None if amount is None else int(amount),
        days_open=_number(case, "days_open"),
        **texts,
    )
    expected = case.get("expected")
    return case.get("id"), complaint, expected if isinstance(expected, dict) else {}


def _number(case: dict[str, Any], name: str) -> float | int | None:
    value = case.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise CaseError(f"{name!r} must be a number or null")
    # Also refuses NaN, which compares false with everything.
    if not 0 <= value <= 10**15:
        raise CaseError(f"{name!r} must lie between 0 and 10^15")
    return value


def write_decision(case_id: Any, decision: Decision) -> str:
    """One line of output: id, category, priority, queue, flags, confidence, reasons."""
    written = json.dumps({"id": case_id, **decision.to_dict()}, ensure_ascii=False)
    # A lone surrogate in quoted evidence is no character that a file can hold.
    return written.encode("utf-8", "replace").decode("utf-8")


class Score:
    """Counts how often a decision agrees with its label."""

    def __init__(self) -> None:
        self.cases = 0
        self.right: Counter[str] = Counter()

    def add(self, decision: Decision, expected: dict[str, Any]) -> None:
        if not expected:
            return
        self.cases += 1
        agree = [name for name in MEASURED if getattr(decision, name) == expected.get(name)]
        self.right.update(agree)
        if len(agree) == len(MEASURED):
            self.right["all three"] += 1
        if expected.get("priority") == "URGENT":
            self.right["urgent"] += 1
            self.right["urgent found"] += decision.priority == "URGENT"

    def share(self, name: str) -> float:
        """From 0 to 1; 1 where nothing was to be found."""
        if name == "urgent found":
            return self.right[name] / self.right["urgent"] if self.right["urgent"] else 1.0
        return self.right[name] / self.cases if self.cases else 1.0

    def __str__(self) -> str:
        names = (*MEASURED, "all three", "urgent found")
        return f"{self.cases} cases: " + ", ".join(f"{n} {self.share(n):.1%}" for n in names)
