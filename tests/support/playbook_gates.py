"""What opens the gates of playbooks in tests, done as an officer does it."""

from __future__ import annotations

from typing import Any

from agents_ops.approvals.digest import amount_of
from agents_ops.connectors import SYSTEMS
from agents_ops.gates import gate_state
from agents_ops.models import AgentRules, PlaybookRun
from agents_ops.playbook.parts import Branch, Step
from agents_ops.selectors import answers_of
from agents_ops.services import (
    Looked,
    answer_complaint,
    ask_approval,
    block_by_hand,
    check_agent,
    complain,
    decide_approval,
    fail_verification,
    issue_by_hand,
    look_up_by_hand,
    press_supplier,
)
from agents_ops.states import StepKind
from agents_ops.verification.standing import HOLDER
from escalation.models import Escalation
from escalation.services import Form, decline_escalation, request_escalation
from people.actors import Actor, of_user
from people.models import Team, User
from tickets.models import Attachment, Message, Ticket


def attach(ticket: Ticket) -> Attachment:
    message = Message.objects.filter(ticket=ticket).order_by("id")[0]
    return Attachment.objects.create(
        ticket=ticket,
        message=message,
        file="x/proof.png",
        name="proof.png",
        content_type="image/png",
        size=1,
        sha256="0" * 64,
    )


def verify(actor: Actor, ticket: Ticket) -> None:
    """Wahyu answers whatever is asked, and rightly."""
    looked = ("last_deposit", "closing_balance", "transaction_1")
    proof = Looked("matched", attach(ticket).key)
    check_agent(
        actor=actor,
        ticket_id=ticket.pk,
        answers={"name": "wahyu hidayat", "agent_id": "tp4410", "phone": "081255509012"},
        looked={"transfer_proof": proof} | {code: Looked("matched") for code in looked},
    )


def decide(actor: Actor, run: PlaybookRun, step: Step, *, approved: bool) -> None:
    """Rizal asks, having verified the agent where that is needed; Teguh or Hendra decides."""
    kind = AgentRules.in_force().book.approvals[step.options["about"]]
    if kind.verified:
        verify(actor, run.ticket)
    amount = 500_000 if kind.amount and amount_of(run, answers_of(run)) is None else None
    asked = ask_approval(
        actor=actor, ticket_id=run.ticket_id, reason="Sesuai SOP", amount_idr=amount
    )
    name = "Hendra Gunawan" if asked.team.code == "operations" else "Teguh Santoso"
    lead = of_user(User.objects.get(full_name=name))
    decide_approval(actor=lead, approval_id=asked.pk, approved=approved, reason="Sudah dicek")


def open_gate(actor: Actor, run: PlaybookRun, step: Step, branch: Branch | None = None) -> None:
    """What its gate asks for, done as an officer does it, so that it leads this way."""
    if step.kind == StepKind.VERIFY and HOLDER not in step.options:
        verify(actor, run.ticket) if branch and branch.when else fail_verification(
            actor=actor, ticket_id=run.ticket_id, reason="Tidak cocok"
        )
    if step.kind == StepKind.APPROVAL:
        decide(actor, run, step, approved=bool(branch and branch.when))
    if step.kind == StepKind.LOOKUP:
        find_by_hand(actor, run, step, branch)
    if step.kind == StepKind.TRANSACTION_LOG:
        issue_by_hand(actor=actor, ticket_id=run.ticket_id, words="Log Otomax diserahkan")
    if step.kind == StepKind.BLOCK_ACCOUNT:
        block_by_hand(actor=actor, ticket_id=run.ticket_id, words="Diblokir di Otomax")
    if step.kind == StepKind.SUPPLIER_COMPLAINT:
        hear_supplier(actor, run, step, branch)
    if step.kind != StepKind.ESCALATE or gate_state(run, step).open:
        return
    form = Form(
        to_team=Team.objects.get(code=step.team),
        summary="Ringkas",
        tried="Sudah dicek",
        evidence="Bukti",
        wanted_outcome="Hasil",
    )
    for waiting in Escalation.objects.filter(ticket=run.ticket, state="requested"):
        lead = of_user(User.objects.get(full_name="Sari Wulandari"))
        decline_escalation(
            actor=lead, escalation_id=waiting.pk, reason="Belum beres, coba tim lain"
        )
    request_escalation(actor=actor, ticket_id=run.ticket_id, form=form, reason="SOP")


def find_by_hand(actor: Actor, run: PlaybookRun, step: Step, branch: Branch | None) -> None:
    """A result that leads to the branch; without one, any."""
    taken = {value for each in step.branches for value in (each.when or {}).get("gate", ())}
    wanted = list(((branch.when if branch else None) or {}).get("gate", ()))
    rest = [value for value in SYSTEMS[step.options["system"]] if value not in taken]
    look_up_by_hand(
        actor=actor, ticket_id=run.ticket_id, result=(wanted or rest)[0], words="Dicek di sistem"
    )


def hear_supplier(actor: Actor, run: PlaybookRun, step: Step, branch: Branch | None) -> None:
    """The answer that leads to the branch: that of the last way is no success, or none but pressure."""
    about = step.options["about"]
    complaint = run.ticket.supplier_complaints.filter(about=about, state="open").first()
    if complaint is None:
        complaint = complain(actor=actor, ticket_id=run.ticket_id)
    call: dict[str, Any] = {"actor": actor, "complaint_id": complaint.pk}
    wanted = ((branch.when if branch else None) or {}).get("gate", ())
    if wanted or step.options.get("hard"):
        answer_complaint(**call, result=wanted[0] if wanted else "failed")
    elif complaint.hard_at is None:
        press_supplier(**call, hard=True)
