"""Moderates one message: rules and learned scores together, each decision with its reasons."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bahasa.ngrams import Occurrence
from seller_chat.moderation.conditions import Outcome
from seller_chat.moderation.decision import Decision, Evidence, Message, Reason
from seller_chat.moderation.features import features, occurrences
from seller_chat.moderation.model import Model
from seller_chat.moderation.reading import Reading, read
from seller_chat.moderation.rules import Rule, RuleSet

# Below this an officer looks.
REVIEW_BELOW = 0.75
_MOST_QUOTED = 3
_LEARNED = "learned"
_LEARNED_ID = "Kata-katanya seperti pesan lain dengan pelanggaran ini"
_LEARNED_EN = "Its words are like those of other messages with this violation"


@dataclass(frozen=True)
class Part:
    """A part of the message with what every rule and the model say of it."""

    reading: Reading
    outcomes: Mapping[str, Outcome]
    scores: Mapping[str, float]


def moderate(message: Message, rules: RuleSet, model: Model) -> Decision:
    """The violations of one message, and why.

    Pure: reads nothing but its arguments. Text beyond `reading.LONGEST_READ` is not read.
    """
    parts = [_judge(reading, rules, model) for reading in read(message, rules.book)]
    scores = {name: max(part.scores[name] for part in parts) for name in parts[0].scores}
    fired = [rule for rule in rules.rules if any(part.outcomes[rule.name].holds for part in parts)]
    over = [name for name in rules.labels if _is_found(name, scores, fired, model)]
    absorbed = {other for name in over for other in rules.absorbs.get(name, ())} & set(over)
    found = tuple(name for name in over if name not in absorbed)
    reasons = [
        reason
        for name in rules.labels
        if name in over or any(rule.label == name for rule in fired)
        for reason in _reasons(name, _effect(name, found, absorbed), parts, scores, rules, model)
    ]
    reasons += _nearest(over, fired, parts, scores, rules)
    confidence = _confidence(found, absorbed, scores, model)
    return Decision(
        violations=found,
        reasons=tuple(reasons),
        scores={name: round(score, 3) for name, score in scores.items()},
        confidence=confidence,
        needs_review=confidence < REVIEW_BELOW,
        rules_version=rules.version,
        model_version=model.version,
    )


def _judge(reading: Reading, rules: RuleSet, model: Model) -> Part:
    outcomes = {rule.name: rule.test(reading) for rule in rules.rules}
    return Part(reading, outcomes, model.probabilities(features(occurrences(reading, outcomes))))


def _is_found(name: str, scores: Mapping[str, float], fired: Iterable[Rule], model: Model) -> bool:
    if any(rule.label == name and rule.certain for rule in fired):
        return True
    return scores.get(name, 0.0) >= model.threshold


def _effect(name: str, found: tuple[str, ...], absorbed: set[str]) -> str:
    return "found" if name in found else "absorbed" if name in absorbed else "outweighed"


def _reasons(
    name: str,
    effect: str,
    parts: list[Part],
    scores: Mapping[str, float],
    rules: RuleSet,
    model: Model,
) -> Iterable[Reason]:
    score = round(scores.get(name, 0.0), 3)
    for rule in rules.rules:
        if rule.label != name:
            continue
        for part in parts:
            outcome = part.outcomes[rule.name]
            if outcome.holds:
                yield Reason(
                    name, rule.name, effect, rule.text_id, rule.text_en, outcome.evidence,
                    rule.source, score,
                )  # fmt: skip
                break
    if effect != "outweighed" and name in scores:
        part = max(parts, key=lambda item: item.scores[name])
        evidence = _telling_words(part, name, model)
        source = rules.labels[name].source
        yield Reason(name, _LEARNED, effect, _LEARNED_ID, _LEARNED_EN, evidence, source, score)


def _telling_words(part: Part, label: str, model: Model) -> tuple[Evidence, ...]:
    """The words of the part that speak most for the label, as the model weighs them."""
    reading = part.reading
    starts = [token.start for token in reading.tokens]
    weights = [0.0] * len(starts)
    seen: set[tuple[str, int]] = set()
    for item in occurrences(reading, part.outcomes):
        if (item.name, item.start) in seen:
            continue
        seen.add((item.name, item.start))
        weight = model.linear.weight(item.name, label) * item.value
        if weight:
            _spread(item, weight, reading, starts, weights)
    best = sorted(range(len(weights)), key=lambda at: (-weights[at], at))[:_MOST_QUOTED]
    chosen = sorted(at for at in best if weights[at] > 0)
    return tuple(reading.quote(reading.tokens[at].start, reading.tokens[at].end) for at in chosen)


def _spread(
    item: Occurrence, weight: float, reading: Reading, starts: list[int], weights: list[float]
) -> None:
    last = bisect_left(starts, item.end)
    first = bisect_right(starts, item.start, 0, last)
    if first and reading.tokens[first - 1].end > item.start:
        first -= 1
    for at in range(first, last):
        weights[at] += weight / (last - first)


def _nearest(
    over: list[str],
    fired: list[Rule],
    parts: list[Part],
    scores: Mapping[str, float],
    rules: RuleSet,
) -> Iterable[Reason]:
    """The likeliest violation that was not found, by the rule of it that came nearest."""
    rest = [name for name in rules.labels if name not in over and name in scores]
    if not rest:
        return
    name = max(rest, key=lambda label: scores[label])
    shares = [
        (max(part.outcomes[rule.name].share for part in parts), rule)
        for rule in rules.rules
        if rule.label == name and rule not in fired
    ]
    if not shares:
        return
    share, rule = max(shares, key=lambda pair: pair[0])
    part = max(parts, key=lambda item: item.outcomes[rule.name].share)
    yield Reason(
        name,
        rule.name,
        "nearest",
        f"Tidak terpenuhi ({share:.0%} syarat): {rule.text_id}",
        f"Not met ({share:.0%} of its conditions): {rule.text_en}",
        part.outcomes[rule.name].evidence[:_MOST_QUOTED],
        rule.source,
        round(scores[name], 3),
    )


def _confidence(
    found: tuple[str, ...], absorbed: set[str], scores: Mapping[str, float], model: Model
) -> float:
    """How far the least certain violation is from the line: 0.5 on it, 1 at certainty."""
    line = model.threshold
    distances = [
        (score - line) / (1 - line) if name in found else (line - score) / line
        for name, score in scores.items()
        if name not in absorbed
    ]
    return round(0.5 + 0.5 * max(0.0, min(distances)), 3)
