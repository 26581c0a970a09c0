"""What was counted is what is looked at, and what is confirmed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk.common import clock
from helpdesk.common.errors import Conflict
from people.actors import Actor, of_user
from people.models import User
from sla.models import PolicyApplication
from sla.services.applying import prepare_application, start_application
from sla.services.policy_work import work_on_policies
from tests.sla.test_applying import publish
from tests.support.stages import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def sari(supervisor: User) -> Actor:
    return of_user(supervisor)


def test_what_was_counted_anew_is_not_confirmed_unseen(stage: Stage, sari: Actor) -> None:
    stage.classified()
    job = prepare_application(actor=sari, version=publish(sari, 12))
    work_on_policies()
    job.refresh_from_db()
    seen = job.counted_at
    PolicyApplication.objects.filter(pk=job.pk).update(state="counting")
    work_on_policies()
    with pytest.raises(Conflict) as refused:
        start_application(actor=sari, pk=job.pk, seen=seen)
    assert refused.value.code == "counted_anew"
    job.refresh_from_db()
    # The list is that of the latest count alone.
    assert (job.state, job.moves.count()) == ("ready", 1)
    assert start_application(actor=sari, pk=job.pk, seen=job.counted_at).state == "running"


def test_what_is_missed_at_once_is_counted_when_it_happens(stage: Stage, sari: Actor) -> None:
    now = clock.now()
    stage.classified(received_at=now - timedelta(hours=11, minutes=55))
    with clock.at(now):
        job = prepare_application(actor=sari, version=publish(sari, 12))
        work_on_policies()
    with clock.at(now + timedelta(minutes=10)):
        start_application(actor=sari, pk=job.pk)
        work_on_policies()
    job.refresh_from_db()
    assert [row["at_once"] for row in job.preview["rows"] if row["metric"] == "resolution"] == [0]
    assert (job.state, job.moved, job.at_once) == ("done", 1, 1)


def test_old_lists_are_forgotten(stage: Stage, sari: Actor) -> None:
    stage.classified()
    version = publish(sari, 12)
    old = prepare_application(actor=sari, version=version)
    work_on_policies()
    assert old.moves.count() == 1
    with clock.shifted(timedelta(days=31)):
        prepare_application(actor=sari, version=version)
        work_on_policies()
    assert old.moves.count() == 0
