"""A supervisor sends a request to another team than the one asked for; who waits hears of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from escalation.models import Escalation
from escalation.services import (
    decline_escalation,
    escalate_automatically,
    request_escalation,
    verify_escalation,
)
from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, NotAllowed, WrongState
from helpdesk.common.events import hears, receivers_of
from people.actors import SWEEP
from people.models import Team
from tests.support.stages import Stage, form, fresh
from tickets.events import EscalationDecided, EscalationRequested
from tickets.services import lock_ticket

pytestmark = pytest.mark.django_db


def team(code: str) -> Team:
    return Team.objects.get(code=code)


@pytest.fixture
def asked(stage: Stage) -> Escalation:
    return request_escalation(
        actor=stage.actor("dimas"), ticket_id=stage.handled().pk, form=form("fraud")
    )


@pytest.fixture
def news() -> Iterator[list[str]]:
    """The names of the news about requests, as they come."""
    heard: list[str] = []

    def listen(told: object) -> None:
        heard.append(type(told).__name__)

    kinds = (EscalationRequested, EscalationDecided)
    for kind in kinds:
        hears(kind)(listen)
    yield heard
    from helpdesk.common.events import _receivers

    for kind in kinds:
        assert listen in receivers_of(kind)
        _receivers[kind].remove(listen)


def test_the_ticket_goes_there_and_the_choice_of_the_officer_is_kept(
    stage: Stage, asked: Escalation
) -> None:
    made = verify_escalation(
        actor=stage.actor("sari"), escalation_id=asked.pk, to_team=team("legal"), reason="Hukum."
    )
    ticket = fresh(asked.ticket)
    assert (ticket.state, ticket.team.code) == ("escalated", "legal")
    assert (made.to_team.code, made.asked_team.code) == ("legal", "fraud")  # type: ignore[union-attr]
    assert made.decision_reason == "Hukum."
    assert not made.follows_matrix
    assert made.target_at == made.decided_at + timedelta(hours=2)  # type: ignore[operator]
    event = ticket.events.get(kind="escalated")
    assert (event.data["to_team"], event.data["asked_team"]) == ("legal", "fraud")


def test_a_target_that_the_officer_chose_stays(stage: Stage) -> None:
    at = clock.now() + timedelta(hours=2)
    asked = request_escalation(
        actor=stage.actor("dimas"),
        ticket_id=stage.handled().pk,
        form=form("fraud", target_at=at),
    )
    made = verify_escalation(
        actor=stage.actor("sari"), escalation_id=asked.pk, to_team=team("legal"), reason="Hukum."
    )
    assert made.target_at == at


def test_a_reason_and_a_possible_team_are_needed(stage: Stage, asked: Escalation) -> None:
    sari = stage.actor("sari")
    for code, reason, field in (
        ("legal", " ", "reason"),
        ("cs_order", "Regu lain.", "to_team"),
        ("cs_account", "Sudah di sana.", "to_team"),
    ):
        with pytest.raises(InvalidInput) as refused:
            verify_escalation(actor=sari, escalation_id=asked.pk, to_team=team(code), reason=reason)
        assert field in refused.value.fields
    assert fresh(asked.ticket).state == "handled"
    asked.refresh_from_db()
    assert (asked.state, asked.asked_team) == ("requested", None)


def test_the_team_that_was_asked_for_is_no_redirection(stage: Stage, asked: Escalation) -> None:
    made = verify_escalation(
        actor=stage.actor("sari"), escalation_id=asked.pk, to_team=team("fraud")
    )
    assert (made.to_team.code, made.asked_team) == ("fraud", None)


def test_officers_redirect_nothing_and_nobody_twice(stage: Stage, asked: Escalation) -> None:
    with pytest.raises(NotAllowed):
        verify_escalation(
            actor=stage.actor("dimas"), escalation_id=asked.pk, to_team=team("legal"), reason="Ya."
        )
    for code in ("legal", "mediation"):
        redirect = {"escalation_id": asked.pk, "to_team": team(code), "reason": "Ya."}
        if code == "legal":
            verify_escalation(actor=stage.actor("sari"), **redirect)
        else:
            with pytest.raises(WrongState):
                verify_escalation(actor=stage.actor("teguh"), **redirect)


@pytest.mark.parametrize("way", ["verified", "redirected", "declined", "overtaken"])
def test_whoever_times_the_decision_hears_of_both_ends(
    stage: Stage, news: list[str], way: str
) -> None:
    ticket = stage.handled()
    asked = request_escalation(actor=stage.actor("dimas"), ticket_id=ticket.pk, form=form("fraud"))
    assert news == ["EscalationRequested"]
    sari, pk = stage.actor("sari"), asked.pk
    if way == "verified":
        verify_escalation(actor=sari, escalation_id=pk)
    elif way == "redirected":
        verify_escalation(actor=sari, escalation_id=pk, to_team=team("legal"), reason="Hukum.")
    elif way == "declined":
        decline_escalation(actor=sari, escalation_id=pk, reason="Cek dulu.")
    else:
        escalate_automatically(
            lock_ticket(ticket.pk), actor=SWEEP, to_team=team("fraud"), trigger="breach.resolution",
            at=clock.now(), cause="Tenggat.",
        )  # fmt: skip
    assert news == ["EscalationRequested", "EscalationDecided"]


def test_a_supervisors_own_request_waits_for_nobody(stage: Stage, news: list[str]) -> None:
    stage.send(stage.handled())
    assert news == []


@pytest.mark.parametrize(("code", "level"), [("supervisors", 2), ("fraud", 3), ("operations", 4)])
def test_the_level_is_the_place_in_the_chain(stage: Stage, code: str, level: int) -> None:
    assert stage.send(stage.handled(), code).level == level
