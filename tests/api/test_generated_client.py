"""A client made from the document alone takes a ticket from its filing to its closing, over HTTP."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from deploy.openapi import ACCEPTED
from people.models import User
from people.services import issue_token

PACKAGE = "tuntas_client"
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The name of the generated package, importable. Nothing of the document was left out."""
    folder = tmp_path_factory.mktemp("client")
    config = folder / "config.yaml"
    # Nobody reads the code's layout; a PDF is a file like any other.
    settings = {
        "post_hooks": [],
        "content_type_overrides": {"application/pdf": "application/octet-stream"},
    }
    config.write_text(json.dumps(settings), "utf-8")
    words = ["generate", "--path", ACCEPTED, "--output-path", folder / PACKAGE]
    made = subprocess.run(
        [BIN / "openapi-python-client", *words, "--meta", "none", "--config", config],
        env=os.environ | {"NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    assert "arning" not in made.stdout + made.stderr, made.stdout
    sys.path.insert(0, str(folder))
    yield PACKAGE
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


@pytest.mark.django_db(transaction=True)
def test_it_files_classifies_handles_and_closes(
    package: str, live_server: Any, integrator: User, officer: User
) -> None:
    def client_of(user: User) -> Any:
        _token, key = issue_token(user=user, name="client")
        kind = import_module(f"{package}.client").AuthenticatedClient
        return kind(base_url=live_server.url, token=key, raise_on_unexpected_status=True)

    def call(name: str, client: Any, *path: Any, **more: Any) -> Any:
        answer = import_module(f"{package}.api.{name}").sync_detailed(*path, client=client, **more)
        return answer.parsed, answer.headers

    models = import_module(f"{package}.models")
    system, desk = client_of(integrator), client_of(officer)
    report = models.NewTicket(
        description="Akun saya dibobol, saldo Rp 2.300.000 hilang.",
        order_number="INV/7781",
        name="Ratna",
        email="pembeli@example.com",
    )
    made, _headers = call(
        "tickets.create_ticket", system, body=report, idempotency_key="order-7781"
    )
    assert (made.created, made.state) == (True, models.TicketState.CLASSIFIED)
    again, headers = call(
        "tickets.create_ticket", system, body=report, idempotency_key="order-7781"
    )
    assert (again.number, headers["Idempotency-Replayed"]) == (made.number, "true")

    change = models.NewClassification(
        reason="Pembeli menelepon.", priority=models.PriorityEnum.HIGH
    )
    ticket, headers = call("actions.reclassify_ticket", desk, made.number, body=change)
    assert ticket.priority == "HIGH"
    stale, _headers = call("actions.handle_ticket", desk, made.number, if_match='"1"')
    assert (stale.status, stale.code) == (412, "precondition_failed")
    ticket, _headers = call("actions.handle_ticket", desk, made.number, if_match=headers["ETag"])
    assert ticket.assignee.name == officer.full_name
    closing = models.Closing(
        root_cause="Sandi ditebak.",
        solution="Saldo kembali.",
        confirmation=models.Confirmation.CONFIRMED,
    )
    call("actions.close_ticket", desk, made.number, body=closing)

    seen, _headers = call("tickets.get_ticket", system, made.number)
    assert (seen.state, seen.closed_at is not None) == (models.TicketState.CLOSED, True)
    feed, _headers = call("events.event_feed", system)
    kinds = [event.type_ for event in feed.results if event.data.ticket == made.number]
    assert kinds[0] == "ticket.received"
    assert kinds[-1] == "ticket.closed"
    foreign, _headers = call("tickets.get_ticket", system, "TUN-2222-2222")
    assert (foreign.status, foreign.code) == (404, "not_found")
