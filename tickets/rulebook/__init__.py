"""The triage rules as people edit them: conditions as lines of words, named parts, checks."""

from tickets.rulebook.check import Known, check_rules
from tickets.rulebook.notation import NotationError, read_condition, write_condition
from tickets.rulebook.parts import Key, changed_parts, merged, parts_of

__all__ = [
    "Key",
    "Known",
    "NotationError",
    "Problem",
    "changed_parts",
    "check_rules",
    "merged",
    "parts_of",
    "read_condition",
    "write_condition",
]
