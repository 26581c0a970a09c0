"""Why a clock's deadline is what it is, and its log with the time used and left after each line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from people.actors import Actor
from sla.models import Clock, ClockEvent, SlaPolicy
from sla.rules import Rules, Target
from sla.selectors import clocks_of, log_of
from sla.services.clock_log import Story
from sla.services.clocks import facts_of
from sla.targets import Runs, moment_of, used_before_last
from tickets.models import Ticket


@dataclass(frozen=True)
class Competitor:
    """A target of the policy that matches the ticket, and the deadline it would set alone."""

    target: Target
    due_at: datetime
    decides: bool


@dataclass(frozen=True)
class Line:
    """`used` and `left`: counted time at that moment, by the target that decided then."""

    event: ClockEvent
    used: timedelta
    left: timedelta


@dataclass(frozen=True)
class Explanation:
    """`policy` is the version that set the deadline; `pauses` the reasons for which it lets it stand."""

    clock: Clock
    policy: SlaPolicy
    competitors: list[Competitor]
    pauses: list[str]
    lines: list[Line]

    @property
    def decided(self) -> Competitor:
        return next(each for each in self.competitors if each.decides)


def explanations(ticket: Ticket, *, actor: Actor) -> list[Explanation]:
    """Of every clock that the actor may see, running or ended, the oldest first; two queries, and one
    for the versions of the policy that they name."""
    logs: dict[int, list[ClockEvent]] = defaultdict(list)
    for line in log_of(ticket, actor=actor).select_related("cause"):
        logs[line.clock_id].append(line)
    versions = {line.policy_version for lines in logs.values() for line in lines}
    policies = {each.version: each for each in SlaPolicy.objects.filter(version__in=versions)}
    clocks = clocks_of(ticket, actor=actor).order_by("started_at", "id")
    return [_explained(ticket, clock, logs[clock.pk], policies) for clock in clocks]


def _explained(
    ticket: Ticket, clock: Clock, log: list[ClockEvent], policies: dict[int, SlaPolicy]
) -> Explanation:
    setting = [line for line in log if line.kind in ClockEvent.SETTING]
    until = log[: log.index(setting[-1]) + 1] if setting else log
    policy = policies[until[-1].policy_version]
    # Priorities are as they were when the deadline was set; the rest of what is asked stays.
    facts = facts_of(ticket, clock.metric) | {"priority": until[-1].priority}
    return Explanation(
        clock=clock,
        policy=policy,
        competitors=_competitors(clock, policy.rules, facts, Story().read(until).runs),
        pauses=sorted(policy.rules.pauses.get(clock.metric, ())),
        lines=list(_told(clock.metric, log, policies)),
    )


def _competitors(clock: Clock, rules: Rules, facts: dict[str, str], runs: Runs) -> list[Competitor]:
    """The earliest first. What decided is always among them, even if the ticket has changed since."""
    found = [
        Competitor(target, moment_of(target, runs), decides=target.code == clock.basis)
        for target in rules.targets[clock.metric]
        if target.code == clock.basis or target.matches(facts)
    ]
    return sorted(found, key=lambda each: (not each.decides, each.due_at))


def _told(metric: str, log: Iterable[ClockEvent], policies: dict[int, SlaPolicy]) -> Iterable[Line]:
    story = Story()
    for event in log:
        story.read([event])
        target = policies[event.policy_version].rules.target(metric, event.basis)
        until_then = [(start, end or max(start, event.at)) for start, end in story.runs]
        used = used_before_last(target, until_then)
        yield Line(event, used, target.length - used)
