"""Clocks that stand still when a version is applied: said apart, and called missed by both counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from helpdesk.common import clock
from people.actors import Actor, of_user
from people.models import User
from sla.models import Clock, PolicyApplication, PolicyMove, WhatIf
from sla.services import sweep
from sla.services.applying import prepare_application, start_application
from sla.services.policy_work import work_on_policies
from sla.services.publishing import edit_draft, publish_draft
from sla.services.replaying import start_what_if
from tests.support.stages import Stage
from tickets.models import Ticket
from tickets.services import add_customer_message, reclassify_ticket, reply_to_customer

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
TUESDAY = datetime(2026, 11, 17, 2, tzinfo=UTC)  # 09.00 WIB


def in_six_hours(body: dict[str, Any]) -> None:
    row = next(row for row in body["targets"] if row["code"] == "resolve-urgent")
    row["within"] = {"hours": 6}


def paused_after(stage: Stage, begin: datetime, hours: int) -> Ticket:
    dimas = stage.actor("dimas")
    with clock.at(begin):
        ticket = stage.handled()
        reply_to_customer(actor=dimas, ticket_id=ticket.pk, body="Kami periksa.")
    with clock.at(begin + hours * HOUR):
        reply_to_customer(
            actor=dimas, ticket_id=ticket.pk, body="Mohon foto.", wait_for_customer=True
        )
    assert resolution_of(ticket).state == "paused"
    return ticket


def resolution_of(ticket: Ticket) -> Clock:
    return Clock.objects.get(ticket=ticket, metric="resolution")


def counted(sari: Actor) -> tuple[WhatIf, PolicyApplication]:
    """What the draft would have done, and what its version would move."""
    edit_draft(actor=sari, change=in_six_hours)
    tried = start_what_if(actor=sari)
    work_on_policies()
    version = publish_draft(actor=sari, note="Lebih cepat").version
    job = prepare_application(actor=sari, version=version)
    work_on_policies()
    tried.refresh_from_db()
    job.refresh_from_db()
    return tried, job


def test_a_paused_clock_past_its_new_target_is_counted_apart(
    stage: Stage, supervisor: User
) -> None:
    sari, begin = of_user(supervisor), clock.now()
    long, short = paused_after(stage, begin, 10), paused_after(stage, begin, 1)
    with clock.at(begin + 11 * HOUR):
        tried, job = counted(sari)
        (row,) = [row for row in job.preview["rows"] if row["metric"] == "resolution"]
        assert (row["earlier"], row["at_once"], row["paused_past"]) == (2, 0, 1)
        listed = {move.ticket: move for move in job.moves.all()}
        assert list(listed) == [long.number, short.number]
        assert listed[long.number].place == PolicyMove.Place.PAUSED_PAST
        assert listed[long.number].left_before == 14 * HOUR
        assert listed[long.number].left_after == -4 * HOUR
        assert listed[short.number].left_after == 5 * HOUR
        assert listed[short.number].away == -18 * 3600
        # The what-if calls the same clock missed, and says that it stands still.
        assert tried.result["newly"] == {"missed": 1, "paused": 1, "kept": 0}
        (example,) = tried.result["examples"]
        assert (example["ticket"], example["paused"]) == (long.pk, True)


def test_it_is_missed_as_soon_as_it_runs_again(stage: Stage, supervisor: User) -> None:
    sari, begin = of_user(supervisor), clock.now()
    ticket = paused_after(stage, begin, 10)
    with clock.at(begin + 11 * HOUR):
        _tried, job = counted(sari)
        start_application(actor=sari, pk=job.pk)
        work_on_policies()
        sweep()
        assert resolution_of(ticket).state == "paused"
    with clock.at(begin + 12 * HOUR):
        author = Actor(customer=ticket.customer)
        add_customer_message(actor=author, ticket_id=ticket.pk, body="Ini fotonya.")
        sweep()
        assert resolution_of(ticket).state == "breached"


def test_a_clock_that_used_up_its_time_under_the_old_version_is_not_blamed_on_the_new(
    stage: Stage, supervisor: User
) -> None:
    sari, begin = of_user(supervisor), clock.now()
    paused_after(stage, begin, 24)
    with clock.at(begin + 25 * HOUR):
        _tried, job = counted(sari)
        rows = [row for row in job.preview["rows"] if row["metric"] == "resolution"]
        assert sum(row["paused_past"] for row in rows) == 0


def test_a_paused_clock_moves_only_if_the_time_left_changes(
    stage: Stage, supervisor: User, client: Client
) -> None:
    """A day off makes the promise end later once it runs; the time that is left stays."""
    sari, begin = of_user(supervisor), TUESDAY
    with clock.at(begin):
        ticket = stage.handled()
        reclassify_ticket(
            actor=sari, ticket_id=ticket.pk, category=ticket.category, priority="MEDIUM",
            queue=ticket.queue, reason="Tidak mendesak.",
        )  # fmt: skip
        reply_to_customer(
            actor=stage.actor("dimas"), ticket_id=ticket.pk, body="Mohon foto.",
            wait_for_customer=True,
        )  # fmt: skip
    with clock.at(begin + HOUR):

        def closed(body: dict[str, Any]) -> None:
            body["closures"] = [*body.get("closures", ()), "2026-11-19"]

        edit_draft(actor=sari, change=closed)
        version = publish_draft(actor=sari, note="Libur").version
        job = prepare_application(actor=sari, version=version)
        work_on_policies()
        job.refresh_from_db()
        (row,) = [row for row in job.preview["rows"] if row["metric"] == "resolution"]
        assert (row["earlier"], row["later"], row["same"], row["recounted"]) == (0, 0, 1, 1)
        assert not job.moves.filter(metric="resolution").exists()
        client.force_login(supervisor)
        page = client.get(f"/aturan/sla/penerapan/{job.pk}/").content.decode()
        assert "1 jam layanan yang dijeda tetap bersisa sama" in page
        start_application(actor=sari, pk=job.pk)
        work_on_policies()
    job.refresh_from_db()
    assert job.moved == sum(row["earlier"] + row["later"] for row in job.preview["rows"])


def test_the_page_says_it(stage: Stage, supervisor: User, client: Client) -> None:
    sari, begin = of_user(supervisor), clock.now()
    paused_after(stage, begin, 10)
    paused_after(stage, begin, 1)
    with clock.at(begin + 11 * HOUR):
        tried, job = counted(sari)
        client.force_login(supervisor)
        page = client.get(f"/aturan/sla/penerapan/{job.pk}/").content.decode()
        what_if = client.get(f"/aturan/sla/simulasi/{tried.pk}/").content.decode()
    assert "1 dijeda sudah melewati tenggat baru: terlewat begitu berjalan lagi." in page
    assert "dijeda</span> sisa 5 j" in page
    assert 'dijeda</span> <span class="late">lewat 4 j' in page
    assert "1 di antaranya sedang dijeda" in what_if
