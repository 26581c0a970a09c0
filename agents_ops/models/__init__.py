"""Front door of the records of agent operations."""

from agents_ops.models.approval import ApprovalRequest
from agents_ops.models.block import AccountBlock
from agents_ops.models.complaint import SupplierComplaint, SupplierMessage
from agents_ops.models.lookup import Lookup
from agents_ops.models.playbook import PlaybookDraft, PlaybookSet
from agents_ops.models.quality import CoachingNote, QaMark, QaReview, QaSample, QualityRules
from agents_ops.models.rules import AgentRules
from agents_ops.models.run import PlaybookRun, StepRecord, StepValues
from agents_ops.models.transaction_log import TransactionLog, TransactionLogDownload
from agents_ops.models.verification import (
    AgentLock,
    AgentLockLift,
    Verification,
    VerificationAnswer,
)

__all__ = [
    "AccountBlock",
    "AgentLock",
    "AgentLockLift",
    "AgentRules",
    "ApprovalRequest",
    "CoachingNote",
    "Lookup",
    "PlaybookDraft",
    "PlaybookRun",
    "PlaybookSet",
    "QaMark",
    "QaReview",
    "QaSample",
    "QualityRules",
    "StepRecord",
    "StepValues",
    "SupplierComplaint",
    "SupplierMessage",
    "TransactionLog",
    "TransactionLogDownload",
    "Verification",
    "VerificationAnswer",
]
