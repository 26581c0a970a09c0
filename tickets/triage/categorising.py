"""What a complaint is about: by the learned reader where the rule set has one, else by rules alone."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from tickets.triage.decision import Evidence, Reason
from tickets.triage.learned import Guess
from tickets.triage.measures import Weighing
from tickets.triage.reading import Reading
from tickets.triage.rules import Rule, RuleSet

Fired = list[tuple[Rule, list[Evidence]]]
UNCERTAIN = "uncertain"
_NO_WEIGHING = Weighing()
# How far to trust a decision without a model: a rule fired; only hints spoke; nothing did.
_BY_RULE, _BY_HINTS, _BY_FALLBACK, _PER_RIVAL = 0.95, 0.6, 0.3, 0.1


@dataclass(frozen=True, slots=True)
class Kind:
    """The category with its reasons. `variant` is what the learned reader tells apart inside the
    category: "" the usual one, None where nobody looked."""

    category: str
    variant: str | None
    confidence: float
    reasons: tuple[Reason, ...]
    words: tuple[Evidence, ...] = ()
    uncertain: bool = False


def categorise(reading: Reading, rules: RuleSet) -> Kind:
    fired = _fired(reading, rules)
    if rules.learned is not None and not any(rule.decides for rule, _ in fired):
        heard = tuple((rule.name, rule.then) for rule, _ in fired)
        guess = rules.learned.guess(reading, heard)
        if guess is not None:
            return _as_guessed(guess, fired, rules)
    return _by_rules(reading, fired, rules)


def fired_rules(reading: Reading, rules: RuleSet) -> tuple[tuple[str, str], ...]:
    """Each rule that fires, with its category, in order of rank: what the learned reader is told."""
    return tuple((rule.name, rule.then) for rule, _ in _fired(reading, rules))


def _fired(reading: Reading, rules: RuleSet) -> Fired:
    fired: Fired = []
    reporter = reading.complaint.reporter
    for rule in rules.worth_testing(reading.found):
        reporters = rules.categories[rule.then].reporters
        if reporters and reporter not in reporters:
            continue
        seen = [] if rule.test is None else rule.test(reading, _NO_WEIGHING)
        if seen is not None:
            fired.append((rule, seen))
    return fired


def reason_of(rule: Rule, seen: list[Evidence], effect: dict[str, str]) -> Reason:
    return Reason(rule.name, rule.title_id, rule.title_en, tuple(seen), effect, rule.source)


def _effect(this: str, chosen: str) -> dict[str, str]:
    if this == chosen:
        return {"category": this}
    return {"considered": this, "outranked_by": chosen}


def _as_guessed(guess: Guess, fired: Fired, rules: RuleSet) -> Kind:
    chosen = rules.categories[guess.category]
    rival = rules.categories[guess.rival]
    reasons = [
        Reason(
            "learned",
            f"Kata-katanya paling mirip laporan: {chosen.title_id} ({guess.confidence:.0%})",
            f"The words are most like reports of: {chosen.title_en} ({guess.confidence:.0%})",
            guess.words,
            {"category": guess.category},
            "",
        )
    ]
    if guess.urgent_first:
        reasons.append(
            Reason(
                "urgent_first",
                f"Mungkin mendesak ({guess.urgency:.0%}): didahulukan agar tidak terlewat",
                f"Possibly urgent ({guess.urgency:.0%}): put first so that it is not missed",
                (),
                {"category": guess.category},
                "000 URGENT",
            )
        )
    if guess.uncertain:
        reasons.append(
            Reason(
                UNCERTAIN,
                f"Mesin tidak yakin ({guess.confidence:.0%}): petugas perlu memastikan kategorinya",
                f"Not sure ({guess.confidence:.0%}): an officer must make sure of the category",
                (),
                {"flag": UNCERTAIN},
                "",
            )
        )
    reasons += [reason_of(rule, seen, _effect(rule.then, guess.category)) for rule, seen in fired]
    reasons.append(
        Reason(
            "runner_up",
            f"Terdekat yang tidak dipilih: {rival.title_id} ({guess.rival_share:.0%})",
            f"The nearest that was not chosen: {rival.title_en} ({guess.rival_share:.0%})",
            guess.rival_words,
            _effect(guess.rival, guess.category),
            "",
        )
    )
    return Kind(
        guess.category, guess.variant, guess.confidence, tuple(reasons), guess.words,
        guess.uncertain,
    )  # fmt: skip


def _by_rules(reading: Reading, fired: Fired, rules: RuleSet) -> Kind:
    if fired:
        # A rule that decides goes before all that only speak for a category.
        fired = sorted(fired, key=lambda each: not each[0].decides)
        category = fired[0][0].then
        rivals = {rule.then for rule, _ in fired} - {category}
        reasons = [reason_of(rule, seen, _effect(rule.then, category)) for rule, seen in fired]
        sure = round(max(_BY_RULE - _PER_RIVAL * len(rivals), 0.5), 2)
        return Kind(category, None, sure, tuple(reasons))
    hinted = _by_hints(reading, rules)
    if hinted:
        return Kind(hinted[0], None, _BY_HINTS, (hinted[1],))
    for rule in rules.fallbacks:
        seen = [] if rule.test is None else rule.test(reading, _NO_WEIGHING)
        if seen is not None:
            reason = reason_of(rule, seen, {"category": rule.then})
            return Kind(rule.then, None, _BY_FALLBACK, (reason,))
    raise AssertionError("unreachable: the last fallback always holds")


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
