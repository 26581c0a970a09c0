"""Conditions of a rule set, compiled from their JSON form.

"name"                              the concept occurs and counts
"name!"                             it occurs, also denied, supposed, over or another's
["a", "b"]                          any of
{"all": […]} {"any": […]} {"none": […]}
{"near": ["a", "b"], "within": 6}   both, at most so many words apart in a sentence
{"reporter": ["agent"]}             the field has one of these values (also channel, tier)
{"amount_over": "t"} {"time_over": "t"}   strictly over the threshold of that name
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from bahasa.amounts import Amount
from bahasa.durations import DAY, HOUR, MINUTE, Duration
from tickets.triage.decision import Evidence
from tickets.triage.measures import Weighing, amount_of, duration_of, length, rupiah
from tickets.triage.reading import Reading

Test = Callable[[Reading, Weighing], list[Evidence] | None]
_FIELDS = ("reporter", "channel", "tier")
_MOST_EVIDENCE = 3


class ConditionError(ValueError):
    """A condition cannot be read; the message says where and why."""


class Compiler:
    """Turns conditions into tests, given the known concepts and thresholds."""

    def __init__(self, concepts: Collection[str], thresholds: Mapping[str, Mapping[str, Any]]):
        self._concepts = concepts
        self._thresholds = thresholds

    def compile(self, written: Any, place: str) -> Test:
        """A test that returns what it saw, or None when the condition does not hold."""
        if isinstance(written, str):
            return self._concept(written, place)
        if isinstance(written, list):
            return _any_of([self.compile(part, place) for part in written])
        if isinstance(written, dict) and written:
            return _all_of([self._keyed(key, written, place) for key in written if key != "within"])
        raise ConditionError(f"{place}: not a condition: {written!r}")

    def _concept(self, written: str, place: str) -> Test:
        name = written.removesuffix("!")
        if name not in self._concepts:
            raise ConditionError(f"{place}: unknown concept {name!r}")
        everything = written.endswith("!")

        def test(reading: Reading, _: Weighing) -> list[Evidence] | None:
            if name not in reading.found:
                return None
            matches = reading.any_status(name) if everything else reading.live(name)
            return [reading.evidence(match) for match in matches[:_MOST_EVIDENCE]] or None

        return test

    def _keyed(self, key: str, written: dict[str, Any], place: str) -> Test:
        value = written[key]
        if key in {"all", "any", "none"}:
            if not isinstance(value, list):
                raise ConditionError(f"{place}: {key!r} needs a list")
            tests = [self.compile(part, place) for part in value]
            return {"all": _all_of, "any": _any_of, "none": _none_of}[key](tests)
        if key == "near":
            return self._near(value, written.get("within", 6), place)
        if key in _FIELDS:
            return _field_is(key, frozenset([value] if isinstance(value, str) else value))
        if key in {"amount_over", "time_over"}:
            return self._over(key, value, place)
        raise ConditionError(f"{place}: unknown test {key!r}")

    def _near(self, names: Any, within: int, place: str) -> Test:
        if not isinstance(names, list) or len(names) != 2:
            raise ConditionError(f"{place}: 'near' needs two concepts")
        for name in names:
            self._concept(name, place)
        first, second = names

        def test(reading: Reading, _: Weighing) -> list[Evidence] | None:
            for a in reading.live(first):
                for b in reading.live(second):
                    if reading.tokens[a.first].sentence != reading.tokens[b.first].sentence:
                        continue
                    if max(a.first, b.first) - min(a.last, b.last) <= within:
                        return [reading.evidence(a), reading.evidence(b)]
            return None

        return test

    def _over(self, key: str, name: Any, place: str) -> Test:
        threshold = self._thresholds.get(name)
        if threshold is None:
            raise ConditionError(f"{place}: unknown threshold {name!r}")
        if key == "amount_over":
            if "amount_idr" not in threshold:
                raise ConditionError(f"{place}: threshold {name!r} is no amount")
            return _amount_over(int(threshold["amount_idr"]))
        for unit, size in (("days", DAY), ("hours", HOUR), ("minutes", MINUTE)):
            if unit in threshold:
                return _time_over(float(threshold[unit]) * size)
        raise ConditionError(f"{place}: threshold {name!r} is no length of time")


def needed(written: Any) -> frozenset[str]:
    """Concepts of which one must occur for the condition to hold; empty where none need to."""
    if isinstance(written, str):
        return frozenset([written.removesuffix("!")])
    if isinstance(written, list):
        parts = [needed(part) for part in written]
        return frozenset().union(*parts) if all(parts) else frozenset()
    by_key = [
        needed(part)
        for key, value in written.items()
        for part in (value if key == "all" else value[:1] if key == "near" else ())
    ]
    by_key += [needed(value) for key, value in written.items() if key == "any"]
    return min(filter(None, by_key), key=len, default=frozenset())


def _any_of(tests: list[Test]) -> Test:
    def test(reading: Reading, weighing: Weighing) -> list[Evidence] | None:
        for part in tests:
            seen = part(reading, weighing)
            if seen is not None:
                return seen
        return None

    return test


def _all_of(tests: list[Test]) -> Test:
    def test(reading: Reading, weighing: Weighing) -> list[Evidence] | None:
        together: list[Evidence] = []
        for part in tests:
            seen = part(reading, weighing)
            if seen is None:
                return None
            together += [evidence for evidence in seen if evidence not in together]
        return together

    return test


def _none_of(tests: list[Test]) -> Test:
    def test(reading: Reading, weighing: Weighing) -> list[Evidence] | None:
        return None if any(part(reading, weighing) is not None for part in tests) else []

    return test


def _field_is(name: str, values: frozenset[str]) -> Test:
    def test(reading: Reading, _: Weighing) -> list[Evidence] | None:
        value = getattr(reading.complaint, name)
        return [Evidence(name, value)] if value in values else None

    return test


def _amount_over(threshold: int) -> Test:
    def test(reading: Reading, weighing: Weighing) -> list[Evidence] | None:
        measure = amount_of(reading, weighing)
        if measure is None or not isinstance(measure.value, Amount):
            return None
        if not measure.value.exceeds(threshold):
            return None
        more = "+" if measure.value.more_than else ""
        compared = f"{rupiah(measure.value.value)}{more} > {rupiah(threshold)}"
        return [measure.evidence, Evidence("amount", compared)]

    return test


def _time_over(threshold: float) -> Test:
    def test(reading: Reading, weighing: Weighing) -> list[Evidence] | None:
        measure = duration_of(reading, weighing)
        if measure is None or not isinstance(measure.value, Duration):
            return None
        if not measure.value.exceeds(threshold):
            return None
        more = "+" if measure.value.more_than else ""
        compared = f"{length(measure.value.seconds)}{more} > {length(threshold)}"
        return [measure.evidence, Evidence("time", compared)]

    return test
