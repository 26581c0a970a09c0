"""Wrong answers about one agent on two tickets at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from agents_ops.models import AgentLock, VerificationAnswer
from agents_ops.services import check_agent
from helpdesk.common.errors import Refusal
from people.actors import of_user
from people.models import User
from tests.cast import FileTicket
from tickets.services import handle_ticket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def test_the_lock_falls_once_however_many_tickets_ask(
    file_ticket: FileTicket, people: dict[str, User], at_once: Callable[..., list[Any]]
) -> None:
    rizal, wahyu = of_user(people["rizal"]), of_user(people["wahyu"])
    two = [
        file_ticket(actor=wahyu, reporter="agent", description="Lupa PIN, ID TP4410")
        for _each in range(2)
    ]
    for ticket in two:
        handle_ticket(actor=rizal, ticket_id=ticket.pk)
    wrong = {"name": "S", "agent_id": "S", "phone": "1"}
    call = partial(check_agent, actor=rizal, answers=wrong, rule="basic")
    results = at_once([partial(call, ticket_id=two[each % 2].pk) for each in range(4)])
    refused = [each.code for each in results if isinstance(each, Refusal)]
    assert refused == ["agent_locked", "agent_locked"]
    assert AgentLock.objects.count() == 1
    assert VerificationAnswer.objects.count() == 6
