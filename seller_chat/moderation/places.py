"""Where the rules, the model and the labelled messages lie."""

from __future__ import annotations

from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
FIXTURES = _ROOT / "fixtures"
RULES = FIXTURES / "moderation_rules.json"
MODEL = FIXTURES / "moderation_model.json"
CORPUS = FIXTURES / "corpus" / "messages"
DEV = FIXTURES / "moderation_dev.jsonl"
# Never learnt from: what a model is counted on.
HOLDOUTS = (
    FIXTURES / "corpus" / "messages_holdout.jsonl",
    FIXTURES / "corpus" / "messages_holdout_chat.jsonl",
    FIXTURES / "corpus" / "messages_holdout_dialogue.jsonl",
)
