"""Take the next one: the queue's order, one's own teams, and what stands in the way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from helpdesk.common.errors import NotAllowed, WrongState
from people.models import OrganisationProfile, organisation
from people.services import set_status
from tests.support.stages import Stage, fresh
from tickets.models import Ticket
from tickets.services import (
    Written,
    assign_ticket,
    let_reply_leave,
    pull_forward,
    send_reply,
    take_next,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def _numbers(stage: Stage, times: int, name: str = "dimas") -> list[str]:
    found = [take_next(actor=stage.actor(name)) for _time in range(times)]
    return [taken.ticket.number if taken else "" for taken in found]


def test_the_nearest_deadline_first_and_what_goes_first_before_it(stage: Stage) -> None:
    now = timezone.now()
    late = stage.classified(received_at=now - HOUR)
    later = stage.classified(received_at=now - HOUR / 2)
    forward = stage.classified(received_at=now)
    pull_forward(actor=stage.actor("sari"), ticket_id=forward.pk, reason="Penting.")
    assert _numbers(stage, 4) == [forward.number, late.number, later.number, ""]
    after = fresh(late)
    assert (after.state, after.assignee) == ("handled", stage.actor("dimas").user)
    event = after.events.get(kind="handled")
    assert event.data["next"] == {
        "rule": "due",
        "promise": "first_response",
        "due_at": late.next_due_at.isoformat(),
    }
    assert fresh(forward).events.get(kind="handled").data["next"] == {"rule": "expedited"}


def test_only_of_ones_own_teams_and_only_what_nobody_has(stage: Stage) -> None:
    taken = stage.classified()
    assign_ticket(actor=stage.actor("sari"), ticket_id=taken.pk, assignee=stage.actor("sari").user)
    stage.escalated()
    assert _numbers(stage, 1) == [""]
    stage.classified()
    assert _numbers(stage, 1, "bagus") == [""], "the payment squad's"


def test_what_somebody_is_just_answering_is_passed_over(stage: Stage) -> None:
    """Until the reply leaves nobody has it by the record; given out, it would be two people's."""
    answered, other = stage.classified(), stage.classified()
    sari = stage.actor("sari")
    send_reply(Written(body="Halo."), actor=sari, ticket_id=answered.pk, undo_seconds=10)
    assert _numbers(stage, 2) == [other.number, ""]
    let_reply_leave(ticket_id=answered.pk)
    assert fresh(answered).assignee == sari.user


@pytest.mark.parametrize("name", ["farah", "ratna", "sistem", "admin"])
def test_who_handles_no_tickets_takes_none(stage: Stage, name: str) -> None:
    stage.classified()
    with pytest.raises(NotAllowed):
        take_next(actor=stage.actor(name))


def test_whoever_is_away_is_asked_first(stage: Stage) -> None:
    ticket = stage.classified()
    set_status(actor=stage.actor("dimas"), status="away")
    with pytest.raises(WrongState) as refused:
        take_next(actor=stage.actor("dimas"))
    assert refused.value.code == "not_available"
    assert fresh(ticket).assignee is None
    taken = take_next(actor=stage.actor("dimas"), even_if_away=True)
    assert taken is not None
    assert taken.ticket.pk == ticket.pk


def test_there_is_a_limit(stage: Stage) -> None:
    OrganisationProfile.publish(organisation() | {"assignment": {"most_open_per_person": 2}})
    for _each in range(3):
        stage.classified()
    assert "" not in _numbers(stage, 2)
    with pytest.raises(WrongState) as refused:
        take_next(actor=stage.actor("dimas"))
    assert refused.value.code == "too_many_open"
    assert "2" in str(refused.value)
    assert take_next(actor=stage.actor("sari")) is not None


def test_few_queries_one_of_which_finds_it(
    stage: Stage, django_assert_max_num_queries: Any
) -> None:
    for _each in range(5):
        stage.classified()
    actor = stage.actor("dimas")
    with django_assert_max_num_queries(24) as captured:
        take_next(actor=actor)
    probes = [query["sql"] for query in captured.captured_queries if "SKIP LOCKED" in query["sql"]]
    assert len(probes) == 1
    assert Ticket.objects.filter(assignee=actor.user).count() == 1
