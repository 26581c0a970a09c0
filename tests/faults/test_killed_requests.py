"""SIGKILL in the middle of a POST: sent again under its Idempotency-Key, it is done once."""

from __future__ import annotations

import json
import signal

import pytest

from helpdesk.common.models import KeptAnswer
from people.models import User
from people.services import issue_token
from tests.api.conftest import COMPLAINT, Caller
from tests.faults.programs import Programs
from tickets.models import Message, OutgoingMail, Ticket, TicketEvent

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
POST = "tests.faults.deaths:post_until_step"
STRIDE = 8


def test_a_killed_request_sent_again_files_one_ticket(integrator: User, programs: Programs) -> None:
    _token, key = issue_token(user=integrator, name="test")

    def post(name: str, fatal: int) -> tuple[str, int, list[str]]:
        body = json.dumps({**COMPLAINT, "email": f"{name}@example.com", "order_number": name})
        program = programs.fork(name, POST, fatal, key, body, name)
        code = programs.launcher.wait(program.pid)
        return body, code, program.log.read_text().splitlines()

    _body, code, steps = post("whole", 0)
    assert code == 0
    claim = next(at for at, step in enumerate(steps, 1) if "common_keptanswer" in step)
    commits = [at for at, step in enumerate(steps, 1) if step == "COMMIT" and at > claim]
    assert commits, "one transaction holds the claim, the effect and the answer"
    # Before the claim, within the effect, before and after each commit, before the answer leaves.
    fatal_steps = {claim, *range(claim, len(steps), STRIDE), *commits, len(steps)}
    fatal_steps |= {at + 1 for at in commits}
    for fatal in sorted(fatal_steps):
        name = f"k{fatal}"
        body, code, made = post(name, fatal)
        assert code == -signal.SIGKILL or len(made) < fatal, made[-3:]
        answer = Caller(key).send("tickets", body, Idempotency_Key=name)
        assert answer.status_code == 201, answer.content
        # Its last step was not made; another request may have made fewer before it.
        claimed = next(at for at, step in enumerate(made) if "common_keptanswer" in step)
        assert ("Idempotency-Replayed" in answer) == ("COMMIT" in made[claimed:-1])
        filed = Ticket.objects.get(order_number=name)
        assert answer.json()["number"] == filed.number
        assert Message.objects.filter(ticket=filed).count() == 1
        assert TicketEvent.objects.filter(ticket=filed, kind="received").count() == 1
        mails = OutgoingMail.objects.filter(ticket=filed, template="acknowledgement")
        assert mails.count() == 1
    assert not KeptAnswer.objects.filter(status=0).exists()
