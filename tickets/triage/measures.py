"""Which amount and which length of time belong to the case, of all that the text names."""

from __future__ import annotations

from dataclasses import dataclass

from bahasa.amounts import Amount
from bahasa.durations import DAY, Duration
from bahasa.phrases import Match
from tickets.triage.decision import Evidence
from tickets.triage.reading import Reading, distance


@dataclass(frozen=True, slots=True)
class Weighing:
    """Concepts that draw a number to the case (`near`; `names` from right beside it) or away from it
    (`away`), by data."""

    near: tuple[str, ...] = ()
    away: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """A number that belongs to the case, with where it was seen."""

    value: Amount | Duration
    evidence: Evidence


_REACH = 5


def amount_of(reading: Reading, weighing: Weighing) -> Measure | None:
    """The field `amount_idr` where given, else the amount of the text nearest to the matter."""
    given = reading.complaint.amount_idr
    if given is not None:
        seen = Evidence("amount_idr", rupiah(given))
        return Measure(Amount(given, 0, 0, str(given)), seen)
    best: tuple[float, int, Measure] | None = None
    for at, name, amount in reading.amounts:
        score = _score(reading, at, weighing) + (0.1 if name == "body" else 0.0)
        # Of two ways to name one sum ("5jt", "5.000.211") the exact one.
        score += 0.2 if amount.value % 100_000 else 0.0
        seen = Evidence(name, amount.text, amount.start, amount.end)
        rank = (score, amount.value, Measure(amount, seen))
        if best is None or rank[:2] > best[:2]:
            best = rank
    return best[2] if best else None


def duration_of(reading: Reading, weighing: Weighing) -> Measure | None:
    """The field `days_open` where given, else the length of time nearest to the matter."""
    given = reading.complaint.days_open
    if given is not None:
        seen = Evidence("days_open", f"{given:g} hari")
        return Measure(Duration(given * DAY, 0, 0, str(given), DAY), seen)
    best: tuple[float, float, Measure] | None = None
    for at, name, duration in reading.durations:
        score = _score(reading, at, weighing) - (0.5 if duration.vague else 0.0)
        if score <= -1.5:
            continue
        seen = Evidence(name, duration.text, duration.start, duration.end)
        rank = (score, duration.seconds, Measure(duration, seen))
        if best is None or rank[:2] > best[:2]:
            best = rank
    return best[2] if best else None


def _score(reading: Reading, at: int, weighing: Weighing) -> float:
    score = 0.0
    if any(distance(at, reading.any_status(c), reading.tokens) <= _REACH for c in weighing.near):
        score += 1.0
    for concepts, weight in ((weighing.away, -2.0), (weighing.names, 2.0)):
        for concept in concepts:
            if any(_beside(reading, at, match) for match in reading.any_status(concept)):
                score += weight
    return score


def _beside(reading: Reading, at: int, match: Match) -> bool:
    """Right before the number, or right after it, in the same clause: only that speaks of it."""
    if match.last in (at, at - 1):
        nearest = match.last - 1
    elif match.first in (at + 1, at + 2):
        nearest = match.first
    else:
        return False
    clauses = [token.clause for token in reading.tokens[at : at + 1]]
    return clauses == [reading.tokens[nearest].clause]


def rupiah(value: int) -> str:
    """12500000 -> "12.500.000", as Indonesians write it."""
    return f"{value:,}".replace(",", ".")


def length(seconds: float) -> str:
    """Seconds as days, hours or minutes, whichever is whole: "8 hari", "30 jam", "16 menit"."""
    for size, name in ((DAY, "hari"), (3_600.0, "jam"), (60.0, "menit")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:g} {name}"
    return f"{seconds / 60:.0f} menit"
