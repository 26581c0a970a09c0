"""Three cases of agents at which a newcomer sees a complaint to a supplier with its thread, an official log
that is signed, and an approval that waits. Reviews with a coaching note: desk/demo/quality.py."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from agents_ops.services import (
    answer_complaint,
    ask_approval,
    do_step,
    issue_log,
    look_up,
    start_playbook,
)
from agents_ops.services.complaint_sending import send_owed_complaints
from helpdesk.common import clock
from people.actors import Actor, of_user
from people.models import User
from sla.services import sweep
from tickets.models import Ticket
from tickets.services import Report, handle_ticket, receive_ticket, reply_to_customer

INTAKE = Actor(system="demo")
AGENT = "TP4410"
BEGAN = timedelta(minutes=24)
TRANSACTION = "Pulsa 50 ribu ke 081234567890 masih pending dari tadi, ID TP4410"
SCAM = "Saya tertipu penipuan segitiga, pulsa sudah terkirim tapi uang tidak ada. Butuh data untuk polisi, ID TP4410"
TRANSFER = "Transfer tanpa tiket nominal bulat 500 ribu ke BCA belum masuk saldo, ID TP4410"


def make_agents_cases(people: dict[str, User]) -> None:
    """Played a while ago, minute by minute; all of it by Rizal."""
    began, rizal = clock.now() - BEGAN, of_user(people["rizal"])
    _supplier(began, rizal)
    _log(began, rizal)
    _approval(began, rizal)


def _taken(at: datetime, rizal: Actor, who: int, subject: str, words: str) -> Ticket:
    """Received, and answered within the three minutes."""
    name = ("Slamet Riyadi", "Yuli Astuti", "Hendro Susilo")[who]
    report = Report(
        channel="web",
        reporter="agent",
        name=name,
        phone=f"+62812900011{who}7",
        subject=subject,
        description=words,
    )
    with clock.at(at):
        ticket = receive_ticket(actor=INTAKE, report=report).ticket
    with clock.at(at + timedelta(minutes=1)):
        handle_ticket(actor=rizal, ticket_id=ticket.pk)
        greeting = f"Halo Kak {name.split()[0]}, datanya sedang kami cek, mohon ditunggu sebentar."
        reply_to_customer(actor=rizal, ticket_id=ticket.pk, body=greeting)
    return ticket


def _supplier(began: datetime, rizal: Actor) -> None:
    """Complained about by an officer, made hard by its timer, and answered without a final word."""
    ticket = _taken(began, rizal, 0, "Pulsa pending", TRANSACTION)
    call: dict[str, Any] = {"actor": rizal, "ticket_id": ticket.pk}
    with clock.at(began + timedelta(minutes=2)):
        start_playbook(**call, playbook="transaction")
        values = {
            "agent_id": AGENT,
            "destination": "081234567890",
            "product": "Pulsa Telkomsel 50.000",
            "transacted_at": (began - timedelta(minutes=1)).isoformat(),
        }
        do_step(**call, step="data", values=values)
        look_up(**call)
        do_step(**call, step="status", values={})
        do_step(**call, step="classify_pending", values={"supplier": "Mitra Pulsa Nusantara"})
    for minute in (2.5, 15.5):  # each by its own timer
        with clock.at(began + timedelta(minutes=minute)):
            sweep()
            send_owed_complaints()
    complaint = ticket.supplier_complaints.get()
    with clock.at(began + timedelta(minutes=19)):
        words = "Masih antre di operator, kami beri status akhir dalam 30 menit."
        answer_complaint(actor=rizal, complaint_id=complaint.pk, result="pending", words=words)


def _log(began: datetime, rizal: Actor) -> None:
    ticket = _taken(began, rizal, 1, "Tertipu penipuan segitiga", SCAM)
    call: dict[str, Any] = {"actor": rizal, "ticket_id": ticket.pk}
    with clock.at(began + timedelta(minutes=4)):
        start_playbook(**call, playbook="triangle_scam")
        do_step(**call, step="explain", values={"police": "yes"})
        issue_log(**call, agent_code=AGENT)


def _approval(began: datetime, rizal: Actor) -> None:
    ticket = _taken(began, rizal, 2, "Deposit tanpa tiket", TRANSFER)
    call: dict[str, Any] = {"actor": rizal, "ticket_id": ticket.pk}
    with clock.at(began + timedelta(minutes=6)):
        start_playbook(**call, playbook="deposit_no_ticket")
        do_step(**call, step="educate", values={})
        values = {
            "agent_id": AGENT,
            "transferred_at": (began - timedelta(hours=1)).isoformat(),
            "amount": 500_000,
            "bank": "BCA",
        }
        do_step(**call, step="data", values=values)
        ask_approval(**call, reason="Mutasi BCA menunjukkan transfer 500.000 pada jam yang sama.")
