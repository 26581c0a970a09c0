"""Nothing lost, nothing doubled: what must hold in the database after every fault."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Count

from escalation.models import Escalation
from helpdesk.common import clock
from people.models import TeamMembership
from sla.models import Clock, ClockEvent, OutcomeTally, RiskTally, Timer
from sla.services import audit_deadlines
from sla.services.tallies import (
    OUTCOME_KEYS,
    RISK_KEYS,
    rebuild_outcome_tally,
    rebuild_risk_tally,
)
from tickets.models import EventKind, Notice, OpenTally, OutgoingMail, Ticket, TicketEvent
from tickets.services import rebuild_open_tally
from tickets.services.tallies import KEYS as OPEN_KEYS

Story = dict[str, Any]
SENT_ON = (EventKind.ESCALATED, EventKind.REDIRECTED)


def check(*, parked: int = 0, failures: bool = False) -> None:
    """`parked` timers were given up on purpose; `failures` says that some were meant to fail."""
    _nothing_is_lost(parked)
    _each_promise_is_missed_once()
    _each_escalation_was_sent_once()
    _each_person_was_told_once()
    if not parked:
        _counters_say_what_is()
    if not failures and not parked:
        assert not Timer.objects.exclude(last_error="").exists(), "a timer failed on the way"
    found = [str(difference) for difference in audit_deadlines()]
    assert found == [], found[:5]


def check_all_alike(tickets: Iterable[int]) -> Story:
    """Copies of one ticket have lived the same; their common story."""
    told = stories(tickets)
    first = next(iter(told.values()))
    odd = {pk: story for pk, story in told.items() if story != first}
    assert odd == {}, f"{len(odd)} of {len(told)} tickets differ from {first}"
    return first


def stories(tickets: Iterable[int]) -> dict[int, Story]:
    """All that happened to each ticket and all who heard of it, without times and keys."""
    ids = list(tickets)
    told: dict[int, Story] = {pk: defaultdict(list) for pk in ids}
    for pk, *facts in Ticket.objects.filter(pk__in=ids).values_list(
        "pk", "state", "version", "team__code"
    ):
        told[pk]["ticket"] = facts
    parts = {
        "events": (TicketEvent, ("kind", "data__metric")),
        "clocks": (Clock, ("metric", "state")),
        "clock log": (ClockEvent, ("metric", "kind", "level")),
        "escalations": (Escalation, ("trigger", "state", "to_team__code")),
        "notices": (Notice, ("recipient__email", "event__kind", "event__data__metric")),
        "mails": (OutgoingMail, ("template", "recipient")),
    }
    for part, (model, columns) in parts.items():
        rows = model._default_manager.filter(ticket__in=ids).order_by("ticket", "pk")
        for pk, *facts in rows.values_list("ticket", *columns):
            told[pk][part].append(facts)
    timers = Timer.objects.filter(subject_type="ticket", subject_id__in=ids)
    for pk, *facts in timers.values_list("subject_id", "kind", "state", "stage"):
        told[pk]["timers"].append(facts)
    for story in told.values():
        for part in ("clocks", "clock log", "notices", "mails", "timers"):
            story[part].sort(key=str)
    return {pk: dict(story) for pk, story in told.items()}


def _nothing_is_lost(parked: int) -> None:
    now = clock.now()
    late = Timer.objects.filter(state=Timer.State.ARMED, due_at__lte=now)
    assert not late.exists(), f"{late.count()} timers are overdue"
    assert Timer.objects.filter(state=Timer.State.PARKED).count() == parked
    if not parked:
        unnoticed = Clock.objects.filter(state=Clock.State.RUNNING, due_at__lte=now)
        assert not unnoticed.exists(), f"{unnoticed.count()} missed promises went unnoticed"


def _each_promise_is_missed_once() -> None:
    breaches = TicketEvent.objects.filter(kind=EventKind.BREACHED)
    recorded = Counter(breaches.values_list("ticket", "data__metric", "data__clock"))
    missed = Counter(
        Clock.objects.filter(breached_at__isnull=False).values_list("ticket", "metric", "pk")
    )
    assert set(recorded.values()) <= {1}, "a promise was recorded as missed more than once"
    assert recorded == missed
    logged = ClockEvent.objects.filter(kind=ClockEvent.Kind.BREACHED)
    assert Counter(logged.values_list("clock", "cause")) == Counter(
        breaches.values_list("data__clock", "pk")
    )
    assert (
        not ClockEvent.objects.values("clock", "level")
        .filter(level__gt=0)
        .annotate(times=Count("pk"))
        .filter(times__gt=1)
    )
    early = TicketEvent.objects.filter(kind=EventKind.BREACHED, data__late_seconds__lt=0)
    assert not early.exists(), "a promise was missed before its time"


def _each_escalation_was_sent_once() -> None:
    sent = Escalation.objects.exclude(event=None)
    by_event = Counter(sent.values_list("event", flat=True))
    events = TicketEvent.objects.filter(kind__in=SENT_ON).values_list("pk", flat=True)
    assert by_event == Counter(events), "an escalation without its event, or the reverse"
    by_breach = Counter(sent.filter(trigger__startswith="breach.").values_list("ticket", "trigger"))
    breaches = Counter(
        (ticket, f"breach.{metric}")
        for ticket, metric in TicketEvent.objects.filter(kind=EventKind.BREACHED).values_list(
            "ticket", "data__metric"
        )
    )
    assert by_breach <= breaches, "one breach escalated twice"
    stayed = (
        Ticket.objects.filter(events__kind=EventKind.BREACHED, escalations__isnull=True)
        .distinct()
        .count()
    )
    assert stayed == 0, f"{stayed} breached tickets went nowhere"


def _each_person_was_told_once() -> None:
    notices = Counter(Notice.objects.values_list("event", "recipient"))
    assert set(notices.values()) <= {1}
    mails = Counter(OutgoingMail.objects.values_list("event", "template", "recipient"))
    assert set(mails.values()) <= {1}
    members: dict[int, set[int]] = {}
    for team, user in TeamMembership.objects.filter(user__is_active=True).values_list(
        "team", "user"
    ):
        members.setdefault(team, set()).add(user)
    told: dict[int, set[int]] = {}
    for event, person in notices:
        told.setdefault(event, set()).add(person)
    mailed = {event for event, template, _to in mails if template == "escalation"}
    for escalation in Escalation.objects.exclude(event=None).select_related("event"):
        event = escalation.event
        assert event is not None
        unheard = members.get(escalation.to_team_id, set()) - {event.actor_id}
        assert unheard <= told.get(event.pk, set()), f"{escalation} reached not all of its team"
        assert event.pk in mailed, f"{escalation} left no mail to its team"
    leads = set(
        TeamMembership.objects.filter(leads=True, user__is_active=True).values_list("team", "user")
    )
    for event, home in TicketEvent.objects.filter(kind=EventKind.BREACHED).values_list(
        "pk", "ticket__home_team"
    ):
        unheard = {user for team, user in leads if team == home} - told.get(event, set())
        assert not unheard, "a lead did not hear of a breach"


def _counters_say_what_is() -> None:
    """The dashboard's counters, kept by triggers, against a count of everything."""
    counters = (
        (OpenTally, OPEN_KEYS, ("n",), rebuild_open_tally),
        (RiskTally, RISK_KEYS, ("n",), rebuild_risk_tally),
        (OutcomeTally, OUTCOME_KEYS, ("kept", "missed"), rebuild_outcome_tally),
    )
    for model, keys, sums, count_anew in counters:
        kept = _totals(model, keys, sums)
        count_anew()
        assert kept == _totals(model, keys, sums), model.__name__


def _totals(model: Any, keys: tuple[str, ...], sums: tuple[str, ...]) -> Counter[Any]:
    totals: Counter[Any] = Counter()
    for row in model._default_manager.values(*keys, *sums):
        for name in sums:
            totals[(name, *(row[key] for key in keys))] += row[name]
    return +totals
