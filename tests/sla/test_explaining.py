"""Why a deadline is what it is: the targets that competed, and the log with its times."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk.common import clock
from people.models import Customer
from sla.explaining import Explanation, explanations
from sla.models import SlaPolicy
from sla.services import sweep
from tests.support.stages import Stage, fresh
from tickets.models import Ticket
from tickets.services import hold_ticket, reclassify_ticket, release_ticket, reply_to_customer

pytestmark = pytest.mark.django_db


def of(stage: Stage, ticket: Ticket, metric: str) -> Explanation:
    found = explanations(fresh(ticket), actor=stage.actor("sari"))
    return [each for each in found if each.clock.metric == metric][-1]


def competing(found: Explanation) -> list[str]:
    return [each.target.code for each in found.competitors]


def test_every_matching_target_competes_and_the_earliest_decides(stage: Stage) -> None:
    Customer.objects.update(tier="gold")
    ticket = stage.classified(channel="email")
    found = of(stage, ticket, "first_response")
    assert competing(found) == ["first-urgent", "first-tier", "first-email"]
    assert found.decided.target.code == found.clock.basis == "first-urgent"
    assert [each.due_at - found.clock.started_at for each in found.competitors] == [
        timedelta(hours=hours) for hours in (2, 24, 48)
    ]
    assert found.decided.due_at == found.clock.due_at
    assert (found.pauses, of(stage, ticket, "resolution").pauses) == ([], ["customer", "hold"])


def test_the_log_says_what_was_used_and_left_after_each_line(stage: Stage) -> None:
    ticket = stage.handled()
    reply_to_customer(actor=stage.actor("dimas"), ticket_id=ticket.pk, body="Kami periksa.")
    with clock.shifted(timedelta(hours=1)):
        hold_ticket(
            actor=stage.actor("sari"), ticket_id=ticket.pk, reason="Bank tutup.",
            until=clock.now() + timedelta(days=1),
        )  # fmt: skip
    with clock.shifted(timedelta(hours=5)):
        release_ticket(actor=stage.actor("sari"), ticket_id=ticket.pk)
    found = of(stage, ticket, "resolution")
    kinds = [line.event.kind for line in found.lines]
    assert (kinds[0], kinds[-2:]) == ("started", ["paused", "resumed"])
    paused, resumed = found.lines[-2:]
    assert paused.used == resumed.used == found.clock.used
    assert abs(paused.used - timedelta(hours=1)) < timedelta(minutes=1)
    for line in found.lines:
        assert line.used + line.left == timedelta(hours=24)
    assert found.decided.due_at == found.clock.due_at


def test_a_missed_and_a_kept_promise_are_explained_as_they_ended(stage: Stage) -> None:
    ticket = stage.handled()
    with clock.shifted(timedelta(hours=3)):
        sweep()
        reply_to_customer(actor=stage.actor("dimas"), ticket_id=ticket.pk, body="Kami periksa.")
    found = of(stage, ticket, "first_response")
    last = found.lines[-1]
    assert [line.event.kind for line in found.lines][-2:] == ["breached", "satisfied"]
    assert last.left < timedelta()
    assert found.decided.due_at == found.clock.due_at


def test_the_version_that_judged_it_explains_it(stage: Stage) -> None:
    ticket = stage.classified()
    body = SlaPolicy.in_force().body
    targets = [
        {**row, "within": {"hours": 1}} if row["code"] == "first-urgent" else row
        for row in body["targets"]
    ]
    SlaPolicy.publish({**body, "targets": targets}, note="Lebih cepat")
    found = of(stage, ticket, "first_response")
    assert (found.policy.version, found.decided.target.length) == (1, timedelta(hours=2))


def test_a_clock_that_ended_keeps_the_priority_by_which_it_was_judged(stage: Stage) -> None:
    ticket = stage.handled()
    reply_to_customer(actor=stage.actor("dimas"), ticket_id=ticket.pk, body="Kami periksa.")
    reclassify_ticket(
        actor=stage.actor("sari"), ticket_id=ticket.pk, category="account_data_update",
        priority="LOW", queue="general", reason="Salah baca.",
    )  # fmt: skip
    assert of(stage, ticket, "first_response").decided.target.code == "first-urgent"
    resolution = of(stage, ticket, "resolution")
    assert resolution.decided.target.code == "resolve-low"
    assert "recomputed" in [line.event.kind for line in resolution.lines]


def test_three_queries_however_many_clocks(
    stage: Stage,
    django_assert_num_queries: object,
) -> None:
    ticket = stage.monitored()
    actor = stage.actor("sari")
    assert actor.at_desk  # asks once who that is
    with django_assert_num_queries(3):  # type: ignore[operator]
        explanations(ticket, actor=actor)
