"""SIGKILL at every step of a worker that tells suppliers and blocks accounts: whoever acts on a key once is
told once, and nothing is left undone."""

from __future__ import annotations

import signal
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from agents_ops.models import AccountBlock, SupplierMessage
from agents_ops.services import complain, do_step, start_playbook
from agents_ops.services.block_work import work_on_blocks
from agents_ops.services.complaint_sending import send_owed_complaints
from helpdesk.common import clock
from people.actors import Actor, of_user
from people.models import User
from tests.agents_ops.conftest import systems
from tests.agents_ops.test_complaints import PULSA, played
from tests.agents_ops.test_phishing import WORDS
from tests.faults.programs import Programs
from tests.support.agent_systems import Server
from tickets.models import EventKind, Ticket
from tickets.services import handle_ticket

__all__ = ["systems"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
WORK = "tests.faults.deaths:suppliers_until_step"
LATER = timedelta(minutes=3)
STRIDE = 3


def test_whichever_step_is_a_workers_last_supplier_and_server_act_once(
    people: dict[str, User],
    file_ticket: Callable[..., Ticket],
    programs: Programs,
    systems: Server,
) -> None:
    rizal = of_user(people["rizal"])

    def case(**words: Any) -> Ticket:
        wahyu = of_user(people["wahyu"])
        ticket = file_ticket(actor=wahyu, reporter="agent", order_number="", **words)
        return handle_ticket(actor=rizal, ticket_id=ticket.pk)

    def owed_and_worker(fatal: int) -> tuple[int, list[str]]:
        _complained(rizal, case(subject="pulsa pending", description=PULSA))
        hacked = case(subject="saldo hilang", description=WORDS)
        start_playbook(actor=rizal, ticket_id=hacked.pk, playbook="phishing")
        program = programs.fork(f"suppliers-{fatal}", WORK, fatal, settings.SUPPLIERS)
        code = programs.launcher.wait(program.pid)
        return code, program.log.read_text().splitlines()

    code, steps = owed_and_worker(0)
    assert code == 0
    rounds, past = 1, timedelta()
    for fatal in range(1, len(steps) + 1, STRIDE):
        code, made = owed_and_worker(fatal)
        assert code == -signal.SIGKILL or len(made) < fatal, made[-3:]
        rounds += 1
        past += LATER  # its leases run out
        with clock.shifted(past):
            send_owed_complaints()
            for _turn in range(2):
                work_on_blocks()
    told = SupplierMessage.objects.filter(direction="out")
    assert set(told.values_list("state", flat=True)) == {"sent"}
    assert {block.state for block in AccountBlock.objects.all()} == {"confirmed"}
    for path, keys in (
        ("/v1/complaints", set(told.values_list("key", flat=True))),
        ("/v1/blocks", set(AccountBlock.objects.values_list("key", flat=True))),
    ):
        heard = {head["Idempotency-Key"] for at, head, _body in systems.asked if at == path}
        assert heard == keys
        assert len(keys) == rounds
    for kind in (EventKind.SUPPLIER_TOLD, EventKind.ACCOUNT_BLOCKED):
        tickets = Ticket.objects.filter(events__kind=kind)
        assert tickets.count() == tickets.distinct().count() == rounds


def _complained(actor: Actor, ticket: Ticket) -> None:
    call: dict[str, Any] = {"actor": actor, "ticket_id": ticket.pk}
    played(actor, ticket.pk, destination="081234567890")
    do_step(**call, step="classify_pending", values={"supplier": "Mitra Pulsa"})
    complain(**call)
