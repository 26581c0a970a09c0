"""Evidence that can be proved: a fingerprint over who said what and when, made anew when it is read.

The canonical form is JSON with sorted keys and no spaces, in UTF-8; `sent_at` in UTC with microseconds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC

from seller_chat.models import BuyerReport, ChatMessage, ReportedMessage


@dataclass(frozen=True)
class Proof:
    """A message of the evidence; `holds`: it still says what it said when it was picked."""

    picked: ReportedMessage
    now: str

    @property
    def message(self) -> ChatMessage:
        return self.picked.message

    @property
    def holds(self) -> bool:
        return self.now == self.picked.sha256


def fingerprint(message: ChatMessage, conversation_key: str) -> str:
    said = {
        "id": message.pk,
        "conversation": conversation_key,
        "sender": message.sender,
        "sent_at": message.sent_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "words": message.body,
    }
    canonical = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def digest_of(fingerprints: Iterable[str]) -> str:
    """Over all of it, in the order of the messages: none can be added, left out or exchanged."""
    return hashlib.sha256("\n".join(fingerprints).encode()).hexdigest()


def proofs_of(report: BuyerReport) -> list[Proof]:
    rows = report.evidence.select_related("message").order_by("message_id")
    return [Proof(row, fingerprint(row.message, report.conversation.key)) for row in rows]


def is_whole(report: BuyerReport, proofs: Sequence[Proof]) -> bool:
    """Nothing was edited, added or taken away since the report."""
    return all(proof.holds for proof in proofs) and report.digest == digest_of(
        proof.picked.sha256 for proof in proofs
    )
