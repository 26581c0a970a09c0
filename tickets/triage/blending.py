"""Complaints with two problems, made of two complaints with one: by policy the graver one counts.

People write like that more often than a corpus of single matters shows ("akun saya dibajak dan paket
saya hilang"), and a reader that learnt from single matters alone is led away by the lesser one.
"""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Sequence

from tickets.triage.categorising import fired_rules
from tickets.triage.model import names_in
from tickets.triage.reading import read
from tickets.triage.rules import RuleSet
from tickets.triage.training import Example

# More of them would make the reader see two matters in every complaint.
COUNT = 500
# Of so many the graver matter is urgent: the one that must not be missed.
URGENT_SHARE = 0.5
# Longer complaints name more than one matter as they are.
LONGEST = 260
# Below this category the policy says no order among matters (RULES 1: 'the rest').
LEAST_GRAVE = "return_refund"
JOINTS = (" ", "\n", ". terus ", ", sama ", " dan ")


def blended(examples: Sequence[Example], rules: RuleSet, count: int = COUNT) -> list[Example]:
    """`count` examples, the same for the same `examples`."""
    dice = random.Random(count)  # noqa: S311 - repeatable, no secret
    grave = {name: at for at, name in enumerate(rules.categories)}
    short = [each for each in examples if len(each.complaint.body) < LONGEST]
    urgent = [each for each in short if each.expected["priority"] == "URGENT"]
    made: list[Example] = []
    while len(made) < count:
        first = dice.choice(urgent if dice.random() < URGENT_SHARE else short)
        second = dice.choice(short)
        place = grave[first.expected["category"]]
        if (
            first.complaint.reporter != second.complaint.reporter
            or place > grave[LEAST_GRAVE]
            or place >= grave[second.expected["category"]]
            or (second.expected["priority"] == "URGENT" != first.expected["priority"])
        ):
            continue
        made.append(_together(first, second, rules, dice))
    return made


def _together(graver: Example, lesser: Example, rules: RuleSet, dice: random.Random) -> Example:
    """Both in one complaint, in either order; who writes, and the fields, are the graver one's."""
    parts = [graver.complaint, lesser.complaint]
    dice.shuffle(parts)
    complaint = dataclasses.replace(
        graver.complaint,
        subject=dice.choice([parts[0].subject, ""]),
        body=dice.choice(JOINTS).join(part.body for part in parts),
    )
    reading = read(complaint, rules.book)
    names = names_in(reading, fired_rules(reading, rules))
    return Example(complaint, graver.expected, names, graver.label)
