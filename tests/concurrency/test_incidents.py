"""Several workers on one incident, and two supervisors with the same thought."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from helpdesk.common.alone import alone
from helpdesk.common.errors import Refusal
from tests.support.stages import Stage
from tickets.models import IncidentRun, IncidentTicket, Message
from tickets.services import (
    IncidentWording,
    attach_ticket,
    incident_runs,
    open_incident,
    start_run,
    work_on_incidents,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
AtOnce = Callable[..., list[Any]]


def test_many_workers_reply_once_each(stage: Stage, at_once: AtOnce) -> None:
    sari = stage.actor("sari")
    incident = open_incident(actor=sari, title="Masuk gagal", words="Kami perbaiki.")
    tickets = [stage.classified() for _each in range(6)]
    attach = partial(attach_ticket, actor=sari, incident_id=incident.pk)
    results = at_once([partial(attach, ticket_id=tickets[0].pk)] * 3)
    codes = [result.code for result in results if isinstance(result, Refusal)]
    assert codes == ["in_an_incident"] * 2
    for ticket in tickets[1:]:
        attach(ticket_id=ticket.pk)
    assert IncidentTicket.objects.count() == 6
    start = partial(
        start_run,
        actor=sari,
        incident_id=incident.pk,
        verb="reply",
        wording=IncidentWording(words="Kami perbaiki."),
    )
    results = at_once([start] * 3)
    codes = [result.code for result in results if isinstance(result, Refusal)]
    assert codes == ["run_goes_on"] * 2
    at_once([work_on_incidents] * 3)
    work_on_incidents()
    run = IncidentRun.objects.get()
    assert run.ended_at is not None
    assert set(run.steps.values_list("state", flat=True)) == {"done"}
    replies = Message.objects.filter(kind=Message.Kind.REPLY)
    assert sorted(replies.values_list("ticket", flat=True)) == sorted(t.pk for t in tickets)


def test_a_long_order_takes_one_worker_and_no_more(stage: Stage, at_once: AtOnce) -> None:
    """The others go on with the mail and the rest."""
    sari, ticket = stage.actor("sari"), stage.classified()
    incident = open_incident(actor=sari, title="Masuk gagal", words="Kami perbaiki.")
    attach_ticket(actor=sari, incident_id=incident.pk, ticket_id=ticket.pk)
    wording = IncidentWording(words="Kami perbaiki.")
    start_run(actor=sari, incident_id=incident.pk, verb="reply", wording=wording)
    with alone(incident_runs.LOCK):
        assert at_once([work_on_incidents] * 2) == [0, 0]
    assert work_on_incidents() == 1
