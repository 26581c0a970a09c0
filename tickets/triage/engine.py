"""Interprets a rule set over one complaint. No category, word or threshold is named here."""

from __future__ import annotations

import re
from functools import lru_cache

from tickets.triage.categorising import UNCERTAIN, Kind, categorise, reason_of
from tickets.triage.decision import Complaint, Decision, Evidence, Reason
from tickets.triage.measures import Weighing, amount_of, duration_of
from tickets.triage.reading import Reading, read
from tickets.triage.rules import Flag, Rule, RuleSet


def triage(complaint: Complaint, rules: RuleSet) -> Decision:
    """The decision for one complaint, with every rule that fired and what it saw.

    Pure: reads nothing but its arguments. Text beyond `reading.LONGEST_READ` is not read.
    """
    reading = read(complaint, rules.book)
    kind = categorise(reading, rules)
    priority, why_priority = look_up(reading, rules, kind, "priority")
    queue, why_queue = look_up(reading, rules, kind, "queue")
    flags = [reason for flag in rules.flags if (reason := _flagged(reading, flag))]
    return Decision(
        category=kind.category,
        priority=priority,
        queue=queue,
        flags=(*(reason.effect["flag"] for reason in flags), *((UNCERTAIN,) * kind.uncertain)),
        reasons=(*kind.reasons, why_priority, why_queue, *flags),
        rules_version=rules.version,
        confidence=round(kind.confidence, 2),
    )


def look_up(reading: Reading, rules: RuleSet, kind: Kind, target: str) -> tuple[str, Reason]:
    """The first row of the category's table that holds; the last always does.

    Where the variant is known it decides the rows that name one: those of this variant come first
    and hold, their conditions only say which of several tells why; those of others never hold.
    """
    known = rules.categories[kind.category]
    weighing = Weighing(
        near=known.amounts.near + known.times.near,
        away=known.amounts.away + known.times.away,
        names=known.amounts.names + known.times.names,
    )
    table: tuple[Rule, ...] = getattr(known, target)
    own = [row for row in table if row.variant and row.variant == kind.variant]
    others = [row for row in table if not row.variant or kind.variant is None]
    for row in own or others:
        seen = [] if row.test is None else row.test(reading, weighing)
        if seen is not None:
            if row.test is None:
                seen = _measured(reading, weighing)
            return row.then, reason_of(row, seen, {target: row.then})
    if not own:
        raise AssertionError("unreachable: the last row always holds")
    title_id, title_en = known.variants[own[0].variant]
    effect = {target: own[0].then}
    return own[0].then, Reason(own[0].name, title_id, title_en, kind.words, effect, own[0].source)


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
