"""One ticket's clocks, judged again. What people did is taken as it was: a reply came when it came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from sla.what_if.judge import Facts, Judge, Span

_BEGINS = {"customer": "customer", "held": "hold"}
_ENDS = {"ours": ("customer",), "released": ("hold",), "closed": ("customer", "hold")}
# Promises of the team that has the ticket; all others are the squad's.
WITH_THE_TEAM = frozenset(
    {"acceptance", "fraud_response", "mediator_assigned", "mediation_decision"}
)


class Line(NamedTuple):
    """A line of a clock's log; instants are seconds since 1970. `squad`: the team, if it is one."""

    clock: int
    metric: str
    kind: str
    at: float
    due: float
    priority: str
    team: str
    squad: str = ""


class Recast(NamedTuple):
    """The ticket got another category or priority: what it was and is from then on."""

    at: float
    was_category: str
    category: str
    priority: str


class Mark(NamedTuple):
    """Where the ball went: 'customer', 'ours', 'held', 'released' or 'closed' (both end)."""

    what: str
    at: float


class Ticket(NamedTuple):
    """Reporter, channel and tier are those of receipt. `category` and `squad` (the code of its home team) are
    today's: they hold where nothing is recorded of the moment itself."""

    pk: int
    reporter: str
    channel: str
    tier: str
    category: str
    squad: str


class Outcome(NamedTuple):
    """How a promise ended. `late`: seconds, None when not missed.

    `settled`: it was kept or missed; a clock that still runs in time, or was called off in time, is
    neither.
    """

    due: float
    late: float | None
    settled: bool


class Judges(NamedTuple):
    """The policy in force, and what is compared with it."""

    base: Judge
    draft: Judge


class Judged(NamedTuple):
    """A clock three times: as its log says (under whichever versions held then), and as it would
    have gone under the policy in force and under the draft, both by this module.

    `stands`: by the draft it has not ended and stands still.
    """

    ticket: int
    metric: str
    priority: str
    team: str
    was: Outcome
    base: Outcome
    draft: Outcome
    stands: bool = False


class _Life:
    """What a clock's lines say, apart from any policy."""

    __slots__ = ("changes", "due", "end", "gaps", "kept", "metric", "missed", "started")

    def __init__(self, line: Line, squad: str) -> None:
        self.metric, self.started, self.due = line.metric, line.at, line.due
        # From when on which priority, team and squad held.
        self.changes = [(line.at, line.priority, line.team, line.squad or squad)]
        self.gaps: list[Span] = []  # kept, then owed again because the ticket was opened again
        self.end: float | None = None
        self.kept = False
        self.missed: float | None = None

    def read(self, line: Line) -> None:
        now = (line.priority, line.team, line.squad or self.changes[-1][3])
        if now != self.changes[-1][1:]:
            self.changes.append((line.at, *now))
        if line.kind == "breached":
            self.missed = self.due = line.due
        elif line.kind == "satisfied":
            self.end, self.kept = line.at, True
        elif line.kind == "cancelled":
            self.end = line.at
        elif line.kind == "restored":
            self.end, self.kept = None, False
        elif line.kind == "resumed" and self.end is not None:
            self.gaps.append((self.end, line.at))
            self.end, self.kept = None, False
        if self.missed is None:
            self.due = line.due


def replay(
    ticket: Ticket,
    lines: Iterable[Line],
    marks: Iterable[Mark],
    judges: Judges,
    since: float,
    until: float,
    recasts: Sequence[Recast] = (),
) -> Iterator[Judged]:
    """The clocks of one ticket that began from `since` to `until`; all that is told in order."""
    lives: dict[int, _Life] = {}
    for line in lines:
        if life := lives.get(line.clock):
            life.read(line)
        elif line.kind == "started" and since <= line.at <= until:
            lives[line.clock] = _Life(line, ticket.squad)
    pauses = pauses_of(marks) if lives else {}
    for life in lives.values():
        yield _judged(ticket, life, pauses, judges, until, recasts)


def pauses_of(marks: Iterable[Mark]) -> dict[str, list[Span]]:
    """By reason ('customer', 'hold'), the spans in which it held; the last may be open."""
    spans: dict[str, list[Span]] = {}
    for what, at in marks:
        if reason := _BEGINS.get(what):
            found = spans.setdefault(reason, [])
            if not found or found[-1][1] is not None:
                found.append((at, None))
        for reason in _ENDS.get(what, ()):
            if (found := spans.get(reason, [])) and found[-1][1] is None:
                found[-1] = (found[-1][0], at)
    return spans


def _judged(
    ticket: Ticket,
    life: _Life,
    pauses: dict[str, list[Span]],
    judges: Judges,
    until: float,
    recasts: Sequence[Recast],
) -> Judged:
    end = until if life.end is None else min(life.end, until)
    facts = _facts_over(ticket, life, recasts, end)
    base, stands = _outcome(life, facts, pauses, judges.base, end)
    draft = base
    if not judges.draft.agrees_with(judges.base, life.metric):
        draft, stands = _outcome(life, facts, pauses, judges.draft, end)
    late = None if life.missed is None else max(0.0, end - life.missed)
    return Judged(
        ticket=ticket.pk,
        metric=life.metric,
        priority=facts[-1][1].priority,
        team=life.changes[-1][2],
        was=Outcome(life.due, late, late is not None or life.kept),
        base=base,
        draft=draft,
        stands=stands,
    )


def _outcome(
    life: _Life,
    facts: list[tuple[float, Facts]],
    pauses: dict[str, list[Span]],
    judge: Judge,
    end: float,
) -> tuple[Outcome, bool]:
    """And whether the clock has not ended and stands still."""
    stops = list(life.gaps)
    for why in judge.pauses.get(life.metric, ()):
        stops += pauses.get(why, ())
    runs: list[Span] = _runs(life.started, end, stops) if stops else [(life.started, None)]
    due, missed = _first_miss(life, facts, runs, judge, end)
    late = end - due if missed else None
    return Outcome(due, late, missed or life.kept), life.end is None and runs[-1][1] is not None


def _facts_over(
    ticket: Ticket, life: _Life, recasts: Sequence[Recast], end: float
) -> list[tuple[float, Facts]]:
    """What a policy could ask, and from when on it was so."""
    category = recasts[0].was_category if recasts else ticket.category
    changes: list[tuple[float, str, str, str] | Recast] = [*life.changes]
    for recast in recasts:
        if recast.at <= life.started:
            category = recast.category
        elif recast.at < end:
            changes.append(recast)
    if len(changes) > len(life.changes):
        # Of one instant the clock's line is the later: it was written because of the change.
        changes.sort(key=lambda change: (change[0], not isinstance(change, Recast)))
    found: list[tuple[float, Facts]] = []
    priority = team = squad = ""
    for change in changes:
        if isinstance(change, Recast):
            category, priority = change.category, change.priority
        else:
            _at, priority, team, squad = change
        asked = team if life.metric in WITH_THE_TEAM else squad
        if found and found[-1][0] == change[0]:
            found.pop()
        of_ticket = (ticket.reporter, ticket.channel, ticket.tier)
        found.append((change[0], Facts(priority, *of_ticket, category, asked)))
    return found


def _first_miss(
    life: _Life, facts: list[tuple[float, Facts]], runs: list[Span], judge: Judge, end: float
) -> tuple[float, bool]:
    """The deadline that was missed first, or the last one that held."""
    due = 0.0
    last = len(facts) - 1
    for place, (_at, asked) in enumerate(facts):
        due, passed = judge.due(life.metric, asked, runs)
        until = end if place == last else min(end, facts[place + 1][0])
        # A sweep at the very deadline finds it missed; an answer at that instant keeps it.
        swept = due == until and life.missed is not None
        if passed and (due < until or swept):
            return due, True
    return due, False


def _runs(start: float, end: float, stops: list[Span]) -> list[Span]:
    """When the clock runs if it stands still for these spans, which may overlap.

    The last run is open, unless the clock stood still at the end.
    """
    runs: list[Span] = []
    begin = start
    for stop, go in sorted(stops, key=_first):
        if stop >= end:
            break
        if stop > begin or (stop == begin and not runs):
            runs.append((begin, stop))
        if go is None or go >= end:
            return runs or [(start, start)]
        begin = max(begin, go)
    return [*(run for run in runs if run[0] != run[1]), (begin, None)]


def _first(span: Span) -> float:
    return span[0]
