"""The labelled complaints of `fixtures/corpus`, and what `docs/triage-policy.md` allows as labels."""

from __future__ import annotations

import json
from pathlib import Path

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "fixtures" / "corpus"
SHOWN = sorted((CORPUS / "complaints").glob("*.jsonl"))
HOLDOUT = CORPUS / "complaints_holdout.jsonl"
# In the style and mix of `triage_dev.jsonl`; counted once when it was written, never learnt from.
PROBE = CORPUS / "complaints_probe.jsonl"

CHANNELS = {"web", "live_chat", "phone", "email", "social", "api"}
REPORTERS = {"buyer", "seller", "agent"}
TIERS = {"regular", "silver", "gold", "platinum", "diamond"}
REGISTERS = {
    "formal", "everyday", "slang", "code-mixed", "english", "shouting", "terse", "rambling",
}  # fmt: skip

# Category: the labels that policy §2 and §3 allow, as "PRIORITY queue".
LABELS: dict[str, set[str]] = {
    "account_takeover": {"URGENT fraud", "HIGH fraud"},
    "fraud_in_progress": {"URGENT fraud"},
    "suspicious_transaction": {"HIGH fraud", "MEDIUM general"},
    "data_leak": {"URGENT fraud"},
    "safety_threat": {"URGENT fraud"},
    "payment_stuck": {"HIGH finance", "MEDIUM finance"},
    "order_lost": {"HIGH mediation", "HIGH general", "MEDIUM general"},
    "seller_unresponsive": {
        "HIGH mediation", "HIGH general", "MEDIUM mediation", "MEDIUM general",
    },
    "return_refund": {"MEDIUM mediation", "MEDIUM general"},
    "warranty_rejected": {"MEDIUM mediation"},
    "dispute": {"MEDIUM mediation", "MEDIUM general"},
    "dangerous_illegal_product": {"HIGH legal"},
    "seller_fraud": {"HIGH fraud"},
    "document_forgery": {"HIGH legal"},
    "ip_violation": {"HIGH legal"},
    "law_enforcement_request": {"HIGH legal"},
    "legal_action": {"HIGH legal"},
    "product_question": {"MEDIUM general"},
    "account_data_update": {"MEDIUM general"},
    "service_complaint": {"MEDIUM general"},
    "abusive_buyer": {"MEDIUM general"},
    "enforcement_appeal": {"MEDIUM general"},
    "feedback": {"LOW general"},
    "general_question": {"LOW general"},
    "feature_request": {"LOW general"},
    "minor_bug": {"LOW it"},
    "tracking": {"LOW general"},
    "press": {"MEDIUM media_relations"},
    "partnership": {"LOW partnership"},
    "agent_deposit": {"HIGH general", "HIGH finance", "MEDIUM general", "MEDIUM finance"},
    "agent_bon": {"MEDIUM general"},
    "agent_transaction": {"HIGH general", "MEDIUM general", "LOW general", "MEDIUM backend"},
    "agent_registration": {"MEDIUM backend"},
    "agent_otp": {"MEDIUM backend"},
    "agent_login": {"MEDIUM general", "MEDIUM backend"},
    "agent_account": {"MEDIUM finance", "MEDIUM it", "MEDIUM general", "MEDIUM backend"},
    "agent_scam": {"URGENT fraud", "MEDIUM general"},
}  # fmt: skip


def read(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def labels_by_numbers(case: dict) -> set[str]:
    """The labels left when the fields `amount_idr` and `days_open` are given; a given field rules."""
    category, amount, days = case["expected"]["category"], case["amount_idr"], case["days_open"]
    left = set(LABELS[category])
    if amount is not None and category in HIGH_ABOVE:
        high = amount > HIGH_ABOVE[category]
        left = {label for label in left if label.startswith("HIGH") == high}
    if days is not None and category == "seller_unresponsive":
        left = {label for label in left if label.startswith("HIGH") == (days > 5)}
    if amount is not None and category in MEDIATED and amount > 5_000_000:
        left = {label for label in left if label.endswith("mediation")}
    if amount is not None and category in {"order_lost", "seller_unresponsive"}:
        mediated = amount > 5_000_000
        left = {label for label in left if label.endswith("mediation") == mediated}
    if category == "dispute" and amount is not None and days is not None:
        mediated = amount > 5_000_000 or days > 7
        left = {label for label in left if label.endswith("mediation") == mediated}
    return left


HIGH_ABOVE = {
    "suspicious_transaction": 10_000_000,
    "payment_stuck": 5_000_000,
    "order_lost": 2_000_000,
    "agent_deposit": 5_000_000,
}
MEDIATED = {"order_lost", "seller_unresponsive", "return_refund", "dispute"}
