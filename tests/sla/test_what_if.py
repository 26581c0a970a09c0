"""The replay: equal to the engine's own arithmetic, and to what really happened."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, NotAllowed, WrongState
from people.actors import of_user
from people.models import User
from sla.calendars import Calendar
from sla.models import WhatIf
from sla.rules import Rules
from sla.services import sweep
from sla.services.policy_work import work_on_policies
from sla.services.publishing import edit_draft
from sla.services.replaying import cancel_what_if, start_what_if
from sla.targets import deadline_for
from sla.what_if import Figures, Judge, Judges, Line, replay
from sla.what_if.fast_calendar import FastCalendar
from sla.what_if.judge import Facts
from sla.what_if.reading import count_tickets, read_past
from sla.what_if.replay import Judged, Mark, Recast, Ticket, pauses_of
from tests.sla.policy_body import delivered, with_target
from tests.support.stages import Stage
from tickets.services import handle_ticket, reclassify_ticket, reply_to_customer

HOUR = 3600.0
FIRST = datetime(2026, 3, 1, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 17, 2, tzinfo=UTC)  # 09.00 WIB

blocks = st.sampled_from(
    [
        (),
        ((time(0), None),),
        ((time(8), time(12)), (time(13), time(17))),
        ((time(9), time(21)),),
        ((time(20), None),),
    ]
)
calendars = st.builds(
    Calendar,
    week=st.tuples(*[blocks] * 7).filter(any),
    zone=st.sampled_from([ZoneInfo("Asia/Jakarta"), ZoneInfo("America/New_York")]),
    holidays=st.booleans(),
    closures=st.frozensets(st.dates(date(2026, 3, 1), date(2026, 6, 1)), max_size=3),
)
offsets = st.integers(0, 90 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))


@settings(max_examples=200, deadline=None)
@given(calendars, offsets, st.integers(1, 10 * 24 * 60), offsets)
def test_the_fast_calendar_counts_as_the_engine_does(
    calendar: Calendar, begin: timedelta, minutes: int, end: timedelta
) -> None:
    fast, start = FastCalendar(calendar, FIRST), FIRST + begin
    length = timedelta(minutes=minutes)
    expected = calendar.add(start, length).timestamp()
    assert fast.add(start.timestamp(), length.total_seconds()) == expected
    between = calendar.between(start, FIRST + end).total_seconds()
    assert fast.between(start.timestamp(), (FIRST + end).timestamp()) == between


@st.composite
def runs(draw: Any) -> list[tuple[datetime, datetime | None]]:
    moments = sorted(draw(st.lists(offsets, min_size=1, max_size=5, unique=True)))
    found: list[tuple[datetime, datetime | None]] = []
    for place in range(0, len(moments), 2):
        end = FIRST + moments[place + 1] if place + 1 < len(moments) else None
        found.append((FIRST + moments[place], end))
    return found


@settings(max_examples=200, deadline=None)
@given(
    runs(),
    st.sampled_from(["first_response", "resolution", "verification", "mediation_decision"]),
    st.sampled_from(["URGENT", "HIGH", "MEDIUM", "LOW"]),
    st.sampled_from(["buyer", "agent"]),
    st.sampled_from(["web", "email", "social", "live_chat"]),
    st.sampled_from(["regular", "gold"]),
)
def test_the_judge_finds_the_engines_deadline(
    ran: list[tuple[datetime, datetime | None]],
    metric: str,
    priority: str,
    reporter: str,
    channel: str,
    tier: str,
) -> None:
    body, facts = delivered(), Facts(priority, reporter, channel, tier, "refund", "cs_account")
    expected = deadline_for(Rules.read(body), metric, facts._asdict(), ran)
    spans = [(start.timestamp(), end.timestamp() if end else None) for start, end in ran]
    found = Judge(body, FIRST).due(metric, facts, spans)
    assert found.due == pytest.approx(expected.due_at.timestamp(), abs=1e-3)


def judged(
    *lines: Line,
    marks: tuple[Mark, ...] = (),
    body: Any = None,
    recasts: tuple[Recast, ...] = (),
) -> Judged:
    ticket = Ticket(1, "buyer", "web", "regular", "refund", "cs_account")
    since = TUESDAY.timestamp() - HOUR
    first = TUESDAY - timedelta(days=2)
    judges = Judges(Judge(delivered(), first), Judge(body or delivered(), first))
    until = TUESDAY.timestamp() + 1000 * HOUR
    (found,) = replay(ticket, lines, marks, judges, since, until, recasts)
    return found


def line(
    kind: str, hours: float, due: float, metric: str = "resolution", priority: str = "HIGH"
) -> Line:
    start = TUESDAY.timestamp()
    return Line(1, metric, kind, start + hours * HOUR, start + due * HOUR, priority, "cs_account")


def mark(what: str, hours: float) -> Mark:
    return Mark(what, TUESDAY.timestamp() + hours * HOUR)


def test_a_kept_promise_may_have_been_missed_under_a_stricter_draft() -> None:
    body = with_target(delivered(), "resolve-high", within={"hours": 24})
    found = judged(line("started", 0, 72), line("satisfied", 30, 72), body=body)
    assert (found.was.late, found.draft.late) == (None, 6 * HOUR)
    assert found.was.settled
    assert found.draft.settled


def test_a_missed_one_may_have_been_kept_under_a_laxer_draft() -> None:
    lines = (line("started", 0, 72), line("breached", 72, 72), line("satisfied", 80, 72))
    body = with_target(delivered(), "resolve-high", within={"hours": 96})
    found = judged(*lines, body=body)
    assert (found.was.late, found.draft.late) == (8 * HOUR, None)


def test_it_stands_still_while_the_ball_is_with_the_customer() -> None:
    body = with_target(delivered(), "resolve-high", within={"hours": 24})
    marks = (mark("customer", 10), mark("ours", 50))
    lines = (line("started", 0, 72), line("satisfied", 60, 112))
    assert judged(*lines, marks=marks, body=body).draft.late is None
    body["pauses"]["resolution"] = ["hold"]
    assert judged(*lines, marks=marks, body=body).draft.late == 36 * HOUR


def test_a_clock_that_stands_still_misses_nothing() -> None:
    body = with_target(delivered(), "resolve-high", within={"hours": 24})
    found = judged(line("started", 0, 72), marks=(mark("customer", 10),), body=body)
    assert found.draft.late is None
    assert not found.draft.settled


def test_a_later_priority_counts_from_when_it_came() -> None:
    lines = (line("started", 0, 72), line("recomputed", 30, 24, priority="URGENT"))
    found = judged(*lines, line("satisfied", 31, 24, priority="URGENT"))
    assert found.draft.late == 7 * HOUR
    # Before the change the draft's deadline for HIGH had been missed already.
    body = with_target(delivered(), "resolve-high", within={"hours": 20})
    found = judged(*lines, line("satisfied", 31, 24, priority="URGENT"), body=body)
    assert found.draft.late == 11 * HOUR


def test_a_promise_called_off_in_time_is_neither_kept_nor_missed() -> None:
    found = judged(line("started", 0, 72), line("cancelled", 10, 72))
    assert (found.was.settled, found.draft.settled) == (False, False)


def test_a_promise_owed_again_goes_on_with_the_time_left() -> None:
    lines = (line("started", 0, 72), line("satisfied", 10, 72), line("resumed", 100, 162))
    found = judged(*lines, line("satisfied", 161, 162))
    assert (found.draft.late, found.draft.due) == (None, TUESDAY.timestamp() + 162 * HOUR)


def test_pauses_are_read_from_where_the_ball_went() -> None:
    marks = [Mark(*pair) for pair in (
        ("ours", 1.0), ("customer", 2.0), ("customer", 3.0), ("held", 4.0), ("ours", 5.0),
        ("closed", 6.0), ("customer", 7.0),
    )]  # fmt: skip
    assert pauses_of(marks) == {"customer": [(2.0, 5.0), (7.0, None)], "hold": [(4.0, 6.0)]}


def test_figures_count_kept_missed_and_the_hours() -> None:
    figures = Figures()
    figures.add(judged(line("started", 0, 72), line("satisfied", 30, 72)))
    body = with_target(delivered(), "resolve-high", within={"hours": 24})
    figures.add(judged(line("started", 0, 72), line("satisfied", 30, 72), body=body))
    result = figures.as_json()
    assert result["clocks"] == 2
    assert result["total"]["base"]["share"] == 1.0
    assert result["total"]["draft"] == {
        "kept": 1, "missed": 1, "share": 0.5, "median": 6 * HOUR, "p99": 6 * HOUR,
    }  # fmt: skip
    assert result["newly"] == {"missed": 1, "paused": 0, "kept": 0}
    assert result["moves"] == {"earlier": 1, "later": 0, "same": 1}
    assert result["load"]["cs_account"]["new_due"][9] == 2


def test_nothing_to_replay_is_no_division() -> None:
    assert Figures().as_json()["total"]["base"]["share"] is None


# --- with a database ----------------------------------------------------------------------------


def lived(stage: Stage, now: datetime) -> None:
    """Three tickets with answers, a pause, another priority and missed deadlines."""
    begin = now - timedelta(days=6)
    with clock.at(begin):
        first, second, third = (stage.classified(received_at=begin) for _n in range(3))
    dimas, sari = stage.actor("dimas"), stage.actor("sari")
    with clock.at(begin + timedelta(minutes=50)):
        handle_ticket(actor=dimas, ticket_id=first.pk)
        reply_to_customer(
            actor=dimas, ticket_id=first.pk, body="Tunggu ya.", wait_for_customer=True
        )
    with clock.at(begin + timedelta(minutes=70)):
        reclassify_ticket(
            actor=sari,
            ticket_id=second.pk,
            category=second.category,
            priority="HIGH",
            queue=second.queue,
            reason="Tidak mendesak.",
        )
    for hours in range(2, 100, 2):
        with clock.at(begin + timedelta(hours=hours)):
            sweep()
    with clock.at(begin + timedelta(hours=99)):
        reply_to_customer(actor=sari, ticket_id=third.pk, body="Selesai diperiksa.")
    for hours in range(100, 146, 2):
        with clock.at(begin + timedelta(hours=hours)):
            sweep()


def replayed(body: dict[str, Any], now: datetime) -> list[Judged]:
    since = now - timedelta(days=30)
    judges = Judges(Judge(delivered(), since), Judge(body, since))
    return [
        clock_
        for ticket, lines, marks, recasts in read_past(since, now)
        for clock_ in replay(
            ticket, lines, marks, judges, since.timestamp(), now.timestamp(), recasts
        )
    ]


@pytest.mark.django_db
def test_under_the_same_policy_the_past_comes_out_as_it_was(stage: Stage) -> None:
    now = clock.now()
    lived(stage, now)
    found = replayed(delivered(), now)
    assert len(found) > 10
    for each in found:
        assert each.base == each.draft
        assert each.base.due == pytest.approx(each.was.due, abs=1), each
        assert (each.base.late is None) == (each.was.late is None), each
        if each.was.late is not None:
            assert each.base.late == pytest.approx(each.was.late, abs=1), each
    assert any(each.was.late is not None for each in found)
    assert count_tickets(now - timedelta(days=30), now) == 3


@pytest.mark.django_db
def test_a_stricter_draft_misses_more(stage: Stage) -> None:
    now = clock.now()
    lived(stage, now)
    found = replayed(with_target(delivered(), "first-urgent", within={"minutes": 30}), now)
    newly = [each for each in found if each.base.late is None and each.draft.late is not None]
    assert {each.metric for each in newly} == {"first_response"}


def stricter(body: dict[str, Any]) -> None:
    body["targets"][0]["within"] = {"minutes": 30}


@pytest.mark.django_db
def test_a_supervisor_tries_a_draft(stage: Stage, supervisor: User) -> None:
    lived(stage, clock.now())
    sari = of_user(supervisor)
    edit_draft(actor=sari, change=stricter)
    what_if = start_what_if(actor=sari)
    assert work_on_policies() == 1
    what_if.refresh_from_db()
    assert (what_if.state, what_if.percent) == ("done", 100)
    assert what_if.result["newly"]["missed"] >= 1
    assert work_on_policies() == 0


@pytest.mark.django_db
def test_it_asks_for_a_sound_draft_and_the_right(supervisor: User, officer: User) -> None:
    sari = of_user(supervisor)
    with pytest.raises(NotAllowed):
        start_what_if(actor=of_user(officer))
    with pytest.raises(WrongState):
        start_what_if(actor=sari)
    edit_draft(actor=sari, change=lambda body: body["targets"].clear())
    with pytest.raises(InvalidInput):
        start_what_if(actor=sari)
    assert not WhatIf.objects.exists()


@pytest.mark.django_db
def test_one_that_was_called_off_is_not_replayed(supervisor: User) -> None:
    sari = of_user(supervisor)
    edit_draft(actor=sari, change=stricter)
    first, second = start_what_if(actor=sari), start_what_if(actor=sari)
    first.refresh_from_db()
    assert first.state == "cancelled"
    cancel_what_if(actor=sari, pk=second.pk)
    assert work_on_policies() == 0


@pytest.mark.django_db
def test_one_that_kills_its_workers_is_given_up(
    supervisor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    sari = of_user(supervisor)
    edit_draft(actor=sari, change=stricter)
    what_if = start_what_if(actor=sari)

    def die(*_args: Any) -> None:
        raise MemoryError("too much")

    monkeypatch.setattr("sla.services.replaying.count_tickets", die)
    for _try in range(4):
        work_on_policies()
    what_if.refresh_from_db()
    assert (what_if.state, what_if.attempts) == ("failed", 3)
    assert "MemoryError" in what_if.error


def test_a_clock_is_judged_by_the_category_that_the_ticket_had_then() -> None:
    """Today it is 'refund'; until the tenth hour it was 'tracking'."""
    body = delivered()
    body["targets"] += [
        {
            "code": "resolve-tracking",
            "metric": "resolution",
            "when": {"category": ["tracking"]},
            "within": {"hours": 8},
        },
        {
            "code": "resolve-refund",
            "metric": "resolution",
            "when": {"category": ["refund"]},
            "within": {"hours": 20},
        },
    ]
    lines = (line("started", 0, 72), line("satisfied", 15, 72))
    was_tracking = Recast(TUESDAY.timestamp() + 10 * HOUR, "tracking", "refund", "HIGH")
    found = judged(*lines, body=body, recasts=(was_tracking,))
    assert (found.draft.due - TUESDAY.timestamp(), found.draft.late) == (8 * HOUR, 7 * HOUR)
    assert judged(*lines, body=body).draft.late is None
    soon = was_tracking._replace(at=TUESDAY.timestamp() + 5 * HOUR)
    assert judged(*lines, body=body, recasts=(soon,)).draft.late is None


def test_a_clock_is_judged_by_the_squad_that_had_it_then() -> None:
    body = delivered()
    body["targets"].append(
        {
            "code": "resolve-order",
            "metric": "resolution",
            "when": {"team": ["cs_order"]},
            "within": {"hours": 8},
        }
    )
    there = line("started", 0, 72)._replace(team="cs_order", squad="cs_order")
    here = line("recomputed", 5, 72)._replace(squad="cs_account")
    assert judged(there, line("satisfied", 15, 72), body=body).draft.late == 7 * HOUR
    assert judged(there, here, line("satisfied", 15, 72), body=body).draft.late is None


@pytest.mark.django_db
def test_what_a_ticket_was_is_read_from_its_events(stage: Stage) -> None:
    ticket = stage.classified()
    was, sari = ticket.category, stage.actor("sari")
    reclassify_ticket(
        actor=sari, ticket_id=ticket.pk, category="tracking", priority="LOW",
        queue="general", reason="Begitu.",
    )  # fmt: skip
    now = clock.now()
    ((told, lines, _marks, recasts),) = read_past(now - timedelta(days=1), now)
    assert told.category == "tracking"
    assert [(r.was_category, r.category, r.priority) for r in recasts] == [(was, "tracking", "LOW")]
    assert {one.squad for one in lines if one.kind == "started"} == {"cs_account"}
