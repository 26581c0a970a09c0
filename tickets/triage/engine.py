"""Interprets a rule set over one complaint. No category, word or threshold is named here."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache

from tickets.triage.decision import Complaint, Decision, Evidence, Reason
from tickets.triage.measures import Weighing, amount_of, duration_of
from tickets.triage.reading import Reading, read
from tickets.triage.rules import Flag, Rule, RuleSet

_NO_WEIGHING = Weighing()
# How far to trust a decision: a rule fired; only hints spoke; nothing did.
_BY_RULE, _BY_HINTS, _BY_FALLBACK, _PER_RIVAL = 0.95, 0.6, 0.3, 0.1


def triage(complaint: Complaint, rules: RuleSet) -> Decision:
    """The decision for one complaint, with every rule that fired and what it saw.

    Pure: reads nothing but its arguments. Text beyond `reading.LONGEST_READ` is not read.
    """
    reading = read(complaint, rules.book)
    category, reasons, confidence = _categorise(reading, rules)
    priority, why_priority = _look_up(reading, rules, category, "priority")
    queue, why_queue = _look_up(reading, rules, category, "queue")
    flags = [reason for flag in rules.flags if (reason := _flagged(reading, flag))]
    return Decision(
        category=category,
        priority=priority,
        queue=queue,
        flags=tuple(reason.effect["flag"] for reason in flags),
        reasons=(*reasons, why_priority, why_queue, *flags),
        rules_version=rules.version,
        confidence=confidence,
    )


def _categorise(reading: Reading, rules: RuleSet) -> tuple[str, list[Reason], float]:
    fired: list[tuple[Rule, list[Evidence]]] = []
    reporter = reading.complaint.reporter
    for rule in rules.rules:
        reporters = rules.categories[rule.then].reporters
        if reporters and reporter not in reporters:
            continue
        seen = [] if rule.test is None else rule.test(reading, _NO_WEIGHING)
        if seen is not None:
            fired.append((rule, seen))
    if fired:
        category = fired[0][0].then
        rivals = {rule.then for rule, _ in fired} - {category}
        reasons = [
            _reason(rule, seen, _category_effect(rule.then, category)) for rule, seen in fired
        ]
        return category, reasons, round(max(_BY_RULE - _PER_RIVAL * len(rivals), 0.5), 2)
    hinted = _by_hints(reading, rules)
    if hinted:
        return hinted[0], [hinted[1]], _BY_HINTS
    for rule in rules.fallbacks:
        seen = [] if rule.test is None else rule.test(reading, _NO_WEIGHING)
        if seen is not None:
            return rule.then, [_reason(rule, seen, {"category": rule.then})], _BY_FALLBACK
    raise AssertionError("unreachable: the last fallback always holds")


def _category_effect(this: str, chosen: str) -> dict[str, str]:
    if this == chosen:
        return {"category": this}
    return {"considered": this, "outranked_by": chosen}


def _by_hints(reading: Reading, rules: RuleSet) -> tuple[str, Reason] | None:
    """The category that the words speak for most, where no rule fired."""
    totals: defaultdict[str, float] = defaultdict(float)
    seen: defaultdict[str, list[Evidence]] = defaultdict(list)
    for hint in rules.hints:
        if hint.reporters and reading.complaint.reporter not in hint.reporters:
            continue
        matches = reading.live(hint.concept)
        if matches:
            totals[hint.category] += hint.weight
            seen[hint.category].append(reading.evidence(matches[0]))
    if not totals or max(totals.values()) <= 0:
        return None
    category = max(totals, key=lambda name: totals[name])
    named = rules.categories[category]
    reason = Reason(
        rule="hints",
        title_id=f"Kata-kata condong ke: {named.title_id} (bobot {totals[category]:g})",
        title_en=f"The words lean to: {named.title_en} (weight {totals[category]:g})",
        evidence=tuple(seen[category]),
        effect={"category": category},
        source="",
    )
    return category, reason


def _look_up(reading: Reading, rules: RuleSet, category: str, target: str) -> tuple[str, Reason]:
    """The first row of the category's table that holds; the last always does."""
    known = rules.categories[category]
    weighing = Weighing(
        near=known.amounts.near + known.times.near, away=known.amounts.away + known.times.away
    )
    for row in getattr(known, target):
        seen = [] if row.test is None else row.test(reading, weighing)
        if seen is not None:
            if row.test is None:
                seen = _measured(reading, weighing)
            return row.then, _reason(row, seen, {target: row.then})
    raise AssertionError("unreachable: the last row always holds")


def _measured(reading: Reading, weighing: Weighing) -> list[Evidence]:
    """What was measured and stayed under every threshold, so that a reader sees it was seen."""
    seen = []
    amount = amount_of(reading, weighing)
    if amount:
        seen.append(amount.evidence)
    duration = duration_of(reading, weighing)
    if duration:
        seen.append(duration.evidence)
    return seen


def _reason(rule: Rule, seen: list[Evidence], effect: dict[str, str]) -> Reason:
    return Reason(rule.name, rule.title_id, rule.title_en, tuple(seen), effect, rule.source)


@lru_cache(maxsize=64)
def _exact_word(text: str) -> re.Pattern[str]:
    """The text as a word of its own: letters that only look alike do not match."""
    return re.compile(rf"(?<![\w#-]){re.escape(text)}(?![\w-])", re.IGNORECASE | re.ASCII)


def _flagged(reading: Reading, flag: Flag) -> Reason | None:
    effect = {"flag": flag.name}
    if reading.complaint.tier in flag.tiers:
        seen = (Evidence("tier", reading.complaint.tier),)
        return Reason(flag.name, flag.title_id, flag.title_en, seen, effect, flag.source)
    if not flag.text:
        return None
    for name, text in reading.own_words.items():
        match = _exact_word(flag.text).search(text)
        if match:
            seen = (Evidence(name, match[0], *match.span()),)
            return Reason(flag.name, flag.title_id, flag.title_en, seen, effect, flag.source)
    return None
