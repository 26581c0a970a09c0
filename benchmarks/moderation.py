"""Moderation of chat messages: pure Python, one process, no database."""

from __future__ import annotations

import time
from collections.abc import Iterator

from benchmarks.table import Row, spread
from seller_chat.moderation import Model, RuleSet, moderate
from seller_chat.moderation.batch import read_labelled
from seller_chat.moderation.places import CORPUS, MODEL, RULES


def measure() -> Iterator[Row]:
    """Every message of the corpus once, after a pass over some of them that fills the caches."""
    rules, model = RuleSet.from_file(RULES), Model.from_file(MODEL)
    messages = [message for _, message, _ in read_labelled([CORPUS])]
    for message in messages[:200]:
        moderate(message, rules, model)
    samples = []
    for message in messages:
        began = time.process_time()
        moderate(message, rules, model)
        samples.append(time.process_time() - began)
    yield Row(
        "moderation of chat messages, one core",
        f"{len(samples) / sum(samples):.0f}/s",
        "0",
        f"{spread(samples)} of processor time each",
    )
