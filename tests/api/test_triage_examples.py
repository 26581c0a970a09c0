"""Corrections of the triage, read and reviewed by other systems of the house."""

from __future__ import annotations

from people.actors import of_user
from people.models import User
from tests.api.conftest import Caller, problem
from tests.cast import FileTicket
from tickets.services import reclassify_ticket

SAID = {"category": "press", "priority": "LOW", "queue": "media_relations"}


def test_examples_are_listed_and_reviewed(
    as_supervisor: Caller, as_officer: Caller, supervisor: User, file_ticket: FileTicket
) -> None:
    ticket = file_ticket()
    reclassify_ticket(actor=of_user(supervisor), ticket_id=ticket.pk, reason="Pers", **SAID)
    (row,) = as_supervisor.get("triage/examples").json()["results"]
    assert (row["ticket"], row["said"]) == (ticket.number, SAID)
    assert row["machine"]["category"] != "press"
    path = f"triage/examples/{row['id']}/review"
    problem(as_officer.post(path, {"accepted": True}), 403)
    problem(as_supervisor.post(path, {"accepted": "perhaps"}), 400)
    assert as_supervisor.post(path, {"accepted": True}).json()["state"] == "accepted"
    assert as_supervisor.get("triage/examples?state=waiting").json()["results"] == []
    problem(as_supervisor.get("triage/examples?state=odd"), 400)
