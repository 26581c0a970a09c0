"""Whom a ticket goes to, and why not to the others. Pure: facts in, a choice out.

Of the members who are available, have room and (by skill) take such tickets: the one with the least
load for their capacity, then the one who was given nothing for longest, then the lowest id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction

SKILLS = ("categories", "languages", "channels", "tiers")
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Candidate:
    """`skills`: what the person takes of each of SKILLS; nothing named means everything."""

    person: int
    status: str = "available"
    load: int = 0
    capacity: int = 1
    skills: Mapping[str, frozenset[str]] = field(default_factory=dict)
    given_at: datetime | None = None


@dataclass(frozen=True)
class Considered:
    """`verdict`: chosen, busier, lately (as free, but given one more recently), full, skill, away, off.

    `lacks` names the skills that are missing.
    """

    person: int
    verdict: str
    load: int
    capacity: int
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Choice:
    """`considered`: the chosen one first, then who came next, then those who could not have it."""

    person: int | None
    considered: tuple[Considered, ...]


def choose(needs: Mapping[str, str], candidates: Iterable[Candidate], *, by_skill: bool) -> Choice:
    """`needs`: the ticket's value of each of SKILLS."""
    fit: list[Candidate] = []
    unfit: list[Considered] = []
    for each in sorted(candidates, key=lambda one: one.person):
        lacks = lacking(needs, each.skills) if by_skill else ()
        verdict = _hindrance(each, lacks)
        if verdict:
            unfit.append(Considered(each.person, verdict, each.load, each.capacity, lacks))
        else:
            fit.append(each)
    fit.sort(key=_rank)
    told = [Considered(each.person, _place(each, fit[0]), each.load, each.capacity) for each in fit]
    return Choice(fit[0].person if fit else None, (*told, *unfit))


def lacking(needs: Mapping[str, str], skills: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """The skills that somebody limits themselves in, to other values than the ticket's."""
    return tuple(
        name for name in SKILLS if skills.get(name) and needs.get(name, "") not in skills[name]
    )


def _hindrance(each: Candidate, lacks: tuple[str, ...]) -> str:
    if each.status != "available":
        return each.status
    if lacks:
        return "skill"
    return "full" if each.load >= each.capacity else ""


def _share(each: Candidate) -> Fraction:
    return Fraction(each.load, each.capacity)


def _rank(each: Candidate) -> tuple[Fraction, datetime, int]:
    return (_share(each), each.given_at or _NEVER, each.person)


def _place(each: Candidate, first: Candidate) -> str:
    if each is first:
        return "chosen"
    return "busier" if _share(each) > _share(first) else "lately"
