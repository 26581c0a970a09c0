"""The date that a team promises on acceptance: watched, missed once, moved with a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from escalation.models import Escalation
from escalation.services import (
    accept_escalation,
    move_target,
    request_escalation,
    return_escalation,
)
from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, NotAllowed, WrongState
from people.models import Team, TeamMembership, User
from sla.models import Timer
from sla.services import sweep
from tests.support.receiving import Receiving
from tests.support.stages import Stage, form, fresh
from tickets.models import Notice, TicketEvent

pytestmark = pytest.mark.django_db
Case = Callable[[], Receiving]
NEARS, MISSED = "escalation.target_nears", "escalation.target_missed"
LATER = timedelta(days=40)


def armed(case: Receiving) -> dict[str, datetime]:
    timers = Timer.objects.filter(subject_type="ticket", subject_id=case.ticket.pk, state="armed")
    return dict(timers.filter(kind__in=[NEARS, MISSED]).values_list("kind", "due_at"))


def live_until(case: Receiving, moment: datetime) -> None:
    """Only the target's timers are left, so that they alone move the case."""
    Timer.objects.exclude(kind__in=[NEARS, MISSED]).filter(state="armed").update(state="cancelled")
    with clock.at(moment):
        for _ in range(3):
            sweep()


def date_of(made: Escalation) -> datetime:
    assert made.agreed_target_at is not None
    return made.agreed_target_at


def told_of(event: TicketEvent) -> set[int]:
    return set(Notice.objects.filter(event=event).values_list("recipient_id", flat=True))


@pytest.fixture
def accepted(case: Case) -> tuple[Receiving, Escalation]:
    mine = case()
    return mine, mine.accept("fraud", "farah")


class TestAgreeing:
    def test_the_date_has_two_timers(self, accepted: tuple[Receiving, Escalation]) -> None:
        case, made = accepted
        at, since = date_of(made), made.accepted_at
        assert since is not None
        assert armed(case) == {NEARS: since + (at - since) * 0.8, MISSED: at}
        assert not made.promised_by_clock
        assert made.promised_at == at

    def test_a_clock_of_the_policy_is_the_one_promise(self, case: Case) -> None:
        mine = case()
        made = mine.accept("mediation", "maya")
        decision = mine.ticket.clocks.get(metric="mediation_decision")
        assert armed(mine) == {}
        moved = decision.due_at + timedelta(days=1)
        mine.ticket.clocks.filter(pk=decision.pk).update(due_at=moved)
        # Whatever moves the clock, the document shows no second date.
        assert Escalation.objects.get(pk=made.pk).promised_at == moved
        with pytest.raises(WrongState) as refused:
            move_target(
                actor=mine.actor("maya"), ticket_id=mine.ticket.pk, target_at=moved, reason="Ya."
            )
        assert refused.value.code == "target_by_policy"

    def test_mediators_name_no_date_beside_their_clock(self, case: Case) -> None:
        mine = case()
        mine.send("mediation")
        with pytest.raises(InvalidInput) as refused:
            accept_escalation(
                actor=mine.actor("maya"), ticket_id=mine.ticket.pk, plan="Ya.",
                target_at=clock.now() + LATER, target_reason="Lama.",
            )  # fmt: skip
        assert refused.value.code == "target_by_policy"

    def test_later_than_asked_needs_a_reason_that_stays(self, case: Case) -> None:
        mine = case()
        asked = clock.now() + timedelta(hours=3)
        mine.send("fraud", target_at=asked)
        words: dict[str, Any] = {
            "actor": mine.actor("farah"),
            "ticket_id": mine.ticket.pk,
            "plan": "Ya.",
        }
        later = asked + timedelta(minutes=1)
        with pytest.raises(InvalidInput) as refused:
            accept_escalation(**words, target_at=later, target_reason="  ")
        assert (refused.value.code, list(refused.value.fields)) == (
            "later_target",
            ["target_reason"],
        )
        assert fresh(mine.ticket).state == "escalated"
        made = accept_escalation(**words, target_at=later, target_reason="Menunggu bank.")
        assert (date_of(made), made.target_reason) == (later, "Menunggu bank.")
        assert made.promises_later
        assert armed(mine)[MISSED] == later

    def test_nor_later_than_the_customers_resolution_is_due(self, case: Case) -> None:
        mine = case()
        resolution = mine.ticket.clocks.get(metric="resolution").due_at
        mine.send("fraud", target_at=resolution + timedelta(days=9))
        words: dict[str, Any] = {
            "actor": mine.actor("farah"),
            "ticket_id": mine.ticket.pk,
            "plan": "Ya.",
        }
        with pytest.raises(InvalidInput) as refused:
            accept_escalation(**words, target_at=resolution + timedelta(days=1))
        assert refused.value.code == "later_target"
        assert "tenggat penyelesaian bagi pelanggan" in str(refused.value)
        # Without a date of its own the team never promises more than the customer is owed.
        assert accept_escalation(**words).agreed_target_at == resolution

    def test_nobody_asked_for_the_deadline_of_accepting(self, case: Case) -> None:
        """A later date than it is later than nothing, and needs no reason."""
        mine = case()
        to_accept = mine.send("fraud").target_at
        made = accept_escalation(
            actor=mine.actor("farah"), ticket_id=mine.ticket.pk, plan="Ya.",
            target_at=to_accept + timedelta(hours=5),
        )  # fmt: skip
        assert not made.target_asked
        assert not made.promises_later


class TestTime:
    def test_at_most_of_its_time_who_accepted_and_the_lead_hear_of_it_once(
        self, accepted: tuple[Receiving, Escalation], people: dict[str, User]
    ) -> None:
        case, made = accepted
        team = Team.objects.get(code="fraud")
        for name, leads in (("leo", True), ("dimas", False)):
            TeamMembership.objects.create(team=team, user=people[name], leads=leads)
        live_until(case, armed(case)[NEARS])
        fired = case.ticket.events.get(kind="timer_fired", data__kind=NEARS)
        assert {people["farah"].pk, people["leo"].pk} <= told_of(fired)
        assert people["dimas"].pk not in told_of(fired)
        assert armed(case) == {MISSED: date_of(made)}

    def test_missed_it_is_recorded_and_goes_up_once_with_its_line_in_the_ledger(
        self, accepted: tuple[Receiving, Escalation], people: dict[str, User]
    ) -> None:
        case, made = accepted
        late = date_of(made) + timedelta(seconds=1)
        live_until(case, late)
        # So late, nobody is warned any more.
        assert not case.ticket.events.filter(kind="timer_fired", data__kind=NEARS).exists()
        missed = case.ticket.events.get(kind="target_missed")
        assert (missed.data["escalation"], missed.data["late_seconds"]) == (made.pk, 1.0)
        assert {people[name].pk for name in ("farah", "sari", "teguh")} <= told_of(missed)
        row = Escalation.objects.get(trigger="target")
        assert (row.origin, row.due_at, row.to_team.code) == (
            "target",
            date_of(made),
            "operations",
        )
        assert (row.cause, row.late_seconds) == (missed, 1.0)
        assert row.sweep is not None
        before = Escalation.objects.get(pk=made.pk)
        assert (before.state, before.target_missed_at) == ("replaced", late)
        assert armed(case) == {}
        live_until(case, late + LATER)
        assert case.ticket.events.filter(kind="target_missed").count() == 1
        assert case.ticket.escalations.filter(trigger="target").count() == 1

    def test_at_the_top_it_is_told_and_stays(self, case: Case) -> None:
        mine = case()
        made = mine.accept("operations", "hendra")
        live_until(mine, date_of(made))
        again = Escalation.objects.get(pk=made.pk)
        assert (fresh(mine.ticket).state, again.state) == ("monitored", "accepted")
        assert again.target_missed_at == date_of(made)
        assert mine.ticket.events.filter(kind="target_missed").count() == 1


class TestMoving:
    def test_with_a_reason_it_is_watched_anew(self, accepted: tuple[Receiving, Escalation]) -> None:
        case, made = accepted
        at, farah = clock.now() + LATER, case.actor("farah")
        words: dict[str, Any] = {"actor": farah, "ticket_id": case.ticket.pk}
        refusals: tuple[tuple[dict[str, Any], str], ...] = (
            ({"target_at": at, "reason": " "}, "reason"),
            ({"target_at": clock.now(), "reason": "Ya."}, "target_at"),
        )
        for bad, field in refusals:
            with pytest.raises(InvalidInput) as refused:
                move_target(**words, **bad)
            assert list(refused.value.fields) == [field]
        moved = move_target(**words, target_at=at, reason="Bank tutup.")
        event = fresh(case.ticket).events.latest("id")
        assert (event.kind, event.note.text) == ("target_moved", "Bank tutup.")
        assert event.data["moved_from"] == date_of(made).isoformat()
        assert (moved.promised_at, moved.target_reason) == (at, "Bank tutup.")
        assert armed(case) == {NEARS: event.at + (at - event.at) * 0.8, MISSED: at}
        live_until(case, date_of(made))
        assert not case.ticket.events.filter(kind="target_missed").exists()

    def test_a_missed_one_may_be_promised_anew(self, case: Case) -> None:
        mine = case()
        made = mine.accept("operations", "hendra")
        live_until(mine, date_of(made))
        with clock.at(date_of(made) + timedelta(hours=1)):
            at = clock.now() + timedelta(hours=2)
            moved = move_target(
                actor=mine.actor("hendra"), ticket_id=mine.ticket.pk, target_at=at, reason="Ya."
            )
        assert moved.target_missed_at is None
        live_until(mine, at)
        assert mine.ticket.events.filter(kind="target_missed").count() == 2

    @pytest.mark.parametrize("name", ["dimas", "sari", "leo", "ratna", "admin"])
    def test_only_the_team_moves_it(
        self, accepted: tuple[Receiving, Escalation], name: str
    ) -> None:
        case, _made = accepted
        with pytest.raises(NotAllowed):
            move_target(
                actor=case.actor(name),
                ticket_id=case.ticket.pk,
                target_at=clock.now() + LATER,
                reason="Ya.",
            )


@pytest.mark.parametrize("way", ["return", "close", "pass_on"])
def test_it_ends_with_the_escalation(
    accepted: tuple[Receiving, Escalation], stage: Stage, way: str
) -> None:
    case, _made = accepted
    if way == "return":
        return_escalation(actor=case.actor("farah"), ticket_id=case.ticket.pk, reason="Aman.")
    elif way == "close":
        stage.close(case.ticket)
    else:
        case.send("operations")
    assert armed(case) == {}


def test_dates_promised_before_are_watched_from_the_upgrade_on(case: Case) -> None:
    """Once, and where a clock is the promise not at all; a date that has passed stays as it was."""
    mine, passed, mediated = case(), case(), case()
    made = mine.accept("fraud", "farah")
    old = passed.accept("fraud", "farah")
    mediated.accept("mediation", "maya")
    wanted = armed(mine)
    Timer.objects.filter(kind__in=[NEARS, MISSED]).delete()
    Escalation.objects.filter(pk=old.pk).update(agreed_target_at=made.accepted_at)
    upgrade = import_module("escalation.migrations.0020_watch_targets")
    for _ in range(2):
        upgrade.watch_what_lies_ahead(apps, None)
    assert armed(mine) == wanted
    assert armed(passed) == armed(mediated) == {}


def test_accepted_late_a_team_that_names_no_date_has_its_time_anew(case: Case) -> None:
    """The deadline for accepting is none for the work."""
    mine = case()
    sent = mine.send("fraud")
    with clock.at(sent.target_at - timedelta(minutes=1)):
        made = accept_escalation(
            actor=mine.actor("farah"), ticket_id=mine.ticket.pk, plan="Kami periksa."
        )
        assert made.accepted_at is not None
        assert date_of(made) == made.accepted_at + timedelta(hours=6)


def test_a_date_that_somebody_asked_for_stays_the_teams(case: Case, stage: Stage) -> None:
    mine = case()
    asked = clock.now() + timedelta(hours=3)
    request_escalation(
        actor=mine.actor("sari"), ticket_id=mine.ticket.pk, form=form("fraud", target_at=asked),
        reason="Perlu.",
    )  # fmt: skip
    made = accept_escalation(
        actor=mine.actor("farah"), ticket_id=mine.ticket.pk, plan="Kami periksa."
    )
    assert date_of(made) == asked
