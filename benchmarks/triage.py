"""How many complaints a second the triage engine decides on one core, without the database.

`python -m benchmarks.triage` measures this alone.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.table import Row, show, told
from tickets.triage import Complaint, RuleSet, triage
from tickets.triage.batch import parse_case

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
PASSES = 5


def measure() -> Iterator[Row]:
    print("bench: triage of the corpus, engine alone", flush=True)
    rules = RuleSet.from_file(FIXTURES / "triage_rules.json")
    complaints = [
        parse_case(line)[1]
        for path in sorted((FIXTURES / "corpus" / "complaints").glob("*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    ]
    words = statistics.mean(len(each.body.split()) for each in complaints)
    note = f"{len(complaints)} complaints of {words:.0f} words, processor time"
    first = _rate(complaints, rules)
    yield Row("triage, every word new to the process", f"{first:.0f}/s", "0", note)
    rates = [_rate(complaints, rules) for _pass in range(PASSES)]
    yield Row(
        "triage, words known", f"{statistics.median(rates):.0f}/s", "0", f"best {max(rates):.0f}/s"
    )


def _rate(complaints: list[Complaint], rules: RuleSet) -> float:
    began = time.process_time()
    for complaint in complaints:
        triage(complaint, rules)
    return len(complaints) / (time.process_time() - began)


if __name__ == "__main__":
    show("Triage", "", told(measure()))
