"""A playbook as data: read, checked, walked. Pure: no database."""

from agents_ops.playbook.branching import branch_taken
from agents_ops.playbook.check import Known, check_playbooks
from agents_ops.playbook.parts import Branch, Field, Playbook, Step, read_playbooks
from agents_ops.playbook.walk import walk

__all__ = [
    "Branch",
    "Field",
    "Known",
    "Playbook",
    "Step",
    "branch_taken",
    "check_playbooks",
    "read_playbooks",
    "walk",
]
