"""Automatic assignment from classification to who comes and goes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed
from people.models import Team, User
from people.services import plan_shifts, set_status
from sla.kinds import ASSIGNMENT
from sla.models import Timer
from sla.services import audit_deadlines, sweep
from sla.services.assignment_rounds import look_again
from tests.support.stages import Stage, fresh
from tickets.models import Notice, Ticket, WorkProfile
from tickets.services import (
    Written,
    assign_ticket,
    handle_ticket,
    reply_to_customer,
    send_reply,
    take_back_reply,
    take_next,
)
from tickets.services.assigning import TOLD
from tickets.services.profiles import set_profile, set_team_assignment

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def house(stage: Stage, people: dict[str, User]) -> Stage:
    """Dimas and Ayu are the account squad's officers; it gives out by skill and load."""
    from people.models import TeamMembership

    team = Team.objects.get(code="cs_account")
    TeamMembership.objects.create(team=team, user=people["ayu"])
    set_team_assignment(actor=stage.actor("sari"), team_code="cs_account", mode="skill")
    return stage


def verdicts(ticket: Ticket) -> dict[int, str]:
    event = ticket.events.filter(data__has_key="auto").order_by("-id").first()
    assert event is not None
    return {line[0]: line[1] for line in event.data["auto"]["considered"]}


def waiting(ticket: Ticket) -> Timer:
    return Timer.objects.get(kind=ASSIGNMENT, subject_id=ticket.pk, state="armed")


def test_a_classified_ticket_goes_to_the_least_loaded(house: Stage, people: Any) -> None:
    given = []
    for _each in range(4):
        ticket = house.classified()
        assert ticket.assignee is None
        sweep()
        after = fresh(ticket)
        assert after.state == "classified"
        given.append(after.assignee.full_name.split()[0])
    assert sorted(given[:2]) == sorted(given[2:]) == ["Ayu", "Dimas"]
    event = after.events.get(kind="assigned")
    assert (event.actor, event.actor_label) == (None, "assignment")
    assert set(verdicts(after)) == {people["dimas"].pk, people["ayu"].pk}, "leads are not asked"
    assert event.data["auto"]["mode"] == "skill"
    assert Notice.objects.get(event=event).recipient == after.assignee
    assert list(audit_deadlines()) == []


def test_off_is_off(stage: Stage) -> None:
    stage.classified()
    assert not Timer.objects.filter(kind=ASSIGNMENT).exists()


def test_nobody_there_then_somebody_comes(house: Stage, people: Any) -> None:
    for name in ("dimas", "ayu"):
        set_status(actor=house.actor(name), status="away")
    ticket = house.classified()
    sweep()
    assert fresh(ticket).assignee is None
    assert set(verdicts(ticket).values()) == {"away"}
    again = waiting(ticket)
    assert timedelta(minutes=9) < again.due_at - timezone.now() < timedelta(minutes=11)
    with clock.shifted(timedelta(minutes=11)):
        sweep()
        assert ticket.events.filter(kind="nobody_free").count() == 1, "the same reasons, once"
        set_status(actor=house.actor("ayu"), status="available")
        sweep()
    assert fresh(ticket).assignee == people["ayu"]


def test_who_comes_back_at_a_moment_is_looked_for_at_that_moment(house: Stage) -> None:
    until = timezone.now() + timedelta(minutes=3)
    for name in ("dimas", "ayu"):
        set_status(actor=house.actor(name), status="away", until=until)
    ticket = house.classified()
    sweep()
    assert waiting(ticket).due_at == until
    with clock.shifted(timedelta(minutes=3, seconds=1)):
        sweep()
    assert fresh(ticket).assignee is not None


def test_the_next_shift_begins(house: Stage, people: Any) -> None:
    begins = timezone.now() + timedelta(minutes=5)
    for name in ("dimas", "ayu"):
        spans = [(begins, begins + 8 * HOUR)]
        plan_shifts(actor=house.actor("sari"), user_id=people[name].pk, spans=spans)
    ticket = house.classified()
    sweep()
    assert set(verdicts(ticket).values()) == {"off"}
    assert waiting(ticket).due_at == begins
    with clock.shifted(timedelta(minutes=5, seconds=1)):
        sweep()
    assert fresh(ticket).assignee is not None


def test_whoever_is_just_answering_it_gets_it(house: Stage, people: Any) -> None:
    """Not the colleague who has less to do."""
    ticket, sari = house.classified(), house.actor("sari")
    reply = send_reply(Written(body="Halo."), actor=sari, ticket_id=ticket.pk, undo_seconds=10)
    sweep()
    assert fresh(ticket).assignee is None
    with clock.shifted(timedelta(seconds=11)):
        sweep()
        assert fresh(ticket).assignee == people["sari"]
    reply.refresh_from_db()
    with clock.shifted(timedelta(seconds=15)):
        sweep()
    assert (reply.state, fresh(ticket).assignee) == ("sent", people["sari"])
    assert not Timer.objects.filter(kind=ASSIGNMENT, state="armed").exists()


def test_a_reply_taken_back_leaves_the_ticket_to_the_choice(house: Stage) -> None:
    ticket, sari = house.classified(), house.actor("sari")
    reply = send_reply(Written(body="Halo."), actor=sari, ticket_id=ticket.pk, undo_seconds=10)
    sweep()
    take_back_reply(actor=sari, ticket_id=ticket.pk, outgoing_id=reply.pk)
    with clock.shifted(timedelta(seconds=15)):
        sweep()
    assert fresh(ticket).assignee is not None


def test_skills_and_capacity(house: Stage, people: Any) -> None:
    sari, dimas, ayu = house.actor("sari"), people["dimas"], people["ayu"]
    set_profile(actor=sari, user_id=dimas.pk, capacity=None, skills={"categories": ["tracking"]})
    set_profile(actor=sari, user_id=ayu.pk, capacity=1, skills={})
    first, second = house.classified(), house.classified()
    sweep()
    assert {fresh(first).assignee, fresh(second).assignee} == {ayu, None}
    left = first if fresh(first).assignee is None else second
    assert verdicts(left) == {dimas.pk: "skill", ayu.pk: "full"}
    assert look_again() == 0
    set_profile(actor=sari, user_id=dimas.pk, capacity=None, skills={})
    assert look_again() == 1
    assert look_again() == 0, "it is armed already"
    sweep()
    assert fresh(left).assignee == dimas


def test_what_waits_when_it_is_switched_on(stage: Stage) -> None:
    ticket = stage.classified()
    set_team_assignment(actor=stage.actor("sari"), team_code="cs_account", mode="load")
    assert look_again() == 1
    sweep()
    assert fresh(ticket).assignee == stage.actor("dimas").user


def test_urgent_and_unanswered_goes_on_when_its_officer_is_gone(house: Stage, people: Any) -> None:
    ticket, answered = house.classified(), house.classified()
    for each in (ticket, answered):
        handle_ticket(actor=house.actor("dimas"), ticket_id=each.pk)
    reply_to_customer(actor=house.actor("dimas"), ticket_id=answered.pk, body="Kami periksa.")
    sweep()
    set_status(actor=house.actor("dimas"), status="away")
    sweep()
    assert fresh(ticket).assignee == people["dimas"], "a short break moves nothing"
    with clock.shifted(timedelta(minutes=11)):
        sweep()
        look_again()
    after = fresh(ticket)
    assert (after.assignee, after.state) == (people["ayu"], "handled")
    event = after.events.filter(kind="assigned").latest("pk")
    assert (event.data["from"], event.data["auto"]["cause"]) == (people["dimas"].pk, "gone")
    assert fresh(answered).assignee == people["dimas"]
    assert list(audit_deadlines()) == []


def test_back_in_time_keeps_it(house: Stage, people: Any) -> None:
    ticket = house.handled()
    sweep()
    set_status(actor=house.actor("dimas"), status="away")
    set_status(actor=house.actor("dimas"), status="available")
    with clock.shifted(timedelta(minutes=11)):
        sweep()
    assert fresh(ticket).assignee == people["dimas"]
    assert not ticket.events.filter(kind="assigned").exists()


def test_the_shift_of_its_officer_ends(house: Stage, people: Any) -> None:
    ticket = house.handled()
    sweep()
    now = timezone.now()
    spans = [(now - 2 * HOUR, now - HOUR)]
    plan_shifts(actor=house.actor("sari"), user_id=people["dimas"].pk, spans=spans)
    assert look_again() == 1
    with clock.shifted(timedelta(minutes=11)):
        sweep()
    assert fresh(ticket).assignee == people["ayu"]


def test_what_a_person_decided_stays_unless_it_is_urgent(house: Stage, people: Any) -> None:
    ticket = house.classified(
        subject="resi", description="Di mana paket saya? Resi tidak bergerak."
    )
    Team.objects.filter(pk=ticket.team_id).update(assignment="load")
    ticket = fresh(ticket)
    owner = people["sari"]
    set_status(actor=house.actor("sari"), status="away")
    assign_ticket(actor=house.actor("sari"), ticket_id=ticket.pk, assignee=owner)
    assert look_again() == 0
    sweep()
    assert fresh(ticket).assignee == owner


def test_the_list_of_the_considered_is_bounded(house: Stage, people: Any) -> None:
    from django.contrib.auth.models import Group

    from people.models import TeamMembership

    team, role = Team.objects.get(code="cs_account"), Group.objects.get(name="officer")
    for place in range(TOLD + 3):
        user = User.objects.create(email=f"o{place}@example.com", full_name=f"Petugas {place}")
        user.groups.add(role)
        TeamMembership.objects.create(team=team, user=user)
    ticket = house.classified()
    sweep()
    auto = ticket.events.get(kind="assigned").data["auto"]
    assert (len(auto["considered"]), auto["more"]) == (TOLD, 5)
    assert auto["considered"][0][1] == "chosen"


def test_taking_the_next_goes_by_skills_too(stage: Stage, people: Any) -> None:
    ticket = stage.classified()
    skills = {"categories": ["tracking"]}
    set_profile(actor=stage.actor("sari"), user_id=people["dimas"].pk, capacity=None, skills=skills)
    assert take_next(actor=stage.actor("dimas")) is None
    skills = {"categories": ["account_takeover"], "channels": ["web"], "languages": ["id"]}
    set_profile(actor=stage.actor("sari"), user_id=people["dimas"].pk, capacity=None, skills=skills)
    taken = take_next(actor=stage.actor("dimas"))
    assert taken is not None
    assert taken.ticket.pk == ticket.pk
    assert WorkProfile.objects.get(user=people["dimas"]).given_at is not None


def test_only_supervisors_set_it_up_and_only_with_sense(stage: Stage, people: Any) -> None:
    dimas, sari = stage.actor("dimas"), stage.actor("sari")
    pk = people["dimas"].pk
    for actor in (dimas, stage.actor("farah"), stage.actor("admin"), stage.actor("ratna")):
        with pytest.raises(NotAllowed):
            set_team_assignment(actor=actor, team_code="cs_account", mode="load")
        with pytest.raises(NotAllowed):
            set_profile(actor=actor, user_id=pk, capacity=1, skills={})
    for team, mode in (("nobody", "load"), ("cs_account", "magic")):
        with pytest.raises(InvalidInput):
            set_team_assignment(actor=sari, team_code=team, mode=mode)
    for capacity, skills in ((0, {}), (501, {}), (None, {"categories": ["x"]})):
        with pytest.raises(InvalidInput):
            set_profile(actor=sari, user_id=pk, capacity=capacity, skills=skills)
    with pytest.raises(InvalidInput):
        set_profile(actor=sari, user_id=people["ratna"].pk, capacity=1, skills={})
    made = set_profile(actor=sari, user_id=pk, capacity=3, skills={}, expected_revision=0)
    with pytest.raises(Conflict):
        set_profile(actor=sari, user_id=pk, capacity=4, skills={}, expected_revision=0)
    assert (made.revision, WorkProfile.objects.get().capacity) == (1, 3)
