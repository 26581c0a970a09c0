"""The same playbook and the same step at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from agents_ops.models import PlaybookRun, StepRecord
from agents_ops.services import do_step, start_playbook
from helpdesk.common.errors import Refusal
from people.actors import of_user
from people.models import User
from tests.cast import FileTicket
from tickets.services import handle_ticket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def test_of_two_officers_on_one_step_one_wins_and_the_other_is_told(
    file_ticket: FileTicket,
    people: dict[str, User],
    supervisor: User,
    at_once: Callable[..., list[Any]],
) -> None:
    rizal, sari = of_user(people["rizal"]), of_user(supervisor)
    ticket = file_ticket(
        actor=of_user(people["wahyu"]),
        reporter="agent",
        description="Deposit transfer tanpa tiket belum masuk, ID TP4410",
    )
    handle_ticket(actor=rizal, ticket_id=ticket.pk)
    start = partial(start_playbook, ticket_id=ticket.pk, playbook="deposit_no_ticket")
    results = at_once([partial(start, actor=rizal), partial(start, actor=sari)])
    assert [each.code for each in results if isinstance(each, Refusal)] == ["playbook_running"]
    step = partial(do_step, ticket_id=ticket.pk, step="educate", values={})
    results = at_once([partial(step, actor=rizal), partial(step, actor=sari)])
    assert [each.code for each in results if isinstance(each, Refusal)] == ["playbook_moved_on"]
    assert PlaybookRun.objects.count() == StepRecord.objects.count() == 1
