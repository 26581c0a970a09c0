"""Front door of the verbs of agent operations."""

from agents_ops.services.playbooks import (
    discard_playbook_draft,
    edit_playbook_draft,
    load_playbooks,
    publish_playbook_draft,
    rebase_playbook_draft,
    restore_playbooks,
)
from agents_ops.services.runs import do_step, leave_playbook, skip_step, start_playbook

__all__ = [
    "discard_playbook_draft",
    "do_step",
    "edit_playbook_draft",
    "leave_playbook",
    "load_playbooks",
    "publish_playbook_draft",
    "rebase_playbook_draft",
    "restore_playbooks",
    "skip_step",
    "start_playbook",
]
