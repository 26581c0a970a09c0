"""What a change of the matrix would have done in the last 30 days, and does to what runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from escalation.preview_moments import MovedMoments, moved_moments
from escalation.triggers import WORDS, Facts, Trigger, read_triggers
from helpdesk.common.versioned import digest_of
from people.models import Team
from tickets.catalogue import categories
from tickets.models import Ticket
from tickets.states import OPEN_STATES

DAYS = 30
MAX_TICKETS = 20_000
SHOWN = 50
_COLUMNS = ("number", *WORDS, "amount_idr", "problem_since", "received_at", "closed_at", "state")
Body = dict[str, Any]


@dataclass
class Effect:
    """How often one trigger would act now and after; `gained` and `lost` are ticket numbers.

    `at_once`: so many running tickets are past the moment of a trigger of time by its new version.
    `open`: so many of those that a trigger of a fact gains are open; it acts on no fact of before.
    """

    code: str
    kind: str
    before: int = 0
    after: int = 0
    newly: int = 0
    no_longer: int = 0
    at_once: int = 0
    open: int = 0
    gained: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def count(self, number: str, *, was: bool, is_now: bool, is_open: bool) -> None:
        self.before += was
        self.after += is_now
        self.newly += is_now and not was
        self.open += is_open and is_now and not was
        self.no_longer += was and not is_now
        shown = self.lost if was else self.gained
        if was != is_now and len(shown) < SHOWN:
            shown.append(number)


@dataclass
class Led:
    """Open tickets of a category whose next missed promise goes to another team than until now."""

    category: str
    before: str
    after: str
    count: int = 0
    numbers: list[str] = field(default_factory=list)


@dataclass
class Preview:
    """`looked_at` tickets; `complete` is False when there were more than are looked at.

    `seen` names what was looked at: only that is published without another look.
    """

    looked_at: int
    complete: bool
    effects: list[Effect]
    counts_signals: bool
    moments: MovedMoments
    led: list[Led]
    seen: str


def preview(before: Body, after: Body, now: datetime) -> Preview:
    """Compare the triggers that differ, by the tickets' facts as they are, and the rows.

    Each part is one bounded query, and only asked where something differs.

    Triggers of signals are not counted: they depend on what other systems will report.
    """
    old = {row.code: row for row in read_triggers(before)}
    new = {row.code: row for row in read_triggers(after)}
    changed = [code for code in {**old, **new} if old.get(code) != new.get(code)]
    counted = [code for code in changed if _counts(old.get(code)) or _counts(new.get(code))]
    effects = {code: Effect(code, (new.get(code) or old[code]).kind) for code in counted}
    looked_at = 0
    for number, facts, until, is_open in _recent(now) if counted else ():
        looked_at += 1
        for code, effect in effects.items():
            was = _acts(old.get(code), facts, until)
            is_now = _acts(new.get(code), facts, until)
            effect.count(number, was=was, is_now=is_now, is_open=is_open)
    moments = moved_moments(old.values(), new.values(), now)
    for code, effect in effects.items():
        effect.at_once = moments.at_once.get(code, 0)
    return Preview(
        looked_at=min(looked_at, MAX_TICKETS),
        complete=looked_at < MAX_TICKETS,
        effects=list(effects.values()),
        counts_signals=len(counted) == len(changed),
        moments=moments,
        led=_led_elsewhere(before, after),
        seen=digest_of(after),
    )


def _recent(now: datetime) -> Iterator[tuple[str, Facts, datetime, bool]]:
    rows = Ticket.objects.filter(received_at__gte=now - timedelta(days=DAYS))
    latest = rows.order_by("-received_at", "-id").values_list(*_COLUMNS)[:MAX_TICKETS]
    for number, *words, amount, since, received_at, closed_at, state in latest.iterator(2_000):
        named = dict(zip(WORDS, words, strict=True))
        facts = Facts(**named, amount_idr=amount, since=since or received_at)
        yield number, facts, closed_at or now, state in OPEN_STATES


def _led_elsewhere(before: Body, after: Body) -> list[Led]:
    """By category, where its row, or the team for all without one, leads to another team.

    Only what lies with a squad, without a team proposed by triage, goes by its row.
    """
    teams = {code: (_leads(before, code), _leads(after, code)) for code in categories()}
    found = {code: Led(code, *pair) for code, pair in teams.items() if pair[0] != pair[1]}
    rows = Ticket.objects.filter(
        Q(team=None) | Q(team__kind=Team.Kind.SQUAD),
        category__in=found,
        queue__in=("", "general"),
        state__in=OPEN_STATES,
    )
    named = rows.order_by("id").values_list("category", "number").iterator(chunk_size=2_000)
    for code, number in named if found else ():
        led = found[code]
        led.count += 1
        if len(led.numbers) < SHOWN:
            led.numbers.append(number)
    return list(found.values())


def _leads(body: Body, category: str) -> str:
    return str(body["rows"].get(category, {}).get("team") or body["default_team"])


def _counts(trigger: Trigger | None) -> bool:
    return trigger is not None and trigger.kind != "signal"


def _acts(trigger: Trigger | None, facts: Facts, until: datetime) -> bool:
    if trigger is None or trigger.kind == "signal" or not trigger.matches(facts):
        return False
    moment = trigger.moment(facts)
    return moment is None or moment <= until
