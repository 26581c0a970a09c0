"""Two who decide on one request at the same moment, and one asked for twice."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from agents_ops.models import ApprovalRequest
from agents_ops.services import ask_approval, decide_approval
from helpdesk.common.errors import Refusal
from people.actors import of_user
from people.models import User
from tests.agents_ops.test_approvals import play
from tests.cast import FileTicket
from tickets.models import EventKind
from tickets.services import handle_ticket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def test_one_of_two_decides_and_one_of_two_requests_stands(
    file_ticket: FileTicket, people: dict[str, User], at_once: Callable[..., list[Any]]
) -> None:
    rizal = of_user(people["rizal"])
    ticket = file_ticket(
        actor=of_user(people["wahyu"]), reporter="agent", description="Tarik saldo, ID TP4410"
    )
    handle_ticket(actor=rizal, ticket_id=ticket.pk)
    ticket.refresh_from_db()
    play(rizal, ticket)
    ask = partial(ask_approval, actor=rizal, ticket_id=ticket.pk, reason="Data cocok")
    results = at_once([ask, ask])
    assert [each.code for each in results if isinstance(each, Refusal)] == ["approval_pending"]
    asked = ApprovalRequest.objects.get()
    decide = partial(decide_approval, approval_id=asked.pk)
    results = at_once(
        [
            partial(decide, actor=of_user(people["sari"]), approved=True),
            partial(decide, actor=of_user(people["hendra"]), approved=False, reason="Tidak"),
        ]
    )
    assert [each.code for each in results if isinstance(each, Refusal)] == ["approval_decided"]
    assert ticket.events.filter(kind=EventKind.APPROVAL_DECIDED).count() == 1
