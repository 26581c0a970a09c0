"""The words of the playbooks: their groups, kinds of steps and fields, how a run ends."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Group(models.TextChoices):
    """The tables of document 002."""

    DEPOSIT = "deposit", _("Deposit")
    CREDIT = "credit", _("Credit (Bon/TOP)")
    TRANSACTION = "transaction", _("Transaction")
    REGISTRATION = "registration", _("Failed registration")
    LOGIN = "login", _("Failed login")
    OTP = "otp", _("OTP")
    ACCOUNT = "account", _("Account and application")
    SCAM = "scam", _("Fraud and scam")


class StepKind(models.TextChoices):
    """From `VERIFY` on a step is a gate: what opens it is done elsewhere (agents_ops/gates.py)."""

    ASK = "ask", _("Ask")
    CHECK = "check", _("Check")
    INFORM = "inform", _("Inform")
    REFUSE = "refuse", _("Refuse with an explanation")
    ESCALATE = "escalate", _("Escalate")
    VERIFY = "verify", _("Verify the agent")
    LOOKUP = "lookup", _("Look up in a system")
    APPROVAL = "approval", _("Approval by a second person")
    SUPPLIER_COMPLAINT = "supplier_complaint", _("Complaint to the supplier")
    BLOCK_ACCOUNT = "block_account", _("Block the account")
    TRANSACTION_LOG = "transaction_log", _("Official transaction log")


PLAIN_KINDS = frozenset({StepKind.ASK, StepKind.CHECK, StepKind.INFORM, StepKind.REFUSE})


# Nobody jumps over these.
GUARDS = frozenset({StepKind.VERIFY, StepKind.APPROVAL})


class FieldKind(models.TextChoices):
    TEXT = "text", _("Text")
    NUMBER = "number", _("Number")
    AMOUNT = "amount_idr", _("Amount")
    DATETIME = "datetime", _("Date and time")
    CHOICE = "choice", _("Choice")
    PHONE = "phone", _("Phone number")
    AGENT = "agent_id", _("Agent ID")
    ACCOUNT = "bank_account", _("Bank account number")
    FILE = "file", _("Attachment of the ticket")


class RunState(models.TextChoices):
    ACTIVE = "active", _("running")
    FINISHED = "finished", _("finished")
    LEFT = "left", _("left")


class Outcome(models.TextChoices):
    """How a playbook ends. The ticket itself is closed by its own verbs alone."""

    SOLVED = "solved", _("solved")
    SELF_SERVICE = "self_service", _("the agent does it alone")
    HANDED_OVER = "handed_over", _("handed over")
    REFUSED = "refused", _("refused with an explanation")


class How(models.TextChoices):
    """How a step was left."""

    DONE = "done", _("done")
    SKIPPED = "skipped", _("skipped")
