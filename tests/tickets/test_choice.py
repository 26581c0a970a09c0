"""Whom a ticket goes to: facts in, a choice out, over random houses."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from tickets.choice import SKILLS, Candidate, choose, lacking

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
NEEDS = {"categories": "dispute", "languages": "id", "channels": "web", "tiers": "gold"}


def house(dice: random.Random) -> list[Candidate]:
    values = {
        "categories": ["dispute", "tracking"],
        "languages": ["id", "en"],
        "channels": ["web", "email"],
        "tiers": ["gold", "regular"],
    }
    return [
        Candidate(
            person=pk,
            status=dice.choice(["available", "available", "available", "away", "off"]),
            load=dice.randrange(6),
            capacity=dice.randrange(1, 6),
            skills={
                name: frozenset(dice.sample(values[name], dice.randrange(3))) for name in SKILLS
            },
            given_at=dice.choice([None, NOW - timedelta(hours=dice.randrange(5))]),
        )
        for pk in dice.sample(range(1, 50), dice.randrange(9))
    ]


@pytest.mark.parametrize("seed", range(300))
def test_what_always_holds(seed: int) -> None:
    dice = random.Random(seed)
    people, by_skill = house(dice), dice.random() < 0.7
    made = choose(NEEDS, people, by_skill=by_skill)
    by_id = {one.person: one for one in people}
    # Everybody is told of, once, and at most one is chosen.
    assert sorted(each.person for each in made.considered) == sorted(by_id)
    assert [each.person for each in made.considered if each.verdict == "chosen"] == (
        [made.person] if made.person else []
    )

    def may(one: Candidate) -> bool:
        skilled = not by_skill or not lacking(NEEDS, one.skills)
        return one.status == "available" and one.load < one.capacity and skilled

    fit = [one for one in people if may(one)]
    assert (made.person is None) == (not fit)
    for each in made.considered:
        hindered = each.verdict in ("away", "off", "skill", "full")
        assert hindered != may(by_id[each.person])
        assert bool(each.lacks) <= (each.verdict in ("skill", "away", "off"))
    if made.person:
        chosen = by_id[made.person]
        share = Fraction(chosen.load, chosen.capacity)
        assert all(share <= Fraction(one.load, one.capacity) for one in fit)
        equals = [one for one in fit if Fraction(one.load, one.capacity) == share]
        if chosen.given_at is not None:
            assert all(one.given_at and one.given_at >= chosen.given_at for one in equals)
    # In whatever order they are asked.
    dice.shuffle(people)
    assert choose(NEEDS, people, by_skill=by_skill) == made


def test_load_counts_by_capacity_then_the_one_who_waited_longest() -> None:
    half, third = Candidate(1, load=1, capacity=2), Candidate(2, load=4, capacity=12)
    assert choose(NEEDS, [half, third], by_skill=False).person == 2
    lately = Candidate(3, given_at=NOW)
    before = Candidate(4, given_at=NOW - timedelta(hours=1))
    never = Candidate(5)
    assert choose(NEEDS, [lately, before], by_skill=False).person == 4
    told = choose(NEEDS, [lately, before, never], by_skill=False)
    assert [(each.person, each.verdict) for each in told.considered] == [
        (5, "chosen"),
        (4, "lately"),
        (3, "lately"),
    ]


def test_each_hindrance_has_its_name() -> None:
    wrong = Candidate(1, skills={"categories": frozenset({"tracking"}), "tiers": frozenset()})
    people = [wrong, Candidate(2, "away"), Candidate(3, "off"), Candidate(4, load=1)]
    made = choose(NEEDS, people, by_skill=True)
    assert made.person is None
    assert [(each.verdict, each.lacks) for each in made.considered] == [
        ("skill", ("categories",)),
        ("away", ()),
        ("off", ()),
        ("full", ()),
    ]
    assert choose(NEEDS, people, by_skill=False).person == 1
