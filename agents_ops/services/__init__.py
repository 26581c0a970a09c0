"""Front door of the verbs of agent operations."""

from agents_ops.services.agent_rules import load_agent_rules
from agents_ops.services.approvals import ask_approval, decide_approval, withdraw_approval
from agents_ops.services.blocks import block_account, block_by_hand
from agents_ops.services.complaints import (
    answer_complaint,
    complain,
    press_supplier,
    send_again,
)
from agents_ops.services.lookups import look_up, look_up_by_hand
from agents_ops.services.official_logs import issue_by_hand, issue_log, take_log
from agents_ops.services.playbooks import (
    discard_playbook_draft,
    edit_playbook_draft,
    load_playbooks,
    publish_playbook_draft,
    rebase_playbook_draft,
    restore_playbooks,
)
from agents_ops.services.runs import do_step, leave_playbook, skip_step, start_playbook
from agents_ops.services.verification import (
    Looked,
    check_agent,
    fail_verification,
    require_unlocked,
)

__all__ = [
    "Looked",
    "answer_complaint",
    "ask_approval",
    "block_account",
    "block_by_hand",
    "check_agent",
    "complain",
    "decide_approval",
    "discard_playbook_draft",
    "do_step",
    "edit_playbook_draft",
    "fail_verification",
    "issue_by_hand",
    "issue_log",
    "leave_playbook",
    "load_agent_rules",
    "load_playbooks",
    "look_up",
    "look_up_by_hand",
    "press_supplier",
    "publish_playbook_draft",
    "rebase_playbook_draft",
    "require_unlocked",
    "restore_playbooks",
    "send_again",
    "skip_step",
    "start_playbook",
    "take_log",
    "withdraw_approval",
]
