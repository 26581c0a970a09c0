"""Playbooks for axe: a ticket with one suggested, one with one running, and the editor with a draft."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from agents_ops.models import SupplierComplaint
from agents_ops.services import complain, skip_step, start_playbook
from people.actors import Actor, of_user
from people.models import User
from tests.browser.axe_agents import ask_for_credit
from tickets.services import handle_ticket

# Each with what its address needs.
PLAYBOOKS: dict[str, tuple[Any, ...]] = {
    "desk:playbooks": (),
    "desk:playbook_rule_new": (),
    "desk:playbook_rule": ("deposit_bank",),
    "desk:playbook_rule_head": ("deposit_bank",),
    "desk:playbook_rule_step_new": ("deposit_bank",),
    "desk:playbook_rule_step": ("deposit_bank", "match"),
    "desk:playbook_publish": (),
    "desk:playbook_history": (),
    "desk:playbook_version": (1,),
    "desk:playbook_restore": (1,),
}
WORDS = "Deposit transfer BCA Rp 1.500.211 belum masuk, ID TP4410"
HEAD = {"code": "lost_card", "id": "Kartu hilang", "en": "Card lost", "group": "account"}


def playbook_address(name: str) -> str:
    return reverse(name, args=PLAYBOOKS[name])


def agent_tickets(people: dict[str, User], file_ticket: Any) -> list[str]:
    """Four numbers: a suggestion alone, a run with a step skipped and one open, a supplier's case, one that
    waits for an approval."""
    wahyu, rizal = of_user(people["wahyu"]), of_user(people["rizal"])
    made = [file_ticket(actor=wahyu, reporter="agent", description=WORDS) for _n in range(4)]
    for ticket in made:
        handle_ticket(actor=rizal, ticket_id=ticket.pk)
    call: dict[str, Any] = {"actor": rizal, "ticket_id": made[1].pk}
    start_playbook(**call, playbook="deposit_bank")
    skip_step(**call, step="proof", to="confirm", reason="Lewat telepon")
    _complaint_to_supplier(rizal, made[2].pk)
    ask_for_credit(people, made[3].number)
    return [ticket.number for ticket in made]


def _complaint_to_supplier(officer: Actor, ticket_id: int) -> None:
    call: dict[str, Any] = {"actor": officer, "ticket_id": ticket_id}
    start_playbook(**call, playbook="transaction")
    skip_step(**call, step="data", to="complain", reason="Lewat telepon")
    complain(**call)


def complaint_address() -> str:
    return reverse("desk:supplier_complaint", args=[SupplierComplaint.objects.latest("pk").key])


def work_on_playbooks(lead: Client) -> None:
    """A draft that adds one."""
    assert lead.post("/aturan/playbook/baru/", HEAD).status_code == 302
