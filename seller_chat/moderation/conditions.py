"""Conditions of the moderation rules, compiled from their JSON form.

"name"  "@kind"                     the concept (or finding) occurs and is not denied
"name!"                             it occurs, denied or not
["a", "b"]                          any of
{"all": […]} {"any": […]} {"none": […]}
{"near": ["a", "b"], "within": 6}   both, at most so many words apart
{"sender": "seller"}
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from seller_chat.moderation.decision import SENDERS, Evidence
from seller_chat.moderation.finders import KINDS
from seller_chat.moderation.reading import Reading

_MOST_EVIDENCE = 3
_WITHIN = 6


class ConditionError(ValueError):
    """A condition cannot be read; the message says where and why."""


@dataclass(frozen=True)
class Outcome:
    """Whether a condition holds, the share of its parts that do, and what it saw."""

    holds: bool
    share: float
    evidence: tuple[Evidence, ...] = ()


Test = Callable[[Reading], Outcome]

_ABSENT = Outcome(holds=False, share=0.0)
_HOLDS = Outcome(holds=True, share=1.0)


def compile_condition(written: Any, concepts: Collection[str], place: str) -> Test:
    """A test of a reading. Raises `ConditionError`."""
    if isinstance(written, str):
        return _concept(written, concepts, place)
    if isinstance(written, list) and written:
        return _any_of([compile_condition(part, concepts, place) for part in written])
    if isinstance(written, dict) and written:
        parts = [_keyed(key, written, concepts, place) for key in written if key != "within"]
        return parts[0] if len(parts) == 1 else _all_of(parts)
    raise ConditionError(f"{place}: not a condition: {written!r}")


def _concept(written: str, concepts: Collection[str], place: str) -> Test:
    name = written.removesuffix("!")
    if name not in concepts and name not in KINDS:
        raise ConditionError(f"{place}: unknown concept {name!r}")
    everything = written.endswith("!")

    def test(reading: Reading) -> Outcome:
        seen = reading.seen.get(name)
        if not seen:
            return _ABSENT
        items = seen if everything else [item for item in seen if item.live]
        evidence = tuple(reading.quote(item.start, item.end) for item in items[:_MOST_EVIDENCE])
        return Outcome(bool(items), float(bool(items)), evidence)

    return test


def _keyed(key: str, written: dict[str, Any], concepts: Collection[str], place: str) -> Test:
    value = written[key]
    if key in {"all", "any", "none"}:
        if not isinstance(value, list) or not value:
            raise ConditionError(f"{place}: {key!r} needs a list")
        tests = [compile_condition(part, concepts, place) for part in value]
        return {"all": _all_of, "any": _any_of, "none": _none_of}[key](tests)
    if key == "near":
        if not isinstance(value, list) or len(value) != 2:
            raise ConditionError(f"{place}: 'near' needs two concepts")
        for name in value:
            _concept(name, concepts, place)
        return _near(value[0], value[1], int(written.get("within", _WITHIN)))
    if key == "sender":
        if value not in SENDERS:
            raise ConditionError(f"{place}: 'sender' is one of {SENDERS}, not {value!r}")
        return _sender(value)
    raise ConditionError(f"{place}: unknown test {key!r}")


def _near(one: str, other: str, within: int) -> Test:
    def test(reading: Reading) -> Outcome:
        first, second = reading.live(one), reading.live(other)
        for a in first:
            for b in second:
                if max(a.first, b.first) - min(a.last, b.last) <= within:
                    quoted = tuple(reading.quote(item.start, item.end) for item in (a, b))
                    return Outcome(holds=True, share=1.0, evidence=quoted)
        return Outcome(holds=False, share=0.3 * (bool(first) + bool(second)))

    return test


def _sender(value: str) -> Test:
    def test(reading: Reading) -> Outcome:
        return _HOLDS if reading.message.sender == value else _ABSENT

    return test


def _any_of(tests: list[Test]) -> Test:
    def test(reading: Reading) -> Outcome:
        best = _ABSENT
        for part in tests:
            outcome = part(reading)
            if outcome.holds:
                return outcome
            if outcome.share > best.share:
                best = outcome
        return best

    return test


def _all_of(tests: list[Test]) -> Test:
    def test(reading: Reading) -> Outcome:
        outcomes = [part(reading) for part in tests]
        evidence: list[Evidence] = []
        for outcome in outcomes:
            evidence += [item for item in outcome.evidence if item not in evidence]
        share = sum(outcome.share for outcome in outcomes) / len(outcomes)
        holds = all(outcome.holds for outcome in outcomes)
        return Outcome(holds, share, tuple(evidence))

    return test


def _none_of(tests: list[Test]) -> Test:
    def test(reading: Reading) -> Outcome:
        return _ABSENT if any(part(reading).holds for part in tests) else _HOLDS

    return test
