"""What a change of the triggers would have done to the tickets of the last 30 days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from escalation.matrix import concerned_by
from escalation.models import Escalation, TriggerFiring
from escalation.triggers import WORDS, Facts, Trigger, read_triggers
from tickets.models import Ticket
from tickets.states import OPEN_STATES, Priority, rank_of

DAYS = 30
MAX_TICKETS = 20_000
SHOWN = 50
_COLUMNS = ("number", *WORDS, "amount_idr", "problem_since", "received_at", "closed_at")


@dataclass
class Effect:
    """How often one trigger would act now and after; `gained` and `lost` are ticket numbers.

    `at_once`: so many running tickets reach the moment of a trigger of time by its new version.
    """

    code: str
    before: int = 0
    after: int = 0
    newly: int = 0
    no_longer: int = 0
    at_once: int = 0
    gained: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def count(self, number: str, *, was: bool, is_now: bool) -> None:
        self.before += was
        self.after += is_now
        self.newly += is_now and not was
        self.no_longer += was and not is_now
        shown = self.lost if was else self.gained
        if was != is_now and len(shown) < SHOWN:
            shown.append(number)


@dataclass
class Preview:
    """`looked_at` tickets; `complete` is False when there were more than are looked at."""

    looked_at: int
    complete: bool
    effects: list[Effect]
    counts_signals: bool


def preview(before: dict[str, Any], after: dict[str, Any], now: datetime) -> Preview:
    """Compare the triggers that differ, by the tickets' facts as they are.

    One bounded query, and one for each trigger of time that differs.

    Triggers of signals are not counted: they depend on what other systems will report.
    """
    old = {row.code: row for row in read_triggers(before)}
    new = {row.code: row for row in read_triggers(after)}
    changed = [code for code in {**old, **new} if old.get(code) != new.get(code)]
    counted = [code for code in changed if _counts(old.get(code)) or _counts(new.get(code))]
    effects = {code: Effect(code) for code in counted}
    looked_at = 0
    for number, facts, until in _recent(now) if counted else ():
        looked_at += 1
        for code, effect in effects.items():
            was = _acts(old.get(code), facts, until)
            effect.count(number, was=was, is_now=_acts(new.get(code), facts, until))
    for code, effect in effects.items():
        if code in new and new[code].kind == "time":
            effect.at_once = _reached(new[code], now).count()
    return Preview(
        looked_at=min(looked_at, MAX_TICKETS),
        complete=looked_at < MAX_TICKETS,
        effects=list(effects.values()),
        counts_signals=len(counted) == len(changed),
    )


def _recent(now: datetime) -> Iterator[tuple[str, Facts, datetime]]:
    rows = Ticket.objects.filter(received_at__gte=now - timedelta(days=DAYS))
    latest = rows.order_by("-received_at", "-id").values_list(*_COLUMNS)[:MAX_TICKETS]
    for number, *words, amount, since, received_at, closed_at in latest.iterator(chunk_size=2_000):
        named = dict(zip(WORDS, words, strict=True))
        facts = Facts(**named, amount_idr=amount, since=since or received_at)
        yield number, facts, closed_at or now


def _reached(trigger: Trigger, now: datetime) -> QuerySet[Ticket]:
    """Running tickets whose moment is past and on which the trigger has not acted."""
    when = trigger.when
    since = Coalesce("problem_since", "received_at")
    rows = Ticket.objects.filter(concerned_by(trigger), state__in=OPEN_STATES).annotate(since=since)
    rows = rows.filter(since__lt=now - timedelta(days=when["age_more_than_days"]))
    if "amount_more_than" in when:
        rows = rows.filter(amount_idr__gt=when["amount_more_than"])
    fired = TriggerFiring.objects.filter(ticket=OuterRef("pk"), trigger=trigger.code)
    rows = rows.filter(~Exists(fired))
    if trigger.team:
        been = Escalation.objects.filter(
            ticket=OuterRef("pk"), to_team__code=trigger.team, event__isnull=False
        )
        return rows.filter(~Exists(been))
    if trigger.priority and not trigger.alert:
        return rows.filter(priority__in=_lower_than(trigger.priority))
    return rows


def _lower_than(priority: str) -> list[str]:
    return [each for each in Priority.values if rank_of(each) > rank_of(priority)]


def _counts(trigger: Trigger | None) -> bool:
    return trigger is not None and trigger.kind != "signal"


def _acts(trigger: Trigger | None, facts: Facts, until: datetime) -> bool:
    if trigger is None or trigger.kind == "signal" or not trigger.matches(facts):
        return False
    moment = trigger.moment(facts)
    return moment is None or moment <= until
