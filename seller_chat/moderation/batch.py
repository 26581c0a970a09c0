"""Messages as lines of JSON: reading one, writing its decision, and scoring against labels."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from seller_chat.moderation.decision import SENDERS, Decision, Message

# Stands for content that nobody should have to write: no score on it means anything.
MASKED = "isi disamarkan"

Labelled = Sequence[tuple[str, Message, list[str]]]


class MessageError(ValueError):
    """A line is no message; the message says why."""


def parse_message(line: str) -> tuple[Any, Message, list[str] | None]:
    """The id, the message and the expected violations (None where absent) of one line.

    Raises `MessageError` for broken JSON, a missing or wrong text and an unknown sender.
    """
    try:
        case = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise MessageError(f"not JSON: {error}") from None
    if not isinstance(case, dict):
        raise MessageError("not a JSON object")
    text = case.get("text")
    if not isinstance(text, str):
        raise MessageError("'text' must be text")
    sender = case.get("sender", "seller")
    if sender not in SENDERS:
        raise MessageError(f"'sender' must be one of {', '.join(SENDERS)}")
    expected = case.get("expected")
    labels = expected.get("violations") if isinstance(expected, dict) else None
    return case.get("id"), Message(sender, text), labels if isinstance(labels, list) else None


def write_decision(case_id: Any, decision: Decision) -> str:
    """One line of output: id, violations, confidence, reasons."""
    written = json.dumps({"id": case_id, **decision.to_dict()}, ensure_ascii=False)
    # A lone surrogate in quoted evidence is no character that a file can hold.
    return written.encode("utf-8", "replace").decode("utf-8")


def read_labelled(paths: Iterable[Path]) -> Iterator[tuple[str, Message, list[str]]]:
    """Id, message and labels of every labelled line; a folder stands for its `*.jsonl` files."""
    for path in paths:
        files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
        for file in files:
            for line in file.read_text("utf-8").splitlines():
                case_id, message, labels = parse_message(line)
                if labels is not None:
                    yield str(case_id), message, labels


def data_hash(cases: Labelled, rules_text: str) -> str:
    """Names what a model was learnt from: messages, labels and rules."""
    digest = hashlib.sha256(rules_text.encode())
    for _, message, found in sorted(cases, key=lambda case: case[0]):
        digest.update(f"{message.sender}\0{message.text}\0{sorted(found)}\n".encode())
    return digest.hexdigest()[:16]


class Score:
    """Counts found, missed and invented violations; messages with masked content do not count."""

    def __init__(self) -> None:
        self.messages = self.clean = self.clean_flagged = 0
        self.hits: Counter[str] = Counter()
        self.invented: Counter[str] = Counter()
        self.missed: Counter[str] = Counter()
        self.confusions: Counter[tuple[str, str]] = Counter()

    def add(self, text: str, found: Collection[str], expected: Collection[str]) -> None:
        if MASKED in text:
            return
        right, got = set(expected), set(found)
        self.messages += 1
        self.hits.update(right & got)
        self.invented.update(got - right)
        self.missed.update(right - got)
        for missing in sorted(right - got) or ["(clean)" if not right else "(extra)"]:
            for extra in sorted(got - right) or ["(nothing)"]:
                if missing != "(extra)" or extra != "(nothing)":
                    self.confusions[missing, extra] += 1
        if not right:
            self.clean += 1
            self.clean_flagged += bool(got)
        self.confusions.pop(("(clean)", "(nothing)"), None)

    def figures(self, label: str | None = None) -> tuple[float, float, float]:
        """Precision, recall and F1 of one label, or of all together; 1 where nothing was due."""
        hits, invented, missed = (
            counts.total() if label is None else counts[label]
            for counts in (self.hits, self.invented, self.missed)
        )
        precision = hits / (hits + invented) if hits + invented else 1.0
        recall = hits / (hits + missed) if hits + missed else 1.0
        total = 2 * hits + invented + missed
        return precision, recall, 2 * hits / total if total else 1.0

    def clean_share(self) -> float:
        """Which share of the clean messages was flagged."""
        return self.clean_flagged / self.clean if self.clean else 0.0

    def __str__(self) -> str:
        precision, recall, f1 = self.figures()
        return (
            f"{self.messages} messages: micro-F1 {f1:.1%} (precision {precision:.1%}, recall"
            f" {recall:.1%}), clean flagged {self.clean_flagged} of {self.clean}"
            f" ({self.clean_share():.1%})"
        )

    def report(self, worst: int = 10) -> str:
        """The figures as a table a label, and the worst confusions."""
        labels = sorted({*self.hits, *self.missed, *self.invented})
        lines = [str(self), f"{'violation':26}    n  prec.  recall   F1"]
        for label in labels:
            precision, recall, f1 = self.figures(label)
            due = self.hits[label] + self.missed[label]
            lines.append(f"{label:26} {due:4} {precision:6.1%} {recall:6.1%} {f1:6.1%}")
        lines.append("worst confusions (expected -> found):")
        for (missing, extra), count in self.confusions.most_common(worst):
            lines.append(f"{count:5}  {missing} -> {extra}")
        return "\n".join(lines)
